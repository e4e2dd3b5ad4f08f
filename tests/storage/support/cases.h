#pragma once
/// The ways in which each call of a trace may fail.
#include <string>
#include <vector>

#include "tests/storage/support/trace.h"

namespace pdx::test {

enum class StorageFault {
    kKill,      ///< the process is killed before the call
    kError,     ///< EIO
    kFull,      ///< ENOSPC
    kErrorsOn,  ///< EIO, and so for every later call
    kFullOn,    ///< ENOSPC, and so for every later call
};

struct StorageCase {
    std::string name;       ///< "reader pwrite64 17 error"
    std::string situation;  ///< its first word
    std::string kind;       ///< situation, call, file and fault: cases of one kind are much alike
    StorageFault fault = StorageFault::kKill;
    std::vector<std::string> inject;  ///< for traced()
};

/// Each call with each fault that may meet it.
std::vector<StorageCase> cases_of(const std::vector<TracedCall>& calls,
                                  const std::string& situation);

}  // namespace pdx::test
