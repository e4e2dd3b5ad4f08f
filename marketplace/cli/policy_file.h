#pragma once
/// Reading a tlog-policy from a file.
#include <filesystem>

#include "ledger/policy.h"

namespace pdx::cli {

/// Throws: Error kInvalid "policy.unreadable"; kInvalid "policy.malformed" with the number of the
/// line and what is wrong with it.
ledger::Policy load_policy(const std::filesystem::path& file);

}  // namespace pdx::cli
