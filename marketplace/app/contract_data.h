#pragma once
/// The data behind a contract and its policy, for what is delivered and for what is only counted.
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "catalog/blob_store.h"
#include "catalog/store/resource_store.h"
#include "marketplace/store/contract_store.h"
#include "privacy/classify.h"
#include "privacy/csv.h"
#include "privacy/policy.h"
#include "sql/sql.h"

namespace pdx::app {

/// The newest version of the data that the contract covers; the newest of all when its policy
/// cannot be read, which policy_of() refuses. Throws: kConflict `delivery.no_dataset`.
catalog::Dataset newest_dataset(sql::Connection& db, const store::Contract& contract);

/// The classes of the dataset's columns in the order of the file, each the stricter of what the
/// dataset shows and what its holder declared; unknown where a person has yet to look
/// (counted_class).
/// Throws: kConflict `delivery.resource` unless the resource's registration is in force.
std::vector<privacy::ColumnClass> classes_of(sql::Connection& db, const store::Contract& contract,
                                             const DatasetId& dataset);

/// The policy that the contract holds as a text.
/// Throws: kConflict `delivery.policy` when it cannot be read, or is another's or another one.
privacy::Policy policy_of(const ContractId& contract, const std::string& text,
                          const Digest& digest);

/// Every record of a stored dataset, the header first.
/// Throws: as CsvReader and BlobReader::next(); what `handler` throws.
void read_dataset(catalog::BlobReader& dataset, const privacy::CsvReader::Handler& handler);

}  // namespace pdx::app
