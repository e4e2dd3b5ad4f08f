#pragma once
/// THE place that commits (design D1). One thread takes what is queued, gives it to the
/// BatchRunner, which commits it at once with its ledger leaves and signed checkpoint, and only
/// then answers every caller with its receipt. Nothing leaves the process before the commit.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/app/batch_runner.h"
#include "marketplace/app/sequencer.h"
#include "sql/sql.h"

namespace pdx::app {

struct WriterOptions {
    std::size_t queue_commands_max = 4096;
    std::size_t batch_commands_max = 512;
    std::chrono::microseconds batch_age_max{5000};
    /// A batch closes early when nothing arrived for this long.
    std::chrono::microseconds batch_quiet{150};
    BatchOptions batch;
};

/// Thread: submit() and stats() from any thread.
class Writer {
public:
    /// Opens a connection of its own and the log at its stored head.
    /// Throws: LedgerViolation when head, tiles and checkpoint disagree, or the key is another.
    Writer(sql::Database& database, Sequencer sequencer, const Clock& clock, IdSource& ids,
           WriterOptions options = {});
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Runs the command and returns after its commit.
    /// Throws: what the command refused with; kBusy "writer.queue_full", "writer.stopped",
    /// "storage.failed" (nothing was written) or "commit.unknown" (repeat with the same key).
    Outcome submit(const Command& command);

    /// Finishes what is queued, then ends the thread. Later commands get "writer.stopped".
    void stop();
    /// Signs nothing more, what is queued included; callers get "writer.stopped". Does not wait, so
    /// it may be called from any thread. For good: only a new start checks the log against the
    /// world.
    void halt() noexcept;
    /// False once stopped or halted, or after a violated ledger invariant.
    bool accepts() const { return !stopping_; }
    WriterStats stats() const;

private:
    struct Waiting;

    void loop();
    std::vector<Waiting*> next_batch(std::unique_lock<std::mutex>& lock);
    void run(const std::vector<Waiting*>& batch);

    WriterOptions options_;
    BatchRunner runner_;  ///< the writer thread's only

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Waiting*> queue_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> commands_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> commits_{0};
    std::thread thread_;
};

}  // namespace pdx::app
