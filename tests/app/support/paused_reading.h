#pragma once
/// What happens while a stored dataset is being read.
#include <filesystem>
#include <functional>
#include <thread>

namespace pdx::test {

/// The folder's only file is read through a pipe: whoever opens it gets its bytes after `meanwhile`
/// has run, on a thread of its own. Once; the file is back when this goes.
/// Requires: the file is opened before this goes, or the test hangs.
class PausedReading {
public:
    PausedReading(const std::filesystem::path& folder, std::function<void()> meanwhile);
    ~PausedReading();
    PausedReading(const PausedReading&) = delete;
    PausedReading& operator=(const PausedReading&) = delete;

private:
    std::filesystem::path file_;
    std::filesystem::path kept_;
    std::thread thread_;
};

}  // namespace pdx::test
