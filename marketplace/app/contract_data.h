#pragma once
/// The data behind a contract as it is today, for what is delivered and for what is only counted.
#include <vector>

#include "base/ids.h"
#include "catalog/store/resource_store.h"
#include "marketplace/store/contract_store.h"
#include "privacy/classify.h"
#include "sql/sql.h"

namespace pdx::app {

/// Throws: kConflict `delivery.no_dataset`.
catalog::Dataset newest_dataset(sql::Connection& db, const ResourceId& resource);

/// The classes of the dataset's columns in the order of the file, each the stricter of what the
/// dataset shows and what its holder declared.
/// Throws: kConflict `delivery.resource` unless the resource's registration is in force.
std::vector<privacy::ColumnClass> classes_of(sql::Connection& db, const store::Contract& contract,
                                             const DatasetId& dataset);

}  // namespace pdx::app
