#include "marketplace/http/handlers/private_part_routes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/page.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

/// Unit: characters.
constexpr std::int64_t kPrivateTextMax = 8'000;
constexpr std::int64_t kPrivatePartsMax = 16;

Digest commitment_in(const Request& request) {
    const auto commitment = Digest::from_hex(request.path_text("commitment"));
    if (!commitment) throw not_found("private_part");
    return *commitment;
}

Response disclose(const Request& request, app::Services& services) {
    const app::FoundPart found =
        services.private_parts.find(request.caller, commitment_in(request));
    json disclosure = app::to_json(found.part);
    disclosure["salt"] = found.opened ? json(to_hex(found.opened->salt)) : json();
    disclosure["private_part"] = found.opened ? json(found.opened->texts) : json();
    disclosure["receipt"] = receipt_json(services.ledger.receipt(found.part.log_index));
    return answer_json(disclosure);
}

Response erase(const Request& request, app::Services& services) {
    const auto reason =
        domain::parse<domain::ErasureReason>(request.json().at("reason").get<std::string>());
    PDX_CHECK(reason.has_value());
    return answer(
        200, services.private_parts.erase(write_request(request), commitment_in(request), *reason));
}

const Schema& erasure_schema() {
    static const Schema schema =
        object({required("reason", choice_of<domain::ErasureReason>())}).named("Erasure");
    return schema;
}

std::vector<Member> part_members() {
    return {required("commitment", hex(Digest::kSize)),
            required("index", integer(0, kCountMax)),
            required("kind", name_text(64)),
            required("entity", object({required("type", name_text(32)), required("id", uuid())})),
            required("recorded_at", date_time()),
            required("erased", boolean()),
            required("erased_at", date_time().or_null()),
            required("erasure_reason", choice_of<domain::ErasureReason>().or_null()),
            required("receipt", receipt_schema())};
}

const Schema& erased_schema() {
    static const Schema schema = object(part_members()).named("ErasedPart");
    return schema;
}

}  // namespace

const Schema& disclosure_schema() {
    static const Schema schema = [] {
        std::vector<Member> members = part_members();
        members.push_back(required(
            "salt", hex(Digest::kSize).or_null().described("Null once the part is erased.")));
        members.push_back(
            required("private_part", map_of(text(0, kPrivateTextMax), kPrivatePartsMax)
                                         .or_null()
                                         .described("The texts; null once they are erased.")));
        return object(std::move(members)).named("PrivatePart");
    }();
    return schema;
}

Schema private_text() {
    return text(0, kPrivateTextMax)
        .or_null()
        .described(
            "Null while it was not said, once it is erased, and when it cannot be read: see "
            "private_parts.");
}

Schema private_parts_schema() {
    return map_of(object({required("commitment", hex(Digest::kSize)),
                          required("index", integer(0, kCountMax)), required("erased", boolean()),
                          required("unreadable", boolean())})
                      .named("PrivatePartMark"),
                  kPrivatePartsMax)
        .described("Each private text that was said, by its name.");
}

json with_texts(app::Services& services, json view, std::string_view entity_type,
                std::string_view entity_id) {
    view.update(services.private_parts.texts_of(entity_type, entity_id));
    return view;
}

Response answer_with_texts(int status, const app::Outcome& outcome, app::Services& services,
                           std::string_view entity_type) {
    const std::string id =
        json::parse(outcome.answer).at(std::string(entity_type) + "_id").get<std::string>();
    return answer(status, outcome,
                  services.private_parts.texts_of(entity_type, id, outcome.receipt.index));
}

Response answer_one_with_texts(const Request& request, json view, std::int64_t version,
                               const json& texts) {
    const json& parts = texts.at("private_parts");
    const auto erased = std::count_if(
        parts.begin(), parts.end(), [](const json& part) { return part.at("erased").get<bool>(); });
    view.update(texts);
    std::string tag = etag(version);
    if (erased > 0) tag.insert(tag.size() - 1, "-" + std::to_string(erased));
    return with_etag(answer_json(view), std::move(tag), request);
}

std::vector<Route> private_part_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/private-parts/{commitment}",
         .operation_id = "findPrivatePart",
         .tag = "Private parts",
         .summary = {"Disclose a private text: with its salt and the receipt of the entry that "
                     "commits to it",
                     "查看不公开内容及其盐值与存证凭据，供第三方核验"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200,
                      {"The disclosure, which pdx-verify checks offline", "可离线核验的披露文件"},
                      kJsonType,
                      &disclosure_schema()},
         .errors = {{404, "private_part.not_found"}},
         .handler = bind(disclose)},
        {.method = "POST",
         .path = "/api/v1/private-parts/{commitment}/erasure",
         .operation_id = "erasePrivatePart",
         .tag = "Private parts",
         .summary = {"Erase a private text with its salt; the ledger says that it was erased",
                     "删除不公开内容及其盐值，账本只记录删除事实"},
         .access = Access::needs(Permission::kErasePrivatePart),
         .body = BodyMode::kJson,
         .request_schema = &erasure_schema(),
         .response = {200, {"What is left of it", "删除后的记录"}, kJsonType, &erased_schema()},
         .errors = {{404, "private_part.not_found"},
                    {409, "private_part.dispute_open"},
                    {409, "private_part.erased"},
                    {409, "private_part.official_record"},
                    {409, "private_part.order_open"},
                    {409, "private_part.retention"}},
         .write = true,
         .handler = bind(erase)},
    };
}

}  // namespace pdx::http
