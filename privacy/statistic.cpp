#include "privacy/statistic.h"

#include <algorithm>

#include "base/check.h"
#include "base/json_text.h"
#include "privacy/statistic_noise.h"

namespace pdx::privacy {
namespace {

/// A mean has so many digits more than what it is the mean of.
constexpr std::uint32_t kMeanDecimals = 2;
constexpr std::int64_t kMeanUnits = 100;
constexpr std::string_view kAnswerFormat = "pdx-statistic-answer-1";

Int128 noised_count(std::uint64_t count, const Noise& noise, RandomWords& random) {
    return std::max<Int128>(0, Int128{count} + noise.draw(random));
}

std::string label_of(const StatisticQuery& query, const StatisticTotals& totals, std::size_t cell) {
    if (!query.groups) return {};
    const Groups& groups = *query.groups;
    switch (groups.kind) {
        case GroupKind::kKeys: return groups.keys.at(cell);
        case GroupKind::kUnknown: return totals.keys.at(cell);
        case GroupKind::kEdges: break;
    }
    return "[" + decimal_text(groups.edges.at(cell), groups.decimals) + "," +
           decimal_text(groups.edges.at(cell + 1), groups.decimals) + ")";
}

/// Rounded half away from zero. Requires: denominator > 0.
Int128 rounded_quotient(Int128 numerator, Int128 denominator) {
    const Int128 half = denominator / 2;
    return (numerator < 0 ? numerator - half : numerator + half) / denominator;
}

/// From the noised sum of distances and the noised count. With |noise| at most s and c,
/// |S/N - S'/N'| <= (s + |S/N| c) / (N - c); where N is not above c, nothing can be told.
void finish_mean(const Bounds& bounds, const StatisticAnswer& answer, StatisticCell& cell) {
    const Int128 from_middle =
        rounded_quotient(cell.value * kMeanUnits, std::max<Int128>(cell.count, 1));
    cell.value = std::clamp(Int128{middle_of(bounds)} * kMeanUnits + from_middle,
                            Int128{bounds.low} * kMeanUnits, Int128{bounds.high} * kMeanUnits);
    const auto count_width = static_cast<Int128>(answer.count_half_width);
    const Int128 rows = cell.count - count_width;
    cell.is_told = rows > 0;
    if (!cell.is_told) return;
    const Int128 slack = static_cast<Int128>(answer.sum_half_width) * kMeanUnits +
                         (from_middle < 0 ? -from_middle : from_middle) * count_width;
    cell.half_width = (slack + rows - 1) / rows;
}

/// The kGroupsMax largest; of equal ones those that come first. Reads noised numbers only.
void keep_largest(std::vector<StatisticCell>& cells) {
    if (cells.size() <= kGroupsMax) return;
    const auto last = cells.begin() + kGroupsMax;
    std::stable_sort(cells.begin(), cells.end(),
                     [](const auto& a, const auto& b) { return a.value > b.value; });
    cells.erase(last, cells.end());
    std::sort(cells.begin(), cells.end(),
              [](const auto& a, const auto& b) { return a.group < b.group; });
}

/// Counts by level, from the children of the root to the leaves; each level adds up to the same
/// rows, and has noise of its own.
class NoisedTree {
public:
    NoisedTree(const Bounds& bounds, std::vector<std::uint64_t> leaves, const Noise& noise,
               RandomWords& random)
        : bounds_(bounds) {
        for (std::uint32_t level = tree_levels(bounds); level > 0; --level) {
            std::vector<Int128> noised;
            noised.reserve(leaves.size());
            for (const std::uint64_t count : leaves) {
                noised.push_back(noised_count(count, noise, random));
            }
            levels_.insert(levels_.begin(), std::move(noised));
            std::vector<std::uint64_t> parents(leaves.size() / kTreeBranches);
            for (std::size_t i = 0; i < leaves.size(); ++i) parents[i / kTreeBranches] += leaves[i];
            leaves = std::move(parents);
        }
    }

