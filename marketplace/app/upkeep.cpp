#include "marketplace/app/upkeep.h"

#include <exception>
#include <utility>

#include "base/pause.h"
#include "marketplace/app/alarm.h"

namespace pdx::app {

Upkeep::Upkeep(std::vector<UpkeepJob> jobs, std::chrono::milliseconds pause)
    : jobs_(std::move(jobs)),
      pause_(pause) {
    thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

void Upkeep::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

void Upkeep::loop(const std::stop_token& stop) {
    do {
        for (const UpkeepJob& job : jobs_) {
            if (stop.stop_requested()) return;
            try {
                job.run();
            } catch (const std::exception& failure) {
                raise_alarm("upkeep.failed", job.name + ": " + failure.what());
            }
        }
    } while (pause(stop, pause_));
}

}  // namespace pdx::app
