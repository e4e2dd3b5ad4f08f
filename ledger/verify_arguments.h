#pragma once
/// The words of `pdx-verify`'s command line and the files that they name. Internal to run_verify().
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/demands.h"
#include "ledger/note.h"
#include "ledger/policy.h"

namespace pdx::ledger {

struct VerifyArguments {
    std::string_view command;                ///< receipt, disclosure, log or policy
    std::vector<std::string_view> operands;  ///< files, or one folder
    std::vector<std::string_view> keys;
    std::vector<std::string_view> seen;
    std::string_view log_folder;  ///< --log; empty: none
    std::string_view receipt;     ///< --receipt; empty: each disclosure has its own
    std::string_view policy;      ///< --policy; empty: none
    std::uint64_t size_min = 0;
    bool json = false;
    bool help = false;
    std::string fault;  ///< a sentence for people; empty: none
};

/// Does not throw, reads no file.
VerifyArguments parse_verify_arguments(std::span<const std::string_view> args);

/// What the arguments name, read and understood.
struct VerifyInputs {
    std::vector<NoteVerifier> keys;
    Demands demands;
    std::optional<Policy> policy;  ///< without keys of their own, its logs' keys are `keys`
};

/// nullopt, and a sentence in `fault`, when a file cannot be read or is not what it should be.
std::optional<VerifyInputs> read_verify_inputs(const VerifyArguments& arguments,
                                               std::string& fault);

/// Reads a tlog-policy. nullopt, and a sentence with the line in `fault`, when it is none.
std::optional<Policy> read_policy_file(std::string_view name, std::string& fault);

/// A whole regular file of at most `limit` bytes; links are followed, as a user expects.
std::optional<std::string> read_small_file(std::string_view path, std::size_t limit);

/// What --help prints.
std::string_view verify_help();

}  // namespace pdx::ledger
