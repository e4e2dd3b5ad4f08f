#include "marketplace/app/head_recorder.h"

#include <exception>
#include <utility>

#include "marketplace/app/alarm.h"

namespace pdx::app {

HeadRecorder::HeadRecorder(const std::filesystem::path& path, const std::string& origin,
                           std::chrono::milliseconds interval)
    : record_(path, origin),
      interval_(interval),
      thread_([this] { loop(); }) {}

HeadRecorder::~HeadRecorder() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void HeadRecorder::note(const ledger::RecordedHead& head) {
    {
        const std::lock_guard lock(mutex_);
        noted_ = head;
    }
    changed_.notify_one();
}

void HeadRecorder::loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || noted_.has_value(); });
        if (!noted_) return;
        const ledger::RecordedHead head = *std::exchange(noted_, std::nullopt);
        lock.unlock();
        write(head);
        lock.lock();
        // What is committed meanwhile is written together, except at the end.
        changed_.wait_for(lock, interval_, [this] { return stopping_; });
    }
}

/// A record that cannot be written is an alarm and not the end of the exchange: receipts and
/// witnesses remember the same heads, and the next head is tried again.
void HeadRecorder::write(const ledger::RecordedHead& head) {
    try {
        record_.append(head);
        alarmed_ = false;
    } catch (const std::exception& failure) {
        if (!alarmed_) raise_alarm("ledger_record.failed", failure.what());
        alarmed_ = true;
    }
}

}  // namespace pdx::app
