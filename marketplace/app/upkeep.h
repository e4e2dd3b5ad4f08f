#pragma once
/// What the exchange does by itself as time passes: a list of short jobs, run one after another at
/// the start and then again after each pause.
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace pdx::app {

struct UpkeepJob {
    std::string name;           ///< noun.what; stands in the alarm when the job fails
    std::function<void()> run;  ///< may be run again at any time; what it throws ends this round
};

/// A job that fails raises the alarm `upkeep.failed`, keeps no other from running, and is tried
/// again in the next round.
class Upkeep {
public:
    /// Begins at once. Requires: what the jobs refer to outlives this.
    explicit Upkeep(std::vector<UpkeepJob> jobs,
                    std::chrono::milliseconds pause = std::chrono::minutes{1});
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

    /// Returns when the job that runs has ended; no other begins.
    void stop();

private:
    void loop(const std::stop_token& stop);

    std::vector<UpkeepJob> jobs_;
    std::chrono::milliseconds pause_;
    std::jthread thread_;
};

}  // namespace pdx::app
