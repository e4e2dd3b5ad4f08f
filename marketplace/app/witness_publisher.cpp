#include "marketplace/app/witness_publisher.h"

#include <algorithm>
#include <exception>
#include <random>
#include <utility>

#include "base/check.h"
#include "ledger/store/cosignature_store.h"
#include "ledger/tree.h"
#include "ledger/witness.h"
#include "marketplace/app/alarm.h"

namespace pdx::app {
namespace {

using std::chrono::steady_clock;

double chance() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 0.999)(random);
}

std::string_view text_of(const ledger::StoredCheckpoint& checkpoint) {
    return std::string_view(checkpoint.note).substr(0, checkpoint.note.find("\n\n") + 1);
}

std::string url_of(const ledger::PolicyWitness& witness) {
    return witness.url + (witness.url.ends_with('/') ? "add-checkpoint" : "/add-checkpoint");
}

}  // namespace

struct WitnessPublisher::Worker {
    const ledger::PolicyWitness& witness;
    std::unique_ptr<sql::Connection> db = {};
    ledger::WitnessProgress progress = {};
    std::optional<std::chrono::seconds> retry_after = {};
    // Under the lock:
    std::uint64_t done_size = 0;
    bool busy = false;
    steady_clock::time_point not_before = {};
    std::thread thread = {};
};

WitnessPublisher::WitnessPublisher(sql::Database& database, std::string origin,
                                   const WitnessTerms& terms, ledger::WitnessTransport& transport,
                                   std::function<void()> on_ahead, PublisherOptions options)
    : database_(database),
      origin_(std::move(origin)),
      terms_(terms),
      transport_(transport),
      on_ahead_(std::move(on_ahead)),
      options_(options) {
    for (const ledger::PolicyWitness& witness : terms_.policy.witnesses) {
        // One without an address counts when somebody brings its line, and cannot be asked.
        if (witness.url.empty()) continue;
        workers_.push_back(std::make_unique<Worker>(Worker{.witness = witness}));
    }
    for (const auto& worker : workers_) {
        worker->thread = std::thread([this, &worker = *worker] { work(worker); });
    }
    rounds_ = std::thread([this] { set_rounds(); });
}

WitnessPublisher::~WitnessPublisher() { stop(); }

void WitnessPublisher::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    transport_.cancel();
    if (rounds_.joinable()) rounds_.join();
    for (const auto& worker : workers_) {
        if (worker->thread.joinable()) worker->thread.join();
    }
}

PublisherStats WitnessPublisher::stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
}

bool WitnessPublisher::round_is_over(steady_clock::time_point now) const {
    if (!target_ || now - round_began_ >= options_.round_max) return true;
    return std::all_of(workers_.begin(), workers_.end(), [&](const auto& worker) {
        return !worker->busy && (worker->done_size >= target_->size || worker->not_before > now);
    });
}

void WitnessPublisher::set_rounds() {
    std::unique_ptr<sql::Connection> db;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        transport_.expire();
        std::optional<ledger::StoredCheckpoint> newest;
        try {
            if (!db) db = database_.open();
            newest = ledger::LogStore(*db, origin_).latest_checkpoint();
        } catch (const std::exception& failure) {
            raise_alarm("witness.storage", failure.what());
            db.reset();
        }
        lock.lock();
        const auto now = steady_clock::now();
        if (newest && (!target_ || newest->size > target_->size) && round_is_over(now)) {
            target_ = std::move(newest);
            round_began_ = now;
            changed_.notify_all();
        }
        changed_.wait_for(lock, options_.interval, [&] { return stopping_; });
    }
}

