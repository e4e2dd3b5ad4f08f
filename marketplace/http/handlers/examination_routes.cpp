#include "marketplace/http/handlers/examination_routes.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "marketplace/app/risk_view.h"
#include "marketplace/app/scan_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/table_errors.h"
#include "privacy/table_format.h"

namespace pdx::http {
namespace {

using nlohmann::json;

/// Unit: characters of a list of columns.
constexpr std::int64_t kListMax = 400;
constexpr std::int64_t kPersonsMax = 1'000'000;
constexpr std::int64_t kColumnsMax = 10'000;

app::ByteSource source_of(const Request& request) {
    BodyReader& body = request.upload();
    return [&body](std::span<std::uint8_t> out) { return body.read(out); };
}

[[noreturn]] void refuse_list(const char* name) {
    throw invalid("query.invalid",
                  {std::string("'") + name + "' takes numbers of columns, from 1, with commas.",
                   std::string("参数 ") + name + " 应为以逗号分隔的列序号，从 1 开始。"},
                  {.pointer = name});
}

/// Columns by their numbers: a name may be a value, where a file has no header, and an address is
/// logged.
std::vector<std::size_t> columns_in(const Request& request, const char* name) {
    const std::string text = request.query_text(name).value_or("");
    std::vector<std::size_t> columns;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t comma = rest.find(',');
        const std::string_view one = rest.substr(0, comma);
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), number);
        if (error != std::errc() || end != one.data() + one.size() || number < 1 ||
            number > kColumnsMax) {
            refuse_list(name);
        }
        columns.push_back(number - 1);
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
        if (rest.empty()) refuse_list(name);
    }
    return columns;
}

std::optional<std::uint32_t> limit_in(const Request& request, const char* name) {
    const auto most = request.query_integer(name, 0, 0, kPersonsMax);
    return most == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(most));
}

json names_of_columns(const privacy::FileReport& file, const std::vector<std::size_t>& columns) {
    json names = json::array();
    for (const std::size_t i : columns) names.push_back(file.columns.at(i).column.name);
    return names;
}

Response scan_table(const Request& request, app::Services& services) {
    return answer_json(app::to_json(
        services.examinations.scan(request.caller, table_format_of(request), source_of(request))));
}

Response measure_risk(const Request& request, app::Services& services) {
    app::RiskQuestion question;
    question.columns.quasi = columns_in(request, "quasi");
    question.columns.sensitive = columns_in(request, "sensitive");
    const auto subject = columns_in(request, "subject");
    if (subject.size() > 1) refuse_list("subject");
    if (!subject.empty()) question.columns.subject = subject.front();
    if (const auto k = limit_in(request, "k_min")) question.limits.k_min = *k;
    question.limits.l_min = limit_in(request, "l_min");
    const app::ExaminedRisk examined = services.examinations.measure(
        request.caller, table_format_of(request), source_of(request), question);
    json all = app::to_json(examined.found);
    all["sha256"] = examined.scan.sha256.hex();
    all["quasi_identifiers"] = names_of_columns(examined.scan, examined.columns.quasi);
    all["quasi_identifiers_by_class"] = examined.columns.by_class;
    all["subject"] = examined.columns.subject
                         ? json(examined.scan.columns.at(*examined.columns.subject).column.name)
                         : json();
    return answer_json(all);
}

std::vector<ErrorRow> examination_errors(std::vector<ErrorRow> more) {
    more.push_back({413, "examination.too_large"});
    more.push_back({503, "examination.busy"});
    return table_errors(std::move(more));
}

QueryParameter column_list(const char* name, Text text_of) {
    return {name, text(1, kListMax), std::move(text_of)};
}

}  // namespace

std::vector<Route> examination_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/scans",
         .operation_id = "scanTable",
         .tag = "Examination",
         .summary =
             {"Say what personal data a CSV or JSON-lines table holds; nothing of it is kept",
              "识别数据表中的个人信息（CSV 或 JSON Lines），不留存任何内容"},
         .access = Access::signed_in(),
         .body = BodyMode::kStream,
         .upload_types = {kAnyMediaType},
         .response = {200, {"The columns, their classes and why", "各列的类别与依据"}},
         .errors = examination_errors({}),
         .handler = bind(scan_table)},
        {.method = "POST",
         .path = "/api/v1/risks",
         .operation_id = "measureRisk",
         .tag = "Examination",
         .summary = {"Measure how easily persons are found again in a table; nothing of it is kept",
                     "评估数据表的重标识风险，不留存任何内容"},
         .access = Access::signed_in(),
         .body = BodyMode::kStream,
         .upload_types = {kAnyMediaType},
         .query = {column_list("quasi", {"Quasi-identifiers: numbers of columns, from 1. Without "
                                         "it as the columns are classified.",
                                         "准标识符的列序号，从 1 开始；缺省按分类结果。"}),
                   column_list("subject", {"The column that says who a row is about.",
                                           "标识数据主体的列序号。"}),
                   column_list("sensitive", {"Sensitive columns.", "敏感列的列序号。"}),
                   {"k_min",
                    integer(1, kPersonsMax),
                    {"The smallest class that is acceptable, 5 unless told.",
                     "可接受的最小等价类人数，默认 5。"}},
                   {"l_min",
                    integer(1, kPersonsMax),
                    {"Distinct values of each sensitive column in a class.",
                     "等价类中每个敏感列的不同取值数。"}}},
         .response = {200, {"The figures, the level and the reasons", "各项指标、级别与理由"}},
         .errors = examination_errors({{413, "risk.too_large"},
                                       {422, "risk.column_missing"},
                                       {422, "risk.column_twice"},
                                       {422, "risk.no_quasi_identifiers"},
                                       {422, "risk.too_many_columns"}}),
         .handler = bind(measure_risk)},
    };
}

}  // namespace pdx::http
