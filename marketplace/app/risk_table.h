#pragma once
/// A file as a table of quasi-identifiers: which columns those are, measuring it, and the
/// generalised file that may leave instead.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/coded_column.h"
#include "privacy/csv.h"
#include "privacy/file_scan.h"
#include "privacy/mondrian.h"
#include "privacy/risk.h"
#include "privacy/risk_judge.h"

namespace pdx::app {

/// Names of columns as somebody typed them.
struct RiskColumnNames {
    std::vector<std::string> quasi;  ///< empty: what classification takes for quasi-identifiers
    std::string subject;             ///< may be empty
    std::vector<std::string> sensitive;
};

/// Positions in the file.
struct RiskColumns {
    std::vector<std::size_t> quasi;
    std::optional<std::size_t> subject;
    std::vector<std::size_t> sensitive;
    bool by_class = false;  ///< quasi was not typed
};

/// Throws: kInvalid risk.column_missing; as complete_columns().
RiskColumns choose_columns(const privacy::FileReport& file, const RiskColumnNames& names);
/// Without quasi-identifiers those that classification takes for such.
/// Throws: kInvalid risk.column_missing, risk.column_twice, risk.no_quasi_identifiers,
/// risk.too_many_columns.
RiskColumns complete_columns(const privacy::FileReport& file, RiskColumns columns);

/// The whole file, which somebody may want to hand over: columns that were typed are decided, free
/// text and what nobody could classify are not. A person's pseudonym that was named as the subject
/// is no direct identifier.
privacy::TableContent whole_content(const privacy::FileReport& file, const RiskColumns& columns);
/// Only the generalised columns and the sensitive ones.
privacy::TableContent generalised_content(const privacy::FileReport& file,
                                          const RiskColumns& columns);

/// A table, as it is or as it was generalised, and what was decided about it.
struct RiskFinding {
    privacy::RiskReport report;
    privacy::TableContent content;
    privacy::RiskJudgement judgement;
    privacy::DeidentificationLevel level = privacy::DeidentificationLevel::kIdentified;
};

RiskFinding decide(privacy::RiskReport report, const privacy::TableContent& content,
                   const privacy::RiskLimits& limits, std::uint32_t threshold_basis_points);

/// Measures records as they come. Thread: not shared.
class TableMeter {
public:
    TableMeter(const privacy::FileReport& file, RiskColumns columns, privacy::RiskOptions options);

    void add(std::span<const std::string_view> fields);
    privacy::RiskReport finish() { return meter_.finish(); }

private:
    RiskColumns columns_;
    privacy::RiskMeter meter_;
    std::vector<std::string_view> quasi_;
    std::vector<std::string_view> sensitive_;
};

/// A table in memory as numbers, cut into boxes, and the records as their boxes read.
/// Memory: with nine quasi-identifiers up to 160 bytes a record, and the different values.
class TableGeneraliser {
public:
    TableGeneraliser(const privacy::FileReport& file, RiskColumns columns,
                     std::uint64_t memory_bytes_max);

    /// Throws: kTooLarge risk.too_large.
    void add(std::span<const std::string_view> fields);
    /// After the last record. Throws: kConflict risk.too_few_persons.
    void cut(std::uint32_t k, std::uint32_t l);
    std::uint32_t boxes() const { return cut_.boxes; }

    /// Positions of the columns that are written, in the order of the file.
    const std::vector<std::size_t>& written() const { return written_; }
    /// Replaces the quasi-identifiers of record 0, 1 ... by the ranges of its box. Valid until the
    /// next call.
    std::vector<std::string_view> generalised(std::uint64_t record,
                                              std::span<const std::string_view> fields);

private:
    RiskColumns columns_;
    std::vector<std::size_t> written_;
    std::unique_ptr<privacy::MemoryBudget> budget_;
    std::vector<privacy::CodedColumn> quasi_;
    std::vector<privacy::CodedColumn> sensitive_;
    std::optional<privacy::CodedColumn> subject_;
    std::string spelling_;  ///< buffer of person_of()
    std::vector<std::uint32_t> codes_;
    std::vector<std::uint32_t> subject_codes_;
    std::vector<std::vector<std::uint32_t>> sensitive_codes_;
    privacy::Mondrian cut_;
    std::vector<std::string> texts_;
};

}  // namespace pdx::app