    /// Down the branch in which the rank lies; within the last node as if its values lay even.
    std::int64_t quantile(std::uint32_t basis_points) const {
        constexpr Int128 kOne = Int128{1} << 32U;
        Int128 share = kOne * basis_points / 10'000;  // of the node's rows that lie below
        std::size_t node = 0;
        Int128 width = leaf_step(bounds_);
        for (std::size_t i = 0; i < levels_.size(); ++i) width *= kTreeBranches;
        Int128 begin = 0;
        for (const std::vector<Int128>& level : levels_) {
            const auto child = descend(level, node * kTreeBranches, share);
            if (!child) break;
            width /= kTreeBranches;
            begin += width * static_cast<Int128>(*child % kTreeBranches);
            node = *child;
        }
        const Int128 value = bounds_.low + begin + ((width - 1) * share) / kOne;
        return static_cast<std::int64_t>(std::min<Int128>(value, bounds_.high));
    }

private:
    /// The child that holds the rank, and what share of the child lies below it. Nothing, and the
    /// middle, when all children are empty.
    static std::optional<std::size_t> descend(const std::vector<Int128>& level, std::size_t first,
                                              Int128& share) {
        Int128 total = 0;
        for (std::size_t i = 0; i < kTreeBranches; ++i) total += level.at(first + i);
        constexpr Int128 kOne = Int128{1} << 32U;
        if (total == 0) {
            share = kOne / 2;
            return std::nullopt;
        }
        Int128 rank = total * share;  // Unit: 2^-32 rows
        std::size_t child = first;
        for (std::size_t i = first; i < first + kTreeBranches; ++i) {
            if (level[i] == 0) continue;
            child = i;
            if (rank <= level[i] * kOne) break;
            rank -= level[i] * kOne;
        }
        share = std::min(rank / level[child], kOne);
        return child;
    }

    Bounds bounds_;
    std::vector<std::vector<Int128>> levels_;
};

void append_cell(std::string& out, const StatisticQuery& query, const StatisticAnswer& answer,
                 const StatisticCell& cell) {
    out += '{';
    if (query.measure == Measure::kMean)
        out += "\"count\":\"" + decimal_text(cell.count, 0) + "\",";
    if (query.groups) {
        out += "\"group\":";
        append_json_string(out, cell.group);
        out += ',';
    }
    if (query.measure == Measure::kMean && cell.is_told) {
        out += "\"half_width\":\"" + decimal_text(cell.half_width, answer.value_decimals) + "\",";
    }
    if (query.measure == Measure::kQuantile) {
        out += "\"quantile_basis_points\":" + std::to_string(cell.quantile) + ',';
    }
    out += "\"value\":";
    out += cell.is_told ? '"' + decimal_text(cell.value, answer.value_decimals) + '"' : "null";
    out += '}';
}

}  // namespace

StatisticAnswer answer_query(const StatisticQuery& query, const StatisticTotals& totals,
                             RandomWords& random) {
    const NoisePlan plan = plan_noise(query);
    StatisticAnswer answer;
    answer.count_least = plan.count_least;
    if (plan.count) answer.count_half_width = plan.count->half_width();
    if (plan.sum) answer.sum_half_width = plan.sum->half_width();
    if (query.bounds) answer.value_decimals = query.bounds->decimals;
    if (query.measure == Measure::kMean) answer.value_decimals += kMeanDecimals;
    if (query.measure == Measure::kQuantile) {
        const NoisedTree tree(*query.bounds, totals.counts, *plan.count, random);
        answer.step = leaf_step(*query.bounds);
        for (const std::uint32_t rank : query.quantiles) {
            answer.cells.push_back({{}, rank, tree.quantile(rank), 0});
        }
        return answer;
    }
    for (std::size_t i = 0; i < totals.counts.size(); ++i) {
        StatisticCell cell{label_of(query, totals, i), 0, 0, 0};
        if (plan.count) cell.value = noised_count(totals.counts[i], *plan.count, random);
        if (plan.sum) {
            cell.count = cell.value;
            cell.value = totals.sums[i] + plan.sum->draw(random);
        }
        if (plan.sum && plan.count) finish_mean(*query.bounds, answer, cell);
        const bool told = cell.value >= static_cast<Int128>(plan.count_least);
        if (plan.count_least == 0 || told) answer.cells.push_back(std::move(cell));
    }
    if (plan.count_least != 0) keep_largest(answer.cells);
    return answer;
}

std::string answer_text(const StatisticQuery& query, const StatisticAnswer& answer) {
    std::string out = "{\"cells\":[";
    for (const StatisticCell& cell : answer.cells) {
        if (out.back() != '[') out += ',';
        append_cell(out, query, answer, cell);
    }
    out += "],\"format\":";
    append_json_string(out, kAnswerFormat);
    const auto number = [&out](std::string_view name, Uint128 value, std::uint32_t decimals) {
        if (value == 0) return;
        if (out.back() != '{') out += ',';
        append_json_string(out, name);
        out += ":\"" + decimal_text(static_cast<Int128>(value), decimals) + '"';
    };
    const std::uint32_t decimals = query.bounds ? query.bounds->decimals : 0;
    out += ",\"noise\":{";
    number("count_half_width", answer.count_half_width, 0);
    number("count_least", answer.count_least, 0);
    number("step", static_cast<Uint128>(answer.step), decimals);
    number("sum_half_width", answer.sum_half_width, decimals);
    out += "},\"query\":\"" + query_digest(query).hex() + "\"}";
    return out;
}

}  // namespace pdx::privacy
