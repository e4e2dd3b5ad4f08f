#pragma once
/// Writes the heads that the writer committed into the local record (ledger/head_record.h), on a
/// thread of its own: a sync for every batch would halve what one disk can commit. The record is
/// never ahead of the database, and behind it by what was committed in `interval` at most, plus one
/// sync.
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "ledger/head_record.h"

namespace pdx::app {

class HeadRecorder {
public:
    /// Throws: as ledger::HeadRecord.
    HeadRecorder(const std::filesystem::path& path, const std::string& origin,
                 std::chrono::milliseconds interval = std::chrono::seconds(1));
    /// Records the last head that was noted.
    ~HeadRecorder();
    HeadRecorder(const HeadRecorder&) = delete;
    HeadRecorder& operator=(const HeadRecorder&) = delete;

    /// Requires: the head is committed. Waits for no disk. Thread: any.
    void note(const ledger::RecordedHead& head);

private:
    void loop();
    void write(const ledger::RecordedHead& head);

    ledger::HeadRecord record_;
    std::chrono::milliseconds interval_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<ledger::RecordedHead> noted_;  ///< the latest that is not written yet
    bool stopping_ = false;
    bool alarmed_ = false;
    std::thread thread_;
};

}  // namespace pdx::app
