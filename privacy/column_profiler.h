#pragma once
/// Counts about one column, and what they say when the column is looked at alone.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "privacy/classify.h"
#include "privacy/header.h"
#include "privacy/identifier_rules.h"
#include "privacy/kind.h"
#include "privacy/pattern_set.h"

namespace pdx::privacy {

/// Holds hashes and never a value.
class ColumnProfiler {
public:
    /// `patterns` may be null and must outlive the profiler.
    ColumnProfiler(std::string name, DeclaredColumn declared, const PatternSet* patterns = nullptr);

    /// `row`: which of the table's rows it is in, from 0; rows may be left out, and ascend.
    void add(std::string_view value, std::uint64_t row);
    ColumnClass classify() const;
    bool is_without_header() const { return !header_; }
    /// Years or months of account (2026, 202603, 2026-03), which are the same for everybody.
    bool is_of_periods() const { return values_ > 0 && size_max_ <= 7; }
    /// Nearly every value is the code of another organisation.
    bool is_key_of_organisations() const;

private:
    /// Of how many values how many agree.
    struct Agreement {
        std::uint64_t hits = 0;
        std::uint64_t total = 0;
    };

    std::int32_t share(std::uint64_t count) const;
    std::int32_t share_low(std::uint64_t count) const;
    std::uint64_t hits(Kind kind) const { return hits_.at(static_cast<std::size_t>(kind)); }
    bool is_distinct() const;
    bool is_few() const;
    bool is_mostly(std::uint64_t count) const;
    bool header_names(Kind kind) const { return header_ && header_->kind == kind; }
    bool header_is_vague() const;
    bool header_is_of_quantities() const;

    KindSet count_kinds(std::string_view value, std::string_view run);
    void count_shape(std::string_view value);
    void count_serial(std::string_view value, std::uint64_t row);
    void count_long_run(std::string_view run, bool is_id);

    ColumnClass undeclared() const;
    bool is_damaged() const;
    bool count_pattern(std::string_view value);
    std::optional<ColumnClass> by_pattern() const;
    std::optional<ColumnClass> by_damage() const;
    std::optional<ColumnClass> by_resident_id() const;
    std::optional<ColumnClass> by_sole_trader() const;
    std::optional<ColumnClass> by_identifier() const;
    std::optional<ColumnClass> by_person_words() const;
    std::optional<ColumnClass> by_names() const;
    std::optional<ColumnClass> by_places() const;
    std::optional<ColumnClass> by_serial() const;
    std::optional<ColumnClass> by_header() const;
    std::optional<ColumnClass> by_shape() const;
    bool resident_ids_are_chance() const;
    bool mobiles_are_told() const;
    bool header_fits(Kind kind) const;
    Agreement agreement(Kind kind) const;
    ColumnClass result(Kind kind, Agreement agreement, Evidence evidence) const;
    ColumnClass result(Kind kind, Evidence evidence) const;
    std::vector<Refusal> refusals(Kind chosen) const;
    std::optional<Refusal> refusal(const IdentifierRule& rule) const;

    std::string name_;
    DeclaredColumn declared_;
    std::optional<HeaderEvidence> header_;
    const PatternSet* patterns_;
    std::vector<std::uint64_t> pattern_hits_;  ///< by the number of the pattern
    std::vector<std::uint64_t> hits_;
    std::unordered_set<std::uint64_t> distinct_;
    std::uint64_t values_ = 0;
    std::uint64_t distinct_rows_ = 0;  ///< values seen while distinct_ still had room
    std::uint64_t eighteens_ = 0;      ///< runs of 18 letters and digits
    std::uint64_t id_numbers_ = 0;     ///< 18 digits that begin with a province
    std::uint64_t id_shaped_ = 0;      ///< those whose day holds, too
    std::uint64_t scientific_ = 0;     ///< 3.20211E+17
    std::uint64_t truncated_ = 0;      ///< 16 to 19 digits, zeros from the sixteenth on
    std::uint64_t truncated_ids_ = 0;  ///< of those, 18 digits with province and day
    std::uint64_t wide_octets_ = 0;    ///< IP addresses with a part of 100 or more
    std::uint64_t embedded_ = 0;       ///< an identifier inside a longer value
    std::uint64_t coordinates_ = 0;
    std::uint64_t counting_ = 0;   ///< whole numbers as far from the row's as the one before
    std::uint64_t ascending_ = 0;  ///< whole numbers above the one before
    std::uint64_t last_difference_ = 0;
    std::uint64_t last_number_ = 0;
    std::uint64_t decimals_ = 0;
    std::uint64_t long_texts_ = 0;
    std::size_t size_min_ = SIZE_MAX;
    std::size_t size_max_ = 0;
};

}  // namespace pdx::privacy
