#pragma once
/// Passphrases: from the environment or from a person at the terminal, never from the command line,
/// where every user of the machine could read them.
#include <optional>
#include <string>

#include "base/secret.h"

namespace pdx::cli {

/// Unit: bytes; a passphrase is limited so that a pasted file is noticed.
inline constexpr std::size_t kPassphraseBytesMin = 12;
inline constexpr std::size_t kPassphraseBytesMax = 1024;

/// The value of the variable, which is wiped and removed from the process's environment, so that
/// neither children nor /proc show it any longer. nullopt when it is not set or empty.
/// Thread: before others run.
std::optional<Secret> take_from_environment(const char* variable);

/// Asks on the controlling terminal without showing what is typed. nullopt without a terminal.
/// Throws: Error kInvalid "passphrase.cancelled" on Ctrl-C, Ctrl-D and over-long input; the
/// terminal is as before in every case.
std::optional<Secret> ask_passphrase(const std::string& question);

/// For a new passphrase: asks twice.
/// Throws: as above, and "passphrase.differs".
std::optional<Secret> ask_new_passphrase(const std::string& question);

/// Throws: Error kInvalid "passphrase.short".
void require_good_passphrase(const Secret& passphrase);

}  // namespace pdx::cli
