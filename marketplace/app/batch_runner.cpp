#include "marketplace/app/batch_runner.h"

#include <algorithm>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "ledger/private_part.h"
#include "marketplace/app/refusal.h"
#include "marketplace/store/idempotency_store.h"
#include "marketplace/store/private_part_store.h"

namespace pdx::app {
namespace {

constexpr std::string_view kLostDatabase = "database.busy";

bool aborts_batch(const Error& error) { return error.code() == kLostDatabase; }

Error commit_unknown() {
    return busy("commit.unknown",
                {"It is not known whether this was recorded. Repeat the request with the same "
                 "Idempotency-Key.",
                 "无法确认本次操作是否已记录，请使用相同的 Idempotency-Key 重新提交。"});
}

Error storage_failed(const std::string& context) {
    return busy("storage.failed",
                {"The storage failed and nothing was recorded. Try again later.",
                 "存储发生故障，本次操作未被记录，请稍后再试。"},
                context);
}

void fail_all(std::span<PendingCommand* const> batch, const Error& error) {
    for (PendingCommand* pending : batch) pending->failure = std::make_exception_ptr(error);
}

}  // namespace

Error writer_stopped() {
    return busy("writer.stopped",
                {"The exchange does not accept writes at the moment. Reads go on.",
                 "平台暂时不接受写入，查询不受影响。"});
}

void Transaction::record(Fact fact) {
    PDX_CHECK(!fact_.has_value());
    fact_ = std::move(fact);
}

Fact Transaction::take_fact() {
    PDX_CHECK(fact_.has_value());
    return *std::exchange(fact_, std::nullopt);
}

void BatchOptions::wait_with_jitter(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const int ceiling_ms = 1 << std::min(attempt, 6);
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution(1, ceiling_ms)(random)));
}

BatchRunner::BatchRunner(sql::Database& database, Sequencer sequencer, const Clock& clock,
                         IdSource& ids, BatchOptions options)
    : database_(database),
      sequencer_(std::move(sequencer)),
      clock_(clock),
      ids_(ids),
      options_(std::move(options)) {
    reopen();
}

BatchEnd BatchRunner::run(std::span<PendingCommand* const> batch) {
    for (int tries = 1;; ++tries) {
        if (halted_) {
            fail_all(batch, writer_stopped());
            return BatchEnd::kViolated;
        }
        try {
            if (!connection_) reopen();
            attempt(batch);
            break;
        } catch (const sql::CommitUnknown& unknown) {
            options_.alarm("commit.unknown", unknown.what());
            connection_.reset();
            fail_all(batch, commit_unknown());
            return BatchEnd::kUnknown;
        } catch (const LedgerViolation& violation) {
            options_.alarm("ledger.violation", violation.what());
            halt();
            connection_.reset();
            fail_all(batch, writer_stopped());
            return BatchEnd::kViolated;
        } catch (const std::exception& failure) {
            connection_.reset();  // closing rolls back; the next try opens the log afresh
            if (tries < options_.attempts_max) {
                options_.back_off(tries);
                continue;
            }
            options_.alarm("storage.failed", failure.what());
            fail_all(batch, storage_failed(failure.what()));
            return BatchEnd::kFailed;
        }
    }
    give_receipts(batch);
    return BatchEnd::kDone;
}

/// One try at the whole batch: everything in one transaction, or nothing.
void BatchRunner::attempt(std::span<PendingCommand* const> batch) {
    last_ = {};
    for (PendingCommand* pending : batch) {
        pending->outcome = {};
        pending->log_index.reset();
        pending->failure = nullptr;
    }
    const Timestamp now = std::max(clock_.now(), last_time_);
    connection_->begin();
    bool changed = false;
    for (PendingCommand* pending : batch) changed = execute(*pending, now) || changed;
    if (changed) {
        sequencer_.seal(*connection_);
        if (options_.before_commit) options_.before_commit();
        connection_->commit();
        sequencer_.committed();
        if (options_.committed) options_.committed(sequencer_.head());
        if (options_.after_commit) options_.after_commit();
        last_.commits = 1;
        last_time_ = now;
    } else {
        connection_->rollback();
    }
}

