#pragma once
/// The same work for many items on all cores, in blocks short enough that what they give fits into
/// memory. Not a task system: the caller waits.
#include <cstddef>
#include <functional>

namespace pdx::ledger {

/// Calls work(item, lane) once for every item below `count` and returns when all are done. Calls of
/// one lane never overlap, so a lane may own a buffer. With one core, or when the system gives no
/// thread, the caller does all of it. Throws: the first thing that `work` threw.
void for_each_parallel(std::size_t count,
                       const std::function<void(std::size_t item, std::size_t lane)>& work);
/// How many lanes there are at most.
std::size_t parallel_lanes();

}  // namespace pdx::ledger
