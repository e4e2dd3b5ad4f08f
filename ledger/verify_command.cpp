#include "ledger/verify_command.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "ledger/disclosure.h"
#include "ledger/proof.h"
#include "ledger/verify.h"
#include "ledger/verify_arguments.h"

namespace pdx::ledger {
namespace {

using nlohmann::json;

/// Unit: bytes.
constexpr std::size_t kReceiptFileMax = 16U << 20U;

/// File names need not be UTF-8.
void print_json(std::ostream& out, const json& value) {
    out << value.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

/// A receipt as it is judged: by itself, and against what else is known of its log.
struct JudgedReceipt {
    ReceiptResult result;
    std::string code;    ///< why it is refused; empty: it holds
    std::string reason;  ///< a sentence for people
    std::optional<PolicyVerdict> verdict;
    bool ok() const { return code.empty(); }
};

json render(const PolicyVerdict& verdict, const Policy& policy) {
    json witnesses = json::array();
    for (std::size_t i = 0; i < verdict.times.size(); ++i) {
        json witness{{"name", policy.witnesses[i].name}, {"time", nullptr}};
        if (verdict.times[i]) witness["time"] = *verdict.times[i];
        witnesses.push_back(std::move(witness));
    }
    return {{"witnessed", verdict.witnessed},
            {"of", verdict.times.size()},
            {"quorum", verdict.quorum},
            {"witnesses", std::move(witnesses)}};
}

/// Why the policy refuses; nullopt when it does not.
std::optional<Refusal> refusal_of(const PolicyVerdict& verdict) {
    if (verdict.status != CheckpointStatus::kVerified) {
        return Refusal{code_of(verdict.status), std::string(describe(verdict.status))};
    }
    if (!verdict.quorum) return Refusal{"checkpoint.not_witnessed", describe(verdict)};
    return std::nullopt;
}

/// The log that receipts are compared with.
struct KnownLog {
    std::filesystem::path folder;
    Checkpoint checkpoint;
};

json render(std::string_view file, const JudgedReceipt& judged, const VerifyInputs& inputs) {
    const ReceiptResult& result = judged.result;
    json receipt{
        {"file", file}, {"ok", judged.ok()}, {"index", result.index}, {"reason", judged.reason}};
    if (!judged.ok()) receipt["code"] = judged.code;
    if (!result.checkpoint.origin.empty()) {
        receipt["origin"] = result.checkpoint.origin;
        receipt["size"] = result.checkpoint.size;
        receipt["root"] = to_base64(result.checkpoint.root.view());
    }
    if (judged.verdict && inputs.policy) {
        receipt["policy"] = render(*judged.verdict, *inputs.policy);
    }
    if (judged.ok()) receipt["entry"] = json::parse(result.entry, nullptr, false);
    return receipt;
}

/// What the receipt's checkpoint says against the log and what was seen of it.
std::optional<Refusal> judge_checkpoint(const Checkpoint& checkpoint, const VerifyInputs& inputs,
                                        const std::optional<KnownLog>& log) {
    if (auto refusal = check_demands(checkpoint, inputs.demands)) return refusal;
    if (!log) return std::nullopt;
    if (log->checkpoint.origin != checkpoint.origin) {
        return Refusal{"log.other_origin", "the receipt is of " + checkpoint.origin +
                                               ", the log of " + log->checkpoint.origin};
    }
    return check_prefix(log->folder, log->checkpoint, checkpoint);
}

/// `bytes` of a file; nullopt: it cannot be read.
JudgedReceipt judge_receipt(const std::optional<std::string>& bytes, const VerifyInputs& inputs,
                            const std::optional<KnownLog>& log) {
    JudgedReceipt judged;
    const auto text = bytes ? find_receipt(*bytes) : std::nullopt;
    if (!text) {
        judged.code = bytes ? "receipt.absent" : "receipt.unreadable";
        judged.reason = bytes ? "the file holds no tlog-proof and no receipt.proof"
                              : "the file cannot be read, or is larger than 16 MiB";
        return judged;
    }
    judged.result = verify_receipt(*text, inputs.keys);
    judged.code = judged.result.code();
    judged.reason = judged.result.reason;
    if (!judged.ok()) return judged;
    auto refusal = judge_checkpoint(judged.result.checkpoint, inputs, log);
    if (inputs.policy) {
        judged.verdict =
            evaluate_policy(parse_proof(*text)->checkpoint, *inputs.policy, inputs.keys);
        if (!refusal) refusal = refusal_of(*judged.verdict);
    }
    if (refusal) {
        judged.code = refusal->code;
        judged.reason = std::move(refusal->detail);
    }
    return judged;
}

void print(std::string_view file, const JudgedReceipt& judged, std::ostream& out) {
    if (judged.ok()) {
        const ReceiptResult& result = judged.result;
        out << "ok      " << file << ": entry " << result.index << " of "
            << result.checkpoint.origin << ", size " << result.checkpoint.size;
        if (judged.verdict) out << ", " << describe(*judged.verdict);
        out << '\n';
    } else {
        out << "FAILED  " << file << ": " << judged.reason << " [" << judged.code << "]\n";
    }
}

/// Opens the checkpoint of --log. Ensures: nullopt, and a sentence in `fault`, when it cannot be
/// relied on.
std::optional<KnownLog> open_log(std::string_view folder, const VerifyInputs& inputs,
                                 std::string& fault) {
    KnownLog log{std::filesystem::path(folder), {}};
    const auto note = read_small_file((log.folder / "checkpoint").string(), kNoteBytesMax);
    OpenedCheckpoint opened;
    if (note) opened = open_checkpoint(*note, inputs.keys);
    if (note && opened.status == CheckpointStatus::kVerified) {
        log.checkpoint = std::move(opened.checkpoint);
        return log;
    }
    fault = "--log " + std::string(folder) + ": " +
            std::string(note ? describe(opened.status) : "there is no checkpoint to be read");
    return std::nullopt;
}

/// A disclosure as it is judged: its receipt first, because it makes the entry the log's.
struct JudgedDisclosure {
    JudgedReceipt receipt;
    Disclosure disclosure;
    DisclosedEntry entry;  ///< holds when it is not refused
    std::string code;      ///< why it is refused; empty: it holds
    std::string reason;
    bool ok() const { return code.empty(); }
};

JudgedDisclosure judge_disclosure(std::string_view file, const VerifyArguments& arguments,
                                  const VerifyInputs& inputs, const std::optional<KnownLog>& log) {
    JudgedDisclosure judged;
    const auto bytes = read_small_file(file, kReceiptFileMax);
    std::string_view fault = "the file cannot be read, or is larger than 16 MiB";
    auto disclosure = bytes ? parse_disclosure(*bytes, &fault) : std::optional<Disclosure>();
    if (!disclosure) {
        judged.code = bytes ? "disclosure.malformed" : "disclosure.unreadable";
        judged.reason = fault;
        return judged;
    }
    judged.disclosure = *std::move(disclosure);
    judged.receipt = judge_receipt(
        arguments.receipt.empty() ? bytes : read_small_file(arguments.receipt, kReceiptFileMax),
        inputs, log);
    judged.code = judged.receipt.code;
    judged.reason = judged.receipt.reason;
    if (!judged.ok()) return judged;
    if (auto refusal = check_disclosure(judged.disclosure, judged.receipt.result, &judged.entry)) {
        judged.code = refusal->code;
        judged.reason = std::move(refusal->detail);
    }
    return judged;
}

/// Names of texts, never the texts: they are private, and whoever checks them has them.
json render(std::string_view file, const JudgedDisclosure& judged, const VerifyInputs& inputs) {
    json shown{{"file", file}, {"ok", judged.ok()}, {"reason", judged.reason}};
    if (!judged.ok()) {
        shown["code"] = judged.code;
        return shown;
    }
    shown["receipt"] = render(file, judged.receipt, inputs);
    shown["receipt"].erase("file");
    shown["index"] = judged.disclosure.index;
    shown["log"] = judged.entry.place.log;
    shown["kind"] = judged.entry.place.kind;
    shown["entity"] = {{"type", judged.entry.place.entity_type},
                       {"id", judged.entry.place.entity_id}};
    shown["commitment"] = judged.entry.commitment.hex();
    json names = json::array();
    for (const auto& [name, text] : judged.disclosure.texts) names.push_back(name);
    shown["texts"] = std::move(names);
    return shown;
}

void print(std::string_view file, const JudgedDisclosure& judged, std::ostream& out) {
    if (!judged.ok()) {
        out << "FAILED  " << file << ": " << judged.reason << " [" << judged.code << "]\n";
        return;
    }
    const PrivatePlace& place = judged.entry.place;
    out << "ok      " << file << ": entry " << judged.disclosure.index << " of " << place.log
        << " (" << place.kind << ", " << place.entity_type << ' ' << place.entity_id
        << ") committed to";
    for (const auto& [name, text] : judged.disclosure.texts) out << ' ' << name;
    if (judged.receipt.verdict) out << ", " << describe(*judged.receipt.verdict);
    out << '\n';
}

/// Receipts, or disclosures with theirs.
VerifyExit run_receipts(const VerifyArguments& arguments, const VerifyInputs& inputs,
                        std::ostream& out, std::ostream& err) {
    std::optional<KnownLog> log;
    if (!arguments.log_folder.empty()) {
        std::string fault;
        log = open_log(arguments.log_folder, inputs, fault);
        if (!log) {
            err << "pdx-verify: " << fault << '\n';
            return VerifyExit::kOther;
        }
    }
    json list = json::array();
    bool ok = true;
    const auto tell = [&](std::string_view file, const auto& judged) {
        ok = ok && judged.ok();
        if (arguments.json) {
            list.push_back(render(file, judged, inputs));
        } else {
            print(file, judged, out);
        }
    };
    const bool disclosed = arguments.command == "disclosure";
    for (const std::string_view file : arguments.operands) {
        if (disclosed) {
            tell(file, judge_disclosure(file, arguments, inputs, log));
        } else {
            tell(file, judge_receipt(read_small_file(file, kReceiptFileMax), inputs, log));
        }
    }
    if (arguments.json) {
        print_json(out, {{"ok", ok}, {disclosed ? "disclosures" : "receipts", list}});
    }
    return ok ? VerifyExit::kOk : VerifyExit::kFailed;
}

json render(const VerifyReport& report) {
    json faults = json::array();
    for (const VerifyFault& fault : report.faults) {
        json item{{"check", fault.check},
                  {"code", fault.code()},
                  {"file", fault.file},
                  {"detail", fault.detail}};
        if (fault.entry) item["entry"] = *fault.entry;
        if (fault.offset) item["offset"] = *fault.offset;
        faults.push_back(std::move(item));
    }
    return {{"ok", report.ok()},
            {"origin", report.checkpoint.origin},
            {"size", report.checkpoint.size},
            {"root", to_base64(report.checkpoint.root.view())},
            {"entries", report.entries},
            {"tiles", report.tiles},
            {"uninterpreted", report.uninterpreted},
            {"unknown_kinds", report.unknown_kinds},
            {"other_signatures", report.other_signatures},
            {"faults", faults}};
}

void print(const VerifyReport& report, bool with_policy, std::ostream& out) {
    for (const VerifyFault& fault : report.faults) out << "FAILED  " << fault.text() << '\n';
    if (report.faults.size() == kFaultsMax) out << "        (stopped here)\n";
    if (!report.ok()) return;
    out << "ok      " << report.checkpoint.origin << ": " << report.entries << " entries, "
        << report.tiles << " tiles and bundles, root " << to_base64(report.checkpoint.root.view())
        << '\n';
    if (report.uninterpreted + report.unknown_kinds > 0) {
        out << "        " << report.uninterpreted + report.unknown_kinds
            << " entries are in the log but of a kind this program cannot interpret\n";
    }
    if (report.other_signatures > 0 && !with_policy) {
        out << "        " << report.other_signatures
            << " signatures on the checkpoint are by keys that were not given: not checked\n";
    }
}

/// Redraws a bar when the percentage moves, with the time left at the speed so far.
Progress progress_bar(std::ostream& err) {
    const auto begin = std::chrono::steady_clock::now();
    return [&err, begin, last = -1](std::uint64_t done, std::uint64_t total) mutable {
        constexpr int kBarWidth = 40;
        const int percent = total == 0 ? 100 : static_cast<int>(done * 100 / total);
        if (percent == last) return;
        last = percent;
        const auto filled = static_cast<std::size_t>(percent * kBarWidth / 100);
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        const double left = spent.count() * static_cast<double>(total - done) /
                            static_cast<double>(std::max<std::uint64_t>(done, 1));
        err << "\r[" << std::string(filled, '#') << std::string(kBarWidth - filled, ' ') << "] "
            << percent << "% of " << total << " entries";
        // The last figures erase what a longer time left behind.
        err << (done == total ? std::string("             ")
                              : ", " + std::to_string(std::lround(left)) + " s left  ")
            << std::flush;
        if (done == total) err << '\n';
    };
}

VerifyExit run_log(const VerifyArguments& arguments, const VerifyInputs& inputs, std::ostream& out,
                   std::ostream& err, bool show_progress) {
    const std::filesystem::path folder(arguments.operands.front());
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        err << "pdx-verify: " << arguments.operands.front() << " is not a folder\n";
        return VerifyExit::kOther;
    }
    VerifyReport report = verify_log(folder, inputs.keys, inputs.demands,
                                     show_progress ? progress_bar(err) : Progress{});
    if (show_progress && !report.ok()) err << '\n';
    std::optional<PolicyVerdict> verdict;
    if (inputs.policy && !report.note.empty()) {
        verdict = evaluate_policy(report.note, *inputs.policy, inputs.keys);
        if (auto refusal = refusal_of(*verdict)) {
            report.faults.push_back(
                {"checkpoint", "checkpoint", {}, {}, std::move(refusal->detail), refusal->code});
        }
    }
    if (arguments.json) {
        json rendered = render(report);
        if (verdict) rendered["policy"] = render(*verdict, *inputs.policy);
        print_json(out, rendered);
    } else {
        print(report, verdict.has_value(), out);
        if (verdict && report.ok()) out << "        " << describe(*verdict) << '\n';
    }
    return report.ok() ? VerifyExit::kOk : VerifyExit::kFailed;
}

VerifyExit run_policy(const VerifyArguments& arguments, std::ostream& out) {
    const std::string_view file = arguments.operands.front();
    std::string fault;
    const auto policy = read_policy_file(file, fault);
    if (!policy) {
        if (arguments.json) {
            print_json(out, {{"ok", false}, {"code", "policy.malformed"}, {"reason", fault}});
        } else {
            out << "FAILED  " << fault << " [policy.malformed]\n";
        }
        return VerifyExit::kFailed;
    }
    json logs = json::array();
    json witnesses = json::array();
    for (const PolicyLog& log : policy->logs) logs.push_back(log.key.vkey());
    for (const PolicyWitness& witness : policy->witnesses) {
        witnesses.push_back({{"name", witness.name}, {"key", witness.key.vkey()}});
    }
    const json summary{{"ok", true},
                       {"logs", std::move(logs)},
                       {"witnesses", std::move(witnesses)},
                       {"quorum", policy->quorum.has_value()}};
    if (arguments.json) {
        print_json(out, summary);
        return VerifyExit::kOk;
    }
    out << "ok      " << file << ": " << policy->logs.size() << " log keys, "
        << policy->witnesses.size() << " witnesses, "
        << (policy->quorum ? "a quorum of them must have signed"
                           : "none of them need have signed (quorum none)")
        << '\n';
    return VerifyExit::kOk;
}

}  // namespace

VerifyExit run_verify(std::span<const std::string_view> args, std::ostream& out, std::ostream& err,
                      bool show_progress) {
    const VerifyArguments arguments = parse_verify_arguments(args);
    if (arguments.help) {
        out << verify_help();
        return VerifyExit::kOk;
    }
    if (!arguments.fault.empty()) {
        err << "pdx-verify: " << arguments.fault << "\nTry pdx-verify --help\n";
        return VerifyExit::kUsage;
    }
    if (arguments.command == "policy") return run_policy(arguments, out);
    std::string fault;
    const auto inputs = read_verify_inputs(arguments, fault);
    if (!inputs) {
        err << "pdx-verify: " << fault << '\n';
        return VerifyExit::kUsage;
    }
    if (arguments.command == "receipt" || arguments.command == "disclosure") {
        return run_receipts(arguments, *inputs, out, err);
    }
    return run_log(arguments, *inputs, out, err, show_progress);
}

}  // namespace pdx::ledger
