#pragma once
/// Lets one call to the system, or one allocation, fail: the n-th from now. This program's own
/// open, read, pread, write, pwrite, fsync, rename and operator new stand before the libraries'.
#include <cstddef>
#include <cstdint>
#include <filesystem>

// ThreadSanitizer brings an operator new of its own and links with no other.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PDX_TEST_OTHER_ALLOCATOR
#endif
#endif

namespace pdx::test {

enum class CallFault {
    kError,    ///< a full disk for what writes, a broken one for everything else
    kShort,    ///< half of what was asked for is read or written: no failure at all
    kBitFlip,  ///< what is read comes back with one bit changed
};

/// Calls on files below the folder, by any thread.
class FailingCalls {
public:
    /// `nth` counts from 0. Only one at a time.
    FailingCalls(const std::filesystem::path& folder, std::uint64_t nth, CallFault fault);
    ~FailingCalls();
    FailingCalls(const FailingCalls&) = delete;
    FailingCalls& operator=(const FailingCalls&) = delete;

    /// So many were made; the fault happened when it is above `nth`.
    std::uint64_t calls() const;
};

/// Allocations of this thread of at least kFailingBytes. Smaller ones may be made by the destructor
/// of a JSON value, where a failure ends the process; what a start does about that, other tests
/// say.
inline constexpr std::size_t kFailingBytes = 2'048;
#ifdef PDX_TEST_OTHER_ALLOCATOR
inline constexpr bool kAllocationsFail = false;
#else
inline constexpr bool kAllocationsFail = true;
#endif

class FailingAllocation {
public:
    explicit FailingAllocation(std::uint64_t nth);
    ~FailingAllocation();
    FailingAllocation(const FailingAllocation&) = delete;
    FailingAllocation& operator=(const FailingAllocation&) = delete;

    std::uint64_t allocations() const;
};

}  // namespace pdx::test
