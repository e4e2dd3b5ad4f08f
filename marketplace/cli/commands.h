#pragma once
/// The commands of `pdx`. Each adds itself to the command line and sets the exit status when it
/// ran.
#include <CLI/CLI.hpp>

namespace pdx::cli {

inline constexpr const char* kVersion = "0.1.0";

inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotVerified = 6;
inline constexpr int kExitRisk = 7;  ///< above the limits

void add_serve_command(CLI::App& app, int& status);
void add_demo_command(CLI::App& app, int& status);
void add_verify_command(CLI::App& app, int& status);
/// `key new`, `key show`, `sign`.
void add_key_commands(CLI::App& app, int& status);
/// `ledger export`, `ledger rotate-key`.
void add_ledger_commands(CLI::App& app, int& status);
/// `rotate-key` under `ledger`.
void add_rotate_command(CLI::App& ledger, int& status);
void add_witness_command(CLI::App& app, int& status);

/// What personal data a file holds.
void add_scan_command(CLI::App& app, int& status);
/// What a policy lets leave of a file.
void add_mask_command(CLI::App& app, int& status);
/// How easily persons are found again in a file.
void add_risk_command(CLI::App& app, int& status);
/// Whose copy a leaked file is.
void add_trace_command(CLI::App& app, int& status);

/// `audit replay`, `state`, `fsck`, `watch`, `diff`.
void add_audit_commands(CLI::App& app, int& status);

}  // namespace pdx::cli
