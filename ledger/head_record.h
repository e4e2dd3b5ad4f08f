#pragma once
/// The log's own memory beside its database: a file to which the heads that were signed are only
/// ever appended, so that a database that is restored from an older copy is noticed. Text:
///
///     pdx-ledger-record v1 <origin> LF
///     <size> <base64 root> LF          one line per recorded head, sizes ascending
///
/// A last line without its LF is of a write that was cut short, and is no record.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace pdx::ledger {

struct RecordedHead {
    std::uint64_t size = 0;
    Digest root;

    bool operator==(const RecordedHead&) const = default;
};

/// The last head in the file, reading its end only; nullopt when there is no file or no head in it.
/// Throws: Error kConflict "ledger_record.damaged" when it does not hold what it should,
/// "ledger_record.other_log" when it is of another log; std::system_error.
std::optional<RecordedHead> read_last_head(const std::filesystem::path& path,
                                           const std::string& origin);

/// Appends heads. Thread: not shared.
class HeadRecord {
public:
    /// Makes the file (mode 0600) when there is none, and cuts off an unfinished last line.
    /// Throws: as read_last_head().
    HeadRecord(const std::filesystem::path& path, const std::string& origin);
    ~HeadRecord();
    HeadRecord(const HeadRecord&) = delete;
    HeadRecord& operator=(const HeadRecord&) = delete;

    /// Appends and syncs; a head that is not larger than the last one is left out.
    /// Throws: std::system_error. What was written of the line is cut off again by the next try.
    void append(const RecordedHead& head);
    const std::optional<RecordedHead>& last() const { return last_; }

private:
    void append_line(const std::string& line);

    std::filesystem::path path_;
    int fd_ = -1;
    std::uint64_t end_ = 0;    ///< Unit: bytes. Where the last whole line ends
    bool unfinished_ = false;  ///< something of a line may lie behind end_
    std::optional<RecordedHead> last_;
};

}  // namespace pdx::ledger
