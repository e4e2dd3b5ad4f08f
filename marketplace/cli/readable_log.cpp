#include "marketplace/cli/readable_log.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "ledger/folder_reader.h"
#include "ledger/tile.h"
#include "marketplace/cli/api_client.h"
#include "marketplace/cli/log_download.h"

namespace pdx::cli {
namespace {

namespace fs = std::filesystem;

/// A file of the log, wherever it is; nullopt when it is absent.
class LogFiles {
public:
    virtual ~LogFiles() = default;
    virtual std::optional<Bytes> file(const std::string& path) = 0;
};

class FolderFiles final : public LogFiles {
public:
    explicit FolderFiles(fs::path folder) : folder_(std::move(folder)) {}

    std::optional<Bytes> file(const std::string& path) override {
        auto bytes = ledger::read_log_file(folder_ / path, ledger::kBundleFileBytesMax);
        if (bytes && bytes->size() > ledger::kBundleFileBytesMax) return std::nullopt;
        return bytes;
    }

private:
    fs::path folder_;
};

class ServedFiles final : public LogFiles {
public:
    ServedFiles(ApiClient client, std::string folder)
        : client_(std::move(client)),
          folder_(std::move(folder)) {}

    std::optional<Bytes> file(const std::string& path) override {
        constexpr int kOk = 200;
        constexpr int kNotFound = 404;
        const ApiAnswer answer = client_.get(folder_ + path);
        if (answer.status == kNotFound) return std::nullopt;
        if (answer.status != kOk) {
            throw std::runtime_error("GET " + folder_ + path + " answered " +
                                     std::to_string(answer.status));
        }
        const ByteView bytes = as_bytes(answer.body);
        return Bytes(bytes.begin(), bytes.end());
    }

private:
    ApiClient client_;
    std::string folder_;
};

/// A narrower tile is cut from the one that is there.
class FileTiles final : public ledger::TileReader {
public:
    FileTiles(std::shared_ptr<LogFiles> files, std::uint64_t size)
        : files_(std::move(files)),
          size_(size) {}

    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override {
        auto bytes = read({.level = level, .index = index, .width = width});
        if (!bytes || bytes->size() < width * Digest::kSize) return std::nullopt;
        bytes->resize(width * Digest::kSize);
        return bytes;
    }

    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override {
        auto bytes = read({.is_bundle = true, .index = index, .width = width});
        if (!bytes) return std::nullopt;
        const auto decoded = ledger::decode_bundle(*bytes, width);
        if (decoded.entries.size() != width) return std::nullopt;
        bytes->resize(decoded.end);
        return bytes;
    }

private:
    /// The edge of the tree as it is now is served; the narrower ones of its past need not be.
    std::optional<Bytes> read(ledger::TilePath path) {
        path.width = std::max(path.width, ledger::tile_width(size_, path.level, path.index));
        const auto known = cached_.find(path);
        if (known != cached_.end()) return known->second;
        auto bytes = files_->file(ledger::format_tile_path(path));
        if (!bytes && path.width < ledger::kTileWidth) {
            // The log may have grown since, and the full tile taken the place of the partial one.
            ledger::TilePath full = path;
            full.width = ledger::kTileWidth;
            bytes = files_->file(ledger::format_tile_path(full));
        }
        if (bytes && !path.is_bundle && cached_.size() < kCachedMax) cached_[path] = *bytes;
        return bytes;
    }

    /// Unit: tiles. A search among the roots of a log asks for the same ones again and again.
    static constexpr std::size_t kCachedMax = 1024;
    std::map<ledger::TilePath, Bytes> cached_;
    std::shared_ptr<LogFiles> files_;  ///< shared: tiles may outlive the source
    std::uint64_t size_;
};

class FileLog final : public ReadableLog {
public:
    explicit FileLog(std::shared_ptr<LogFiles> files) : files_(std::move(files)) {}

    std::string note() override {
        const auto bytes = files_->file("checkpoint");
        if (!bytes) throw std::runtime_error("there is no checkpoint");
        return std::string(as_text(*bytes));
    }
    std::unique_ptr<ledger::TileReader> tiles(std::uint64_t size) override {
        return std::make_unique<FileTiles>(files_, size);
    }

private:
    std::shared_ptr<LogFiles> files_;
};

Error no_log(const std::string& where) {
    return invalid("log.place",
                   {"A log is a folder, or an address such as http://127.0.0.1:8080/ledger/main.",
                    "账本应为目录，或形如 http://127.0.0.1:8080/ledger/main 的地址。"},
                   {.pointer = where});
}

/// The folder of the one log that an exchange names.
std::string only_log(const ApiClient& client) {
    const auto answer = nlohmann::json::parse(client.get("/ledger/").body, nullptr, false);
    const auto logs = answer.is_object() ? answer.find("logs") : answer.end();
    if (logs == answer.end() || !logs->is_array() || logs->size() != 1 ||
        !logs->front().is_object() || !logs->front().contains("url") ||
        !logs->front().at("url").is_string()) {
        throw no_log("/ledger/");
    }
    return logs->front().at("url").get<std::string>();
}

}  // namespace

std::unique_ptr<ReadableLog> open_log(const std::string& where) {
    if (where.find("://") == std::string::npos) {
        std::error_code error;
        if (!fs::is_directory(where, error)) throw no_log(where);
        return std::make_unique<FileLog>(std::make_shared<FolderFiles>(where));
    }
    const LogAddress address = LogAddress::parse(where);
    ApiClient client(address.server);
    std::string folder = address.folder.empty() ? only_log(client) : address.folder;
    return std::make_unique<FileLog>(
        std::make_shared<ServedFiles>(std::move(client), std::move(folder)));
}

ledger::Checkpoint read_checkpoint(const std::string& note) {
    const auto parsed = ledger::parse_note(note);
    auto checkpoint =
        parsed ? ledger::parse_checkpoint(parsed->text) : std::optional<ledger::Checkpoint>();
    if (!checkpoint) throw std::runtime_error("this is no checkpoint");
    return *std::move(checkpoint);
}

ledger::NoteVerifier read_vkey(const std::string& text) {
    std::string line = text;
    if (text.starts_with('@')) {
        std::ifstream file(text.substr(1));
        std::getline(file, line);
    }
    auto key = ledger::NoteVerifier::parse(line);
    if (!key) {
        throw invalid("key.vkey",
                      {"This is no verifier key; it looks like name+1a2b3c4d+AQ... or is @FILE.",
                       "验证公钥有误；应形如 name+1a2b3c4d+AQ...，或为 @文件。"},
                      {.pointer = text.starts_with('@') ? text.substr(1) : "--key"});
    }
    return *std::move(key);
}

}  // namespace pdx::cli
