#include "privacy/sensitive_counts.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "base/ascii.h"
#include "privacy/decimal.h"
#include "privacy/diversity.h"

namespace pdx::privacy {

SensitiveCounts::SensitiveCounts(SensitiveColumn column, Subjects subjects, MemoryBudget& budget)
    : column_(std::move(column)),
      budget_(&budget),
      values_(budget),
      cells_(budget) {
    if (subjects == Subjects::kByKey) seen_.emplace(budget);
}

void SensitiveCounts::add(std::string_view text, const ClassCounts::Place& place,
                          const HashKey& key) {
    const std::uint32_t value = index_of(trimmed(text), key);
    if (seen_) {
        FlatIndex::Slot& said = seen_->at(std::uint64_t{place.pair_index} << 32U | value);
        if (said.count != 0) return;
        said.count = 1;
    }
    ++cells_.at(std::uint64_t{place.class_index} << 32U | value).count;
}

std::uint32_t SensitiveCounts::index_of(std::string_view text, const HashKey& key) {
    TupleHash hash(key);
    std::optional<std::int64_t> number;
    if (column_.ordered && !text.empty()) {
        number = decimal_millionths(text);
        column_.ordered = number.has_value();
    }
    if (number) {
        hash.add_word(UINT64_MAX);  // begins no text
        hash.add_word(static_cast<std::uint64_t>(*number));
    } else {
        hash.add_text(text);
    }
    FlatIndex::Slot& slot = values_.at(hash.finish());
    if (slot.count == 0) {
        slot.count = 1;
        if (text.empty()) empty_ = slot.index;
        if (column_.ordered) {
            budget_->take(2 * sizeof(std::int64_t));
            numbers_.push_back(number.value_or(0));
        }
    }
    return slot.index;
}

/// By value index: the place in the order of the numbers, or the index where there is none.
std::vector<std::uint32_t> SensitiveCounts::ranks() const {
    std::vector<std::uint32_t> order(values_.size());
    std::iota(order.begin(), order.end(), 0U);
    if (!column_.ordered) return order;
    // The empty value goes behind all numbers, where it is left out.
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
        return std::pair(a == empty_, numbers_[a]) < std::pair(b == empty_, numbers_[b]);
    });
    std::vector<std::uint32_t> result(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) result[order[i]] = i;
    return result;
}

SensitiveRisk SensitiveCounts::finish() {
    const std::vector<std::uint32_t> rank = ranks();
    const std::span<const FlatIndex::Slot> cells = cells_.sorted();
    const auto is_empty = [&](const FlatIndex::Slot& cell) {
        return (cell.key & UINT32_MAX) == empty_;
    };
    std::vector<std::uint32_t> totals(rank.size() - (column_.ordered && empty_ ? 1 : 0));
    for (const FlatIndex::Slot& cell : cells) {
        const std::uint32_t at = rank[cell.key & UINT32_MAX];
        if (at < totals.size()) totals[at] += cell.count;
    }
    const Distribution table(std::move(totals));

    SensitiveRisk risk{column_.name, column_.ordered, values_.size() - (empty_ ? 1 : 0), 0, 0, 0};
    if (cells.empty()) risk.t_max = 10'000;
    EntropyMinimum entropy;
    std::vector<ValueCount> filled;
    std::vector<ValueCount> all;
    for (std::size_t at = 0; at < cells.size();) {
        filled.clear();
        all.clear();
        const std::uint64_t one = cells[at].key >> 32U;
        for (; at < cells.size() && cells[at].key >> 32U == one; ++at) {
            const ValueCount count{rank[cells[at].key & UINT32_MAX], cells[at].count};
            all.push_back(count);
            if (!is_empty(cells[at])) filled.push_back(count);
        }
        const std::uint64_t distinct = std::max<std::size_t>(1, filled.size());
        risk.l_min = risk.l_min == 0 ? distinct : std::min(risk.l_min, distinct);
        entropy.add(filled);
        std::vector<ValueCount>& counts = column_.ordered ? filled : all;
        std::sort(counts.begin(), counts.end(),
                  [](const ValueCount& a, const ValueCount& b) { return a.rank < b.rank; });
        risk.t_max = std::max(risk.t_max,
                              column_.ordered ? table.ordered(counts) : table.variational(counts));
    }
    risk.entropy_l_min = entropy.thousandths();
    return risk;
}

}  // namespace pdx::privacy
