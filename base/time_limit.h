#pragma once
/// How long one piece of work may take.
#include <chrono>
#include <functional>
#include <utility>

namespace pdx {

/// Begins when it is made. Thread: any, once it is made.
class TimeLimit {
public:
    using Instant = std::chrono::steady_clock::time_point;

    /// `now`: a clock that only goes forward.
    explicit TimeLimit(std::chrono::milliseconds most,
                       std::function<Instant()> now = std::chrono::steady_clock::now)
        : now_(std::move(now)),
          end_(now_() + most) {}

    bool is_over() const { return now_() >= end_; }

private:
    std::function<Instant()> now_;
    Instant end_;
};

}  // namespace pdx
