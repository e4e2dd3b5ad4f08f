#include "privacy/mondrian.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kLanes = 8;  ///< 16-bit numbers that the processor compares at once
constexpr std::uint32_t kPlaces = 65'536;

/// Counts different numbers without clearing anything between two counts.
class DistinctCount {
public:
    explicit DistinctCount(std::span<const std::uint32_t> numbers) : numbers_(numbers) {
        std::size_t size = 0;
        for (const std::uint32_t one : numbers) {
            if (one != kNoValue) size = std::max<std::size_t>(size, std::size_t{one} + 1);
        }
        stamps_.resize(size);
    }
    bool is_used() const { return !numbers_.empty(); }
    void begin() {
        if (++stamp_ == 0) {
            std::fill(stamps_.begin(), stamps_.end(), 0U);
            stamp_ = 1;
        }
        count_ = 0;
    }
    /// Returns: how many different numbers since begin().
    std::uint32_t add(std::uint32_t record) {
        if (numbers_[record] == kNoValue) return count_;
        std::uint32_t& seen = stamps_[numbers_[record]];
        count_ += seen != stamp_ ? 1 : 0;
        seen = stamp_;
        return count_;
    }

private:
    std::span<const std::uint32_t> numbers_;
    std::vector<std::uint32_t> stamps_;
    std::uint32_t stamp_ = 0;
    std::uint32_t count_ = 0;
};

/// A record on the move: its codes moved down by 32,768, then its number in the last two lanes.
template <std::size_t Blocks>
struct Row {
    static constexpr std::size_t kSize = Blocks * kLanes;
    alignas(16) std::array<std::int16_t, kSize> lane{};

    std::uint32_t record() const {
        std::uint32_t number = 0;
        std::memcpy(&number, &lane[kSize - 2], sizeof(number));
        return number;
    }
    void set_record(std::uint32_t number) {
        std::memcpy(&lane[kSize - 2], &number, sizeof(number));
    }
};

template <std::size_t Blocks>
class Cutter {
public:
    explicit Cutter(const MondrianInput& input);
    Mondrian run();

private:
    using R = Row<Blocks>;
    struct Bounds {
        R low;
        R high;
    };
    struct Box {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    /// Records up to `value` go left.
    struct Cut {
        std::int16_t value = 0;
        std::uint32_t left = 0;
    };
    struct Cuts {
        std::array<Cut, 2> best{};
        std::size_t count = 0;
    };

    std::uint32_t records() const { return static_cast<std::uint32_t>(rows_.size()); }
    Bounds bounds(const Box& box) const;
    bool is_enough(const R* begin, const R* end);
    bool is_enough_on_both(const Box& box, std::uint32_t column, const Cut& cut);
    Cuts most_even(const Box& box, std::uint32_t column, const Bounds& bounds);
    Cuts by_counting(const Box& box, std::uint32_t column, std::int16_t low, std::size_t width);
    Cuts by_selecting(const Box& box, std::uint32_t column);
    Cuts choose(std::uint32_t size, const Cut& below, const Cut& up_to) const;
    std::size_t by_width(const Bounds& bounds, std::array<std::uint32_t, R::kSize>& order) const;
    bool cut(const Box& box, const Bounds& bounds, std::uint32_t& middle);
    void divide(const Box& box, std::uint32_t column, const Cut& cut);
    void keep(const Box& box, const Bounds& bounds);

