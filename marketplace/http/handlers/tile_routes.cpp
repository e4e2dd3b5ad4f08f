#include "marketplace/http/handlers/tile_routes.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/crypto.h"
#include "ledger/origin.h"
#include "ledger/tile.h"
#include "ledger/tile_cache.h"
#include "marketplace/http/content_coding.h"
#include "marketplace/http/page.h"
#include "marketplace/http/range.h"

namespace pdx::http {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kNoteType = "text/plain; charset=utf-8";
constexpr std::string_view kTileType = "application/octet-stream";
/// Unit: bytes of full bundles in memory, compressed.
constexpr std::size_t kPackedCacheBytes = std::size_t{16} << 20U;

Response wordless(std::string body, std::string_view type, std::string_view cache) {
    Response response;
    response.content_type = type;
    response.body = std::move(body);
    response.wordless = true;
    response.with("Cache-Control", std::string(cache));
    return response;
}

/// Every tile is immutable, a partial one too: it has its width in its name.
Response tile_reply(const ledger::TileContent& tile, const Request& request) {
    return with_etag(wordless(std::string(as_text(tile.bytes)), kTileType,
                              "public, max-age=31536000, immutable"),
                     etag(tile.digest), request);
}

/// Thread: any.
class TileHandlers {
public:
    TileHandlers(app::LogFiles& files, std::vector<std::string> vkeys)
        : files_(files),
          folder_(ledger::log_folder(files.origin())),
          vkeys_(std::move(vkeys)) {}

    Response list_logs() const;
    Response about(const Request& request) const;
    Response checkpoint(const Request& request) const;
    Response vkey(const Request& request) const;
    Response tile(const Request& request);

private:
    void check_log(const Request& request) const;
    Response bundle(const Request& request, const ledger::TilePath& path,
                    const ledger::SharedTile& plain);
    ledger::SharedTile packed(const ledger::TilePath& path, const Bytes& plain);

    app::LogFiles& files_;
    std::string folder_;
    std::vector<std::string> vkeys_;
    ledger::TileCache packed_{kPackedCacheBytes};
};

void TileHandlers::check_log(const Request& request) const {
    if (request.path_text("log") != *ledger::log_name(files_.origin())) throw not_found("log");
}

Response TileHandlers::list_logs() const {
    ordered_json log;
    log["origin"] = files_.origin();
    log["url"] = folder_;
    ordered_json answer;
    answer["logs"] = ordered_json::array({std::move(log)});
    return wordless(answer.dump(), "application/json", "no-cache");
}

Response TileHandlers::about(const Request& request) const {
    check_log(request);
    const auto latest = files_.checkpoint();
    ordered_json answer;
    answer["origin"] = files_.origin();
    answer["vkeys"] = vkeys_;
    answer["size"] = latest ? latest->size : 0;
    answer["checkpoint"] = folder_ + "checkpoint";
    answer["tiles"] = folder_ + "tile/";
    answer["vkey"] = folder_ + "vkey";
    answer["format"] = {{"log", "https://c2sp.org/tlog-tiles"},
                        {"entries", "docs/LEDGER_FORMAT.md"},
                        {"api", "/openapi.json"}};
    return wordless(answer.dump(), "application/json", "no-cache");
}

Response TileHandlers::checkpoint(const Request& request) const {
    check_log(request);
    auto note = files_.note();
    if (!note) throw not_found("checkpoint");
    std::string tag = etag(sha256(*note));
    return with_etag(wordless(*std::move(note), kNoteType, "no-cache"), std::move(tag), request);
}

Response TileHandlers::vkey(const Request& request) const {
    check_log(request);
    std::string text;
    for (const std::string& vkey : vkeys_) text.append(vkey).append("\n");
    return wordless(std::move(text), kNoteType, "no-cache");
}

Response TileHandlers::tile(const Request& request) {
    check_log(request);
    const auto path = ledger::parse_tile_path("tile/" + request.path_text("path"));
    // Compared with what was sent, so that an escaped spelling is not a second name of a file.
    if (!path || request.path != folder_ + ledger::format_tile_path(*path)) throw not_found("tile");
    const ledger::SharedTile plain = files_.find(*path);
    if (!plain) throw not_found("tile");
    if (path->is_bundle) return bundle(request, *path, plain);
    return with_range(tile_reply(*plain, request), request);
}

Response TileHandlers::bundle(const Request& request, const ledger::TilePath& path,
                              const ledger::SharedTile& plain) {
    // A range is of the plain bytes, so whoever asks for one gets those.
    const bool is_packed = !request.header("range") && choose_coding(request) == Coding::kGzip;
    Response response = tile_reply(is_packed ? *packed(path, plain->bytes) : *plain, request);
    response.with("Vary", "Accept-Encoding");
    if (is_packed) response.with("Content-Encoding", "gzip");
    return is_packed ? response : with_range(std::move(response), request);
}

ledger::SharedTile TileHandlers::packed(const ledger::TilePath& path, const Bytes& plain) {
    if (path.width < ledger::kTileWidth) {
        return ledger::share_tile(gzip(plain, Effort::kQuick));
    }
    if (auto known = packed_.find(path)) return known;
    auto made = ledger::share_tile(gzip(plain, Effort::kThorough));
    packed_.put(path, made);
    return made;
}

Route public_route(std::string_view path, std::string_view operation, Text summary,
                   ResponseInfo response, Handler handler) {
    return {.method = "GET",
            .path = path,
            .operation_id = operation,
            .tag = "Ledger",
            .summary = std::move(summary),
            .access = Access::open(),
            .response = std::move(response),
            .cross_origin = true,
            .handler = std::move(handler)};
}

}  // namespace

