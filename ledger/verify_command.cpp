#include "ledger/verify_command.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "ledger/proof.h"
#include "ledger/verify.h"

namespace pdx::ledger {
namespace {

using nlohmann::json;

constexpr std::string_view kHelp =
    R"(Checks receipts and downloaded ledgers of the public data exchange, offline.

Usage:
  pdx-verify receipt FILE... --key KEY [--json]
  pdx-verify log DIR --key KEY [--json]
  pdx-verify --help

  receipt   each FILE is a .tlog-proof, or a saved JSON answer with receipt.proof
  log       DIR is a tlog-tiles tree: checkpoint, tile/<level>/..., tile/entries/...

Options:
  --key KEY   the log's public key (name+id+base64), or @FILE that holds it
  --json      print one JSON object instead of sentences

Examples:
  pdx-verify receipt order.tlog-proof --key @log.vkey
  pdx-verify receipt answer1.json answer2.json --key "$VKEY"
  pdx-verify log ./ledger --key @log.vkey --json

Exit status: 0 everything holds, 6 something does not, 2 wrong usage, 1 anything else.
)";

/// Unit: bytes.
constexpr std::size_t kReceiptFileMax = 16U << 20U;
constexpr std::size_t kKeyFileMax = 64U << 10U;

struct Arguments {
    std::string_view command;
    std::vector<std::string_view> operands;
    std::string_view key;
    bool json = false;
    bool help = false;
    std::string fault;
};

Arguments parse_arguments(std::span<const std::string_view> args) {
    Arguments parsed;
    bool options = true;
    for (std::size_t i = 0; i < args.size(); ++i) {
        const std::string_view arg = args[i];
        if (options && arg == "--") {
            options = false;
        } else if (options && (arg == "--help" || arg == "-h")) {
            parsed.help = true;
        } else if (options && arg == "--json") {
            parsed.json = true;
        } else if (options && arg == "--key" && i + 1 < args.size()) {
            parsed.key = args[++i];
        } else if (options && arg.starts_with("--key=")) {
            parsed.key = arg.substr(6);
        } else if (options && arg.size() > 1 && arg.starts_with('-')) {
            parsed.fault = "unknown or incomplete option " + std::string(arg);
        } else if (parsed.command.empty()) {
            parsed.command = arg;
        } else {
            parsed.operands.push_back(arg);
        }
    }
    if (parsed.help || !parsed.fault.empty()) return parsed;
    if (parsed.command != "receipt" && parsed.command != "log") {
        parsed.fault = "say what to check: receipt or log";
    } else if (parsed.operands.empty()) {
        parsed.fault = "say which file or folder to check";
    } else if (parsed.command == "log" && parsed.operands.size() != 1) {
        parsed.fault = "one folder at a time";
    } else if (parsed.key.empty()) {
        parsed.fault = "--key is missing";
    }
    return parsed;
}

std::optional<std::string> read_text(const std::filesystem::path& path, std::size_t limit) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) ||
        std::filesystem::file_size(path, error) > limit || error) {
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return file.bad() ? std::nullopt : std::optional(std::move(text));
}

std::optional<NoteVerifier> read_key(std::string_view key) {
    std::string text(key);
    if (key.starts_with('@')) {
        const auto file = read_text(key.substr(1), kKeyFileMax);
        if (!file) return std::nullopt;
        text = *file;
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    }
    return NoteVerifier::parse(text);
}

