#pragma once
/// From sampled values, header and field dictionary to what a column is. One value proves little, a
/// column proves much: hit rates are compared with what random values would give.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "privacy/header.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// A reason, with the share of non-empty values that it rests on.
/// Shape of code: header_name, value_format, value_words, value_numbers, value_dates, value_few,
/// value_embedded, sole_trader_code, no_values, header_contradicted, declared_stricter, undecided.
struct Evidence {
    std::string code;
    std::int32_t share_basis_points = 0;
    bool operator==(const Evidence&) const = default;
};

/// The reason in words of both languages.
Text describe(const Evidence& evidence);

struct ColumnClass {
    std::string name;
    Kind kind = Kind::kUnknown;
    Sensitivity sensitivity = Sensitivity::kUnknown;
    std::int32_t confidence_basis_points = 0;
    std::vector<Evidence> evidence;
    std::optional<Kind> runner_up;
    std::uint64_t sampled = 0;  ///< non-empty values seen
    bool operator==(const ColumnClass&) const = default;
};

/// What the field dictionary says about a column.
struct DeclaredColumn {
    std::string label;                    ///< may be empty
    std::optional<Sensitivity> declared;  ///< can only make the result stricter
};

/// Counts about one column; holds hashes and never a value.
class ColumnProfiler {
public:
    ColumnProfiler(std::string name, DeclaredColumn declared);

    void add(std::string_view value);
    ColumnClass classify() const;

private:
    std::int32_t share(std::uint64_t count) const;
    std::uint64_t hits(Kind kind) const { return hits_.at(static_cast<std::size_t>(kind)); }
    bool is_distinct() const;
    bool is_few() const;
    void count_shape(std::string_view value);
    ColumnClass undeclared() const;
    std::optional<ColumnClass> by_identifier() const;
    std::optional<ColumnClass> by_words() const;
    std::optional<ColumnClass> by_header() const;
    std::optional<ColumnClass> by_shape() const;
    bool header_fits(Kind kind) const;
    ColumnClass result(Kind kind, std::int32_t confidence, Evidence evidence) const;

    std::string name_;
    DeclaredColumn declared_;
    std::optional<HeaderEvidence> header_;
    std::vector<std::uint64_t> hits_;
    std::unordered_set<std::uint64_t> distinct_;
    std::uint64_t values_ = 0;
    std::uint64_t distinct_rows_ = 0;  ///< values seen while distinct_ still had room
    std::uint64_t id_shaped_ = 0;      ///< province and day of an 18-digit number hold
    std::uint64_t embedded_ = 0;       ///< an identifier inside a longer value
    std::uint64_t coordinates_ = 0;
    std::uint64_t decimals_ = 0;
    std::uint64_t sexes_ = 0;
    std::uint64_t long_texts_ = 0;
    std::size_t size_min_ = SIZE_MAX;
    std::size_t size_max_ = 0;
};

/// The sample: the first 2,000 records, then a keyed share that halves as the file grows, about
/// 20,000 of a million. Memory does not depend on the file.
class TableProfiler {
public:
    /// Requires: `declared` has the header's size or is empty. The seed keys the sample, so that
    /// nobody can place a value where it is not looked at.
    /// Throws: kInvalid csv.header_is_data when a header cell is itself an identifier.
    TableProfiler(std::span<const std::string_view> header,
                  std::span<const DeclaredColumn> declared, std::uint64_t seed);

    /// Requires: as many fields as the header.
    void add(std::span<const std::string_view> fields);
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
