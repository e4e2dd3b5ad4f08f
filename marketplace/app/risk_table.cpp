#include "marketplace/app/risk_table.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/crypto.h"
#include "base/error.h"
#include "privacy/person_key.h"

namespace pdx::app {
namespace {

using privacy::Kind;
using privacy::Sensitivity;

privacy::ValueForm form_of(Kind kind) {
    switch (kind) {
        case Kind::kRegion:
        case Kind::kCode:
        case Kind::kDiagnosis: return privacy::ValueForm::kCode;
        case Kind::kDate:
        case Kind::kBirthDate: return privacy::ValueForm::kDate;
        default: return privacy::ValueForm::kNumber;  // becomes kCategory where it does not fit
    }
}

std::size_t position_of(const privacy::FileReport& file, const std::string& name) {
    for (std::size_t i = 0; i < file.columns.size(); ++i) {
        if (trimmed(file.columns[i].column.name) == trimmed(name)) return i;
    }
    throw invalid("risk.column_missing", {"The file has no column named " + name + ".",
                                          "文件中没有名为 " + name + " 的列。"});
}

bool holds(const std::vector<std::size_t>& list, std::size_t one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

std::vector<std::size_t> all_of(const RiskColumns& columns) {
    std::vector<std::size_t> all = columns.quasi;
    all.insert(all.end(), columns.sensitive.begin(), columns.sensitive.end());
    if (columns.subject) all.push_back(*columns.subject);
    return all;
}

void refuse_twice(const privacy::FileReport& file, const RiskColumns& columns) {
    std::vector<std::size_t> all = all_of(columns);
    std::sort(all.begin(), all.end());
    const auto twice = std::adjacent_find(all.begin(), all.end());
    if (twice == all.end()) return;
    const std::string& name = file.columns[*twice].column.name;
    throw invalid("risk.column_twice",
                  {"Column " + name + " was named twice.", "列 " + name + " 被重复指定。"});
}

void count(const privacy::ColumnClass& column, bool decided, privacy::TableContent& content) {
    const bool undecided =
        column.sensitivity == Sensitivity::kUnknown || column.sensitivity == Sensitivity::kFreeText;
    if (column.sensitivity == Sensitivity::kDirectIdentifier) ++content.direct_columns;
    if (undecided && !decided) ++content.unknown_columns;
}

privacy::RiskOptions with_columns(privacy::RiskOptions options, const privacy::FileReport& file,
                                  const RiskColumns& columns) {
    options.subjects = columns.subject ? privacy::Subjects::kByKey : privacy::Subjects::kRecords;
    for (const std::size_t i : columns.sensitive) {
        const privacy::ColumnClass& column = file.columns[i].column;
        options.sensitive.push_back({column.name, privacy::is_quantity(column.kind)});
    }
    return options;
}

/// Lists may have room for twice what is in them; rows are there twice while they are cut.
std::uint64_t bytes_per_record(const RiskColumns& columns) {
    const std::size_t codes = columns.quasi.size() + columns.sensitive.size() + 2;
    const std::size_t lanes = std::max<std::size_t>(8, std::bit_ceil(columns.quasi.size() + 2));
    return 2 * sizeof(std::uint32_t) * codes + 2 * sizeof(std::uint16_t) * lanes;
}

}  // namespace

RiskColumns choose_columns(const privacy::FileReport& file, const RiskColumnNames& names) {
    RiskColumns columns;
    if (!names.subject.empty()) columns.subject = position_of(file, names.subject);
    for (const std::string& name : names.sensitive) {
        columns.sensitive.push_back(position_of(file, name));
    }
    for (const std::string& name : names.quasi) columns.quasi.push_back(position_of(file, name));
    return complete_columns(file, std::move(columns));
}

RiskColumns complete_columns(const privacy::FileReport& file, RiskColumns columns) {
    for (const std::size_t i : all_of(columns)) {
        if (i < file.columns.size()) continue;
        throw invalid("risk.column_missing",
                      {"The file has no column " + std::to_string(i + 1) + ".",
                       "文件中没有第 " + std::to_string(i + 1) + " 列。"});
    }
    columns.by_class = columns.quasi.empty();
    for (std::size_t i = 0; columns.by_class && i < file.columns.size(); ++i) {
        if (file.columns[i].column.sensitivity != Sensitivity::kQuasiIdentifier) continue;
        if (columns.subject != i && !holds(columns.sensitive, i)) columns.quasi.push_back(i);
    }
    if (columns.quasi.empty()) {
        throw invalid("risk.no_quasi_identifiers",
                      {"No column was taken for a quasi-identifier; name them.",
                       "没有识别出准标识符列；请指定。"});
    }
    if (columns.quasi.size() > privacy::kMondrianColumnsMax) {
        throw invalid("risk.too_many_columns", {"More than 62 quasi-identifiers; name fewer.",
                                                "准标识符超过 62 列；请减少。"});
    }
    refuse_twice(file, columns);
    return columns;
}

privacy::TableContent whole_content(const privacy::FileReport& file, const RiskColumns& columns) {
    privacy::TableContent content;
    for (std::size_t i = 0; i < file.columns.size(); ++i) {
        const privacy::ColumnClass& column = file.columns[i].column;
        const bool is_subject = columns.subject == i;
        if (is_subject && column.kind == Kind::kPersonToken) continue;
        count(column, is_subject || holds(columns.quasi, i) || holds(columns.sensitive, i),
              content);
    }
    return content;
}

privacy::TableContent generalised_content(const privacy::FileReport& file,
                                          const RiskColumns& columns) {
    privacy::TableContent content;
    for (const std::size_t i : columns.quasi) count(file.columns[i].column, true, content);
    for (const std::size_t i : columns.sensitive) count(file.columns[i].column, true, content);
    return content;
}

RiskFinding decide(privacy::RiskReport report, const privacy::TableContent& content,
                   const privacy::RiskLimits& limits, std::uint32_t threshold_basis_points) {
    RiskFinding finding;
    finding.judgement = privacy::judge(report, content, limits);
    finding.level = privacy::deidentification_level(report, content, threshold_basis_points);
    finding.report = std::move(report);
    finding.content = content;
    return finding;
}

TableMeter::TableMeter(const privacy::FileReport& file, RiskColumns columns,
                       privacy::RiskOptions options)
    : columns_(std::move(columns)),
      meter_(with_columns(std::move(options), file, columns_),
             privacy::HashKey::from_bytes(random_bytes(privacy::HashKey::kSize))) {}

void TableMeter::add(std::span<const std::string_view> fields) {
    quasi_.clear();
    sensitive_.clear();
    for (const std::size_t i : columns_.quasi) quasi_.push_back(fields[i]);
    for (const std::size_t i : columns_.sensitive) sensitive_.push_back(fields[i]);
    meter_.add(quasi_, columns_.subject ? fields[*columns_.subject] : std::string_view(),
               sensitive_);
}

TableGeneraliser::TableGeneraliser(const privacy::FileReport& file, RiskColumns columns,
                                   std::uint64_t memory_bytes_max)
    : columns_(std::move(columns)),
      budget_(std::make_unique<privacy::MemoryBudget>(memory_bytes_max)),
      sensitive_codes_(columns_.sensitive.size()) {
    written_ = columns_.quasi;
    written_.insert(written_.end(), columns_.sensitive.begin(), columns_.sensitive.end());
    std::sort(written_.begin(), written_.end());
    for (const std::size_t i : columns_.quasi) {
        quasi_.emplace_back(form_of(file.columns[i].column.kind), *budget_);
    }
    for (std::size_t i = 0; i < columns_.sensitive.size(); ++i) {
        sensitive_.emplace_back(privacy::ValueForm::kCategory, *budget_);
    }
    if (columns_.subject) subject_.emplace(privacy::ValueForm::kCategory, *budget_);
}

void TableGeneraliser::add(std::span<const std::string_view> fields) {
    budget_->take(bytes_per_record(columns_));
    for (std::size_t i = 0; i < quasi_.size(); ++i) {
        codes_.push_back(quasi_[i].add(fields[columns_.quasi[i]]));
    }
    for (std::size_t i = 0; i < sensitive_.size(); ++i) {
        const std::string_view value = trimmed(fields[columns_.sensitive[i]]);
        sensitive_codes_[i].push_back(value.empty() ? privacy::kNoValue : sensitive_[i].add(value));
    }
    if (!subject_) return;
    const std::string_view person = privacy::person_of(fields[*columns_.subject], spelling_);
    subject_codes_.push_back(subject_->add(person));
}

void TableGeneraliser::cut(std::uint32_t k, std::uint32_t l) {
    for (privacy::CodedColumn& column : quasi_) column.finish();
    for (std::size_t at = 0; at < codes_.size(); ++at) {
        codes_[at] = quasi_[at % quasi_.size()].code(codes_[at]);
    }
    privacy::MondrianInput input;
    input.columns = static_cast<std::uint32_t>(quasi_.size());
    input.codes = codes_;
    input.subjects = subject_codes_;
    for (const auto& column : sensitive_codes_) input.sensitive.emplace_back(column);
    input.k = k;
    input.l = l;
    cut_ = privacy::generalise(input);
}

std::vector<std::string_view> TableGeneraliser::generalised(
    std::uint64_t record, std::span<const std::string_view> fields) {
    const std::size_t first = std::size_t{cut_.box_of.at(record)} * quasi_.size();
    texts_.clear();
    for (std::size_t i = 0; i < quasi_.size(); ++i) {
        texts_.push_back(quasi_[i].range_text(cut_.ranges[first + i]));
    }
    std::vector<std::string_view> result(fields.begin(), fields.end());
    for (std::size_t i = 0; i < quasi_.size(); ++i) result[columns_.quasi[i]] = texts_[i];
    return result;
}

}  // namespace pdx::app
