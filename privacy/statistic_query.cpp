/// What a query may ask, its one text and its digest. The text is written by hand, because its
/// bytes are hashed; statistic_reader.cpp reads it.
#include "privacy/statistic_query.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

#include "base/ascii.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/json_text.h"
#include "privacy/decimal.h"
#include "privacy/statistic_noise.h"

namespace pdx::privacy {
namespace {

constexpr std::array<std::string_view, 5> kMeasureCodes{"count", "sum", "mean", "histogram",
                                                        "quantile"};
constexpr std::uint32_t kQueryDecimalsMax = 6;
constexpr std::uint32_t kQuantileMax = 10'000;

void demand(bool holds, std::string pointer, std::string_view en, std::string_view zh) {
    if (holds) return;
    ErrorDetail detail;
    detail.pointer = std::move(pointer);
    throw invalid("statistic.query", {std::string(en), std::string(zh)}, std::move(detail));
}

template <class Value>
bool is_ascending(const std::vector<Value>& values) {
    return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

void check_name(const std::string& name, const std::string& pointer) {
    demand(!name.empty() && name.size() <= kQueryNameBytesMax && is_utf8(name), pointer,
           "A column has a name of 1 to 256 bytes.", "列名须为 1 至 256 字节。");
}

void check_texts(const std::vector<std::string>& texts, std::size_t count_max,
                 const std::string& pointer) {
    demand(!texts.empty() && texts.size() <= count_max && is_ascending(texts), pointer,
           "This list is empty, too long, or names a text twice.",
           "该列表为空、过长或含有重复项。");
    for (const std::string& text : texts) {
        demand(text.size() <= kQueryNameBytesMax && is_utf8(text) && trimmed(text) == text, pointer,
               "A text here has at most 256 bytes and no spaces around it.",
               "此处的文本最多 256 字节，且首尾不得有空格。");
    }
}

void check_bounds(const Bounds& bounds, std::int64_t width_min, const std::string& pointer) {
    demand(bounds.decimals <= kQueryDecimalsMax && bounds.low >= -kBoundMax &&
               bounds.high <= kBoundMax && bounds.high - bounds.low >= width_min,
           pointer, "Bounds need low below high, within 10^12 units, and at most 6 decimals.",
           "取值范围须下限小于上限、绝对值不超过 10^12 个单位、小数不超过 6 位。");
}

void check_groups(const Groups& groups) {
    check_name(groups.column, "/groups/column");
    const bool has_keys = groups.kind == GroupKind::kKeys;
    const bool has_edges = groups.kind == GroupKind::kEdges;
    if (has_keys) check_texts(groups.keys, kGroupsMax, "/groups/keys");
    if (has_edges) {
        const bool in_range =
            std::all_of(groups.edges.begin(), groups.edges.end(),
                        [](std::int64_t edge) { return edge >= -kBoundMax && edge <= kBoundMax; });
        demand(groups.edges.size() >= 2 && groups.edges.size() <= kGroupsMax + 1 && in_range &&
                   is_ascending(groups.edges) && groups.decimals <= kQueryDecimalsMax,
               "/groups/edges", "Edges are 2 to 4097 ascending numbers within 10^12 units.",
               "分箱边界须为 2 至 4097 个递增的数，绝对值不超过 10^12 个单位。");
    }
    demand((has_keys || groups.keys.empty()) &&
               (has_edges || (groups.edges.empty() && groups.decimals == 0)),
           "/groups", "Groups have keys, edges or unknown keys.",
           "分组须为指定键、分箱边界或未知键之一。");
}

void check_measure(const StatisticQuery& query) {
    const bool of_column = query.measure == Measure::kSum || query.measure == Measure::kMean ||
                           query.measure == Measure::kQuantile;
    const bool grouped = query.measure == Measure::kHistogram;
    demand(query.column.empty() != of_column, "/column",
           "Sum, mean and quantile are of a column; count and histogram are of rows.",
           "sum、mean、quantile 须指定列；count、histogram 不得指定列。");
    if (of_column) check_name(query.column, "/column");
    demand(query.bounds.has_value() == of_column, "/bounds",
           "Sum, mean and quantile need bounds; count and histogram have none.",
           "sum、mean、quantile 须指定取值范围；count、histogram 不得指定。");
    if (query.bounds) check_bounds(*query.bounds, 1, "/bounds");
    const auto& ranks = query.quantiles;
    demand(query.measure == Measure::kQuantile
               ? !ranks.empty() && ranks.size() <= kQuantilesMax && is_ascending(ranks) &&
                     ranks.back() <= kQuantileMax
               : ranks.empty(),
           "/quantiles_basis_points", "A quantile query, and no other, names 1 to 16 quantiles.",
           "仅 quantile 查询须指定 1 至 16 个分位点。");
    const bool may_group = query.measure == Measure::kSum || query.measure == Measure::kMean;
    demand(query.groups ? grouped || (may_group && query.groups->kind != GroupKind::kUnknown)
                        : !grouped,
           "/groups",
           "A histogram has groups; a sum or a mean may have groups that the query names.",
           "histogram 须分组；sum、mean 只能使用查询中列明的分组。");
    if (query.groups) check_groups(*query.groups);
}

void check_spend(const StatisticQuery& query) {
    const PrivacySpend& spend = query.spend;
    const bool laplace = query.mechanism == Mechanism::kLaplace;
    const bool unknown = query.groups && query.groups->kind == GroupKind::kUnknown;
    const std::uint64_t cost = laplace ? spend.epsilon_millionths : spend.rho_millionths;
    const std::uint64_t other = laplace ? spend.rho_millionths : spend.epsilon_millionths;
    const std::uint64_t least = query.measure == Measure::kMean ? 2 : 1;
    demand(cost >= least && cost <= kSpendMax && other == 0, "/privacy",
           "Laplace spends epsilon and gaussian rho, at most 20; a mean at least two millionths.",
           "laplace 消耗 epsilon，gaussian 消耗 rho，最多为 20；mean 至少为百万分之二。");
    demand(laplace || !unknown, "/privacy/mechanism",
           "Groups of unknown keys need the mechanism laplace.", "未知键分组须使用 laplace 机制。");
    demand(unknown ? spend.delta_trillionths >= query.groups_per_person &&
                         spend.delta_trillionths <= kDeltaMax
                   : spend.delta_trillionths == 0,
           "/privacy/delta_trillionths",
           "Groups of unknown keys, and no others, spend delta: from 10^-12 for each group of a "
           "person to 10^-6.",
           "仅未知键分组消耗 delta：每人每组至少 10^-12，合计不超过 10^-6。");
}

void append_member(std::string& out, std::string_view name) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
}

void append_number(std::string& out, std::string_view name, std::int64_t value) {
    append_member(out, name);
    out += std::to_string(value);
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
    append_member(out, name);
    append_json_string(out, text);
}

template <class Values, class Append>
void append_list(std::string& out, std::string_view name, const Values& values, Append append) {
    append_member(out, name);
    out += '[';
    for (const auto& value : values) {
        if (out.back() != '[') out += ',';
        append(value);
    }
    out += ']';
}

void append_texts(std::string& out, std::string_view name, std::span<const std::string> texts) {
    append_list(out, name, texts, [&](const std::string& text) { append_json_string(out, text); });
}

void append_bounds(std::string& out, std::string_view name, const Bounds& bounds) {
    append_member(out, name);
    out += '{';
    append_number(out, "decimals", bounds.decimals);
    append_number(out, "high", bounds.high);
    append_number(out, "low", bounds.low);
    out += '}';
}

std::string filter_text(const Filter& filter) {
    std::string out = "{";
    if (filter.between) append_bounds(out, "between", *filter.between);
    append_text(out, "column", filter.column);
    if (!filter.between) append_texts(out, "values", filter.values);
    return out + '}';
}

void append_groups(std::string& out, const Groups& groups) {
    append_member(out, "groups");
    out += '{';
    append_text(out, "column", groups.column);
    if (groups.kind == GroupKind::kEdges) {
        append_number(out, "decimals", groups.decimals);
        append_list(out, "edges", groups.edges,
                    [&](std::int64_t edge) { out += std::to_string(edge); });
    }
    if (groups.kind == GroupKind::kKeys) append_texts(out, "keys", groups.keys);
    if (groups.kind == GroupKind::kUnknown) {
        append_member(out, "unknown");
        out += "true";
    }
    out += '}';
}

void append_spend(std::string& out, const StatisticQuery& query) {
    append_member(out, "privacy");
    out += '{';
    const auto number = [&out](std::string_view name, std::uint64_t value) {
        if (value != 0) append_number(out, name, static_cast<std::int64_t>(value));
    };
    number("delta_trillionths", query.spend.delta_trillionths);
    number("epsilon_millionths", query.spend.epsilon_millionths);
    append_text(out, "mechanism", mechanism_code(query.mechanism));
    number("rho_millionths", query.spend.rho_millionths);
    out += '}';
}

/// Ensures: what passes is what read_query() could give.
void check_query(const StatisticQuery& query) {
    demand(query.rows_per_person >= 1 && query.rows_per_person <= kRowsPerPersonMax,
           "/rows_per_person", "A person has 1 to 1000 rows.", "每人行数须为 1 至 1000。");
    demand(query.groups_per_person >= 1 && query.groups_per_person <= query.rows_per_person &&
               (query.groups || query.groups_per_person == 1),
           "/groups_per_person",
           "A person is in at least one group and in no more than he has rows; without groups in "
           "one.",
           "每人组数至少为 1 且不超过每人行数；无分组时为 1。");
    check_name(query.subject, "/subject");
    check_measure(query);
    demand(query.filters.size() <= kFiltersMax, "/filters", "There are at most 8 filters.",
           "筛选条件最多 8 个。");
    std::vector<std::string> texts;
    for (const Filter& filter : query.filters) {
        // Their order is not that of the request, so a pointer says no number.
        check_name(filter.column, "/filters");
        if (filter.between) check_bounds(*filter.between, 0, "/filters");
        demand(!filter.between || filter.values.empty(), "/filters",
               "A filter has values or a range.", "筛选条件须为取值列表或范围之一。");
        if (!filter.between) check_texts(filter.values, kFilterValuesMax, "/filters");
        texts.push_back(filter_text(filter));
    }
    demand(is_ascending(texts), "/filters", "A filter stands there twice.", "筛选条件重复。");
    check_spend(query);
    plan_noise(query);
}

}  // namespace

std::string_view measure_code(Measure measure) {
    return kMeasureCodes.at(static_cast<std::size_t>(measure));
}

std::string_view mechanism_code(Mechanism mechanism) {
    return mechanism == Mechanism::kLaplace ? "laplace" : "gaussian";
}

std::string query_text(const StatisticQuery& query) {
    check_query(query);
    std::string out = "{";
    if (query.bounds) append_bounds(out, "bounds", *query.bounds);
    if (!query.column.empty()) append_text(out, "column", query.column);
    if (!query.filters.empty()) {
        append_list(out, "filters", query.filters,
                    [&](const Filter& filter) { out += filter_text(filter); });
    }
    append_text(out, "format", kQueryFormat);
    if (query.groups) append_groups(out, *query.groups);
    append_number(out, "groups_per_person", query.groups_per_person);
    append_text(out, "measure", measure_code(query.measure));
    append_spend(out, query);
    if (!query.quantiles.empty()) {
        append_list(out, "quantiles_basis_points", query.quantiles,
                    [&](std::uint32_t rank) { out += std::to_string(rank); });
    }
    append_number(out, "rows_per_person", query.rows_per_person);
    append_text(out, "subject", query.subject);
    out += '}';
    demand(out.size() <= kQueryBytesMax, "", "A query has at most 64 KiB.", "查询最多 64 KiB。");
    return out;
}

Digest query_digest(const StatisticQuery& query) { return sha256(query_text(query)); }

bool precedes(const Filter& a, const Filter& b) { return filter_text(a) < filter_text(b); }

std::vector<std::string> columns_of(const StatisticQuery& query) {
    std::vector<std::string> names{query.subject};
    if (!query.column.empty()) names.push_back(query.column);
    if (query.groups) names.push_back(query.groups->column);
    for (const Filter& filter : query.filters) names.push_back(filter.column);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::optional<std::int64_t> decimal_units(std::string_view text, std::uint32_t decimals) {
    auto value = decimal_millionths(trimmed(text));
    if (!value) return std::nullopt;
    std::int64_t unit = 1;
    for (std::uint32_t i = decimals; i < kQueryDecimalsMax; ++i) unit *= 10;
    const std::int64_t rest = *value % unit;
    const std::int64_t up = 2 * (rest < 0 ? -rest : rest) >= unit ? (rest < 0 ? -1 : 1) : 0;
    return *value / unit + (unit == 1 ? 0 : up);
}

}  // namespace pdx::privacy
