#pragma once
/// l-diversity and t-closeness of one class, in integers.
/// Source: Machanavajjhala et al., l-Diversity (2006); Li, Li, Venkatasubramanian, t-Closeness
/// (2007).
#include <cstdint>
#include <span>
#include <vector>

namespace pdx::privacy {

/// How often one value occurs in a class.
struct ValueCount {
    std::uint32_t rank = 0;   ///< of the value in its Distribution
    std::uint32_t count = 0;  ///< at least 1
};

/// log2 of n. Unit: 2^-32. Requires: 1 <= n < 2^63. Ensures: not above the true value and less than
/// 2 units below it; exact for powers of two.
std::uint64_t log2_floor(std::uint64_t n);

/// The smallest entropy l = exp(entropy) over classes.
class EntropyMinimum {
public:
    /// Requires: all counts at least 1 and their sum below 2^32. An empty class has l = 1.
    void add(std::span<const ValueCount> counts);
    /// Unit: thousandths. Ensures: never above the true value; 0 when nothing was added; exact
    /// where the smallest class has all its values equally often.
    std::uint64_t thousandths() const;

private:
    bool any_ = false;
    std::uint64_t even_values_ = UINT64_MAX;  ///< of classes whose values are equally frequent
    std::uint64_t uneven_log2_ = UINT64_MAX;  ///< Unit: 2^-32
};

/// The values of a whole table, against which t is measured.
class Distribution {
public:
    /// By rank; ranks without values may be among them. Requires: a sum below 2^32.
    explicit Distribution(std::vector<std::uint32_t> counts);

    /// Half the sum of the differences of shares: the distance of categories.
    /// Requires: ranks ascending, none twice. Unit: basis points, rounded up.
    std::uint32_t variational(std::span<const ValueCount> counts) const;
    /// The earth mover's distance of ordered values, one step between neighbours, divided by the
    /// longest way. Requires: ranks ascending, none twice. Unit: basis points, rounded up.
    std::uint32_t ordered(std::span<const ValueCount> counts) const;

private:
    std::vector<std::uint32_t> counts_;
    std::vector<std::uint64_t> cumulated_;  ///< [rank]: counts up to this rank
    std::vector<std::uint64_t> sums_;       ///< [rank]: cumulated_ below this rank, summed
};

}  // namespace pdx::privacy
