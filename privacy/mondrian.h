#pragma once
/// Strict multidimensional Mondrian: cuts a table into boxes of at least k persons, each as narrow
/// as the data allow. The same input gives the same boxes; no chance is involved. Source: LeFevre,
/// DeWitt, Ramakrishnan, Mondrian Multidimensional K-Anonymity (2006). Here the cut is the one
/// between two values that divides the records most evenly, next to the median.
#include <cstdint>
#include <span>
#include <vector>

namespace pdx::privacy {

struct MondrianInput {
    std::uint32_t columns = 0;
    /// Shape: [records x columns]: dense numbers 0, 1, 2 ... in the order of the column's values.
    std::span<const std::uint32_t> codes;
    /// Shape: [records] a number for each person, or empty: each record is a person. Dense, too.
    std::span<const std::uint32_t> subjects;
    /// Shape: [sensitive columns][records] dense numbers of values; kNoValue counts as none.
    std::vector<std::span<const std::uint32_t>> sensitive;
    std::uint32_t k = 5;
    std::uint32_t l = 1;  ///< distinct values of each sensitive column in each box
};
inline constexpr std::uint32_t kNoValue = UINT32_MAX;

/// Codes, both included.
struct CodeRange {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    bool operator==(const CodeRange&) const = default;
};

struct Mondrian {
    std::vector<std::uint32_t> box_of;  ///< [record]
    std::vector<CodeRange> ranges;      ///< [boxes x columns]: what the box's records span
    std::uint32_t boxes = 0;
};

inline constexpr std::uint32_t kMondrianColumnsMax = 62;

/// Ensures: every box has at least k persons and l sensitive values; boxes do not overlap. A column
/// of more than 65,536 values is cut at 65,536 places.
/// Memory: 32 bytes a record up to 14 columns, then 64, 128; two thirds as much for cutting.
/// Requires: 1 to kMondrianColumnsMax columns, whole records, fewer than 2^31 of them, k and l at
/// least 1, a sensitive column where l > 1.
/// Throws: kConflict risk.too_few_persons when the table as a whole has fewer than k or l.
Mondrian generalise(const MondrianInput& input);

}  // namespace pdx::privacy