/// What is committed stays so: a receipt that cannot be read (of an answer given again; fresh ones
/// come from memory) fails its own command, which has written nothing.
void BatchRunner::give_receipts(std::span<PendingCommand* const> batch) {
    for (PendingCommand* pending : batch) {
        if (!pending->failure) {
            try {
                if (!connection_) reopen();
                pending->outcome.receipt =
                    sequencer_.receipt(*connection_, pending->log_index.value());
                pending->outcome.receipt.witnessed = options_.unwitnessed;
                ++last_.commands;
                continue;
            } catch (const std::exception& failure) {
                options_.alarm("storage.failed", failure.what());
                connection_.reset();
                pending->failure = std::make_exception_ptr(storage_failed(failure.what()));
            }
        }
        ++last_.refused;
    }
}

/// Runs one command under its savepoint. True when the transaction has something to commit.
/// Throws: what ends the whole batch (a lost database, a violated ledger).
bool BatchRunner::execute(PendingCommand& pending, Timestamp now) {
    if (replay(pending)) return false;
    const Command& command = *pending.command;
    connection_->savepoint();
    try {
        Transaction transaction(*connection_, command.caller, now, ids_);
        pending.outcome.answer = command.run(transaction);
        Fact fact = transaction.take_fact();
        keep_private_part(fact, now);
        PreparedEntry entry =
            sequencer_.prepare(*connection_, std::move(fact), command.caller, now);
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
        options_.alarm("invariant.violated", bug.what());
        connection_->rollback_to_savepoint();
        pending.failure = std::current_exception();
        return false;
    }
}

/// Answers from the kept answer when the key was used before. True when it was.
bool BatchRunner::replay(PendingCommand& pending) {
    const auto& idempotency = pending.command->idempotency;
    if (!idempotency) return false;
    const auto kept =
        store::find_answer(*connection_, pending.command->caller.party.text(), idempotency->key);
    if (!kept) return false;
    if (kept->request_hash != kept_hash(*idempotency)) {
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
bool BatchRunner::refuse(PendingCommand& pending, Timestamp now, const Error& error) {
    connection_->rollback_to_savepoint();
    pending.failure = std::make_exception_ptr(error);
    if (!pending.command->idempotency || error.kind() == ErrorKind::kBusy) return false;
    keep_answer(pending, now, true, refusal_text(error), std::nullopt);
    return true;
}

void BatchRunner::keep_answer(const PendingCommand& pending, Timestamp now, bool refused,
                              const std::string& answer, std::optional<std::uint64_t> log_index) {
    const auto& idempotency = pending.command->idempotency;
    if (!idempotency) return;
    store::keep_answer(*connection_, pending.command->caller.party.text(), idempotency->key,
                       {kept_hash(*idempotency), refused, answer, log_index}, now);
}

Digest BatchRunner::kept_hash(const IdempotencyKey& idempotency) const {
    return hmac_sha256(options_.request_key, idempotency.request_hash.view());
}

/// Beside the entry that commits to it, under the index that the entry is about to get.
void BatchRunner::keep_private_part(const Fact& fact, Timestamp now) {
    // A commitment to texts that nobody keeps could never be disclosed.
    const bool commits =
        fact.body.find('"' + std::string(ledger::kPrivateCommitment) + "\":") != std::string::npos;
    PDX_CHECK(commits == fact.private_part.has_value());
    if (!fact.private_part) return;
    store::insert_private_part(
        *connection_,
        {fact.private_part->commitment, sequencer_.next_index(), fact.kind, fact.entity_type,
         fact.entity_id, fact.private_part->sealed, now, std::nullopt});
}

void BatchRunner::reopen() {
    connection_ = database_.open();
    connection_->make_durable();  // what is stored is answered for from here on
    last_time_ = std::max(last_time_, sequencer_.open(*connection_));
}

}  // namespace pdx::app
