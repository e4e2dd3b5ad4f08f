#pragma once
/// What a process that is killed cannot show, because its writes are safe in the kernel: that they
/// were synced in time. Reads a trace and holds it to two rules. Before an answer goes out, or a
/// line into the local record, the write-ahead log is synced, or copied into the database and that
/// synced. Before the write-ahead log is begun anew or removed, the database is synced. What a
/// failed sync covered counts as lost until it is written again: the kernel may drop it and call
/// the next sync a success.
#include <optional>
#include <span>
#include <string>

#include "tests/storage/support/trace.h"

namespace pdx::test {

/// The first call that broke a rule, as a sentence; nullopt when none did. Every writev(2) is an
/// answer, every write(2) a line of the record.
std::optional<std::string> find_unsynced(std::span<const TracedCall> calls,
                                         const std::string& database);

}  // namespace pdx::test
