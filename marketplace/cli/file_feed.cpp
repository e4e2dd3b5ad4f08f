#include "marketplace/cli/file_feed.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "marketplace/cli/progress.h"

namespace pdx::cli {

void feed_file(const std::string& path, std::string_view label,
               const std::function<void(std::string_view)>& sink) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw invalid("file.unreadable", {"Cannot read " + path + ".", "无法读取 " + path + "。"});
    }
    std::error_code unknown;
    const std::uint64_t size = std::filesystem::file_size(path, unknown);
    ProgressBar bar{std::string(label)};
    std::vector<char> piece(std::size_t{256} << 10U);
    std::uint64_t done = 0;
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        sink({piece.data(), count});
        done += count;
        if (!unknown) bar.update(done, size);
    }
    if (file.bad()) {
        throw invalid("file.unreadable",
                      {"Reading " + path + " failed.", "读取 " + path + " 失败。"});
    }
}

}  // namespace pdx::cli
