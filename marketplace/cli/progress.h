#pragma once
/// A progress bar on standard error, where a person waits: only on a terminal.
#include <chrono>
#include <cstdint>
#include <string>

namespace pdx::cli {

/// Thread: not shared.
class ProgressBar {
public:
    explicit ProgressBar(std::string label);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    void update(std::uint64_t done, std::uint64_t total);

private:
    std::string label_;
    bool visible_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace pdx::cli
