#include "marketplace/http/handlers/ledger_routes.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "ledger/kinds.h"
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

Response find_receipt(const Request& request, app::Services& services) {
    const auto index = parse_index(request.path_text("index"));
    if (!index) throw not_found("receipt");
    const app::Receipt receipt = request.query_text("witnessed") == "true"
                                     ? services.ledger.witnessed_receipt(*index)
                                     : services.ledger.receipt(*index);
    Response response;
    response.content_type = kTextType;
    response.body = receipt.proof;
    // A dictionary of RFC 8941, because the file itself has no place for a label.
    const app::Witnessed& witnessed = receipt.witnessed;
    response.with("Witnessed", "k=" + std::to_string(witnessed.k) +
                                   ", n=" + std::to_string(witnessed.n) + ", quorum=?" +
                                   (witnessed.quorum ? "1" : "0"));
    return response;
}

json entry_json(const ledger::StoredEntry& stored) {
    const ledger::Entry& entry = stored.parsed.entry;
    return {{"index", stored.index},
            {"leaf", stored.leaf.hex()},
            {"kind", entry.kind},
            {"entity", {{"type", entry.entity_type}, {"id", entry.entity_id}}},
            {"actor", entry.actor},
            {"at", entry.at.rfc3339()},
            {"entry", std::string(as_text(stored.bytes))},
            {"receipt", "/api/v1/receipts/" + std::to_string(stored.index)}};
}

std::uint64_t index_of(const Request& request, std::string_view name, std::int64_t fallback) {
    return static_cast<std::uint64_t>(request.query_integer(name, fallback, 0, kCountMax));
}

app::LedgerQuery query_of(const Request& request) {
    app::LedgerQuery query;
    query.entity_type = request.query_text("entity_type").value_or("");
    query.entity_id = request.query_text("entity_id").value_or("");
    if (query.entity_type.empty() != query.entity_id.empty()) {
        throw invalid_query(query.entity_type.empty() ? "entity_id" : "entity_type",
                            {"is one of two: entity_type goes with entity_id",
                             "须与另一参数同用：entity_type 与 entity_id 缺一不可"});
    }
    query.kind = request.query_text("kind").value_or("");
    query.actor = request.query_text("actor").value_or("");
    query.mentions = request.query_text("mentions").value_or("");
    query.from = index_of(request, "from", 0);
    query.to = index_of(request, "to", kCountMax);
    query.since = request.query_as<Timestamp>("since");
    query.until = request.query_as<Timestamp>("until");
    return query;
}

Response answer_entries(const Request& request, const CursorCodec& cursors,
                        const app::LedgerPage& page) {
    json items = json::array();
    for (const auto& entry : page.entries) items.push_back(entry_json(entry));
    return answer_page(request, cursors, std::move(items),
                       page.next ? std::optional(std::to_string(*page.next)) : std::nullopt);
}

Response list_entries(const Request& request, app::Services& services, const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    app::LedgerQuery query = query_of(request);
    if (!page.after.empty()) query.from = std::max(query.from, parse_index(page.after).value_or(0));
    return answer_entries(request, cursors, services.ledger.find(query, page.limit));
}

json link_json(const app::HistoryItem& item, Language language) {
    json row = entry_json(item.stored);
    row["prev"] = nullptr;
    if (item.prev) row["prev"] = {{"index", item.prev->index}, {"leaf", item.prev->leaf.hex()}};
    row["fault"] = nullptr;
    if (item.fault) {
        row["fault"] = {{"code", item.fault->code},
                        {"detail", in_language(item.fault->text, language)}};
    }
    return row;
}

Response read_history(const Request& request, app::Services& services, const CursorCodec& cursors) {
    Page page = page_of(request, cursors);
    // A history is wanted whole.
    if (!request.query_text("limit")) page.limit = kPageMax;
    const auto place =
        page.after.empty() ? app::HistoryPlace() : app::HistoryPlace::parse(page.after).value();
    const std::string& type = request.path_text("type");
    const std::string& id = request.path_text("id");
    const auto history = services.ledger.history(type, id, place, page.limit);
    if (history.items.empty() && page.after.empty()) throw not_found("entity");
    json items = json::array();
    bool is_whole = true;
    for (const auto& item : history.items) {
        items.push_back(link_json(item, request.language));
        is_whole = is_whole && !item.fault;
    }
    const auto next = history.next ? std::optional(history.next->text()) : std::nullopt;
    return answer_page(request, cursors, std::move(items), next,
                       {{"entity", {{"type", type}, {"id", id}}}, {"whole", is_whole}});
}

/// One line for each entry. The entry stands in it as it was hashed, byte for byte.
void write_line(BodyWriter& out, const ledger::StoredEntry& entry) {
    std::string line = R"({"entry":)";
    line.append(as_text(entry.bytes)).append(R"(,"index":)").append(std::to_string(entry.index));
    line.append(R"(,"leaf":")").append(entry.leaf.hex()).append("\"}\n");
    out.write(line);
}

