#include "marketplace/cli/risk_page.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "marketplace/app/risk_view.h"

namespace pdx::cli {
namespace {

using nlohmann::json;
using privacy::Ratio;
using privacy::RiskReport;

/// "12.34 %", rounded up.
std::string risk_percent(std::uint64_t basis_points) {
    std::string cents = std::to_string(basis_points % 100);
    if (cents.size() == 1) cents.insert(0, "0");
    return std::to_string(basis_points / 100) + "." + cents + " %";
}

std::string risk_percent(const Ratio& ratio) { return risk_percent(ratio.basis_points()); }

/// "2.500".
std::string thousandths(std::uint64_t number) {
    const std::string text = std::to_string(1000 + number % 1000);
    return std::to_string(number / 1000) + "." + text.substr(1);
}

json names_json(const RiskPageInput& input, const std::vector<std::size_t>& columns) {
    json names = json::array();
    for (const std::size_t i : columns) names.push_back(input.scan.columns[i].column.name);
    return names;
}

}  // namespace

json to_json(const RiskPageInput& input) {
    json all{{"file", input.file},
             {"sha256", input.scan.sha256.hex()},
             {"quasi_identifiers", names_json(input, input.columns.quasi)},
             {"quasi_identifiers_by_class", input.columns.by_class},
             {"subject", json()},
             {"threshold_basis_points", input.threshold_basis_points},
             {"population_min", input.population_min},
             {"table", app::to_json(input.found)},
             {"accepted", input.decisive().judgement.accepted}};
    if (input.columns.subject) {
        all["subject"] = input.scan.columns[*input.columns.subject].column.name;
    }
    if (input.generalised) {
        all["generalised"] = app::to_json(*input.generalised);
        all["generalised"]["file"] =
            input.generalised->judgement.accepted ? json(input.out) : json();
    }
    return all;
}

void RiskPage::show(const RiskPageInput& input) const {
    line(input.file);
    line("SHA-256 " + input.scan.sha256.hex());
    show_columns(input);
    line();
    show_figures(input.found, input);
    show_judgement(input.found);
    if (input.generalised) {
        line();
        line(pick("Generalised: ", "泛化结果：") + input.out);
        show_figures(*input.generalised, input);
        show_judgement(*input.generalised);
        line(input.generalised->judgement.accepted
                 ? pick("It holds the columns above and no others.", "结果文件仅含上述列。")
                 : pick("Nothing was written.", "未生成任何文件。"));
    }
    line();
    sign();
}

std::string RiskPage::names(const RiskPageInput& input,
                            const std::vector<std::size_t>& columns) const {
    std::string text;
    for (const std::size_t i : columns) {
        text += (text.empty() ? "" : pick(", ", "、")) + input.scan.columns[i].column.name;
    }
    return text;
}

void RiskPage::show_columns(const RiskPageInput& input) const {
    line(pick("Quasi-identifiers: ", "准标识符：") + names(input, input.columns.quasi) +
         (input.columns.by_class ? pick(" (as the columns were classified; --qi names others)",
                                        "（按自动分类；可用 --qi 另行指定）")
                                 : ""));
    line(pick("Persons: ", "数据主体：") +
         (input.columns.subject
              ? names(input, {*input.columns.subject})
              : pick("each record is one (--subject names the column that says who)",
                     "每条记录视为一人（可用 --subject 指定标识人的列）")));
    line(pick("Sensitive: ", "敏感列：") +
         (input.columns.sensitive.empty()
              ? pick("none named, so l and t are not measured", "未指定，不测量 l 与 t")
              : names(input, input.columns.sensitive)));
}

void RiskPage::show_figures(const app::RiskFinding& finding, const RiskPageInput& input) const {
    const RiskReport& report = finding.report;
    const auto share = [](std::uint64_t part, std::uint64_t whole) {
        return " (" + risk_percent(Ratio::of(part, whole)) + ")";
    };
    const std::string k = std::to_string(report.k);
    line(pick("Records ", "记录 ") + grouped(report.records) + pick(", persons ", "，人 ") +
         grouped(report.subjects) + pick(", classes ", "，等价类 ") + grouped(report.classes));
    line(pick("Smallest class: ", "最小等价类：") + grouped(report.size_min) +
         pick("; classes of one person: ", "；仅一人的等价类：") + grouped(report.unique_classes));
    line(
        pick("In classes of fewer than " + k + ": persons ", "处于不足 " + k + " 人的等价类：人 ") +
        grouped(report.small_subjects) + share(report.small_subjects, report.subjects) +
        pick(", records ", "，记录 ") + grouped(report.small_records) +
        share(report.small_records, report.records));
    line(pick("Risk of who knows that a person is in it: highest ", "检察官风险：最高 ") +
         risk_percent(report.prosecutor_highest) + pick(", average ", "，平均 ") +
         risk_percent(report.prosecutor_average));
    line(pick("Risk of who does not: highest ", "记者风险：最高 ") +
         risk_percent(report.journalist_highest) +
         pick("; expected share that is found: ", "；营销者风险：") +
         risk_percent(report.marketer) +
         (input.population_min == 0
              ? pick(" (against this table)", "（以本表为总体）")
              : pick(" (against a population of at least " + grouped(input.population_min) +
                         " in each class)",
                     "（假定总体中每个等价类至少 " + grouped(input.population_min) + " 人）")));
    show_sizes(report);
    show_sensitive(report);
    line(pick("GB/T 42460-2023: level ", "GB/T 42460-2023：第 ") +
         std::to_string(static_cast<int>(finding.level)) + pick(", ", " 级，") +
         pick(privacy::level_words(finding.level)) + pick(" (threshold ", "（阈值 ") +
         risk_percent(input.threshold_basis_points) + pick(")", "）"));
}

void RiskPage::show_sizes(const RiskReport& report) const {
    std::string text = pick("Class sizes:", "等价类规模：");
    for (std::size_t i = 0; i < report.sizes.size(); ++i) {
        const privacy::SizeBand& band = report.sizes.at(i);
        if (band.classes == 0) continue;
        text += "  " + grouped(band.least);
        if (i + 1 == report.sizes.size()) {
            text += "+";
        } else if (report.sizes.at(i + 1).least - 1 > band.least) {
            text += "-" + grouped(report.sizes.at(i + 1).least - 1);
        }
        text += ": " + grouped(band.classes);
    }
    line(text);
}

void RiskPage::show_sensitive(const RiskReport& report) const {
    for (const privacy::SensitiveRisk& column : report.sensitive) {
        line(column.name + pick(": at least ", "：每个等价类至少 ") + grouped(column.l_min) +
             pick(" values in a class (l), entropy l ", " 种取值（l），熵 l ") +
             thousandths(column.entropy_l_min) + pick(", at most ", "，与全表分布最多相差 ") +
             risk_percent(column.t_max) +
             (column.ordered ? pick(" from the table (t, ordered numbers)", "（t，有序数值）")
                             : pick(" from the table (t, categories)", "（t，类别）")));
    }
}

void RiskPage::show_judgement(const app::RiskFinding& finding) const {
    if (finding.judgement.accepted) {
        line(pick("Accepted: within the limits.", "结论：通过，在限值之内。"));
        return;
    }
    line(pick("Refused:", "结论：不通过："));
    for (const privacy::RiskReason& one : finding.judgement.reasons) {
        line("  " + pick(one.text) + " (" + one.code + ")");
    }
}

}  // namespace pdx::cli
