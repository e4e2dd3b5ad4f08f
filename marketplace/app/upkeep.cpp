#include "marketplace/app/upkeep.h"

#include <exception>
#include <utility>

#include "marketplace/app/alarm.h"

namespace pdx::app {

Upkeep::Upkeep(std::vector<UpkeepJob> jobs, std::chrono::milliseconds pause)
    : jobs_(std::move(jobs)),
      pause_(pause) {
    thread_ = std::thread([this] { loop(); });
}

Upkeep::~Upkeep() { stop(); }

void Upkeep::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wakened_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool Upkeep::is_stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Upkeep::loop() {
    while (true) {
        for (const UpkeepJob& job : jobs_) {
            if (is_stopping()) return;
            try {
                job.run();
            } catch (const std::exception& failure) {
                raise_alarm("upkeep.failed", job.name + ": " + failure.what());
            }
        }
        std::unique_lock lock(mutex_);
        if (wakened_.wait_for(lock, pause_, [this] { return stopping_; })) return;
    }
}

}  // namespace pdx::app