/// Constant memory: a page is read, then sent, and no connection to the database is held while the
/// client takes its time.
Response stream_entries(const Request& request, app::Services& services) {
    constexpr std::int64_t kPageEntries = 256;
    const auto published = services.ledger.files().checkpoint();
    if (!published) throw not_found("checkpoint");
    app::LedgerQuery query;
    query.from = index_of(request, "from", 0);
    query.to = std::min(index_of(request, "to", kCountMax), published->size);
    Response response;
    response.content_type = "application/x-ndjson";
    response.wordless = true;
    response.with("Ledger-Checkpoint", to_base64(as_bytes(published->note)));
    response.producer = [query, &services](BodyWriter& out) mutable {
        for (std::optional<std::uint64_t> next = query.from; next;) {
            query.from = *next;
            const app::LedgerPage page = services.ledger.find(query, kPageEntries);
            for (const auto& entry : page.entries) write_line(out, entry);
            next = page.next;
        }
    };
    return response;
}

std::vector<QueryParameter> range_parameters() {
    return {{"from", integer(0, kCountMax), {"Index of the first entry", "起始序号"}},
            {"to", integer(0, kCountMax), {"Index after the last entry", "终止序号（不含）"}}};
}

std::vector<QueryParameter> filter_parameters() {
    std::vector<QueryParameter> query = page_parameters();
    for (QueryParameter& parameter : range_parameters()) query.push_back(std::move(parameter));
    query.push_back({"since",
                     text(20, 27),
                     {"Recorded at this time or later, 2026-03-01T08:00:00Z",
                      "记录时间不早于，例如 2026-03-01T08:00:00Z"}});
    query.push_back({"until", text(20, 27), {"Recorded before this time", "记录时间早于"}});
    query.push_back({"entity_type", text(1, 32), {"With entity_id", "与 entity_id 同用"}});
    query.push_back({"entity_id", text(1, 64), {"What the entry is about", "记录所涉对象"}});
    query.push_back({"kind", text(1, 64), {"Kind of entry", "记录种类"}});
    query.push_back({"actor", text(1, 64), {"Party that acted", "操作主体"}});
    query.push_back({"mentions",
                     uuid(),
                     {"About this id, by it, or with it in the body: everything that concerns a "
                      "party, an asset or a contract",
                      "涉及该标识的全部记录：作为对象、操作主体或出现在正文中"}});
    return query;
}

}  // namespace

std::vector<Route> ledger_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/receipts/{index}",
         .operation_id = "findReceipt",
         .tag = "Ledger",
         .summary = {"The receipt of an entry, as a .tlog-proof file", "某条记录的存证凭据文件"},
         .access = Access::open(),
         .query = {{"witnessed",
                    boolean(),
                    {"Under the first checkpoint with a quorum of witnesses",
                     "使用首个达到见证方法定数的检查点"}}},
         .response = {200, {"The receipt", "凭据"}, kTextType},
         .errors = {{404, "receipt.not_found"}, {404, "receipt.not_witnessed"}},
         .cross_origin = true,
         .handler = bind(find_receipt)},
        {.method = "GET",
         .path = "/api/v1/ledger-entries",
         .operation_id = "listLedgerEntries",
         .tag = "Ledger",
         .summary = {"Entries of the ledger, by any combination of criteria",
                     "按任意条件组合查询账本记录"},
         .access = Access::open(),
         .query = filter_parameters(),
         .response = {200, {"Entries, oldest first", "记录（由旧到新）"}},
         .cross_origin = true,
         .handler = bind(list_entries)},
        {.method = "GET",
         .path = "/api/v1/ledger-entities/{type}/{id}/history",
         .operation_id = "readEntityHistory",
         .tag = "Ledger",
         .summary = {"All entries about one thing, and whether their chain holds",
                     "某一对象的全部记录及其链接核验"},
         .access = Access::open(),
         .query = page_parameters(),
         .response = {200,
                      {"Entries, oldest first; whole: each names the one before it",
                       "记录（由旧到新）；whole 表示每条都指向前一条"}},
         .errors = {{404, "entity.not_found"}},
         .cross_origin = true,
         .handler = bind(read_history)},
        {.method = "GET",
         .path = "/api/v1/ledger-kinds",
         .operation_id = "listLedgerKinds",
         .tag = "Ledger",
         .summary = {"The kinds of entries and the schema of each", "账本记录的种类及其结构"},
         .access = Access::open(),
         .response = {200, {"Words, objects and kinds", "词表、对象与种类"}},
         .cross_origin = true,
         .handler = [](const Request&) { return Response{.body = ledger::kinds_json()}; }},
        {.method = "GET",
         .path = "/api/v1/ledger-entries.ndjson",
         .operation_id = "streamLedgerEntries",
         .tag = "Ledger",
         .summary = {"A range of the ledger, one entry a line", "导出一段账本记录（每行一条）"},
         .access = Access::open(),
         .query = range_parameters(),
         .response = {200,
                      {"Lines of {entry, index, leaf}; Ledger-Checkpoint: base64 of the signed "
                       "checkpoint that covers them",
                       "每行 {entry, index, leaf}；Ledger-Checkpoint 为所属检查点的 base64"},
                      "application/x-ndjson"},
         .errors = {{404, "checkpoint.not_found"}},
         .cross_origin = true,
         .handler = bind(stream_entries)},
    };
}

}  // namespace pdx::http
