#include "marketplace/app/writer.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/alarm.h"
#include "marketplace/app/refusal.h"
#include "marketplace/store/idempotency_store.h"

namespace pdx::app {
namespace {

constexpr std::string_view kLostDatabase = "database.busy";

bool aborts_batch(const Error& error) { return error.code() == kLostDatabase; }

Error stopped() {
    return busy("writer.stopped",
                {"The exchange does not accept writes at the moment. Reads go on.",
                 "平台暂时不接受写入，查询不受影响。"});
}

void back_off(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const int ceiling_ms = 1 << std::min(attempt, 6);
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution(1, ceiling_ms)(random)));
}

}  // namespace

void Transaction::record(Fact fact) {
    PDX_CHECK(!fact_.has_value());
    fact_ = std::move(fact);
}

/// A command in flight; lives on the stack of submit().
struct Writer::Pending {
    const Command* command = nullptr;
    Outcome outcome;
    std::optional<std::uint64_t> log_index;
    std::exception_ptr failure;
    bool done = false;
    std::condition_variable answered;
};

Writer::Writer(sql::Database& database, Sequencer sequencer, const Clock& clock, IdSource& ids,
               WriterOptions options)
    : database_(database),
      sequencer_(std::move(sequencer)),
      clock_(clock),
      ids_(ids),
      options_(std::move(options)) {
    reopen();
    thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() { stop(); }

void Writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    if (thread_.joinable()) thread_.join();
}

WriterStats Writer::stats() const { return {commands_, refused_, commits_}; }

Outcome Writer::submit(const Command& command) {
    Pending pending;
    pending.command = &command;
    std::unique_lock lock(mutex_);
    if (stopping_) throw stopped();
    if (queue_.size() >= options_.queue_commands_max) {
        throw busy("writer.queue_full", {"Too many requests are waiting. Try again in a moment.",
                                         "当前等待处理的请求过多，请稍后再试。"});
    }
    queue_.push_back(&pending);
    arrived_.notify_one();
    pending.answered.wait(lock, [&] { return pending.done; });
    if (pending.failure) std::rethrow_exception(pending.failure);
    return std::move(pending.outcome);
}

void Writer::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        const std::vector<Pending*> batch = next_batch(lock);
        lock.unlock();
        run_batch(batch);
        lock.lock();
        for (Pending* pending : batch) {
            pending->done = true;
            pending->answered.notify_one();
        }
    }
}

/// Takes what is queued, waiting a little for company: commands per fsync set the throughput.
std::vector<Writer::Pending*> Writer::next_batch(std::unique_lock<std::mutex>& lock) {
    const auto deadline = std::chrono::steady_clock::now() + options_.batch_age_max;
    std::size_t seen = 0;
    while (!stopping_ && queue_.size() > seen && queue_.size() < options_.batch_commands_max &&
           std::chrono::steady_clock::now() < deadline) {
        seen = queue_.size();
        arrived_.wait_for(lock, options_.batch_quiet, [&] {
            return stopping_ || queue_.size() >= options_.batch_commands_max;
        });
    }
    const std::size_t count = std::min(queue_.size(), options_.batch_commands_max);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Pending*> batch(queue_.begin(), end);
    queue_.erase(queue_.begin(), end);
    return batch;
}

void Writer::run_batch(const std::vector<Pending*>& batch) {
    for (int attempt = 1;; ++attempt) {
        try {
            if (!connection_) reopen();
            attempt_batch(batch);
            return;
        } catch (const sql::CommitUnknown& unknown) {
            raise_alarm("commit.unknown", unknown.what());
            connection_.reset();
            fail_batch(batch, std::make_exception_ptr(busy(
                                  "commit.unknown",
                                  {"It is not known whether this was recorded. Repeat the request "
                                   "with the same Idempotency-Key.",
                                   "无法确认本次操作是否已记录，请使用相同的 Idempotency-Key "
                                   "重新提交。"})));
            return;
        } catch (const LedgerViolation& violation) {
            raise_alarm("ledger.violation", violation.what());
            stopping_ = true;
            connection_.reset();
            fail_batch(batch, std::make_exception_ptr(stopped()));
            return;
        } catch (const std::exception& failure) {
            connection_.reset();  // closing rolls back; the next batch opens the log afresh
            if (attempt < options_.attempts_max) {
                back_off(attempt);
                continue;
            }
            raise_alarm("storage.failed", failure.what());
            fail_batch(batch, std::make_exception_ptr(
                                  busy("storage.failed",
                                       {"The storage failed and nothing was recorded. Try again "
                                        "later.",
                                        "存储发生故障，本次操作未被记录，请稍后再试。"},
                                       failure.what())));
            return;
        }
    }
}

