#pragma once
/// The check of the ledger behind a serving exchange: ledger/store/fsck.h in small pieces, for
/// ever, at a bounded rate. What it finds raises an alarm and stops the writer: reads go on, writes
/// get 503 (design section 7). On its way it scrubs what an erasure could not.
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "ledger/note.h"
#include "ledger/store/fsck.h"
#include "marketplace/app/read_pool.h"
#include "marketplace/app/writer.h"

namespace pdx::app {

struct PatrolOptions {
    std::chrono::milliseconds piece_pause{100};  ///< after each piece: a bundle of entries
    std::chrono::milliseconds pass_pause{60'000};
};

struct PatrolStatus {
    std::uint64_t passes = 0;                 ///< that ended without a fault
    std::optional<Timestamp> last_pass;       ///< when the last of them ended
    std::uint64_t last_size = 0;              ///< entries that it covered
    std::uint64_t entries = 0;                ///< checked in the pass that runs
    std::optional<ledger::FsckFault> damage;  ///< once there is any, the patrol has ended
};

/// Thread: status() from any thread.
class LedgerPatrol {
public:
    /// Begins at once. Requires: the references outlive this; `keys` as Fsck takes them.
    LedgerPatrol(ReadPool& reads, Writer& writer, std::vector<ledger::NoteVerifier> keys,
                 const Clock& clock, PatrolOptions options = {});
    LedgerPatrol(const LedgerPatrol&) = delete;
    LedgerPatrol& operator=(const LedgerPatrol&) = delete;

    PatrolStatus status() const;
    void stop();

private:
    void loop(const std::stop_token& stop);
    /// False when there is nothing more to do for ever.
    bool run_pass(const std::stop_token& stop);
    void report(const ledger::FsckFault& fault);

    ReadPool& reads_;
    Writer& writer_;
    std::vector<ledger::NoteVerifier> keys_;
    const Clock& clock_;
    PatrolOptions options_;

    mutable std::mutex mutex_;
    PatrolStatus status_;
    std::jthread thread_;
};

}  // namespace pdx::app