std::vector<Route> tile_routes(app::LogFiles& files, std::vector<std::string> vkeys) {
    // Shared by the rows of the table, which are copied.
    const auto handlers = std::make_shared<TileHandlers>(files, std::move(vkeys));
    std::vector<Route> routes;
    routes.push_back(public_route("/ledger/", "listLogs",
                                  {"The logs that this exchange keeps", "本平台的日志列表"},
                                  {200, {"Origin and folder of each", "各日志的标识与目录"}},
                                  [handlers](const Request&) { return handlers->list_logs(); }));
    routes.push_back(public_route(
        "/ledger/{log}/", "readLog", {"A log: origin, keys, size", "日志的标识、公钥与大小"},
        {200, {"What a client must know of it", "客户端所需信息"}},
        [handlers](const Request& request) { return handlers->about(request); }));
    routes.push_back(
        public_route("/ledger/{log}/checkpoint", "findCheckpoint",
                     {"The latest signed checkpoint (C2SP tlog-checkpoint)", "最新的签名检查点"},
                     {200, {"The signed note", "签名文本"}, kNoteType},
                     [handlers](const Request& request) { return handlers->checkpoint(request); }));
    routes.back().errors = {{404, "checkpoint.not_found"}};
    routes.push_back(
        public_route("/ledger/{log}/vkey", "findLedgerKey",
                     {"The log's public keys as C2SP vkeys, one a line", "账本公钥（每行一个）"},
                     {200, {"The keys", "公钥"}, kNoteType},
                     [handlers](const Request& request) { return handlers->vkey(request); }));
    routes.push_back(
        public_route("/ledger/{log}/tile/{path...}", "findTile",
                     {"Hash tiles and entry bundles (C2SP tlog-tiles)", "哈希块与记录包"},
                     {200, {"The tile", "数据块"}, kTileType},
                     [handlers](const Request& request) { return handlers->tile(request); }));
    routes.back().errors = {{404, "tile.not_found"}, {416, "http.range"}};
    for (Route& route : routes) {
        if (route.path != "/ledger/") route.errors.push_back({404, "log.not_found"});
    }
    return routes;
}

}  // namespace pdx::http
