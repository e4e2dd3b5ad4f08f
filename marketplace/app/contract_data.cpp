#include "marketplace/app/contract_data.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "marketplace/app/classified_resource.h"
#include "marketplace/app/column_class.h"

namespace pdx::app {

catalog::Dataset newest_dataset(sql::Connection& db, const ResourceId& resource) {
    auto dataset = catalog::ResourceStore(db).latest_dataset(resource);
    if (!dataset) {
        throw conflict("delivery.no_dataset",
                       {"The provider has not uploaded any data yet.", "数据提供方尚未上传数据。"});
    }
    return *std::move(dataset);
}

std::vector<privacy::ColumnClass> classes_of(sql::Connection& db, const store::Contract& contract,
                                             const DatasetId& dataset) {
    const ClassifiedResource resource = load_classified(db, contract.resource_id);
    if (resource.state() != domain::RegistrationState::kActive) {
        ErrorDetail detail;
        detail.state = domain::to_string(resource.state());
        throw conflict("delivery.resource",
                       {"The registration of the data resource is not in force.",
                        "该数据资源的登记未处于有效状态。"},
                       std::move(detail));
    }
    std::vector<privacy::ColumnClass> classes;
    for (const catalog::DatasetColumn& row : catalog::ResourceStore(db).columns(dataset)) {
        privacy::ColumnClass column = to_column_class(row);
        if (const auto* declared = resource.column(row.name)) {
            column.sensitivity = std::max(column.sensitivity, declared->sensitivity);
        }
        classes.push_back(std::move(column));
    }
    return classes;
}

}  // namespace pdx::app
