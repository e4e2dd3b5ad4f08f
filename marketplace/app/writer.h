#pragma once
/// THE place that commits (design D1). One thread takes what is queued, runs each command under its
/// own savepoint inside one transaction, appends one ledger leaf per command, stores tiles, tree
/// head and signed checkpoint in the same transaction, commits once, and only then answers every
/// caller with its receipt. Nothing leaves the process before the commit.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/app/caller.h"
#include "marketplace/app/fact.h"
#include "marketplace/app/sequencer.h"
#include "sql/sql.h"

namespace pdx::app {

/// What a command sees while it runs. Lives for one command inside one batch.
class Transaction {
public:
    Transaction(sql::Connection& connection, const Caller& caller, Timestamp now, IdSource& ids)
        : connection_(connection),
          caller_(caller),
          now_(now),
          ids_(ids) {}

    sql::Connection& db() { return connection_; }
    const Caller& caller() const { return caller_; }
    /// Never before the time of an earlier entry, even when the clock goes back.
    Timestamp now() const { return now_; }
    template <class Tag>
    Id<Tag> make_id() {
        return ids_.make<Tag>(now_);
    }
    /// Requires: called exactly once in a command (checked when the command ends): every committed
    /// business fact has exactly one leaf, and a command without a fact is a bug.
    void record(Fact fact);
    const std::optional<Fact>& fact() const { return fact_; }

private:
    sql::Connection& connection_;
    const Caller& caller_;
    Timestamp now_;
    IdSource& ids_;
    std::optional<Fact> fact_;
};

/// A client's key for one request and the digest of what it asked for.
struct IdempotencyKey {
    std::string key;  ///< 1..128 visible ASCII characters
    Digest request_hash;
};

/// One use case. `run` may be called more than once (a batch that lost a deadlock is repeated), so
/// it has no effect but through its transaction. It returns the JSON text of the answer.
struct Command {
    Caller caller;
    std::optional<IdempotencyKey> idempotency;
    std::function<std::string(Transaction&)> run;
};

/// What the caller gets after the commit.
struct Outcome {
    std::string answer;  ///< JSON text, as `run` returned it
    Receipt receipt;
    bool replayed = false;  ///< the key had been used: this is the first answer again
};

struct WriterOptions {
    std::size_t queue_commands_max = 4096;
    std::size_t batch_commands_max = 512;
    std::chrono::microseconds batch_age_max{5000};
    /// A batch closes early when nothing arrived for this long.
    std::chrono::microseconds batch_quiet{150};
    int attempts_max = 8;
    /// For fault tests: called on the writer thread around the commit.
    std::function<void()> before_commit;
    std::function<void()> after_commit;
};

struct WriterStats {
    std::uint64_t commands = 0;  ///< answered with a receipt
    std::uint64_t refused = 0;
    std::uint64_t commits = 0;
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
    /// False once stopped, or after a violated ledger invariant.
    bool accepts() const { return !stopping_; }
    WriterStats stats() const;

private:
    struct Pending;

    void loop();
    std::vector<Pending*> next_batch(std::unique_lock<std::mutex>& lock);
    void run_batch(const std::vector<Pending*>& batch);
    void attempt_batch(const std::vector<Pending*>& batch);
    bool execute(Pending& pending, Timestamp now);
    bool replay(Pending& pending);
    bool refuse(Pending& pending, Timestamp now, const Error& error);
    void keep_answer(const Pending& pending, Timestamp now, bool refused, const std::string& answer,
                     std::optional<std::uint64_t> log_index);
    void fail_batch(const std::vector<Pending*>& batch, const std::exception_ptr& failure);
    void reopen();

    sql::Database& database_;
    std::unique_ptr<sql::Connection> connection_;
    Sequencer sequencer_;
    const Clock& clock_;
    IdSource& ids_;
    WriterOptions options_;
    Timestamp last_time_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Pending*> queue_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> commands_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> commits_{0};
    std::thread thread_;
};

}  // namespace pdx::app
