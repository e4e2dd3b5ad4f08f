#pragma once
/// Equivalence classes and the persons in them, by hash: what every figure of risk is made of.
/// Memory: 16 bytes a class, with subjects 16 more for each subject and each pair of class and
/// subject; tables are three eighths to three quarters full.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "privacy/flat_index.h"

namespace pdx::privacy {

/// A share. Ensures after of(): lowest terms; a share of nothing is 1/1, because what is unknown
/// counts as the worst.
struct Ratio {
    std::uint64_t numerator = 1;
    std::uint64_t denominator = 1;

    static Ratio of(std::uint64_t numerator, std::uint64_t denominator);
    /// Rounded up.
    std::uint64_t basis_points() const;
    bool operator==(const Ratio&) const = default;
};

/// Classes of a size from `least` to below the next band's.
struct SizeBand {
    std::uint64_t least = 1;
    std::uint64_t classes = 0;
    std::uint64_t members = 0;  ///< persons in them, once for each of their classes
    bool operator==(const SizeBand&) const = default;
};
inline constexpr std::array<std::uint64_t, 9> kSizeBands{1, 2, 3, 5, 10, 20, 50, 100, 1000};

/// One sensitive column. Empty cells: they are no value for l; a class that has nothing else has
/// l = 1. For t they are a category of their own, and left out where values are ordered.
struct SensitiveRisk {
    std::string name;
    bool ordered = false;             ///< t is measured over ordered numbers
    std::uint64_t distinct = 0;       ///< values in the table
    std::uint64_t l_min = 0;          ///< distinct values in the poorest class
    std::uint64_t entropy_l_min = 0;  ///< Unit: thousandths; never above the true value
    std::uint32_t t_max = 10'000;     ///< Unit: basis points, rounded up
    bool operator==(const SensitiveRisk&) const = default;
};

/// A class's size is its number of distinct persons. Where the table has no column of subjects each
/// record is a person.
struct RiskReport {
    std::uint64_t k = 0;  ///< what "small" means below
    std::uint64_t records = 0;
    std::uint64_t subjects = 0;
    std::uint64_t members = 0;  ///< pairs of person and class
    std::uint64_t classes = 0;
    std::uint64_t size_min = 0;        ///< the k of the table
    std::uint64_t small_records = 0;   ///< in classes of fewer than k
    std::uint64_t small_subjects = 0;  ///< in at least one class of fewer than k
    std::uint64_t unique_classes = 0;  ///< of one person
    Ratio prosecutor_highest;          ///< 1 / size_min
    Ratio prosecutor_average;          ///< classes / members
    Ratio journalist_highest;          ///< against the population
    Ratio marketer;                    ///< expected share that is found, against the population
    std::array<SizeBand, kSizeBands.size()> sizes{};
    std::vector<SensitiveRisk> sensitive;
};

enum class Subjects { kRecords, kByKey };

/// Thread: not shared.
class ClassCounts {
public:
    ClassCounts(Subjects subjects, MemoryBudget& budget);

    struct Place {
        std::uint32_t class_index = 0;
        std::uint32_t pair_index = 0;  ///< with kByKey, otherwise 0
    };
    /// One record. `subject` is read with kByKey only.
    /// Throws: kTooLarge risk.too_large.
    Place add(std::uint64_t class_hash, std::uint64_t subject);
    void prefetch(std::uint64_t class_hash) const { classes_.prefetch(class_hash); }

    /// `population_min`: in the population that the persons are drawn from every class has at least
    /// so many; 0: the table is the population. Unit of `k`: persons.
    RiskReport report(std::uint32_t k, std::uint32_t population_min) const;

    struct Member {
        std::uint64_t subject = 0;
        std::uint64_t class_hash = 0;
        auto operator<=>(const Member&) const = default;
    };
    /// Sorted, none twice. Requires: kByKey.
    std::vector<Member> members() const;

private:
    std::uint64_t size_of(const FlatIndex::Slot& one) const;
    std::uint64_t count_small_subjects(std::uint32_t k) const;

    Subjects mode_;
    MemoryBudget* budget_;
    std::uint64_t records_ = 0;
    FlatIndex classes_;
    std::optional<FlatIndex> subjects_;
    std::optional<FlatIndex> pairs_;    ///< key: class index, subject index
    std::vector<std::uint32_t> sizes_;  ///< [class index], with kByKey
};

}  // namespace pdx::privacy
