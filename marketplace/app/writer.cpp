#include "marketplace/app/writer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace pdx::app {

/// A command in flight; lives on the stack of submit().
struct Writer::Waiting {
    PendingCommand pending;
    bool done = false;
    std::condition_variable answered;
};

Writer::Writer(sql::Database& database, Sequencer sequencer, const Clock& clock, IdSource& ids,
               WriterOptions options)
    : options_(std::move(options)),
      runner_(database, std::move(sequencer), clock, ids, options_.batch) {
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

void Writer::halt() noexcept {
    runner_.halt();
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
}

WriterStats Writer::stats() const { return {commands_, refused_, commits_}; }

Outcome Writer::submit(const Command& command) {
    Waiting waiting;
    waiting.pending.command = &command;
    std::unique_lock lock(mutex_);
    if (stopping_) throw writer_stopped();
    if (queue_.size() >= options_.queue_commands_max) {
        throw busy("writer.queue_full", {"Too many requests are waiting. Try again in a moment.",
                                         "当前等待处理的请求过多，请稍后再试。"});
    }
    queue_.push_back(&waiting);
    arrived_.notify_one();
    waiting.answered.wait(lock, [&] { return waiting.done; });
    if (waiting.pending.failure) std::rethrow_exception(waiting.pending.failure);
    return std::move(waiting.pending.outcome);
}

void Writer::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        const std::vector<Waiting*> batch = next_batch(lock);
        lock.unlock();
        run(batch);
        lock.lock();
        for (Waiting* waiting : batch) {
            waiting->done = true;
            waiting->answered.notify_one();
        }
    }
}

/// Takes what is queued, waiting a little for company: commands per fsync set the throughput.
std::vector<Writer::Waiting*> Writer::next_batch(std::unique_lock<std::mutex>& lock) {
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
    std::vector<Waiting*> batch(queue_.begin(), end);
    queue_.erase(queue_.begin(), end);
    return batch;
}

void Writer::run(const std::vector<Waiting*>& batch) {
    std::vector<PendingCommand*> commands;
    commands.reserve(batch.size());
    for (Waiting* waiting : batch) commands.push_back(&waiting->pending);
    const BatchEnd end = runner_.run(commands);
    if (end == BatchEnd::kViolated) stopping_ = true;
    if (end != BatchEnd::kDone) return;
    const WriterStats last = runner_.last();
    commands_ += last.commands;
    refused_ += last.refused;
    commits_ += last.commits;
}

}  // namespace pdx::app
