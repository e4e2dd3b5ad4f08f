#include "marketplace/app/read_pool.h"

#include <exception>
#include <string>
#include <utility>

#include "marketplace/app/alarm.h"

namespace pdx::app {

ReadPool::Lease::~Lease() {
    {
        const std::lock_guard lock(pool_.mutex_);
        --pool_.lent_;
        pool_.idle_.push_back(std::move(connection_));
    }
    pool_.returned_.notify_one();
}

ReadPool::Lease ReadPool::borrow() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return lent_ < connections_max_; });
    ++lent_;
    if (!idle_.empty()) {
        std::unique_ptr<sql::Connection> connection = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(connection)};
    }
    lock.unlock();
    try {
        return {*this, database_.open()};
    } catch (...) {
        lock.lock();
        --lent_;
        lock.unlock();
        returned_.notify_one();
        throw;
    }
}

bool ReadPool::scrub() {
    // Before the attempt: one that fails beside this one must stay remembered.
    unscrubbed_ = false;
    try {
        Lease lease = borrow();
        if (lease->scrub()) return true;
    } catch (...) {
        unscrubbed_ = true;
        throw;
    }
    unscrubbed_ = true;
    return false;
}

void ReadPool::retry_scrub() {
    if (unscrubbed_) scrub();
}

void scrub_or_alarm(ReadPool& reads, std::string_view alarm) {
    try {
        if (reads.scrub()) return;
        raise_alarm(alarm, "an older state is being read; it is tried again");
    } catch (const std::exception& failure) {
        raise_alarm(alarm, std::string(failure.what()) + "; it is tried again");
    }
}

}  // namespace pdx::app
