#include "tests/app/support/failing_calls.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

namespace {

using pdx::test::CallFault;

struct Plan {
    std::string folder;
    std::uint64_t nth = 0;
    CallFault fault = CallFault::kError;
    std::atomic<std::uint64_t> calls{0};
};
std::atomic<Plan*> armed_plan{nullptr};

thread_local bool allocations_count = false;
thread_local std::uint64_t allocation_nth = 0;
thread_local std::uint64_t allocations_made = 0;

/// The fault when it is this call's turn. Null otherwise.
const Plan* turn_of(std::string_view path) {
    Plan* plan = armed_plan.load();
    if (plan == nullptr || !path.starts_with(plan->folder)) return nullptr;
    return plan->calls.fetch_add(1) == plan->nth ? plan : nullptr;
}

const Plan* turn_of(int fd) {
    if (armed_plan.load() == nullptr) return nullptr;
    std::array<char, PATH_MAX> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
    return size <= 0 ? nullptr : turn_of({path.data(), static_cast<std::size_t>(size)});
}

bool is_error(const Plan* plan, int error) {
    if (plan == nullptr || plan->fault != CallFault::kError) return false;
    errno = error;
    return true;
}

std::size_t wanted(const Plan* plan, std::size_t size) {
    return plan != nullptr && plan->fault == CallFault::kShort && size > 1 ? size / 2 : size;
}

ssize_t damaged(const Plan* plan, void* bytes, ssize_t count) {
    if (plan != nullptr && plan->fault == CallFault::kBitFlip && count > 0) {
        static_cast<unsigned char*>(bytes)[count / 2] ^= 1U;
    }
    return count;
}

#ifndef PDX_TEST_OTHER_ALLOCATOR
void* allocated(std::size_t size) {
    if (allocations_count && size >= pdx::test::kFailingBytes &&
        allocations_made++ == allocation_nth) {
        throw std::bad_alloc();
    }
    if (void* memory = std::malloc(std::max(size, std::size_t{1}))) return memory;  // NOLINT
    throw std::bad_alloc();
}
#endif

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {  // NOLINT(cert-dcl50-cpp)
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    if (is_error(turn_of(std::string_view(path)), (flags & O_CREAT) != 0 ? ENOSPC : EIO)) return -1;
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

ssize_t read(int fd, void* out, size_t size) {
    const Plan* plan = turn_of(fd);
    if (is_error(plan, EIO)) return -1;
    return damaged(plan, out, ::syscall(SYS_read, fd, out, wanted(plan, size)));
}

ssize_t pread(int fd, void* out, size_t size, off_t at) {
    const Plan* plan = turn_of(fd);
    if (is_error(plan, EIO)) return -1;
    return damaged(plan, out, ::syscall(SYS_pread64, fd, out, wanted(plan, size), at));
}

ssize_t write(int fd, const void* bytes, size_t size) {
    const Plan* plan = turn_of(fd);
    if (is_error(plan, ENOSPC)) return -1;
    return ::syscall(SYS_write, fd, bytes, wanted(plan, size));
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
    const Plan* plan = turn_of(fd);
    if (is_error(plan, ENOSPC)) return -1;
    return ::syscall(SYS_pwrite64, fd, bytes, wanted(plan, size), at);
}

int fsync(int fd) {
    if (is_error(turn_of(fd), EIO)) return -1;
    return static_cast<int>(::syscall(SYS_fsync, fd));
}

int rename(const char* from, const char* to) {
    if (is_error(turn_of(std::string_view(to)), EIO)) return -1;
    return static_cast<int>(::syscall(SYS_rename, from, to));
}

}  // extern "C"

#ifndef PDX_TEST_OTHER_ALLOCATOR
void* operator new(std::size_t size) { return allocated(size); }
void* operator new[](std::size_t size) { return allocated(size); }
// Every form that pairs with the plain delete: a sanitizer compares who allocated and who freed.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return std::malloc(std::max(size, std::size_t{1}));  // NOLINT
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return std::malloc(std::max(size, std::size_t{1}));  // NOLINT
}
void operator delete(void* memory) noexcept { std::free(memory); }                 // NOLINT
void operator delete[](void* memory) noexcept { std::free(memory); }               // NOLINT
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }    // NOLINT
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }  // NOLINT
#endif

namespace pdx::test {
namespace {

Plan the_plan;

}  // namespace

FailingCalls::FailingCalls(const std::filesystem::path& folder, std::uint64_t nth,
                           CallFault fault) {
    the_plan.folder = std::filesystem::canonical(folder).string();
    the_plan.nth = nth;
    the_plan.fault = fault;
    the_plan.calls = 0;
    armed_plan = &the_plan;
}
FailingCalls::~FailingCalls() { armed_plan = nullptr; }
std::uint64_t FailingCalls::calls() const { return the_plan.calls; }

FailingAllocation::FailingAllocation(std::uint64_t nth) {
    allocation_nth = nth;
    allocations_made = 0;
    allocations_count = true;
}
FailingAllocation::~FailingAllocation() { allocations_count = false; }
std::uint64_t FailingAllocation::allocations() const { return allocations_made; }

}  // namespace pdx::test
