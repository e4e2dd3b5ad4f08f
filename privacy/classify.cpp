#include "privacy/classify.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "privacy/column_profiler.h"
#include "privacy/scanner.h"

namespace pdx::privacy {
namespace {

constexpr std::uint64_t kFirstRows = 2'000;

/// Source: Steele, Lea and Flood 2014 (SplitMix64), as a keyed choice of records.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

/// A column that tells that the rows are about persons. Numbers of offices and of devices do not:
/// a list of stations has a telephone, too.
bool is_of_persons(const ColumnClass& column) {
    switch (column.kind) {
        case Kind::kLandline:
        case Kind::kIpAddress:
        case Kind::kMacAddress:
        case Kind::kImei:
        case Kind::kMeid:
        case Kind::kPropertyUnit: return false;
        case Kind::kMaskedId:
        case Kind::kBirthDate:
        case Kind::kSex:
        case Kind::kEthnicity:
        case Kind::kAge:
        case Kind::kDiagnosis:
        case Kind::kBeliefOrStatus: return true;
        default: return column.sensitivity == Sensitivity::kDirectIdentifier;
    }
}

/// The class of a column beside columns of persons. When somebody was somewhere and where he lives
/// tells who he is; what nobody named may be a salary.
Sensitivity beside_persons(const ColumnClass& column, const ColumnProfiler& profiler) {
    const bool without_header = profiler.is_without_header();
    switch (column.kind) {
        case Kind::kDate:
            return profiler.is_of_periods() ? column.sensitivity : Sensitivity::kQuasiIdentifier;
        case Kind::kRegion: return Sensitivity::kQuasiIdentifier;
        case Kind::kCategory:
        case Kind::kFlag:
            return without_header ? Sensitivity::kQuasiIdentifier : column.sensitivity;
        case Kind::kMeasure: return without_header ? Sensitivity::kUnknown : column.sensitivity;
        default: return column.sensitivity;
    }
}

}  // namespace

TableProfiler::TableProfiler(std::span<const std::string_view> header,
                             std::span<const DeclaredColumn> declared, std::uint64_t seed,
                             const PatternSet* patterns)
    : seed_(seed) {
    PDX_CHECK(declared.empty() || declared.size() == header.size());
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (find_identifier(header[i])) {
            ErrorDetail detail;
            detail.pointer = "header, column " + std::to_string(i + 1);
            throw invalid("csv.header_is_data",
                          {"The first line must hold the names of the columns; column " +
                               std::to_string(i + 1) + " holds personal data.",
                           "首行应为列名；第 " + std::to_string(i + 1) + " 列为个人数据。"},
                          std::move(detail));
        }
        columns_.emplace_back(std::string(header[i]),
                              declared.empty() ? DeclaredColumn{} : declared[i], patterns);
    }
}

void TableProfiler::add(std::span<const std::string_view> fields) {
    PDX_CHECK(fields.size() == columns_.size());
    const std::uint64_t row = rows_++;
    // The share halves every time another 2,000 records are expected to have been taken.
    std::uint64_t reach = kFirstRows * 2;
    std::uint64_t mask = 0;
    while (row >= reach && mask < (std::uint64_t{1} << 40U)) {
        mask = mask * 2 + 1;
        reach *= 2;
    }
    if (row >= kFirstRows && (mix(seed_ ^ row) & mask) != 0) return;
    ++sampled_;
    for (std::size_t i = 0; i < fields.size(); ++i) columns_[i].add(fields[i], row);
}

std::vector<ColumnClass> TableProfiler::classify() const {
    std::vector<ColumnClass> classes;
    classes.reserve(columns_.size());
    for (const ColumnProfiler& column : columns_) classes.push_back(column.classify());
    const bool of_persons = std::any_of(classes.begin(), classes.end(), is_of_persons);
    const bool of_organisations =
        std::any_of(columns_.begin(), columns_.end(),
                    [](const ColumnProfiler& column) { return column.is_key_of_organisations(); });
    if (!of_persons || of_organisations) return classes;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        ColumnClass& column = classes[i];
        if (column.sensitivity > Sensitivity::kConfidential) continue;
        const Sensitivity beside = beside_persons(column, columns_[i]);
        if (beside <= column.sensitivity) continue;
        column.sensitivity = beside;
        column.evidence.push_back({"neighbours", 0});
    }
    return classes;
}

TableProfiler::~TableProfiler() = default;
TableProfiler::TableProfiler(TableProfiler&&) noexcept = default;
TableProfiler& TableProfiler::operator=(TableProfiler&&) noexcept = default;

}  // namespace pdx::privacy
