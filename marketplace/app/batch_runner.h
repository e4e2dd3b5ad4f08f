#pragma once
/// Commits a batch of commands: a savepoint for each, one transaction, one signed checkpoint, one
/// commit, a receipt for each (design D1). Has no thread, no queue and no clock of its own, so that
/// a simulation can drive it step by step; app/writer.h gives it those.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/app/alarm.h"
#include "marketplace/app/caller.h"
#include "marketplace/app/fact.h"
#include "marketplace/app/sequencer.h"
#include "sql/sql.h"

namespace pdx {
class Error;
}

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
    /// Requires: record() was called (checked).
    Fact take_fact();

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

/// A command in a batch, and after run() what came of it: an outcome, or a failure.
struct PendingCommand {
    const Command* command = nullptr;
    Outcome outcome;
    std::optional<std::uint64_t> log_index;
    std::exception_ptr failure;
};

struct BatchOptions {
    /// Tries at one batch before its callers are told that the storage failed.
    int attempts_max = 8;
    /// Waits before the next try; a simulation does not.
    std::function<void(int attempt)> back_off = wait_with_jitter;
    std::function<void(std::string_view code, std::string_view context)> alarm = raise_alarm;
    /// What a receipt says that nobody can have cosigned yet.
    Witnessed unwitnessed;
    /// Under which the digest of a request is kept with its answer: a request may be little more
    /// than a short text, which its plain digest would give away.
    Bytes request_key;
    /// Called after each commit, before its callers are answered, with the head that is durable
    /// now. Must not throw or wait for a disk.
    std::function<void(const ledger::TreeHead&)> committed;
    /// For fault tests: called around the commit.
    std::function<void()> before_commit;
    std::function<void()> after_commit;

    /// Up to 64 ms, more the later the attempt.
    static void wait_with_jitter(int attempt);
};

struct WriterStats {
    std::uint64_t commands = 0;  ///< answered with a receipt
    std::uint64_t refused = 0;
    std::uint64_t commits = 0;
};

/// What became of a batch.
enum class BatchEnd {
    kDone,      ///< committed, or nothing to commit: each command has its outcome or refusal
    kUnknown,   ///< the commit may or may not stand; callers repeat with their keys
    kFailed,    ///< the storage failed in every try: nothing was written
    kViolated,  ///< a ledger invariant is broken, or halt() was called: it signs nothing more
};

/// Thread: one at a time; halt() from any.
class BatchRunner {
public:
    /// Opens a connection of its own and the log at its stored head.
    /// Throws: LedgerViolation when head, tiles and checkpoint disagree, or the key is another.
    BatchRunner(sql::Database& database, Sequencer sequencer, const Clock& clock, IdSource& ids,
                BatchOptions options = {});

    /// Runs the commands in this order. What a command or the storage refuses with is left in
    /// its `failure`. Does not throw but for want of memory.
    BatchEnd run(std::span<PendingCommand* const> batch);
    /// Signs nothing more, for good: only a new start checks the log against the world.
    void halt() noexcept { halted_ = true; }
    /// Of the last run.
    WriterStats last() const { return last_; }

private:
    void attempt(std::span<PendingCommand* const> batch);
    void give_receipts(std::span<PendingCommand* const> batch);
    bool execute(PendingCommand& pending, Timestamp now);
    bool replay(PendingCommand& pending);
    void keep_private_part(const Fact& fact, Timestamp now);
    Digest kept_hash(const IdempotencyKey& idempotency) const;
    bool refuse(PendingCommand& pending, Timestamp now, const Error& error);
    void keep_answer(const PendingCommand& pending, Timestamp now, bool refused,
                     const std::string& answer, std::optional<std::uint64_t> log_index);
    void reopen();

    sql::Database& database_;
    std::unique_ptr<sql::Connection> connection_;
    Sequencer sequencer_;
    const Clock& clock_;
    IdSource& ids_;
    BatchOptions options_;
    Timestamp last_time_;
    WriterStats last_;
    std::atomic<bool> halted_{false};
};

/// Refuses every write; what callers get when the writer has stopped.
Error writer_stopped();

}  // namespace pdx::app
