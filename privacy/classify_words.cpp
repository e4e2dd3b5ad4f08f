/// The reasons of a classification in words of both languages.
#include <algorithm>
#include <string>

#include "privacy/classify.h"

namespace pdx::privacy {
namespace {

/// "12 %", and "0.3 %" below one.
std::string percent(std::int32_t basis_points) {
    const std::string tenths = std::to_string(basis_points / 10 % 10);
    return std::to_string(basis_points / 100) +
           (basis_points > 0 && basis_points < 100 ? "." + tenths : "") + " %";
}

/// A stricter kind was refused although as many values are of it.
bool has_close_rival(const ColumnClass& column) {
    constexpr std::int32_t kClose = 1'000;
    return std::any_of(column.refused.begin(), column.refused.end(), [&](const Refusal& one) {
        return one.code == "other_fits_better" &&
               default_sensitivity(one.kind) > column.sensitivity &&
               one.share_basis_points + kClose >= column.confidence_basis_points;
    });
}

constexpr std::int32_t kConfidenceMin = 5'000;
constexpr std::int32_t kWidthMax = 3'000;

}  // namespace

Text describe(const Evidence& evidence) {
    const std::string share = percent(evidence.share_basis_points);
    const auto is = [&evidence](std::string_view code) { return evidence.code == code; };
    if (is("header_name")) return {"The column's name says so.", "列名表明。"};
    if (is("value_format")) {
        return {share + " of the values have the format and check digit.",
                share + " 的值符合格式与校验位。"};
    }
    if (is("value_words")) return {share + " of the values read so.", share + " 的值用词相符。"};
    if (is("value_numbers"))
        return {share + " of the values are numbers.", share + " 的值为数字。"};
    if (is("value_dates")) return {share + " of the values are dates.", share + " 的值为日期。"};
    if (is("value_serial")) {
        return {share + " of the values count the rows: whoever has two copies could join them.",
                share + " 的值为行计数，持有两份数据者可据此拼接。"};
    }
    constexpr std::string_view kPattern = "pattern:";
    if (evidence.code.starts_with(kPattern)) {
        const std::string name = evidence.code.substr(kPattern.size());
        return {share + " of the values fit the local pattern " + name + ".",
                share + " 的值符合本地规则 " + name + "。"};
    }
    if (is("value_few")) return {"Few distinct values.", "取值种类很少。"};
    if (is("value_embedded")) {
        return {"Values contain identifiers of persons inside text.", "文本中夹带个人标识。"};
    }
    if (is("sole_trader_code")) {
        return {"Codes of sole traders (92...) identify a person.",
                "个体工商户代码（92 开头）可识别个人。"};
    }
    if (is("spreadsheet_damage")) {
        return {share + " of the values are long numbers that a spreadsheet has cut.",
                share + " 的值为被电子表格截断的长数字。"};
    }
    if (is("neighbours")) {
        return {"The table is about persons.", "该表涉及个人，本列与个人信息同列。"};
    }
    if (is("no_values")) return {"No values to look at.", "没有可供判断的值。"};
    if (is("header_contradicted")) {
        return {"The values do not fit the column's name.", "值与列名不符。"};
    }
    if (is("declared_stricter")) {
        return {"The field dictionary declares a stricter class.", "数据字典声明了更严格的类别。"};
    }
    return {"Neither name nor values decide.", "列名与值均无法判定。"};
}

Text describe(const Refusal& refusal) {
    const std::string share = percent(refusal.share_basis_points);
    const auto is = [&refusal](std::string_view code) { return refusal.code == code; };
    if (is("chance_explains")) {
        const std::string chance = percent(refusal.chance_basis_points);
        return {share + " of the values fit; chance gives about " + chance + ".",
                share + " 的值相符，随机数约 " + chance + "。"};
    }
    if (is("header_contradicted")) {
        return {"the column's name says so, " + share + " of the values do.",
                "列名如此，相符的值为 " + share + "。"};
    }
    if (is("too_few_values")) {
        return {share + " of the values fit, but there are too few of them.",
                share + " 的值相符，但样本太少。"};
    }
    if (is("share_too_small")) {
        return {"only " + share + " of the values fit.", "仅 " + share + " 的值相符。"};
    }
    return {share + " of the values fit; the kind above fits better.",
            share + " 的值相符，但以上类型更贴切。"};
}

bool needs_review(const ColumnClass& column) {
    return column.sensitivity == Sensitivity::kUnknown ||
           column.confidence_basis_points < kConfidenceMin ||
           column.confidence_high_basis_points - column.confidence_basis_points > kWidthMax ||
           has_close_rival(column);
}

Text review_advice(const ColumnClass& column) {
    if (!needs_review(column)) return {};
    const bool damaged =
        std::any_of(column.evidence.begin(), column.evidence.end(),
                    [](const Evidence& one) { return one.code == "spreadsheet_damage"; });
    if (damaged) {
        return {"Ask for the file anew, with this column as text; the digits are lost.",
                "请以文本格式重新提供该列；现有数字已损失。"};
    }
    if (column.sampled == 0) {
        return {"The column has no values; decide from the field dictionary.",
                "该列无值；请依据数据字典判定。"};
    }
    if (column.sensitivity == Sensitivity::kUnknown) {
        return {"Look whether the values name or number persons, and declare the class.",
                "请查看其值是否指向或编号个人，并声明类别。"};
    }
    if (has_close_rival(column)) {
        return {"Look at some values: a stricter kind fits as many.",
                "请抽看若干值：更严格的类型同样相符。"};
    }
    return {"Look at the values that do not fit the kind, and at the column's name.",
            "请查看与该类型不符的值，并核对列名。"};
}

}  // namespace pdx::privacy
