#include "marketplace/app/risk_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace pdx::app {
namespace {

using nlohmann::json;

json ratio_json(const privacy::Ratio& ratio) {
    return {{"numerator", ratio.numerator},
            {"denominator", ratio.denominator},
            {"basis_points", ratio.basis_points()}};
}

json sensitive_json(const privacy::SensitiveRisk& column) {
    return {{"name", column.name},
            {"ordered", column.ordered},
            {"distinct", column.distinct},
            {"l_min", column.l_min},
            {"entropy_l_min_thousandths", column.entropy_l_min},
            {"t_max_basis_points", column.t_max}};
}

/// Of all sensitive columns the worst, where the contract limits it: what the limit was held to.
json fact_of_diversity(const privacy::RiskReport& report, const privacy::RiskLimits& limits) {
    json fact = json::object();
    const auto& columns = report.sensitive;
    if (columns.empty()) return fact;
    if (limits.l_min) {
        const auto poorest = std::ranges::min_element(columns, {}, &privacy::SensitiveRisk::l_min);
        const auto uneven =
            std::ranges::min_element(columns, {}, &privacy::SensitiveRisk::entropy_l_min);
        fact["l_min"] = *limits.l_min;
        fact["l"] = poorest->l_min;
        fact["entropy_l_thousandths"] = uneven->entropy_l_min;
    }
    if (limits.t_max_basis_points) {
        const auto farthest = std::ranges::max_element(columns, {}, &privacy::SensitiveRisk::t_max);
        fact["t_max_basis_points"] = *limits.t_max_basis_points;
        fact["t_basis_points"] = farthest->t_max;
    }
    return fact;
}

}  // namespace

json to_json(const privacy::RiskReport& report) {
    json sizes = json::array();
    for (const privacy::SizeBand& band : report.sizes) {
        sizes.push_back(
            {{"least", band.least}, {"classes", band.classes}, {"members", band.members}});
    }
    json sensitive = json::array();
    for (const auto& column : report.sensitive) sensitive.push_back(sensitive_json(column));
    return {{"k", report.k},
            {"records", report.records},
            {"subjects", report.subjects},
            {"members", report.members},
            {"classes", report.classes},
            {"size_min", report.size_min},
            {"small_records", report.small_records},
            {"small_subjects", report.small_subjects},
            {"unique_classes", report.unique_classes},
            {"prosecutor_highest", ratio_json(report.prosecutor_highest)},
            {"prosecutor_average", ratio_json(report.prosecutor_average)},
            {"journalist_highest", ratio_json(report.journalist_highest)},
            {"marketer", ratio_json(report.marketer)},
            {"sizes", std::move(sizes)},
            {"sensitive", std::move(sensitive)}};
}

json to_json(const RiskFinding& finding) {
    json reasons = json::array();
    for (const privacy::RiskReason& one : finding.judgement.reasons) {
        reasons.push_back({{"code", one.code}, {"en", one.text.en}, {"zh", one.text.zh}});
    }
    const Text level = privacy::level_words(finding.level);
    json all = to_json(finding.report);
    all["direct_columns"] = finding.content.direct_columns;
    all["unknown_columns"] = finding.content.unknown_columns;
    all["level"] = static_cast<int>(finding.level);
    all["level_text"] = {{"en", level.en}, {"zh", level.zh}};
    all["accepted"] = finding.judgement.accepted;
    all["reasons"] = std::move(reasons);
    return all;
}

json fact_of(const privacy::ReleaseRisk& risk, const privacy::RiskLimits& limits) {
    const privacy::RiskReport& report = risk.report;
    json fact = fact_of_diversity(report, limits);
    fact.update({{"k_min", report.k},
                 {"size_min", report.size_min},
                 {"records", report.records},
                 {"subjects", report.subjects},
                 {"classes", report.classes},
                 {"small_records", report.small_records},
                 {"small_subjects", report.small_subjects},
                 {"unique_classes", report.unique_classes},
                 {"prosecutor_basis_points", report.prosecutor_highest.basis_points()},
                 {"prosecutor_average_basis_points", report.prosecutor_average.basis_points()},
                 {"journalist_basis_points", report.journalist_highest.basis_points()},
                 {"marketer_basis_points", report.marketer.basis_points()},
                 {"level", static_cast<int>(risk.level)}});
    return fact;
}

}  // namespace pdx::app
