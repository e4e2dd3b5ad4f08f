#include "privacy/risk_judge.h"

#include <algorithm>

namespace pdx::privacy {
namespace {

/// "12.34 %".
std::string percent(std::uint64_t basis_points) {
    std::string cents = std::to_string(basis_points % 100);
    if (cents.size() == 1) cents.insert(0, "0");
    return std::to_string(basis_points / 100) + "." + cents + " %";
}

class Reasons {
public:
    void add(const char* code, std::string en, std::string zh) {
        list_.push_back({code, {std::move(en), std::move(zh)}});
    }
    std::vector<RiskReason> take() { return std::move(list_); }

private:
    std::vector<RiskReason> list_;
};

void judge_content(const TableContent& content, Reasons& reasons) {
    if (content.direct_columns > 0) {
        const std::string count = std::to_string(content.direct_columns);
        reasons.add("risk.direct_identifier", "Columns that identify a person: " + count + ".",
                    "含直接标识符的列：" + count + "。");
    }
    if (content.unknown_columns > 0) {
        const std::string count = std::to_string(content.unknown_columns);
        reasons.add("risk.column_unknown",
                    "Columns whose class could not be decided: " + count + ".",
                    "未能判定类别的列：" + count + "。");
    }
}

void judge_classes(const RiskReport& report, const RiskLimits& limits, Reasons& reasons) {
    const std::string k = std::to_string(limits.k_min);
    if (report.k != limits.k_min) {
        reasons.add("risk.k_other", "The figures were not measured for k = " + k + ".",
                    "指标并非按 k = " + k + " 计算。");
        return;
    }
    const std::uint64_t share =
        std::max(Ratio::of(report.small_subjects, report.subjects).basis_points(),
                 Ratio::of(report.small_records, report.records).basis_points());
    if (share > limits.small_share_max_basis_points) {
        const std::string most = percent(limits.small_share_max_basis_points);
        const std::string least = std::to_string(report.size_min);
        reasons.add("risk.k_small",
                    percent(share) + " are in classes of fewer than " + k + " persons, allowed " +
                        most + "; the smallest class has " + least + ".",
                    percent(share) + " 处于不足 " + k + " 人的等价类，上限为 " + most +
                        "；最小等价类为 " + least + " 人。");
    }
}

void judge_column(const SensitiveRisk& column, const RiskLimits& limits, Reasons& reasons) {
    if (limits.l_min && column.l_min < *limits.l_min) {
        const std::string found = std::to_string(column.l_min);
        const std::string asked = std::to_string(*limits.l_min);
        reasons.add(
            "risk.l_small",
            "Column " + column.name + ": a class has " + found + " values, demanded " + asked + ".",
            "列 " + column.name + "：有等价类仅含 " + found + " 种取值，要求 " + asked + " 种。");
    }
    if (limits.t_max_basis_points && column.t_max > *limits.t_max_basis_points) {
        const std::string most = percent(*limits.t_max_basis_points);
        const std::string found = percent(column.t_max);
        reasons.add("risk.t_large",
                    "Column " + column.name + ": a class differs from the table by " + found +
                        ", allowed " + most + ".",
                    "列 " + column.name + "：有等价类的分布与全表相差 " + found + "，上限为 " +
                        most + "。");
    }
}

void judge_sensitive(const RiskReport& report, const RiskLimits& limits, Reasons& reasons) {
    if (!limits.l_min && !limits.t_max_basis_points) return;
    if (report.sensitive.empty()) {
        reasons.add("risk.sensitive_unmeasured",
                    "A limit for sensitive columns is set and none was measured.",
                    "设定了敏感列的限值，但没有测量任何敏感列。");
    }
    for (const SensitiveRisk& column : report.sensitive) judge_column(column, limits, reasons);
}

/// The limit that counts of two that may be there.
template <class Pick>
std::optional<std::uint32_t> either(std::optional<std::uint32_t> one,
                                    std::optional<std::uint32_t> other, Pick pick) {
    if (!one || !other) return one ? one : other;
    return pick(*one, *other);
}

}  // namespace

RiskLimits strictest(const RiskLimits& one, const RiskLimits& other) {
    const auto larger = [](std::uint32_t a, std::uint32_t b) { return std::max(a, b); };
    const auto smaller = [](std::uint32_t a, std::uint32_t b) { return std::min(a, b); };
    return {
        .k_min = larger(one.k_min, other.k_min),
        .small_share_max_basis_points =
            smaller(one.small_share_max_basis_points, other.small_share_max_basis_points),
        .l_min = either(one.l_min, other.l_min, larger),
        .t_max_basis_points = either(one.t_max_basis_points, other.t_max_basis_points, smaller)};
}

RiskJudgement judge(const RiskReport& report, const TableContent& content,
                    const RiskLimits& limits) {
    Reasons reasons;
    if (limits.k_min == 0 || limits.l_min == 0U) {
        reasons.add("risk.limits", "A limit of 0 demands nothing.", "限值 0 等于没有要求。");
    }
    if (report.records == 0) {
        reasons.add("risk.no_records", "There is no record to measure.", "没有可供测量的记录。");
    }
    judge_content(content, reasons);
    judge_classes(report, limits, reasons);
    judge_sensitive(report, limits, reasons);
    RiskJudgement judgement;
    judgement.reasons = reasons.take();
    judgement.accepted = judgement.reasons.empty();
    return judgement;
}

DeidentificationLevel deidentification_level(const RiskReport& report, const TableContent& content,
                                             std::uint32_t threshold_basis_points) {
    using Level = DeidentificationLevel;
    if (content.direct_columns > 0 || content.unknown_columns > 0) return Level::kIdentified;
    if (content.aggregated) return Level::kAggregated;
    return report.prosecutor_highest.basis_points() <= threshold_basis_points
               ? Level::kAcceptable
               : Level::kQuasiIdentifiers;
}

Text level_words(DeidentificationLevel level) {
    switch (level) {
        case DeidentificationLevel::kIdentified:
            return {"holds, or may hold, what identifies a person", "含直接标识符或未能判定的列"};
        case DeidentificationLevel::kQuasiIdentifiers:
            return {"quasi-identifiers remain and the risk is above the threshold",
                    "含准标识符且重标识风险高于阈值"};
        case DeidentificationLevel::kAcceptable:
            return {"the risk of re-identification is acceptable", "重标识风险可接受"};
        case DeidentificationLevel::kAggregated:
            return {"aggregated, no individuals", "聚合数据，不含个体"};
    }
    return {"holds, or may hold, what identifies a person", "含直接标识符或未能判定的列"};
}

}  // namespace pdx::privacy
