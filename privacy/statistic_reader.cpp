/// Reads the text form of a query; says where it is wrong.
#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/statistic_query.h"
#include "privacy/strict_json.h"

namespace pdx::privacy {
namespace {

using nlohmann::json;

constexpr int kQueryDepthMax = 4;

[[noreturn]] void refuse_query(std::string pointer, std::string_view en, std::string_view zh) {
    ErrorDetail detail;
    detail.pointer = std::move(pointer);
    throw invalid("statistic.query", {std::string(en), std::string(zh)}, std::move(detail));
}

/// One object of the query, and where it stands.
class QueryObject {
public:
    /// Requires: names of members, in any order. Others are refused.
    QueryObject(const json& value, std::string pointer,
                std::initializer_list<std::string_view> names)
        : value_(value),
          pointer_(std::move(pointer)) {
        if (!value.is_object()) refuse_query(pointer_, "An object is expected.", "应为对象。");
        for (const auto& [name, member] : value.items()) {
            if (std::find(names.begin(), names.end(), name) != names.end()) continue;
            refuse_query(pointer_, "There is a member that no query has.", "含有未定义的成员。");
        }
    }

    bool has(const char* name) const { return value_.contains(name); }
    std::string at(std::string_view name) const { return pointer_ + '/' + std::string(name); }
    const json& member(const char* name) const {
        if (!has(name)) refuse_query(at(name), "This member is missing.", "缺少该成员。");
        return value_[name];
    }
    const json& list(const char* name) const {
        const json& value = member(name);
        if (!value.is_array()) refuse_query(at(name), "A list is expected.", "应为列表。");
        return value;
    }
    std::string text(const char* name) const { return text_of(member(name), at(name)); }
    std::int64_t number(const char* name) const { return number_of(member(name), at(name)); }
    template <class Unsigned>
    Unsigned count(const char* name) const {
        return count_of<Unsigned>(member(name), at(name));
    }

