#pragma once
/// From sampled values, header and field dictionary to what a column is. One value proves little, a
/// column proves much: hit rates are compared with what random values would give.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// A reason, with the share of values that it rests on.
/// Shape of code: header_name, value_format, value_words, value_numbers, value_dates, value_few,
/// value_serial, value_embedded, sole_trader_code, spreadsheet_damage, no_values,
/// header_contradicted, declared_stricter, neighbours, undecided, pattern:NAME.
struct Evidence {
    std::string code;
    std::int32_t share_basis_points = 0;
    bool operator==(const Evidence&) const = default;
};

/// A kind that the column might have been, and why it is not.
/// Shape of code: chance_explains, too_few_values, share_too_small, header_contradicted (the name
/// says this kind, the values do not), other_fits_better.
struct Refusal {
    Kind kind = Kind::kUnknown;
    std::string code;
    std::int32_t share_basis_points = 0;   ///< of values that would be of this kind
    std::int32_t chance_basis_points = 0;  ///< that chance gives (identifier_rules.h)
    bool operator==(const Refusal&) const = default;
};

/// The reasons in words of both languages.
Text describe(const Evidence& evidence);
Text describe(const Refusal& refusal);

struct ColumnClass {
    std::string name;
    Kind kind = Kind::kUnknown;
    Sensitivity sensitivity = Sensitivity::kUnknown;
    /// Both ends of the 95 % interval (Wilson) of the share of values that agree with the kind. A
    /// header that names the kind counts as 20 more values that agree, a vague one as 4, one that
    /// names another kind as 20 that do not. The lower end is the confidence; 0 when undecided.
    std::int32_t confidence_basis_points = 0;
    std::int32_t confidence_high_basis_points = 0;
    std::vector<Evidence> evidence;
    std::optional<Kind> runner_up;
    std::vector<Refusal> refused;  ///< the nearest first, at most three
    std::uint64_t sampled = 0;     ///< values seen, without empty ones and words such as NULL
    bool operator==(const ColumnClass&) const = default;
};

/// Whether a person should look: the class is unknown, the interval is low or wide, or a stricter
/// kind was refused although its share is as large.
bool needs_review(const ColumnClass& column);
/// What that person should look at; empty texts when needs_review() is false.
Text review_advice(const ColumnClass& column);

/// What the field dictionary says about a column.
struct DeclaredColumn {
    std::string label;                    ///< may be empty
    std::optional<Sensitivity> declared;  ///< can only make the result stricter
};

class ColumnProfiler;
class PatternSet;

/// The sample: the first 2,000 records, then a keyed share that halves as the file grows, about
/// 20,000 of a million. Memory does not depend on the file.
class TableProfiler {
public:
    /// Requires: `declared` has the header's size or is empty. The seed keys the sample, so that
    /// nobody can place a value where it is not looked at. `patterns` may be null and must outlive
    /// the profiler.
    /// Throws: kInvalid csv.header_is_data when a header cell is itself an identifier.
    TableProfiler(std::span<const std::string_view> header,
                  std::span<const DeclaredColumn> declared, std::uint64_t seed,
                  const PatternSet* patterns = nullptr);
    ~TableProfiler();
    TableProfiler(TableProfiler&&) noexcept;
    TableProfiler& operator=(TableProfiler&&) noexcept;

    /// Requires: as many fields as the header.
    void add(std::span<const std::string_view> fields);
    /// Columns beside columns of persons are about persons, too: there dates, regions and what no
    /// header explains become stricter (evidence `neighbours`). Not where each row is another
    /// organisation, whose dates are its own.
    std::vector<ColumnClass> classify() const;
    std::uint64_t rows() const { return rows_; }
    std::uint64_t sampled() const { return sampled_; }

private:
    std::vector<ColumnProfiler> columns_;
    std::uint64_t seed_;
    std::uint64_t rows_ = 0;
    std::uint64_t sampled_ = 0;
};

}  // namespace pdx::privacy