void WitnessPublisher::work(Worker& worker) {
    std::unique_lock lock(mutex_);
    while (!stopping_ && !ahead_) {
        const auto now = steady_clock::now();
        if (!target_ || target_->size <= worker.done_size) {
            changed_.wait(lock);
            continue;
        }
        if (worker.not_before > now) {
            changed_.wait_until(lock, worker.not_before);
            continue;
        }
        const ledger::StoredCheckpoint target = *target_;
        worker.busy = true;
        lock.unlock();
        ledger::WitnessStep step = ledger::WitnessStep::kLater;
        try {
            step = show(worker, target);
        } catch (const std::exception& failure) {
            raise_alarm("witness.storage", failure.what());
            worker.db.reset();
            ++worker.progress.failures;
        }
        lock.lock();
        worker.busy = false;
        if (step == ledger::WitnessStep::kDone) worker.done_size = target.size;
        if (step == ledger::WitnessStep::kLater) {
            worker.not_before =
                steady_clock::now() + ledger::witness_delay(options_.back_off,
                                                            std::max(worker.progress.failures, 1U),
                                                            chance(), worker.retry_after);
        }
        if (step == ledger::WitnessStep::kStop && !std::exchange(ahead_, true)) {
            changed_.notify_all();
            lock.unlock();
            on_ahead_();
            lock.lock();
        }
    }
}

void WitnessPublisher::begin_at_stored_size(Worker& worker) {
    worker.db = database_.open();
    const ledger::NoteVerifier& key = worker.witness.key;
    const std::uint64_t size =
        ledger::CosignatureStore(*worker.db, origin_).largest_by(key.name(), key.key_id());
    worker.progress.old_size = std::max(worker.progress.old_size, size);
}

ledger::WitnessStep WitnessPublisher::show(Worker& worker, const ledger::StoredCheckpoint& target) {
    if (!worker.db) begin_at_stored_size(worker);
    for (;;) {
        const ledger::WitnessReply reply = ask(worker, target);
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return ledger::WitnessStep::kDone;
            ++(reply.line ? stats_.cosigned : stats_.failed);
        }
        worker.retry_after = reply.retry_after;
        if (reply.line) {
            ledger::CosignatureStore(*worker.db, origin_).add({target.size, *reply.line});
        }
        const auto next = ledger::take_witness_reply(worker.progress, reply, target.size);
        if (next.alarm) report(worker, reply);
        if (next.step != ledger::WitnessStep::kAgain) return next.step;
    }
}

ledger::WitnessReply WitnessPublisher::ask(Worker& worker, const ledger::StoredCheckpoint& target) {
    // It may stand at a size between two of our checkpoints, or above this one.
    const std::uint64_t old_size = std::min(worker.progress.old_size, target.size);
    ledger::SqlTileReader tiles(*worker.db, origin_);
    const ledger::WitnessRequest request{
        old_size, ledger::consistency_proof(tiles, old_size, target.size), target.note};
    const std::string body = ledger::format_witness_request(request);
    PDX_CHECK(body.size() <= ledger::kWitnessSubmitBytesMax);
    const auto answer = transport_.post(url_of(worker.witness), body);
    // Read after the answer: what was committed meanwhile may have been shown by another node.
    const auto head = ledger::LogStore(*worker.db, origin_).head();
    return ledger::read_witness_answer(answer, worker.witness.key, text_of(target),
                                       head ? head->size : 0);
}

void WitnessPublisher::report(const Worker& worker, const ledger::WitnessReply& reply) {
    const std::string& name = worker.witness.name;
    switch (reply.kind) {
        case ledger::WitnessReplyKind::kAhead: {
            const auto view = ledger::view_witness(worker.witness, terms_.log_keys, {}, transport_);
            const bool proven =
                view.how == ledger::WitnessView::How::kSigned && view.size >= reply.size;
            raise_alarm("witness.ahead",
                        "witness " + name + " has seen size " + std::to_string(reply.size) +
                            ", which this log does not have" +
                            (proven ? ", and shows a checkpoint of it by this log's key"
                                    : ", and shows no proof") +
                            "; signing stops");
            return;
        }
        case ledger::WitnessReplyKind::kForked:
            raise_alarm("witness.forked",
                        "to witness " + name + " this log is no extension of what it cosigned");
            return;
        case ledger::WitnessReplyKind::kRefused:
            raise_alarm("witness.refused",
                        "witness " + name + " does not take this log's checkpoints");
            return;
        default:
            raise_alarm("witness.garbage",
                        "witness " + name + " answers what no honest witness answers");
            return;
    }
}

}  // namespace pdx::app
