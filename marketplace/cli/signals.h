#pragma once
/// Ctrl-C and SIGTERM.

namespace pdx::cli {

/// Blocks the signals in this thread and every thread started later. Call first.
void block_stop_signals();
/// Returns when one arrives.
void wait_for_stop_signal();

}  // namespace pdx::cli
