#include "marketplace/app/scan_view.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/error.h"
#include "privacy/classify.h"
#include "privacy/kind_words.h"
#include "privacy/policy.h"

namespace pdx::app {
namespace {

using nlohmann::json;

json words(const Text& text) { return {{"en", text.en}, {"zh", text.zh}}; }

json to_json(const privacy::ScannedColumn& scanned, privacy::SensitivityProfile profile) {
    const privacy::ColumnClass& column = scanned.column;
    json found = json::object();
    for (std::size_t i = 0; i < scanned.found.size(); ++i) {
        if (scanned.found.at(i) == 0) continue;
        found[std::string(privacy::kind_code(static_cast<privacy::Kind>(i)))] = scanned.found.at(i);
    }
    json evidence = json::array();
    for (const privacy::Evidence& one : column.evidence) {
        evidence.push_back({{"code", one.code},
                            {"share_basis_points", one.share_basis_points},
                            {"text", words(privacy::describe(one))}});
    }
    json refused = json::array();
    for (const privacy::Refusal& one : column.refused) {
        refused.push_back({{"kind", privacy::kind_code(one.kind)},
                           {"kind_text", words(privacy::kind_words(one.kind))},
                           {"code", one.code},
                           {"share_basis_points", one.share_basis_points},
                           {"chance_basis_points", one.chance_basis_points},
                           {"text", words(privacy::describe(one))}});
    }
    const auto category = privacy::sensitive_category(profile, column.kind);
    return {
        {"name", column.name},
        {"class", privacy::sensitivity_code(column.sensitivity)},
        {"class_text", words(privacy::sensitivity_words(column.sensitivity))},
        {"kind", privacy::kind_code(column.kind)},
        {"kind_text", words(privacy::kind_words(column.kind))},
        {"sensitive_category", category ? json(privacy::category_code(*category)) : json()},
        {"sensitive_category_text", category ? words(privacy::category_words(*category)) : json()},
        {"confidence_basis_points", column.confidence_basis_points},
        {"confidence_high_basis_points", column.confidence_high_basis_points},
        {"review", privacy::needs_review(column)},
        {"advice", words(privacy::review_advice(column))},
        {"runner_up", column.runner_up ? json(privacy::kind_code(*column.runner_up)) : json()},
        {"evidence", std::move(evidence)},
        {"refused", std::move(refused)},
        {"values", scanned.values},
        {"found", std::move(found)},
        {"operation", privacy::operation_code(privacy::default_operation(column).kind)}};
}

}  // namespace

json to_json(const privacy::FileReport& report, privacy::SensitivityProfile profile) {
    json columns = json::array();
    for (const privacy::ScannedColumn& column : report.columns) {
        columns.push_back(to_json(column, profile));
    }
    return {{"sha256", report.sha256.hex()},
            {"bytes", report.bytes},
            {"encoding", privacy::encoding_code(report.encoding)},
            {"records", report.records},
            {"sensitivity_profile", privacy::profile_code(profile)},
            {"sensitivity_profile_text", words(privacy::profile_words(profile))},
            {"columns", std::move(columns)}};
}

}  // namespace pdx::app
