#include "tests/storage/support/sync_order.h"

#include <cstdint>
#include <set>
#include <string_view>

namespace pdx::test {
namespace {

/// pwrite64(fd, bytes, count, OFFSET)
std::uint64_t offset_of(const TracedCall& call) {
    return std::stoull(call.arguments.substr(call.arguments.rfind(", ") + 2));
}

/// What of one file would not survive a loss of power.
class Unsynced {
public:
    void write(std::uint64_t offset) {
        lost_.erase(offset);
        waiting_.insert(offset);
        last_ = offset;
    }
    void sync(bool succeeded) {
        if (!succeeded) lost_.insert(waiting_.begin(), waiting_.end());
        waiting_.clear();
    }
    void clear() { *this = {}; }
    /// What was lost here is elsewhere now.
    void forgive() { lost_.clear(); }
    bool empty() const { return waiting_.empty() && lost_.empty(); }
    /// A transaction that was not written to its end, and so is none.
    void drop_unfinished() { waiting_.clear(); }
    /// The same, for a log: the head alone holds no transaction, and behind what was written last
    /// nothing is read.
    bool holds_no_transaction() const {
        return last_ == 0 || (waiting_.empty() && (lost_.empty() || *lost_.begin() > last_));
    }

private:
    std::set<std::uint64_t> waiting_;
    std::set<std::uint64_t> lost_;
    std::uint64_t last_ = 0;
};

bool is_sync(std::string_view name) { return name == "fdatasync" || name == "fsync"; }

}  // namespace

std::optional<std::string> find_unsynced(std::span<const TracedCall> calls,
                                         const std::string& database) {
    Unsynced pages;
    Unsynced log;
    const auto blame = [](const TracedCall& call, const std::string& what) {
        return call.name + " " + std::to_string(call.number) + " (" + call.file + "): " + what;
    };
    for (const TracedCall& call : calls) {
        const bool is_log = call.file == database + "-wal";
        if (call.name == "writev" || call.name == "write") {
            if (!log.holds_no_transaction()) {
                return blame(call, "answered before the write-ahead log was synced");
            }
        } else if (is_log || call.file == database) {
            Unsynced& file = is_log ? log : pages;
            const bool is_write = call.name == "pwrite64";
            const bool ends_log = is_log && ((is_write && offset_of(call) == 0) ||
                                             call.name == "unlink" || call.name == "ftruncate");
            if (ends_log && call.succeeded()) {
                if (!pages.empty()) return blame(call, "ended before the database was synced");
                log.clear();
            }
            if (is_write && call.succeeded()) file.write(offset_of(call));
            if (is_write && is_log && !call.succeeded()) log.drop_unfinished();
            if (!is_sync(call.name) || !call.returned()) continue;
            if (!is_log && call.succeeded() && !pages.empty()) log.forgive();
            file.sync(call.succeeded());
        }
    }
    return std::nullopt;
}

}  // namespace pdx::test
