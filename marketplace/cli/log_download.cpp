#include "marketplace/cli/log_download.h"

#include <Poco/Exception.h>
#include <Poco/InflatingStream.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timespan.h>

#include <array>
#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tile.h"
#include "ledger/tree.h"
#include "marketplace/cli/api_client.h"

namespace pdx::cli {
namespace {

/// Unit: bytes. The largest thing of all is a bundle of 256 entries of 65,535 bytes.
constexpr std::size_t kBodyMax = std::size_t{256} * (65'535 + 2);

std::string read_body(std::istream& stream, const std::string& path) {
    std::array<char, 16'384> piece{};
    std::string body;
    while (stream.read(piece.data(), piece.size()), stream.gcount() > 0) {
        body.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > kBodyMax) throw std::runtime_error("GET " + path + " is too long");
    }
    return body;
}

/// One connection for all files of a log. Thread: not shared.
class LogClient {
public:
    explicit LogClient(const LogAddress& log)
        : session_(http::open_session(log.server)),
          where_(log.server.text()) {
        constexpr int kTimeoutSeconds = 60;
        session_->setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        session_->setKeepAlive(true);
    }

    /// Absent: 404. Throws: std::runtime_error for another status; kBusy "exchange.unreachable".
    std::optional<std::string> get(const std::string& path) {
        try {
            try {
                return try_get(path);
            } catch (const Poco::Exception&) {
                // The server may have closed the connection since the last request.
                session_->reset();
                return try_get(path);
            }
        } catch (const Poco::Exception& failure) {
            throw unreachable(where_, failure.displayText());
        }
    }

private:
    std::optional<std::string> try_get(const std::string& path) {
        Poco::Net::HTTPRequest request("GET", path, Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Accept-Encoding", "gzip, identity");
        session_->sendRequest(request);
        Poco::Net::HTTPResponse response;
        std::istream& stream = session_->receiveResponse(response);
        std::string body = read_body(stream, path);
        const int status = static_cast<int>(response.getStatus());
        if (status == Poco::Net::HTTPResponse::HTTP_NOT_FOUND) return std::nullopt;
        if (status != Poco::Net::HTTPResponse::HTTP_OK) {
            throw std::runtime_error("GET " + path + " answered " + std::to_string(status));
        }
        if (response.get("Content-Encoding", "") != "gzip") return body;
        std::istringstream packed(std::move(body));
        Poco::InflatingInputStream plain(packed, Poco::InflatingStreamBuf::STREAM_GZIP);
        body = read_body(plain, path);
        if (plain.bad()) throw std::runtime_error("GET " + path + " is not gzip");
        return body;
    }

    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
    std::string where_;
};

class HttpTiles final : public ledger::TileReader {
public:
    HttpTiles(LogClient& client, std::string folder)
        : client_(client),
          folder_(std::move(folder)) {}

    /// A server may have dropped a partial tile whose full tile is there.
    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override {
        ledger::TilePath path{.level = level, .index = index, .width = width};
        if (auto exact = read(path)) return exact;
        path.width = ledger::kTileWidth;
        auto full = read(path);
        if (!full || full->size() < width * Digest::kSize) return std::nullopt;
        full->resize(width * Digest::kSize);
        return full;
    }
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override {
        ledger::TilePath path{.is_bundle = true, .index = index, .width = width};
        if (auto exact = read(path)) return exact;
        path.width = ledger::kTileWidth;
        auto full = read(path);
        if (!full) return std::nullopt;
        full->resize(ledger::decode_bundle(*full, width).end);
        return full;
    }

private:
    std::optional<Bytes> read(const ledger::TilePath& path) {
        const auto body = client_.get(folder_ + ledger::format_tile_path(path));
        if (!body) return std::nullopt;
        const ByteView bytes = as_bytes(*body);
        return Bytes(bytes.begin(), bytes.end());
    }

    LogClient& client_;
    std::string folder_;
};

std::string find_folder(LogClient& client) {
    const auto answer = client.get("/ledger/");
    const auto logs = nlohmann::json::parse(answer.value_or(""), nullptr, false);
    if (!logs.is_object() || !logs.contains("logs") || logs.at("logs").size() != 1) {
        throw invalid("url", {"This server does not name one log at /ledger/. Give the address of "
                              "the log itself, as in http://127.0.0.1:8080/ledger/main/",
                              "该服务器未在 /ledger/ 给出唯一的日志，请直接提供日志地址，"
                              "例如 http://127.0.0.1:8080/ledger/main/"});
    }
    return logs.at("logs").at(0).value("url", "/");
}

}  // namespace

LogAddress LogAddress::parse(const std::string& url) {
    const auto refuse = [] {
        return invalid("url", {"The address of an exchange looks like http://127.0.0.1:8080, that "
                               "of a log like http://127.0.0.1:8080/ledger/main/",
                               "交易平台地址形如 http://127.0.0.1:8080，"
                               "日志地址形如 http://127.0.0.1:8080/ledger/main/"});
    };
    auto parsed = http::ServerUrl::parse(url);
    if (!parsed) throw refuse();
    LogAddress log{std::move(parsed->server), std::move(parsed->path)};
    if (log.folder == "/") log.folder.clear();
    if (!log.folder.empty() && log.folder.back() != '/') log.folder += '/';
    return log;
}

std::uint64_t download_log(const LogAddress& log, const std::filesystem::path& folder,
                           const ExportSettings& settings) {
    LogClient client(log);
    const std::string prefix = log.folder.empty() ? find_folder(client) : log.folder;
    const auto note = client.get(prefix + "checkpoint");
    const auto parsed = note ? ledger::parse_note(*note) : std::optional<ledger::Note>();
    const auto checkpoint =
        parsed ? ledger::parse_checkpoint(parsed->text) : std::optional<ledger::Checkpoint>();
    if (!checkpoint) throw std::runtime_error(prefix + "checkpoint holds no checkpoint");
    HttpTiles tiles(client, prefix);
    ledger::export_log(tiles, checkpoint->size, *note, folder, settings.progress,
                       settings.old_partials);
    return checkpoint->size;
}

}  // namespace pdx::cli
