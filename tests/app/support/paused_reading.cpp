#include "tests/app/support/paused_reading.h"

#include <sys/stat.h>

#include <fstream>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace pdx::test {
namespace {

namespace fs = std::filesystem;

fs::path only_file(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    REQUIRE(files.size() == 1);
    return files[0];
}

}  // namespace

PausedReading::PausedReading(const fs::path& folder, std::function<void()> meanwhile)
    : file_(only_file(folder)),
      kept_(file_.string() + ".kept") {
    fs::rename(file_, kept_);
    REQUIRE(::mkfifo(file_.c_str(), 0600) == 0);
    thread_ = std::thread([this, run = std::move(meanwhile)] {
        std::ofstream pipe(file_, std::ios::binary);  // waits until it is read
        run();
        pipe << std::ifstream(kept_, std::ios::binary).rdbuf();
    });
}

PausedReading::~PausedReading() {
    thread_.join();
    fs::remove(file_);
    fs::rename(kept_, file_);
}

}  // namespace pdx::test
