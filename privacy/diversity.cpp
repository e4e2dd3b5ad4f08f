#include "privacy/diversity.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace pdx::privacy {
namespace {

__extension__ using Wide128 = unsigned __int128;

constexpr unsigned kLogBits = 32;

std::uint64_t log2_ceiling(std::uint64_t n) {
    return log2_floor(n) + (std::has_single_bit(n) ? 0 : 2);
}

std::uint64_t total_of(std::span<const ValueCount> counts) {
    std::uint64_t total = 0;
    for (const ValueCount& one : counts) total += one.count;
    return total;
}

std::uint64_t difference(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

std::uint32_t basis_points_up(Wide128 numerator, Wide128 denominator) {
    if (denominator == 0) return 0;
    return static_cast<std::uint32_t>((numerator * 10'000 + denominator - 1) / denominator);
}

}  // namespace

/// Digit by digit: the square of a number in [1, 2) is at least 2 exactly when the next binary
/// digit of its logarithm is 1. Cutting off can only make the result smaller.
std::uint64_t log2_floor(std::uint64_t n) {
    PDX_CHECK(n != 0 && n >> 63U == 0);
    const auto whole = static_cast<unsigned>(std::bit_width(n)) - 1;
    std::uint64_t result = whole;
    std::uint64_t mantissa = n << (63 - whole);  // Unit: 2^-63
    for (unsigned i = 0; i < kLogBits; ++i) {
        const Wide128 square = Wide128{mantissa} * mantissa;
        const bool digit = (square >> 127U) != 0;
        mantissa = static_cast<std::uint64_t>(square >> (digit ? 64U : 63U));
        result = result << 1U | (digit ? 1U : 0U);
    }
    return result;
}

void EntropyMinimum::add(std::span<const ValueCount> counts) {
    any_ = true;
    const bool even = std::all_of(counts.begin(), counts.end(), [&](const ValueCount& one) {
        return one.count == counts.front().count;
    });
    if (even) {
        even_values_ =
            std::min<std::uint64_t>(even_values_, std::max<std::size_t>(1, counts.size()));
        return;
    }
    const std::uint64_t total = total_of(counts);
    Wide128 sum = 0;
    for (const ValueCount& one : counts) sum += Wide128{log2_ceiling(one.count)} * one.count;
    const auto mean = static_cast<std::uint64_t>((sum + total - 1) / total);
    const std::uint64_t whole = log2_floor(total);
    uneven_log2_ = std::min(uneven_log2_, whole > mean ? whole - mean : 0);
}

std::uint64_t EntropyMinimum::thousandths() const {
    constexpr std::uint64_t kOne = 1000;
    if (!any_) return 0;
    std::uint64_t result = even_values_ == UINT64_MAX ? UINT64_MAX : even_values_ * kOne;
    if (uneven_log2_ == UINT64_MAX) return result;
    // The largest x with log2(x / 1000) certainly not above the entropy.
    std::uint64_t least = kOne;
    std::uint64_t beyond = (kOne << 32U) + 1;
    while (beyond - least > 1) {
        const std::uint64_t middle = least + (beyond - least) / 2;
        (log2_ceiling(middle) <= uneven_log2_ + log2_floor(kOne) ? least : beyond) = middle;
    }
    return std::min(result, least);
}

Distribution::Distribution(std::vector<std::uint32_t> counts) : counts_(std::move(counts)) {
    std::uint64_t total = 0;
    std::uint64_t sum = 0;
    for (const std::uint32_t count : counts_) {
        sums_.push_back(sum);
        cumulated_.push_back(total += count);
        sum += total;
    }
    PDX_CHECK(total >> 32U == 0);
    sums_.push_back(sum);
}

std::uint32_t Distribution::variational(std::span<const ValueCount> counts) const {
    if (counts.empty()) return 0;
    const std::uint64_t all = cumulated_.back();
    const std::uint64_t own = total_of(counts);
    std::uint64_t elsewhere = all;
    Wide128 sum = 0;
    for (const ValueCount& one : counts) {
        sum += difference(one.count * all, own * counts_[one.rank]);
        elsewhere -= counts_[one.rank];
    }
    sum += Wide128{own} * elsewhere;
    return basis_points_up(sum, Wide128{2} * own * all);
}

/// Between two values of the class its cumulated share stands still and the table's grows, so the
/// sign of the difference changes once at most: two sums for each value of the class.
std::uint32_t Distribution::ordered(std::span<const ValueCount> counts) const {
    if (counts.empty()) return 0;
    const std::uint64_t all = cumulated_.back();
    const std::uint64_t own = total_of(counts);
    const std::size_t last = cumulated_.size() - 1;
    std::uint64_t cumulated = 0;
    std::size_t begin = 0;
    Wide128 sum = 0;
    for (std::size_t i = 0; i <= counts.size(); ++i) {
        const std::size_t end = i < counts.size() ? counts[i].rank : last;
        const std::uint64_t level = cumulated * all;
        const auto from = cumulated_.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = cumulated_.begin() + static_cast<std::ptrdiff_t>(std::max(begin, end));
        const auto above = static_cast<std::size_t>(
            std::partition_point(from, to, [&](std::uint64_t one) { return own * one <= level; }) -
            cumulated_.begin());
        const std::size_t stop = std::max(begin, end);
        sum += Wide128{level} * (above - begin) - Wide128{own} * (sums_[above] - sums_[begin]);
        sum += Wide128{own} * (sums_[stop] - sums_[above]) - Wide128{level} * (stop - above);
        begin = stop;
        if (i < counts.size()) cumulated += counts[i].count;
    }
    return basis_points_up(sum, Wide128{own} * all * last);
}

}  // namespace pdx::privacy
