#include "ledger/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace pdx::ledger {
namespace {

/// Reading from disk and hashing gain nothing from more.
constexpr std::size_t kLanesMax = 16;

}  // namespace

std::size_t parallel_lanes() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kLanesMax);
}

void for_each_parallel(std::size_t count,
                       const std::function<void(std::size_t item, std::size_t lane)>& work) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto run = [&](std::size_t lane) {
        try {
            for (std::size_t item = next++; item < count; item = next++) work(item, lane);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
            next = count;
        }
    };
    std::vector<std::thread> threads;
    const std::size_t lanes = std::min(parallel_lanes(), count);
    try {
        for (std::size_t lane = 1; lane < lanes; ++lane) threads.emplace_back(run, lane);
    } catch (const std::system_error&) {
        // No more threads: those that run and the caller share the work.
    }
    run(0);
    for (std::thread& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace pdx::ledger
