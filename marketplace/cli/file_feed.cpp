#include "marketplace/cli/file_feed.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/cli/progress.h"
#include "privacy/encoding.h"
#include "privacy/table_format.h"

namespace pdx::cli {

void feed_file(const std::string& path, std::string_view label,
               const std::function<void(std::string_view)>& sink) {
    const auto refuse = [&path](int error) {
        const std::string reason = std::generic_category().message(error);
        throw invalid("file.unreadable", {"Cannot read " + path + ": " + reason + ".",
                                          "无法读取 " + path + "（" + reason + "）。"});
    };
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) refuse(EISDIR);
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse(errno);
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
    if (file.bad()) refuse(EIO);
}

void read_records(const std::string& path, std::string_view label, const Digest& expected,
                  const privacy::CsvReader::Handler& handler) {
    privacy::TableReader reader(privacy::format_of_name(path), handler);
    privacy::TextDecoder decoder([&reader](std::string_view text) { reader.feed(text); });
    Sha256 hash;
    feed_file(path, label, [&](std::string_view piece) {
        hash.update(piece);
        decoder.feed(piece);
    });
    decoder.finish();
    reader.finish();
    if (hash.finish() != expected) {
        throw conflict("file.changed", {path + " changed while it was read; nothing was written.",
                                        path + " 在读取过程中被修改；未生成任何文件。"});
    }
}

}  // namespace pdx::cli
