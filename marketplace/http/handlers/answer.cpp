#include "marketplace/http/handlers/answer.h"

#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"

namespace pdx::http {

using nlohmann::json;

app::WriteRequest write_request(const Request& request) {
    app::WriteRequest write{request.caller, std::nullopt};
    if (auto key = request.idempotency_key()) {
        write.idempotency = app::IdempotencyKey{*std::move(key), request.fingerprint()};
    }
    return write;
}

Response answer(int status, const app::Outcome& outcome) {
    return answer(status, outcome, json::object());
}

Response answer(int status, const app::Outcome& outcome, const json& extra) {
    json value = json::parse(outcome.answer);
    value.update(extra);
    value["receipt"] = receipt_json(outcome.receipt);
    Response response;
    response.status = status;
    response.body = value.dump();
    if (outcome.replayed) response.with("Idempotency-Replayed", "true");
    return response;
}

json receipt_json(const app::Receipt& receipt) {
    return {{"index", receipt.index},
            {"tree_size", receipt.tree_size},
            {"proof", receipt.proof},
            {"witnessed", witnessed_json(receipt.witnessed)}};
}

const Schema& receipt_schema() {
    constexpr std::int64_t kProofMax = std::int64_t{1} << 20;
    static const Schema schema =
        object({required("index", integer(0, kCountMax)),
                required("tree_size", integer(1, kCountMax)), required("proof", text(1, kProofMax)),
                required("witnessed", object({required("k", integer(0, kCountMax)),
                                              required("n", integer(0, kCountMax)),
                                              required("quorum", boolean())}))})
            .named("Receipt");
    return schema;
}

json witnessed_json(const app::Witnessed& witnessed) {
    return {{"k", witnessed.k}, {"n", witnessed.n}, {"quorum", witnessed.quorum}};
}

Response answer_json(const json& value) {
    Response response;
    response.body = value.dump();
    return response;
}

Response answer_one(const Request& request, const json& value, std::int64_t version) {
    return with_etag(answer_json(value), etag(version), request);
}

Response answer_page(const Request& request, const CursorCodec& codec, json items,
                     const std::optional<std::string>& next_position) {
    return answer_page(request, codec, std::move(items), next_position, json::object());
}

Response answer_page(const Request& request, const CursorCodec& codec, json items,
                     const std::optional<std::string>& next_position, const json& more) {
    json page = more;
    page["items"] = std::move(items);
    page["next"] = nullptr;
    std::string link;
    if (next_position) {
        const std::string cursor = next_cursor(request, codec, *next_position);
        page["next"] = cursor;
        link = next_link(request, cursor);
    }
    Response response = answer_json(page);
    if (!link.empty()) response.with("Link", link);
    return response;
}

Response answer_page(const Request& request, const CursorCodec& codec, const Page& page,
                     std::vector<json> items, const std::string& last_position, const json* more) {
    const bool full = std::ssize(items) == page.limit;
    return answer_page(request, codec, json(std::move(items)),
                       full ? std::optional(last_position) : std::nullopt,
                       more != nullptr ? *more : json::object());
}

Money money_of(const json& value) {
    const auto money = Money::parse_fen(value.at("amount").get<std::string>());
    PDX_CHECK(money.has_value());
    return *money;
}

const Schema& empty_schema() {
    static const Schema schema = object({}).named("Empty");
    return schema;
}

}  // namespace pdx::http
