#pragma once
/// How a thread of our own waits for its next turn.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace pdx {

/// Waits so long. False, and at once, when the thread is asked to stop.
inline bool pause(const std::stop_token& stop, std::chrono::milliseconds duration) {
    std::mutex mutex;
    std::condition_variable_any wakened;
    std::unique_lock lock(mutex);
    wakened.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
}

}  // namespace pdx
