#pragma once
/// The command line of the offline auditor, shared by `pdx-verify` and `pdx verify`.
#include <iosfwd>
#include <span>
#include <string_view>

namespace pdx::ledger {

/// Do not renumber: scripts depend on them.
enum class VerifyExit { kOk = 0, kOther = 1, kUsage = 2, kFailed = 6 };

/// `args` without the program's name, as --help lists them. A progress bar goes to `err` when
/// `show_progress` (the caller knows whether it is a terminal). Throws only what the machine itself
/// refuses, as memory.
VerifyExit run_verify(std::span<const std::string_view> args, std::ostream& out, std::ostream& err,
                      bool show_progress);

}  // namespace pdx::ledger