    static std::string text_of(const json& value, std::string pointer) {
        if (!value.is_string())
            refuse_query(std::move(pointer), "A text is expected.", "应为文本。");
        return value.get<std::string>();
    }
    static std::int64_t number_of(const json& value, std::string pointer) {
        if (!value.is_number_integer() ||
            (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)) {
            refuse_query(std::move(pointer), "An integer is expected.", "应为整数。");
        }
        return value.get<std::int64_t>();
    }
    template <class Unsigned>
    static Unsigned count_of(const json& value, std::string pointer) {
        const std::int64_t number = number_of(value, pointer);
        if (number < 0 || static_cast<std::uint64_t>(number) > UINT32_MAX) {
            refuse_query(std::move(pointer), "This number is out of range.", "数值超出范围。");
        }
        return static_cast<Unsigned>(number);
    }

private:
    const json& value_;
    std::string pointer_;
};

/// Where order says nothing.
std::vector<std::string> sorted_texts(const QueryObject& object, const char* name) {
    std::vector<std::string> texts;
    for (const json& value : object.list(name)) {
        texts.push_back(
            QueryObject::text_of(value, object.at(name) + '/' + std::to_string(texts.size())));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

Bounds read_bounds(const json& value, std::string pointer) {
    const QueryObject object(value, std::move(pointer), {"decimals", "high", "low"});
    const std::int64_t low = object.number("low");
    const std::int64_t high = object.number("high");
    if (low < -kBoundMax || low > kBoundMax) {
        refuse_query(object.at("low"), "This number is out of range.", "数值超出范围。");
    }
    if (high < -kBoundMax || high > kBoundMax) {
        refuse_query(object.at("high"), "This number is out of range.", "数值超出范围。");
    }
    return {object.count<std::uint32_t>("decimals"), low, high};
}

Filter read_filter(const json& value, std::string pointer) {
    const QueryObject object(value, std::move(pointer), {"between", "column", "values"});
    Filter filter;
    filter.column = object.text("column");
    if (object.has("between")) {
        filter.between = read_bounds(object.member("between"), object.at("between"));
    }
    if (object.has("values") || !filter.between) filter.values = sorted_texts(object, "values");
    return filter;
}

Groups read_groups(const json& value) {
    const QueryObject object(value, "/groups", {"column", "decimals", "edges", "keys", "unknown"});
    Groups groups;
    groups.column = object.text("column");
    const int forms = (object.has("keys") ? 1 : 0) + (object.has("edges") ? 1 : 0) +
                      (object.has("unknown") ? 1 : 0);
    if (forms != 1 || object.has("decimals") != object.has("edges")) {
        refuse_query("/groups", "Groups have keys, or edges with decimals, or unknown keys.",
                     "分组须为指定键、带小数位数的分箱边界或未知键之一。");
    }
    if (object.has("keys")) groups.keys = sorted_texts(object, "keys");
    if (object.has("edges")) {
        groups.kind = GroupKind::kEdges;
        groups.decimals = object.count<std::uint32_t>("decimals");
        for (const json& edge : object.list("edges")) {
            groups.edges.push_back(QueryObject::number_of(
                edge, "/groups/edges/" + std::to_string(groups.edges.size())));
        }
    }
    if (object.has("unknown")) {
        groups.kind = GroupKind::kUnknown;
        if (object.member("unknown") != true) {
            refuse_query("/groups/unknown", "This is true or is left out.", "该成员只能为 true。");
        }
    }
    return groups;
}

void read_spend(const json& value, StatisticQuery& query) {
    const QueryObject object(
        value, "/privacy",
        {"delta_trillionths", "epsilon_millionths", "mechanism", "rho_millionths"});
    const std::string mechanism = object.text("mechanism");
    if (mechanism != mechanism_code(Mechanism::kLaplace) &&
        mechanism != mechanism_code(Mechanism::kGaussian)) {
        refuse_query("/privacy/mechanism", "The mechanism is laplace or gaussian.",
                     "机制须为 laplace 或 gaussian。");
    }
    const auto number = [&object](const char* name) {
        return object.has(name) ? object.count<std::uint64_t>(name) : 0;
    };
    if (mechanism == mechanism_code(Mechanism::kGaussian)) query.mechanism = Mechanism::kGaussian;
    query.spend.epsilon_millionths = number("epsilon_millionths");
    query.spend.rho_millionths = number("rho_millionths");
    query.spend.delta_trillionths = number("delta_trillionths");
}

Measure read_measure(const QueryObject& object) {
    const std::string code = object.text("measure");
    for (const Measure measure : {Measure::kCount, Measure::kSum, Measure::kMean,
                                  Measure::kHistogram, Measure::kQuantile}) {
        if (code == measure_code(measure)) return measure;
    }
    refuse_query("/measure", "The measure is count, sum, mean, histogram or quantile.",
                 "度量须为 count、sum、mean、histogram 或 quantile。");
}

}  // namespace

StatisticQuery read_query(std::string_view text) {
    if (text.size() > kQueryBytesMax) {
        refuse_query("", "A query has at most 64 KiB.", "查询最多 64 KiB。");
    }
    const json value = parse_strict_json(text, kQueryDepthMax);
    const QueryObject object(
        value, "",
        {"bounds", "column", "filters", "format", "groups", "groups_per_person", "measure",
         "privacy", "quantiles_basis_points", "rows_per_person", "subject"});
    if (object.text("format") != kQueryFormat) {
        refuse_query("/format", "The format is pdx-statistic-1.", "格式须为 pdx-statistic-1。");
    }
    StatisticQuery query;
    query.measure = read_measure(object);
    if (object.has("column")) query.column = object.text("column");
    if (object.has("bounds")) query.bounds = read_bounds(object.member("bounds"), "/bounds");
    if (object.has("quantiles_basis_points")) {
        for (const json& rank : object.list("quantiles_basis_points")) {
            query.quantiles.push_back(
                QueryObject::count_of<std::uint32_t>(rank, "/quantiles_basis_points"));
        }
        std::sort(query.quantiles.begin(), query.quantiles.end());
    }
    if (object.has("groups")) query.groups = read_groups(object.member("groups"));
    if (object.has("filters")) {
        for (const json& filter : object.list("filters")) {
            query.filters.push_back(
                read_filter(filter, "/filters/" + std::to_string(query.filters.size())));
        }
    }
    std::sort(query.filters.begin(), query.filters.end(), precedes);
    query.subject = object.text("subject");
    query.rows_per_person = object.count<std::uint32_t>("rows_per_person");
    query.groups_per_person = object.count<std::uint32_t>("groups_per_person");
    read_spend(object.member("privacy"), query);
    query_text(query);  // refuses what is no query
    return query;
}

}  // namespace pdx::privacy
