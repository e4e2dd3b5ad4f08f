#pragma once
/// What all handlers render alike: a value with its receipt, one thing with its ETag, a page.
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/domain/machine.h"
#include "marketplace/http/message.h"
#include "marketplace/http/page.h"
#include "marketplace/http/schema.h"

namespace pdx::http {

/// Unit: characters of the reason of a complaint or a decision about one.
constexpr std::int64_t kReasonMax = 4'000;

/// The greatest integer that every JSON reader keeps exactly.
inline constexpr std::int64_t kCountMax = 9'007'199'254'740'991;
inline constexpr std::string_view kJsonType = "application/json";

/// One of the names of an enum.
template <domain::Named Enum>
Schema choice_of() {
    std::vector<std::string> names;
    for (const auto& row : names_of(Enum{})) names.emplace_back(row.name);
    return choice(std::move(names));
}

/// The body of a command that needs no words.
const Schema& empty_schema();

/// Who writes, and the Idempotency-Key with what it stands for.
app::WriteRequest write_request(const Request& request);

/// The answer of a write: the value that the command returned, with member "receipt".
Response answer(int status, const app::Outcome& outcome);
/// The same with members added that are never kept (a token that is shown once).
Response answer(int status, const app::Outcome& outcome, const nlohmann::json& extra);
/// Member "receipt" of an answer, and its schema.
nlohmann::json receipt_json(const app::Receipt& receipt);
const Schema& receipt_schema();
/// {"k":..,"n":..,"quorum":..}: "witnessed k of n" (docs/LEDGER_FORMAT.md).
nlohmann::json witnessed_json(const app::Witnessed& witnessed);
Response answer_json(const nlohmann::json& value);
/// One thing: ETag of its version, 304 when the client has it.
Response answer_one(const Request& request, const nlohmann::json& value, std::int64_t version);
/// {"items": [...], "next": cursor or null}, and Link: rel=next. The second with the members of
/// `more`, an object, beside them.
Response answer_page(const Request& request, const CursorCodec& codec, nlohmann::json items,
                     const std::optional<std::string>& next_position);
Response answer_page(const Request& request, const CursorCodec& codec, nlohmann::json items,
                     const std::optional<std::string>& next_position, const nlohmann::json& more);
/// The same of as many items as the page may hold, or fewer: then it is the last.
/// `last_position` is that of the last item; `more` may be null.
Response answer_page(const Request& request, const CursorCodec& codec, const Page& page,
                     std::vector<nlohmann::json> items, const std::string& last_position,
                     const nlohmann::json* more = nullptr);
/// The same of rows in the order of their ids, each as `view` makes it.
template <typename Row, typename View>
Response answer_rows(const Request& request, const CursorCodec& codec, const Page& page,
                     const std::vector<Row>& rows, View view,
                     const nlohmann::json* more = nullptr) {
    std::vector<std::invoke_result_t<View, const Row&>> items;
    items.reserve(rows.size());
    for (const Row& row : rows) items.push_back(view(row));
    return answer_page(request, codec, page, std::move(items),
                       rows.empty() ? std::string() : rows.back().id.text(), more);
}

/// Requires: the schema asked for a money value.
Money money_of(const nlohmann::json& value);

}  // namespace pdx::http
