#include "marketplace/app/classified_resource.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/column_class.h"

namespace pdx::app {
namespace {

template <class Enum>
Enum required_name(const std::string& name) {
    const auto value = domain::parse<Enum>(name);
    PDX_CHECK(value.has_value());
    return *value;
}

privacy::ColumnClass classify(const catalog::ResourceField& field,
                              const std::vector<catalog::DatasetColumn>& columns) {
    privacy::ColumnClass result;
    result.name = field.name;
    const auto declared = declared_sensitivity(field.declared_class);
    const auto found = std::find_if(
        columns.begin(), columns.end(),
        [&](const catalog::DatasetColumn& column) { return column.name == field.name; });
    if (found == columns.end()) {
        result.sensitivity = declared.value_or(privacy::Sensitivity::kUnknown);
        return result;
    }
    result = to_column_class(*found);
    result.sensitivity = counted_class(*found, declared);
    return result;
}

}  // namespace

domain::RegistrationState ClassifiedResource::state() const {
    return required_name<domain::RegistrationState>(resource.state);
}

const privacy::ColumnClass* ClassifiedResource::column(std::string_view name) const {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

domain::ResourceFacts ClassifiedResource::facts() const {
    domain::ResourceFacts facts;
    facts.state = state();
    facts.grade = required_name<domain::SecurityGrade>(resource.security_grade);
    facts.open_kind = required_name<domain::OpenKind>(resource.open_kind);
    facts.personal_data = required_name<domain::PersonalDataLevel>(resource.pi_level);
    facts.shared_from_another_body = resource.source_kind == catalog::SourceKind::kShared;
    for (const privacy::ColumnClass& column : columns) {
        facts.fields.push_back({column.name, field_class(column.sensitivity)});
    }
    return facts;
}

ClassifiedResource load_classified(sql::Connection& db, const ResourceId& id) {
    catalog::ResourceStore resources(db);
    auto resource = resources.load(id);
    if (!resource) throw not_found("resource");
    std::vector<catalog::DatasetColumn> columns;
    if (const auto dataset = resources.latest_dataset(id)) columns = resources.columns(dataset->id);
    ClassifiedResource result{*std::move(resource), {}};
    for (const catalog::ResourceField& field : resources.fields(id)) {
        result.columns.push_back(classify(field, columns));
    }
    return result;
}

}  // namespace pdx::app
