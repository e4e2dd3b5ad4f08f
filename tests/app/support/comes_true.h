#pragma once
/// Waiting for another thread, without an end to wait for in vain.
#include <chrono>
#include <thread>

namespace pdx::test {

/// False after ten seconds.
template <class Condition>
bool comes_true(Condition condition) {
    for (int i = 0; i < 10'000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

}  // namespace pdx::test
