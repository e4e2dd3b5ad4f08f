#pragma once
/// Re-identification risk of a table over its quasi-identifiers, in one pass. It holds hashes and
/// counts and never a value; figures are integers.
///
/// Prosecutor: somebody who knows that a person is in the table. Journalist: somebody who does not,
/// so the class that counts is the population's. Marketer: somebody who wants as many as possible.
/// Source: GB/T 42460-2023 annex D (k-anonymity); El Emam, Guide to the De-Identification of
/// Personal Health Information (2013), chapter 16.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/class_counts.h"
#include "privacy/sensitive_counts.h"
#include "privacy/tuple_hash.h"

namespace pdx::privacy {

struct RiskOptions {
    Subjects subjects = Subjects::kRecords;
    std::vector<SensitiveColumn> sensitive = {};
    std::uint32_t k = 5;               ///< Requires: at least 1
    std::uint32_t population_min = 0;  ///< see ClassCounts::report()
    std::uint64_t memory_bytes_max = std::uint64_t{64} << 20U;
};

/// With 64 MiB: 1.5 million classes without subjects, or 786,000 with a person each.
/// Thread: not shared.
class RiskMeter {
public:
    /// The key is secret and random; sketches that are to be joined need the same.
    RiskMeter(RiskOptions options, const HashKey& key);
    ~RiskMeter();
    RiskMeter(RiskMeter&&) noexcept;
    RiskMeter& operator=(RiskMeter&&) noexcept;

    /// One record. A class is a set of records that have the same texts in all columns. Where
    /// subjects are counted, all records without a subject count as one person's.
    /// Requires: the same count of quasi-identifiers every time, at least one; one sensitive value
    /// for each sensitive column. Throws: kTooLarge risk.too_large;
    /// after that the meter takes and tells nothing more.
    void add(std::span<const std::string_view> quasi, std::string_view subject,
             std::span<const std::string_view> sensitive);
    /// The same for columns that are numbers already. Requires: records are persons, no sensitive
    /// column.
    void add_codes(std::span<const std::uint32_t> quasi);

    /// Callable once. With subjects a person counts once for each value in a class, however many
    /// records say it.
    RiskReport finish();
    /// Who is in which class; see joint_risk.h. Requires: subjects are counted.
    std::vector<ClassCounts::Member> members() const;
    /// Tells sketches of different keys apart, and nothing else.
    std::uint64_t key_tag() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
