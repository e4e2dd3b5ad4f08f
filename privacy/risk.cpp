#include "privacy/risk.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "privacy/decimal.h"
#include "privacy/diversity.h"

namespace pdx::privacy {
namespace {

/// The values of one sensitive column, class by class.
class SensitiveCounts {
public:
    SensitiveCounts(SensitiveColumn column, Subjects subjects, MemoryBudget& budget)
        : column_(std::move(column)),
          budget_(&budget),
          values_(budget),
          cells_(budget) {
        if (subjects == Subjects::kByKey) seen_.emplace(budget);
    }

    void add(std::string_view text, const ClassCounts::Place& place, const HashKey& key) {
        const std::uint32_t value = index_of(trimmed(text), key);
        if (seen_) {
            FlatIndex::Slot& said = seen_->at(std::uint64_t{place.pair_index} << 32U | value);
            if (said.count != 0) return;
            said.count = 1;
        }
        ++cells_.at(std::uint64_t{place.class_index} << 32U | value).count;
    }

    SensitiveRisk finish();

private:
    std::uint32_t index_of(std::string_view text, const HashKey& key);
    std::vector<std::uint32_t> ranks() const;

    SensitiveColumn column_;
    MemoryBudget* budget_;
    FlatIndex values_;
    FlatIndex cells_;                ///< key: class index, value index
    std::optional<FlatIndex> seen_;  ///< key: pair index, value index
    std::vector<std::int64_t> numbers_;
    std::optional<std::uint32_t> empty_;
};

std::uint32_t SensitiveCounts::index_of(std::string_view text, const HashKey& key) {
    TupleHash hash(key);
    std::optional<std::int64_t> number;
    if (column_.ordered && !text.empty()) {
        number = parse_decimal(text);
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

/// Records whose slots are on their way from memory while others are hashed.
constexpr std::size_t kWaiting = 64;

}  // namespace

struct RiskMeter::State {
    State(RiskOptions chosen, const HashKey& hash_key)
        : options(std::move(chosen)),
          key(hash_key),
          budget(options.memory_bytes_max),
          classes(options.subjects, budget) {
        PDX_CHECK(options.k >= 1);
        for (const SensitiveColumn& column : options.sensitive) {
            sensitive.emplace_back(column, options.subjects, budget);
        }
    }

    /// Records that are persons and have no sensitive value can wait.
    void count(std::uint64_t class_hash) {
        classes.prefetch(class_hash);
        waiting.at(waiting_count++) = class_hash;
        if (waiting_count == kWaiting) count_waiting();
    }
    void count_waiting() {
        for (std::size_t i = 0; i < waiting_count; ++i) classes.add(waiting.at(i), 0);
        waiting_count = 0;
    }
    void check_width(std::size_t columns) {
        PDX_CHECK(columns > 0 && (width == 0 || width == columns));
        width = columns;
    }

    RiskOptions options;
    HashKey key;
    MemoryBudget budget;
    ClassCounts classes;
    std::vector<SensitiveCounts> sensitive;
    std::array<std::uint64_t, kWaiting> waiting{};
    std::size_t waiting_count = 0;
    std::size_t width = 0;
};

RiskMeter::RiskMeter(RiskOptions options, const HashKey& key)
    : state_(std::make_unique<State>(std::move(options), key)) {}
RiskMeter::~RiskMeter() = default;
RiskMeter::RiskMeter(RiskMeter&&) noexcept = default;
RiskMeter& RiskMeter::operator=(RiskMeter&&) noexcept = default;

void RiskMeter::add(std::span<const std::string_view> quasi, std::string_view subject,
                    std::span<const std::string_view> sensitive) {
    State& state = *state_;
    state.check_width(quasi.size());
    PDX_CHECK(sensitive.size() == state.sensitive.size());
    TupleHash hash(state.key);
    for (const std::string_view value : quasi) hash.add_text(value);
    const std::uint64_t class_hash = hash.finish();
    const bool by_key = state.options.subjects == Subjects::kByKey;
    if (!by_key && sensitive.empty()) return state.count(class_hash);
    std::uint64_t person = 0;
    if (by_key) {
        TupleHash subject_hash(state.key);
        subject_hash.add_text(trimmed(subject));
        person = subject_hash.finish();
    }
    const ClassCounts::Place place = state.classes.add(class_hash, person);
    for (std::size_t i = 0; i < sensitive.size(); ++i) {
        state.sensitive[i].add(sensitive[i], place, state.key);
    }
}

void RiskMeter::add_codes(std::span<const std::uint32_t> quasi) {
    State& state = *state_;
    state.check_width(quasi.size());
    PDX_CHECK(state.options.subjects == Subjects::kRecords && state.sensitive.empty());
    TupleHash hash(state.key);
    std::size_t i = 0;
    for (; i + 1 < quasi.size(); i += 2) {
        hash.add_word(std::uint64_t{quasi[i]} << 32U | quasi[i + 1]);
    }
    if (i < quasi.size()) hash.add_word(quasi[i]);
    state.count(hash.finish());
}

RiskReport RiskMeter::finish() {
    State& state = *state_;
    state.count_waiting();
    RiskReport report = state.classes.report(state.options.k, state.options.population_min);
    for (SensitiveCounts& column : state.sensitive) report.sensitive.push_back(column.finish());
    return report;
}

std::vector<ClassCounts::Member> RiskMeter::members() const { return state_->classes.members(); }

std::uint64_t RiskMeter::key_tag() const {
    TupleHash hash(state_->key);
    hash.add_text("pdx risk sketch");
    return hash.finish();
}

}  // namespace pdx::privacy
