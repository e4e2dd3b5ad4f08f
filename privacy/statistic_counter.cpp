/// The pass over the rows: filters, groups, and the bounds on what one person contributes.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/error.h"
#include "privacy/flat_index.h"
#include "privacy/person_key.h"
#include "privacy/statistic.h"
#include "privacy/statistic_noise.h"

namespace pdx::privacy {
namespace {

constexpr std::uint64_t kKeyBytes = 128;  ///< of a node of the map and its counts, generously

StatisticQuery checked_query(StatisticQuery query) {
    query_text(query);  // refuses what is no query
    return query;
}

std::size_t place_of(std::span<const std::string> columns, const std::string& name) {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) {
        throw invalid(
            "statistic.column_missing",
            {"The data has no column of a name that the query uses.", "数据中没有查询所用的列。"});
    }
    return static_cast<std::size_t>(found - columns.begin());
}

bool passes(const Filter& filter, std::string_view text) {
    if (!filter.between) {
        return std::binary_search(filter.values.begin(), filter.values.end(), trimmed(text));
    }
    const auto number = decimal_units(text, filter.between->decimals);
    return number && *number >= filter.between->low && *number <= filter.between->high;
}

}  // namespace

struct StatisticCounter::State {
    State(StatisticQuery asked, std::span<const std::string> columns, const HashKey& hash_key,
          std::uint64_t memory_bytes_max)
        : query(checked_query(std::move(asked))),
          key(hash_key),
          width(columns.size()),
          subject(place_of(columns, query.subject)),
          budget(memory_bytes_max),
          persons(budget) {
        for (const Filter& filter : query.filters) {
            filters.push_back(place_of(columns, filter.column));
        }
        if (!query.column.empty()) measured = place_of(columns, query.column);
        if (query.groups) grouped = place_of(columns, query.groups->column);
        const bool tracks = query.groups && query.groups_per_person < query.rows_per_person;
        if (tracks) pairs.emplace(budget);
        resize(cells_of_query());
    }

    std::size_t cells_of_query() {
        if (query.measure == Measure::kQuantile) {
            std::int64_t leaves = 1;
            for (std::uint32_t i = 0; i < tree_levels(*query.bounds); ++i) leaves *= kTreeBranches;
            step = leaf_step(*query.bounds);
            return static_cast<std::size_t>(leaves);
        }
        if (!query.groups) return 1;
        switch (query.groups->kind) {
            case GroupKind::kKeys: return query.groups->keys.size();
            case GroupKind::kEdges: return query.groups->edges.size() - 1;
            case GroupKind::kUnknown: return 0;
        }
        return 0;
    }
    void resize(std::size_t cells) {
        totals.counts.resize(cells);
        totals.sums.resize(cells);
    }

    /// Nothing when the row has no number or no group; of an unknown key always the same cell until
    /// cell_of_key() is asked.
    struct Contribution {
        std::size_t cell = 0;
        std::int64_t value = 0;
        std::string_view key;
    };
    std::optional<Contribution> contribution(std::span<const std::string_view> fields) const {
        Contribution one;
        for (std::size_t i = 0; i < filters.size(); ++i) {
            if (!passes(query.filters[i], fields[filters[i]])) return std::nullopt;
        }
        if (measured) {
            const auto number = decimal_units(fields[*measured], query.bounds->decimals);
            if (!number) return std::nullopt;
            one.value = std::clamp(*number, query.bounds->low, query.bounds->high);
        }
        if (query.measure == Measure::kQuantile) {
            one.cell = static_cast<std::size_t>((one.value - query.bounds->low) / step);
        }
        if (query.measure == Measure::kMean) one.value -= middle_of(*query.bounds);
        if (grouped && !find_group(trimmed(fields[*grouped]), one)) return std::nullopt;
        return one;
    }
    bool find_group(std::string_view text, Contribution& one) const {
        const Groups& groups = *query.groups;
        if (groups.kind == GroupKind::kUnknown) {
            one.key = text;
            return text.size() <= kQueryNameBytesMax;
        }
        if (groups.kind == GroupKind::kKeys) {
            const auto found = std::lower_bound(groups.keys.begin(), groups.keys.end(), text);
            one.cell = static_cast<std::size_t>(found - groups.keys.begin());
            return found != groups.keys.end() && *found == text;
        }
        const auto number = decimal_units(text, groups.decimals);
        if (!number || *number < groups.edges.front() || *number >= groups.edges.back()) {
            return false;
        }
        const auto above = std::upper_bound(groups.edges.begin(), groups.edges.end(), *number);
        one.cell = static_cast<std::size_t>(above - groups.edges.begin()) - 1;
        return true;
    }