/// File names need not be UTF-8.
void print_json(std::ostream& out, const json& value) {
    out << value.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

json render(std::string_view file, const ReceiptResult& result) {
    json receipt{
        {"file", file}, {"ok", result.ok()}, {"index", result.index}, {"reason", result.reason}};
    if (!result.checkpoint.origin.empty()) {
        receipt["origin"] = result.checkpoint.origin;
        receipt["size"] = result.checkpoint.size;
        receipt["root"] = to_base64(result.checkpoint.root.view());
    }
    if (result.ok()) receipt["entry"] = json::parse(result.entry, nullptr, false);
    return receipt;
}

ReceiptResult check_receipt(std::string_view file, const NoteVerifier& key) {
    ReceiptResult result;
    const auto bytes = read_text(file, kReceiptFileMax);
    const auto text = bytes ? find_receipt(*bytes) : std::nullopt;
    if (text) return verify_receipt(*text, key);
    result.reason = bytes ? "the file holds no tlog-proof and no receipt.proof"
                          : "the file cannot be read, or is larger than 16 MiB";
    return result;
}

VerifyExit run_receipts(const Arguments& arguments, const NoteVerifier& key, std::ostream& out) {
    json list = json::array();
    bool ok = true;
    for (const std::string_view file : arguments.operands) {
        const ReceiptResult result = check_receipt(file, key);
        ok = ok && result.ok();
        if (arguments.json) {
            list.push_back(render(file, result));
        } else if (result.ok()) {
            out << "ok      " << file << ": entry " << result.index << " of "
                << result.checkpoint.origin << ", size " << result.checkpoint.size << '\n';
        } else {
            out << "FAILED  " << file << ": " << result.reason << '\n';
        }
    }
    if (arguments.json) print_json(out, {{"ok", ok}, {"receipts", list}});
    return ok ? VerifyExit::kOk : VerifyExit::kFailed;
}

json render(const VerifyReport& report) {
    json faults = json::array();
    for (const VerifyFault& fault : report.faults) {
        json item{{"check", fault.check}, {"file", fault.file}, {"detail", fault.detail}};
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
            {"other_signatures", report.other_signatures},
            {"faults", faults}};
}

void print(const VerifyReport& report, std::ostream& out) {
    for (const VerifyFault& fault : report.faults) out << "FAILED  " << fault.text() << '\n';
    if (report.faults.size() == kFaultsMax) out << "        (stopped here)\n";
    if (!report.ok()) return;
    out << "ok      " << report.checkpoint.origin << ": " << report.entries << " entries, "
        << report.tiles << " tiles and bundles, root " << to_base64(report.checkpoint.root.view())
        << '\n';
    if (report.uninterpreted > 0) {
        out << "        " << report.uninterpreted
            << " entries are in the log but of a kind this program cannot interpret\n";
    }
    if (report.other_signatures > 0) {
        out << "        " << report.other_signatures
            << " signatures on the checkpoint are by keys that were not given: not checked\n";
    }
}

/// Redraws a bar when the percentage moves.
Progress progress_bar(std::ostream& err) {
    return [&err, last = -1](std::uint64_t done, std::uint64_t total) mutable {
        constexpr int kBarWidth = 40;
        const int percent = total == 0 ? 100 : static_cast<int>(done * 100 / total);
        if (percent == last) return;
        last = percent;
        const auto filled = static_cast<std::size_t>(percent * kBarWidth / 100);
        err << "\r[" << std::string(filled, '#') << std::string(kBarWidth - filled, ' ') << "] "
            << percent << "% of " << total << " entries" << std::flush;
        if (done == total) err << '\n';
    };
}

VerifyExit run_log(const Arguments& arguments, const NoteVerifier& key, std::ostream& out,
                   std::ostream& err, bool show_progress) {
    const std::filesystem::path folder(arguments.operands.front());
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        err << "pdx-verify: " << arguments.operands.front() << " is not a folder\n";
        return VerifyExit::kOther;
    }
    const VerifyReport report =
        verify_log(folder, key, show_progress ? progress_bar(err) : Progress{});
    if (show_progress && !report.ok()) err << '\n';
    if (arguments.json) {
        print_json(out, render(report));
    } else {
        print(report, out);
    }
    return report.ok() ? VerifyExit::kOk : VerifyExit::kFailed;
}

}  // namespace

VerifyExit run_verify(std::span<const std::string_view> args, std::ostream& out, std::ostream& err,
                      bool show_progress) {
    const Arguments arguments = parse_arguments(args);
    if (arguments.help) {
        out << kHelp;
        return VerifyExit::kOk;
    }
    if (!arguments.fault.empty()) {
        err << "pdx-verify: " << arguments.fault << "\nTry pdx-verify --help\n";
        return VerifyExit::kUsage;
    }
    const auto key = read_key(arguments.key);
    if (!key) {
        err << "pdx-verify: --key is neither an Ed25519 note key (name+id+base64) nor @FILE with "
               "one\n";
        return VerifyExit::kUsage;
    }
    if (arguments.command == "receipt") return run_receipts(arguments, *key, out);
    return run_log(arguments, *key, out, err, show_progress);
}

}  // namespace pdx::ledger