    const MondrianInput& input_;
    std::vector<R> rows_;
    std::vector<R> aside_;
    std::vector<std::uint32_t> widths_;   ///< [column] of the whole table
    std::vector<std::uint32_t> highest_;  ///< [column] the largest code
    std::vector<std::uint32_t> counts_;
    std::vector<std::int16_t> values_;
    DistinctCount subjects_;
    std::vector<DistinctCount> sensitive_;
    Mondrian result_;
};

template <std::size_t Blocks>
Cutter<Blocks>::Cutter(const MondrianInput& input)
    : input_(input),
      rows_(input.codes.size() / input.columns),
      highest_(input.columns),
      subjects_(input.subjects) {
    for (const auto& column : input.sensitive) {
        if (input.l > 1) sensitive_.emplace_back(column);
    }
    const std::uint32_t columns = input.columns;
    for (std::size_t i = 0; i < input.codes.size(); i += columns) {
        for (std::uint32_t c = 0; c < columns; ++c) {
            highest_[c] = std::max(highest_[c], input.codes[i + c]);
        }
    }
    const std::uint32_t* code = input.codes.data();
    for (std::uint32_t i = 0; i < records(); ++i) {
        for (std::uint32_t c = 0; c < columns; ++c, ++code) {
            const std::uint32_t place =
                highest_[c] < kPlaces ? *code
                                      : static_cast<std::uint32_t>(std::uint64_t{*code} *
                                                                   (kPlaces - 1) / highest_[c]);
            rows_[i].lane[c] = static_cast<std::int16_t>(static_cast<std::int32_t>(place) - 32'768);
        }
        rows_[i].set_record(i);
    }
    aside_.resize(rows_.size());
}

template <std::size_t Blocks>
auto Cutter<Blocks>::bounds(const Box& box) const -> Bounds {
    Bounds found{rows_[box.begin], rows_[box.begin]};
    for (std::uint32_t i = box.begin + 1; i < box.end; ++i) {
        const R& row = rows_[i];
        for (std::size_t lane = 0; lane < R::kSize; ++lane) {
            found.low.lane[lane] = std::min(found.low.lane[lane], row.lane[lane]);
            found.high.lane[lane] = std::max(found.high.lane[lane], row.lane[lane]);
        }
    }
    return found;
}

/// Whether these records may be a box.
template <std::size_t Blocks>
bool Cutter<Blocks>::is_enough(const R* begin, const R* end) {
    if (static_cast<std::size_t>(end - begin) < std::max(input_.k, input_.l)) return false;
    const auto reach = [&](DistinctCount& numbers, std::uint32_t enough) {
        numbers.begin();
        return std::any_of(begin, end,
                           [&](const R& row) { return numbers.add(row.record()) >= enough; });
    };
    return (!subjects_.is_used() || reach(subjects_, input_.k)) &&
           std::all_of(sensitive_.begin(), sensitive_.end(),
                       [&](DistinctCount& one) { return reach(one, input_.l); });
}

template <std::size_t Blocks>
bool Cutter<Blocks>::is_enough_on_both(const Box& box, std::uint32_t column, const Cut& cut) {
    const std::uint32_t size = box.end - box.begin;
    if (std::min(cut.left, size - cut.left) < std::max(input_.k, input_.l)) return false;
    if (!subjects_.is_used() && sensitive_.empty()) return true;
    divide(box, column, cut);
    const R* const middle = rows_.data() + box.begin + cut.left;
    return is_enough(rows_.data() + box.begin, middle) && is_enough(middle, rows_.data() + box.end);
}

/// `below`: the cut under the median value, `up_to`: the cut behind it.
template <std::size_t Blocks>
auto Cutter<Blocks>::choose(std::uint32_t size, const Cut& below, const Cut& up_to) const -> Cuts {
    const auto smaller_side = [size](const Cut& cut) {
        return std::min(cut.left, size - cut.left);
    };
    Cuts cuts{{up_to, below}, 2};
    if (smaller_side(below) > smaller_side(up_to)) std::swap(cuts.best[0], cuts.best[1]);
    while (cuts.count > 0 && smaller_side(cuts.best[cuts.count - 1]) == 0) --cuts.count;
    return cuts;
}

template <std::size_t Blocks>
auto Cutter<Blocks>::by_counting(const Box& box, std::uint32_t column, std::int16_t low,
                                 std::size_t width) -> Cuts {
    if (counts_.size() < width) counts_.resize(width);
    std::fill_n(counts_.begin(), width, 0U);
    for (std::uint32_t i = box.begin; i < box.end; ++i) {
        ++counts_[static_cast<std::size_t>(rows_[i].lane[column] - low)];
    }
    const std::uint32_t size = box.end - box.begin;
    std::uint32_t before = 0;
    std::size_t at = 0;
    while (before + counts_[at] <= (size - 1) / 2) before += counts_[at++];
    const auto median = static_cast<std::int16_t>(low + static_cast<int>(at));
    return choose(size, {static_cast<std::int16_t>(median - 1), before},
                  {median, before + counts_[at]});
}

template <std::size_t Blocks>
auto Cutter<Blocks>::by_selecting(const Box& box, std::uint32_t column) -> Cuts {
    const std::uint32_t size = box.end - box.begin;
    values_.resize(size);
    for (std::uint32_t i = 0; i < size; ++i) values_[i] = rows_[box.begin + i].lane[column];
    const auto middle = values_.begin() + (size - 1) / 2;
    std::nth_element(values_.begin(), middle, values_.end());
    const std::int16_t median = *middle;
    std::uint32_t before = 0;
    std::uint32_t up_to = 0;
    for (const std::int16_t value : values_) {
        before += value < median ? 1 : 0;
        up_to += value <= median ? 1 : 0;
    }
    return choose(size, {static_cast<std::int16_t>(median - 1), before}, {median, up_to});
}

template <std::size_t Blocks>
auto Cutter<Blocks>::most_even(const Box& box, std::uint32_t column, const Bounds& bounds) -> Cuts {
    const std::int16_t low = bounds.low.lane[column];
    const int span = bounds.high.lane[column] - low;
    const std::size_t width = static_cast<std::size_t>(span) + 1;
    return width <= 4 * std::size_t{box.end - box.begin} ? by_counting(box, column, low, width)
                                                         : by_selecting(box, column);
}

/// Columns that can be cut, the relatively widest first, then the one that stands first.
template <std::size_t Blocks>
std::size_t Cutter<Blocks>::by_width(const Bounds& bounds,
                                     std::array<std::uint32_t, R::kSize>& order) const {
    std::array<std::uint32_t, R::kSize> width{};
    std::size_t count = 0;
    for (std::uint32_t c = 0; c < input_.columns; ++c) {
        width[c] = static_cast<std::uint32_t>(bounds.high.lane[c] - bounds.low.lane[c]);
        if (width[c] == 0) continue;
        std::size_t at = count++;
        for (; at > 0; --at) {
            const std::uint32_t other = order[at - 1];
            if (std::uint64_t{width[other]} * widths_[c] >=
                std::uint64_t{width[c]} * widths_[other]) {
                break;
            }
            order[at] = other;
        }
        order[at] = c;
    }
    return count;
}

template <std::size_t Blocks>
bool Cutter<Blocks>::cut(const Box& box, const Bounds& bounds, std::uint32_t& middle) {
    std::array<std::uint32_t, R::kSize> order{};
    const std::size_t count = by_width(bounds, order);
    for (std::size_t i = 0; i < count; ++i) {
        const Cuts cuts = most_even(box, order[i], bounds);
        for (std::size_t j = 0; j < cuts.count; ++j) {
            if (!is_enough_on_both(box, order[i], cuts.best[j])) continue;
            divide(box, order[i], cuts.best[j]);
            middle = box.begin + cuts.best[j].left;
            return true;
        }
    }
    return false;
}

/// Keeps the order on both sides, and takes no branch on the data.
template <std::size_t Blocks>
void Cutter<Blocks>::divide(const Box& box, std::uint32_t column, const Cut& cut) {
    R* left = rows_.data() + box.begin;
    R* right = aside_.data();
    for (const R *row = left, *end = rows_.data() + box.end; row != end; ++row) {
        const R copy = *row;
        const bool goes_left = copy.lane[column] <= cut.value;
        *left = copy;
        *right = copy;
        left += goes_left ? 1 : 0;
        right += goes_left ? 0 : 1;
    }
    std::copy(aside_.data(), right, left);
}

template <std::size_t Blocks>
void Cutter<Blocks>::keep(const Box& box, const Bounds& bounds) {
    for (std::uint32_t i = box.begin; i < box.end; ++i) {
        result_.box_of[rows_[i].record()] = result_.boxes;
    }
    ++result_.boxes;
    for (std::uint32_t c = 0; c < input_.columns; ++c) {
        CodeRange range{static_cast<std::uint32_t>(bounds.low.lane[c] + 32'768),
                        static_cast<std::uint32_t>(bounds.high.lane[c] + 32'768)};
        if (highest_[c] >= kPlaces) {
            range = {UINT32_MAX, 0};
            for (std::uint32_t i = box.begin; i < box.end; ++i) {
                const std::size_t at = std::size_t{rows_[i].record()} * input_.columns + c;
                range.low = std::min(range.low, input_.codes[at]);
                range.high = std::max(range.high, input_.codes[at]);
            }
        }
        result_.ranges.push_back(range);
    }
}

template <std::size_t Blocks>
Mondrian Cutter<Blocks>::run() {
    if (rows_.empty() || !is_enough(rows_.data(), rows_.data() + rows_.size())) {
        throw conflict("risk.too_few_persons",
                       {"The table has fewer persons, or fewer sensitive values, than one class "
                        "must have.",
                        "全表的人数或敏感取值数少于一个等价类的下限。"});
    }
    result_.box_of.resize(rows_.size());
    std::vector<Box> open{{0, records()}};
    while (!open.empty()) {
        const Box box = open.back();
        open.pop_back();
        const Bounds found = bounds(box);
        if (widths_.empty()) {
            for (std::uint32_t c = 0; c < input_.columns; ++c) {
                widths_.push_back(
                    static_cast<std::uint32_t>(found.high.lane[c] - found.low.lane[c]));
            }
        }
        std::uint32_t middle = 0;
        const bool divisible = box.end - box.begin >= 2 * std::uint64_t{input_.k};
        if (divisible && cut(box, found, middle)) {
            open.push_back({middle, box.end});
            open.push_back({box.begin, middle});
        } else {
            keep(box, found);
        }
    }
    return std::move(result_);
}

}  // namespace

Mondrian generalise(const MondrianInput& input) {
    PDX_CHECK(input.columns >= 1 && input.columns <= kMondrianColumnsMax);
    PDX_CHECK(input.codes.size() % input.columns == 0 && input.k >= 1 && input.l >= 1);
    const std::size_t records = input.codes.size() / input.columns;
    PDX_CHECK(records >> 31U == 0);
    PDX_CHECK(input.subjects.empty() || input.subjects.size() == records);
    PDX_CHECK(input.l == 1 || !input.sensitive.empty());
    for (const auto& column : input.sensitive) PDX_CHECK(column.size() == records);
    const std::size_t lanes = input.columns + 2;
    if (lanes <= kLanes) return Cutter<1>(input).run();
    if (lanes <= 2 * kLanes) return Cutter<2>(input).run();
    if (lanes <= 4 * kLanes) return Cutter<4>(input).run();
    return Cutter<8>(input).run();
}

}  // namespace pdx::privacy