/// One try at the whole batch: everything in one transaction, or nothing.
void Writer::attempt_batch(const std::vector<Pending*>& batch) {
    for (Pending* pending : batch) {
        pending->outcome = {};
        pending->log_index.reset();
        pending->failure = nullptr;
    }
    const Timestamp now = std::max(clock_.now(), last_time_);
    connection_->begin();
    bool changed = false;
    for (Pending* pending : batch) changed = execute(*pending, now) || changed;
    if (changed) {
        sequencer_.seal(*connection_);
        if (options_.before_commit) options_.before_commit();
        connection_->commit();
        if (options_.after_commit) options_.after_commit();
        ++commits_;
        last_time_ = now;
    } else {
        connection_->rollback();
    }
    for (Pending* pending : batch) {
        if (pending->failure) {
            ++refused_;
        } else {
            pending->outcome.receipt = sequencer_.receipt(*connection_, pending->log_index.value());
            ++commands_;
        }
    }
}

/// Runs one command under its savepoint. True when the transaction has something to commit.
/// Throws: what ends the whole batch (a lost database, a violated ledger).
bool Writer::execute(Pending& pending, Timestamp now) {
    if (replay(pending)) return false;
    const Command& command = *pending.command;
    connection_->savepoint();
    try {
        Transaction transaction(*connection_, command.caller, now, ids_);
        pending.outcome.answer = command.run(transaction);
        PDX_CHECK(transaction.fact().has_value());
        PreparedEntry entry =
            sequencer_.prepare(*connection_, *transaction.fact(), command.caller, now);
        keep_answer(pending, now, false, pending.outcome.answer, sequencer_.next_index());
        connection_->release_savepoint();
        pending.log_index = sequencer_.append(std::move(entry));
        return true;
    } catch (const Error& error) {
        if (aborts_batch(error)) throw;
        return refuse(pending, now, error);
    } catch (const LedgerViolation&) {
        throw;
    } catch (const sql::StorageFailure&) {
        throw;
    } catch (const std::exception& bug) {
        raise_alarm("invariant.violated", bug.what());
        connection_->rollback_to_savepoint();
        pending.failure = std::current_exception();
        return false;
    }
}

/// Answers from the kept answer when the key was used before. True when it was.
bool Writer::replay(Pending& pending) {
    const auto& idempotency = pending.command->idempotency;
    if (!idempotency) return false;
    const auto kept =
        store::find_answer(*connection_, pending.command->caller.party.text(), idempotency->key);
    if (!kept) return false;
    if (kept->request_hash != idempotency->request_hash) {
        pending.failure = std::make_exception_ptr(
            invalid("idempotency.key_reused",
                    {"This Idempotency-Key was used for another request. Use a new key.",
                     "该 Idempotency-Key 已用于另一个请求，请更换新的键值。"}));
    } else if (kept->refused) {
        pending.failure = std::make_exception_ptr(parse_refusal(kept->answer));
    } else {
        pending.outcome.answer = kept->answer;
        pending.outcome.replayed = true;
        pending.log_index = kept->log_index;
    }
    return true;
}

/// A business refusal stays refused for its key. True when that left a row to commit.
bool Writer::refuse(Pending& pending, Timestamp now, const Error& error) {
    connection_->rollback_to_savepoint();
    pending.failure = std::make_exception_ptr(error);
    if (!pending.command->idempotency || error.kind() == ErrorKind::kBusy) return false;
    keep_answer(pending, now, true, refusal_text(error), std::nullopt);
    return true;
}

void Writer::keep_answer(const Pending& pending, Timestamp now, bool refused,
                         const std::string& answer, std::optional<std::uint64_t> log_index) {
    const auto& idempotency = pending.command->idempotency;
    if (!idempotency) return;
    store::keep_answer(*connection_, pending.command->caller.party.text(), idempotency->key,
                       {idempotency->request_hash, refused, answer, log_index}, now);
}

void Writer::fail_batch(const std::vector<Pending*>& batch, const std::exception_ptr& failure) {
    for (Pending* pending : batch) pending->failure = failure;
}

void Writer::reopen() {
    connection_ = database_.open();
    last_time_ = std::max(last_time_, sequencer_.open(*connection_));
}

}  // namespace pdx::app