    /// Whether the person may have one more row, in this group. A person's slot counts 1, his rows,
    /// and above 16 bits his groups; a pair's slot 1 where the group was refused and 2 where it was
    /// taken.
    bool admit(std::string_view who, const Contribution& one) {
        constexpr unsigned kGroupShift = 16;
        static_assert(kRowsPerPersonMax + 1 < 1U << kGroupShift);
        TupleHash hash(key);
        hash.add_text(person_of(who, spelling));
        const std::uint64_t person = hash.finish();
        FlatIndex::Slot& slot = persons.at(person);
        slot.count = std::max(slot.count, 1U);
        if ((slot.count & 0xffffU) > query.rows_per_person) return false;
        if (pairs) {
            TupleHash pair_hash(key);
            pair_hash.add_word(person);
            pair_hash.add_word(one.cell);
            pair_hash.add_text(one.key);
            FlatIndex::Slot& pair = pairs->at(pair_hash.finish());
            if (pair.count == 0) {
                const bool taken = slot.count >> kGroupShift < query.groups_per_person;
                pair.count = taken ? 2 : 1;
                if (taken) slot.count += 1U << kGroupShift;
            }
            if (pair.count == 1) return false;
        }
        ++slot.count;
        return true;
    }

    std::size_t cell_of_key(std::string_view text) {
        const auto found = keys.find(text);
        if (found != keys.end()) return found->second;
        budget.take(kKeyBytes + text.size());
        const std::size_t cell = keys.size();
        keys.emplace(text, cell);
        resize(cell + 1);
        return cell;
    }

    StatisticQuery query;
    HashKey key;
    std::size_t width;
    std::size_t subject;
    std::vector<std::size_t> filters;
    std::optional<std::size_t> measured;
    std::optional<std::size_t> grouped;
    std::int64_t step = 1;
    MemoryBudget budget;
    FlatIndex persons;
    std::string spelling;  ///< buffer of person_of()
    std::optional<FlatIndex> pairs;
    std::map<std::string, std::size_t, std::less<>> keys;
    StatisticTotals totals;
    bool closed = false;
};

StatisticCounter::StatisticCounter(StatisticQuery query, std::span<const std::string> columns,
                                   const HashKey& key, std::uint64_t memory_bytes_max)
    : state_(std::make_unique<State>(std::move(query), columns, key, memory_bytes_max)) {}
StatisticCounter::~StatisticCounter() = default;
StatisticCounter::StatisticCounter(StatisticCounter&&) noexcept = default;
StatisticCounter& StatisticCounter::operator=(StatisticCounter&&) noexcept = default;

void StatisticCounter::add(std::span<const std::string_view> fields) {
    State& state = *state_;
    PDX_CHECK(!state.closed && fields.size() == state.width);
    auto one = state.contribution(fields);
    if (!one) return;
    state.closed = true;  // an exception leaves it so
    if (state.admit(fields[state.subject], *one)) {
        const bool unknown = state.query.groups && state.query.groups->kind == GroupKind::kUnknown;
        if (unknown) one->cell = state.cell_of_key(one->key);
        ++state.totals.counts.at(one->cell);
        Int128& sum = state.totals.sums.at(one->cell);
        PDX_CHECK(!__builtin_add_overflow(sum, Int128{one->value}, &sum));
    }
    state.closed = false;
}

StatisticTotals StatisticCounter::finish() {
    State& state = *state_;
    PDX_CHECK(!state.closed);
    state.closed = true;
    StatisticTotals totals = std::move(state.totals);
    if (state.keys.empty()) return totals;
    // In the order of the keys: the order in which they came tells about the rows.
    StatisticTotals sorted;
    for (const auto& [text, cell] : state.keys) {
        sorted.keys.push_back(text);
        sorted.counts.push_back(totals.counts[cell]);
        sorted.sums.push_back(totals.sums[cell]);
    }
    return sorted;
}

}  // namespace pdx::privacy
