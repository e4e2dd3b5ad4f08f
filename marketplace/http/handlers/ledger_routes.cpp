#include "marketplace/http/handlers/ledger_routes.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "ledger/tile.h"
#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using nlohmann::json;

constexpr std::string_view kTextType = "text/plain; charset=utf-8";

std::optional<std::uint64_t> parse_index(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value <= static_cast<std::uint64_t>(INT64_MAX) ? std::optional(value) : std::nullopt;
}

Response plain(std::string body, std::string_view type) {
    Response response;
    response.content_type = type;
    response.body = std::move(body);
    response.with("Access-Control-Allow-Origin", "*");
    return response;
}

Response find_receipt(const Request& request, app::Services& services) {
    const auto index = parse_index(request.path_text("index"));
    if (!index) throw not_found("receipt");
    const app::Receipt receipt = services.ledger.receipt(*index);
    return plain(receipt.proof, kTextType);
}

json entry_json(const ledger::StoredEntry& entry) {
    return {{"index", entry.index},
            {"leaf", entry.leaf.hex()},
            {"kind", entry.kind},
            {"entity", {{"type", entry.entity_type}, {"id", entry.entity_id}}},
            {"actor", entry.actor},
            {"at", entry.at.rfc3339()},
            {"entry", std::string(as_text(entry.bytes))}};
}

Response list_entries(const Request& request, app::Services& services, const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const ledger::EntryFilter filter{request.query_text("entity_type").value_or(""),
                                     request.query_text("entity_id").value_or(""),
                                     request.query_text("kind").value_or(""),
                                     request.query_text("actor").value_or("")};
    const std::uint64_t begin =
        page.after.empty()
            ? static_cast<std::uint64_t>(request.query_integer("from", 0, 0, std::int64_t{1} << 53))
            : parse_index(page.after).value_or(0);
    const auto entries = services.ledger.entries(filter, begin, page.limit);
    json items = json::array();
    for (const auto& entry : entries) items.push_back(entry_json(entry));
    const bool full = static_cast<std::int64_t>(entries.size()) == page.limit;
    return answer_page(
        request, cursors, std::move(items),
        full ? std::optional(std::to_string(entries.back().index + 1)) : std::nullopt);
}

Response checkpoint(const Request& /*request*/, app::Services& services) {
    auto note = services.ledger.checkpoint();
    if (!note) throw not_found("checkpoint");
    Response response = plain(*std::move(note), kTextType);
    response.with("Cache-Control", "no-cache");
    return response;
}

/// Full tiles never change; a partial one may be replaced by the full one at the same place.
Response tile(const Request& request, app::Services& services) {
    const auto path = ledger::parse_tile_path("tile/" + request.path_text("path"));
    if (!path) throw not_found("tile");
    auto bytes = path->is_bundle ? services.ledger.bundle(path->index, path->width)
                                 : services.ledger.tile(path->level, path->index, path->width);
    if (!bytes) throw not_found("tile");
    Response response = plain(std::string(as_text(*bytes)), "application/octet-stream");
    response.with("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

}  // namespace

std::vector<Route> ledger_routes(app::Services& services, const CursorCodec& cursors,
                                 std::string vkey) {
    const auto bind = [&services](auto handler) {
        return [&services, handler](const Request& request) { return handler(request, services); };
    };
    std::vector<QueryParameter> query = page_parameters();
    query.push_back(
        {"from", integer(0, std::int64_t{1} << 53), {"Index of the first entry", "起始序号"}});
    query.push_back({"entity_type", text(1, 32), {"With entity_id", "与 entity_id 同用"}});
    query.push_back({"entity_id", text(1, 64), {"The entity's history", "对象的全部记录"}});
    query.push_back({"kind", text(1, 64), {"Kind of entry", "记录种类"}});
    query.push_back({"actor", text(1, 64), {"Party that acted", "操作主体"}});
    return {
        {.method = "GET",
         .path = "/api/v1/receipts/{index}",
         .operation_id = "findReceipt",
         .tag = "Ledger",
         .summary = {"The receipt of an entry, as a .tlog-proof file", "某条记录的存证凭据文件"},
         .access = Access::open(),
         .response = {200, {"The receipt", "凭据"}, kTextType},
         .errors = {{404, "receipt.not_found"}},
         .handler = bind(find_receipt)},
        {.method = "GET",
         .path = "/api/v1/ledger-entries",
         .operation_id = "listLedgerEntries",
         .tag = "Ledger",
         .summary = {"Entries of the ledger", "账本记录"},
         .access = Access::open(),
         .query = query,
         .response = {200, {"Entries, oldest first", "记录（由旧到新）"}},
         .handler = [&services,
                     &cursors](const Request& r) { return list_entries(r, services, cursors); }},
        {.method = "GET",
         .path = "/ledger/checkpoint",
         .operation_id = "findCheckpoint",
         .tag = "Ledger",
         .summary = {"The latest signed checkpoint (C2SP tlog-checkpoint)", "最新的签名检查点"},
         .access = Access::open(),
         .response = {200, {"The signed note", "签名文本"}, kTextType},
         .errors = {{404, "checkpoint.not_found"}},
         .handler = bind(checkpoint)},
        {.method = "GET",
         .path = "/ledger/vkey",
         .operation_id = "findLedgerKey",
         .tag = "Ledger",
         .summary = {"The log's public key as a C2SP vkey", "账本公钥"},
         .access = Access::open(),
         .response = {200, {"The key", "公钥"}, kTextType},
         .handler =
             [vkey = std::move(vkey)](const Request&) { return plain(vkey + "\n", kTextType); }},
        {.method = "GET",
         .path = "/ledger/tile/{path...}",
         .operation_id = "findTile",
         .tag = "Ledger",
         .summary = {"Hash tiles and entry bundles (C2SP tlog-tiles)", "哈希块与记录包"},
         .access = Access::open(),
         .response = {200, {"The tile", "数据块"}, "application/octet-stream"},
         .errors = {{404, "tile.not_found"}},
         .handler = bind(tile)},
    };
}

}  // namespace pdx::http
