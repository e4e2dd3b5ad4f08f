#include "ledger/verify_arguments.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <variant>

#include "ledger/checkpoint.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kHelp =
    R"(Checks receipts and downloaded ledgers of the public data exchange, offline.

Usage:
  pdx-verify receipt FILE... (--key KEY | --policy FILE) [--log DIR] [options]
  pdx-verify disclosure FILE... (--key KEY | --policy FILE) [--receipt FILE] [options]
  pdx-verify log DIR (--key KEY | --policy FILE) [options]
  pdx-verify policy FILE [--json]
  pdx-verify --help

  receipt   each FILE is a .tlog-proof, or a saved JSON answer with receipt.proof
  disclosure  each FILE is a saved answer of /api/v1/private-parts/..: the salt and the texts are
            exactly what the entry of its receipt committed to
  log       DIR is a tlog-tiles tree: checkpoint, tile/<level>/..., tile/entries/...
  policy    FILE is a tlog-policy: says whom it trusts, or in which line it is wrong

Options:
  --key KEY        the log's public key (name+id+base64), or @FILE that holds it; several --key
                   are several logs, or the old and the new key of one
  --policy FILE    a tlog-policy with the log's key and the witnesses: a checkpoint that too few of
                   them signed is refused. With --key, those keys count as the log's
  --receipt FILE   with one disclosure: this receipt, and not the one in FILE
  --log DIR        with receipt or disclosure: the receipt's checkpoint must be of a tree that the log in DIR
                   begins with, or is
  --seen FILE      a signed checkpoint seen before; what is older than it or tells another history
                   is refused. May be repeated
  --min-size N     refuse a checkpoint of fewer than N entries
  --json           print one JSON object instead of sentences

Examples:
  pdx-verify receipt order.tlog-proof --key @log.vkey
  pdx-verify receipt answer1.json answer2.json --key "$VKEY" --log ./ledger
  pdx-verify receipt order.tlog-proof --policy city.policy
  pdx-verify disclosure statement.json --receipt filed.tlog-proof --key @log.vkey
  pdx-verify log ./ledger --key @log.vkey --seen last-year.checkpoint --json

Exit status:
  0  everything holds
  6  something does not: the sentence, and "code" in JSON, say what
  2  wrong usage: the command line, a key, a policy or a --seen checkpoint is not understood
  1  anything else, as a folder that is not there
)";

/// Unit: bytes.
constexpr std::size_t kKeyFileMax = 64U << 10U;

struct Option {
    std::string_view name;
    std::string_view value;
};

bool take_number(std::string_view text, std::uint64_t& number) {
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return result.ec == std::errc{} && result.ptr == end;
}

/// False when there is no option of this name, or its value is not one.
bool take_option(const Option& option, VerifyArguments& parsed) {
    if (option.name == "--key") {
        parsed.keys.push_back(option.value);
    } else if (option.name == "--seen") {
        parsed.seen.push_back(option.value);
    } else if (option.name == "--policy") {
        parsed.policy = option.value;
    } else if (option.name == "--receipt") {
        parsed.receipt = option.value;
    } else if (option.name == "--log") {
        parsed.log_folder = option.value;
    } else if (option.name == "--min-size") {
        return take_number(option.value, parsed.size_min);
    } else {
        return false;
    }
    return !option.value.empty();
}

void check_arguments(VerifyArguments& parsed) {
    const bool is_disclosure = parsed.command == "disclosure";
    const bool has_receipts = parsed.command == "receipt" || is_disclosure;
    if (!has_receipts && parsed.command != "log" && parsed.command != "policy") {
        parsed.fault = "say what to check: receipt, disclosure, log or policy";
    } else if (parsed.operands.empty()) {
        parsed.fault = "say which file or folder to check";
    } else if (!has_receipts && parsed.operands.size() != 1) {
        parsed.fault = "one folder or policy at a time";
    } else if (!has_receipts && !parsed.log_folder.empty()) {
        parsed.fault = "--log goes with receipt or disclosure";
    } else if (!parsed.receipt.empty() && (!is_disclosure || parsed.operands.size() != 1)) {
        parsed.fault = "--receipt goes with one disclosure";
    } else if (parsed.command != "policy" && parsed.keys.empty() && parsed.policy.empty()) {
        parsed.fault = "--key or --policy is missing";
    }
}

