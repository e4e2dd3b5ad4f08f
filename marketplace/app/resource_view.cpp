#include "marketplace/app/resource_view.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "marketplace/app/column_class.h"
#include "privacy/classify.h"

namespace pdx::app {
namespace {

using nlohmann::json;

json or_null(const std::optional<Date>& date) { return date ? json(date->iso()) : json(nullptr); }

}  // namespace

json summary_json(const catalog::Resource& resource) {
    return {{"resource_id", resource.id.text()},
            {"provider_id", resource.provider.text()},
            {"catalog_identifier", resource.catalog_identifier},
            {"registration_code", resource.registration_code},
            {"title_zh", resource.title_zh},
            {"title_en", resource.title_en},
            {"summary_zh", resource.summary_zh},
            {"summary_en", resource.summary_en},
            {"keywords", resource.keywords},
            {"topic", resource.topic},
            {"open_kind", resource.open_kind},
            {"security_grade", resource.security_grade},
            {"pi_level", resource.pi_level},
            {"update_frequency", catalog::wire_name(resource.update_frequency)},
            {"state", resource.state},
            {"version", resource.version}};
}

json to_json(const catalog::Resource& resource, std::span<const catalog::ResourceField> fields) {
    json value = summary_json(resource);
    value["source_kind"] = catalog::wire_name(resource.source_kind);
    value["source_statement"] = resource.source_statement;
    value["sharing_kind"] = catalog::wire_name(resource.sharing_kind);
    value["access_method"] = catalog::wire_name(resource.access_method);
    value["industry_code"] = resource.industry_code;
    value["state_reason"] = resource.state_reason;
    value["rule_profile"] = resource.rule_profile;
    value["accept_due"] = or_null(resource.accept_due);
    value["review_due"] = or_null(resource.review_due);
    value["notice_from"] = or_null(resource.notice_from);
    value["notice_until"] = or_null(resource.notice_until);
    value["valid_to"] = or_null(resource.valid_to);
    value["created_at"] = resource.created_at.rfc3339();
    value["updated_at"] = resource.updated_at.rfc3339();
    json list = json::array();
    for (const catalog::ResourceField& field : fields) {
        list.push_back({{"name", field.name},
                        {"label_zh", field.label_zh},
                        {"data_type", field.data_type},
                        {"declared_class", field.declared_class}});
    }
    value["fields"] = std::move(list);
    return value;
}

json to_json(const catalog::Dataset& dataset, std::span<const catalog::DatasetColumn> columns) {
    json list = json::array();
    for (const catalog::DatasetColumn& column : columns) {
        list.push_back({{"name", column.name},
                        {"kind", column.kind},
                        {"class", column.column_class},
                        {"confidence_bp", column.confidence_bp},
                        {"review", catalog::wire_name(column.review)},
                        {"evidence", json::parse(column.evidence)}});
    }
    return {{"dataset_id", dataset.id.text()}, {"resource_id", dataset.resource.text()},
            {"version", dataset.version_no},   {"sha256", dataset.sha256.hex()},
            {"bytes", dataset.bytes},          {"rows", dataset.row_count},
            {"encoding", dataset.encoding},    {"created_at", dataset.created_at.rfc3339()},
            {"columns", std::move(list)}};
}

json to_json(const catalog::WaitingColumn& waiting) {
    const catalog::DatasetColumn& column = waiting.column;
    const Text advice = privacy::review_advice(to_column_class(column));
    return {{"dataset_id", waiting.dataset.text()},
            {"resource_id", waiting.resource.text()},
            {"version", waiting.version_no},
            {"column", column.name},
            {"kind", column.kind},
            {"class", column.column_class},
            {"confidence_bp", column.confidence_bp},
            {"confidence_high_bp", column.confidence_high_bp},
            {"sampled", column.sampled},
            {"evidence", json::parse(column.evidence)},
            {"runner_up", column.runner_up.empty() ? json() : json(column.runner_up)},
            {"refused", json::parse(column.refused)},
            {"advice_zh", advice.zh},
            {"advice_en", advice.en}};
}

json fact_of(const catalog::Resource& resource) {
    const auto day = [](const std::optional<Date>& date) {
        return date ? json(date->iso()) : json();
    };
    const auto party = [](const std::optional<PartyId>& id) {
        return id ? json(id->text()) : json();
    };
    return {{"provider_id", resource.provider.text()},
            {"security_grade", resource.security_grade},
            {"open_kind", resource.open_kind},
            {"pi_level", resource.pi_level},
            {"registration_code", resource.registration_code},
            {"accepted_by", party(resource.accepted_by)},
            {"reviewed_by", party(resource.reviewed_by)},
            {"coded_by", party(resource.coded_by)},
            {"accept_due", day(resource.accept_due)},
            {"review_due", day(resource.review_due)},
            {"notice_from", day(resource.notice_from)},
            {"notice_until", day(resource.notice_until)},
            {"valid_to", day(resource.valid_to)},
            {"state", resource.state},
            {"version", resource.version}};
}

}  // namespace pdx::app