/// One key, or the keys of a file, one a line: a log whose key is being replaced has several.
/// Nothing when one of them is no key.
std::vector<NoteVerifier> read_keys(std::string_view key) {
    std::string text(key);
    if (key.starts_with('@')) {
        const auto file = read_small_file(key.substr(1), kKeyFileMax);
        if (!file) return {};
        text = *file;
    }
    std::vector<NoteVerifier> keys;
    std::string_view rest = text;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        auto verifier = NoteVerifier::parse(line);
        if (!verifier) return {};
        keys.push_back(*std::move(verifier));
    }
    return keys;
}

}  // namespace

std::string_view verify_help() { return kHelp; }

VerifyArguments parse_verify_arguments(std::span<const std::string_view> args) {
    VerifyArguments parsed;
    bool options = true;
    for (std::size_t i = 0; i < args.size(); ++i) {
        const std::string_view arg = args[i];
        if (!options || arg.size() < 2 || !arg.starts_with('-')) {
            if (parsed.command.empty()) {
                parsed.command = arg;
            } else {
                parsed.operands.push_back(arg);
            }
        } else if (arg == "--") {
            options = false;
        } else if (arg == "--help" || arg == "-h") {
            parsed.help = true;
        } else if (arg == "--json") {
            parsed.json = true;
        } else {
            const std::size_t equals = arg.find('=');
            Option option{arg.substr(0, equals), {}};
            if (equals != std::string_view::npos) {
                option.value = arg.substr(equals + 1);
            } else if (i + 1 < args.size()) {
                option.value = args[++i];
            }
            if (!take_option(option, parsed) && parsed.fault.empty()) {
                parsed.fault = "unknown or incomplete option " + std::string(arg);
            }
        }
    }
    if (!parsed.help && parsed.fault.empty()) check_arguments(parsed);
    return parsed;
}

std::optional<std::string> read_small_file(std::string_view name, std::size_t limit) {
    const std::filesystem::path path(name);
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) ||
        std::filesystem::file_size(path, error) > limit || error) {
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return file.bad() ? std::nullopt : std::optional(std::move(text));
}

std::optional<Policy> read_policy_file(std::string_view name, std::string& fault) {
    const auto text = read_small_file(name, kPolicyBytesMax);
    if (!text) {
        fault = std::string(name) + ": the policy cannot be read";
        return std::nullopt;
    }
    auto parsed = parse_policy(*text);
    if (auto* policy = std::get_if<Policy>(&parsed)) return std::move(*policy);
    const auto& wrong = std::get<PolicyFault>(parsed);
    fault = std::string(name) + ", line " + std::to_string(wrong.line) + ": " + wrong.reason;
    return std::nullopt;
}

std::optional<VerifyInputs> read_verify_inputs(const VerifyArguments& arguments,
                                               std::string& fault) {
    VerifyInputs inputs;
    inputs.demands.size_min = arguments.size_min;
    for (const std::string_view text : arguments.keys) {
        std::vector<NoteVerifier> keys = read_keys(text);
        if (keys.empty()) {
            fault = "--key is neither a note key (name+id+base64) nor @FILE with one on each line";
            return std::nullopt;
        }
        for (NoteVerifier& key : keys) inputs.keys.push_back(std::move(key));
    }
    if (!arguments.policy.empty()) {
        inputs.policy = read_policy_file(arguments.policy, fault);
        if (!inputs.policy) return std::nullopt;
        if (inputs.keys.empty()) {
            for (const PolicyLog& log : inputs.policy->logs) inputs.keys.push_back(log.key);
        }
    }
    for (const std::string_view name : arguments.seen) {
        const auto note = read_small_file(name, kNoteBytesMax);
        OpenedCheckpoint opened;
        if (note) opened = open_checkpoint(*note, inputs.keys);
        if (!note || opened.status != CheckpointStatus::kVerified) {
            fault = "--seen " + std::string(name) + ": " +
                    std::string(note ? describe(opened.status) : "the file cannot be read");
            return std::nullopt;
        }
        inputs.demands.seen.push_back(std::move(opened.checkpoint));
    }
    return inputs;
}

}  // namespace pdx::ledger
