#pragma once
/// The two vocabularies of a column's class: what detection says (privacy::Sensitivity, the words
/// in dataset_column.class) and what the rules of authorization ask (domain::FieldClass).
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "catalog/store/resource_store.h"
#include "marketplace/domain/terms.h"
#include "privacy/classify.h"

namespace pdx::app {

/// Nothing for kUnknown: an unclassified column is refused, not plain.
std::optional<domain::FieldClass> field_class(privacy::Sensitivity sensitivity);
/// Nothing for an empty or unknown word.
std::optional<privacy::Sensitivity> declared_sensitivity(const std::string& declared_class);

/// A column that needs review waits for it.
catalog::DatasetColumn to_dataset_column(const privacy::ColumnClass& column);
/// Requires: the words are ones that to_dataset_column wrote (checked).
privacy::ColumnClass to_column_class(const catalog::DatasetColumn& column);

/// The class that everything is decided by: the stricter of what the dataset shows and what its
/// holder declared. Unknown while the column waits for a person, unless it is a direct identifier
/// or sensitive, of which no value leaves as it is.
privacy::Sensitivity counted_class(const catalog::DatasetColumn& column,
                                   std::optional<privacy::Sensitivity> declared);

/// By which rules classes and identifiers are found in this build and, when there are any, with
/// which patterns. Shape: object detector of
/// ledger/kinds.h.
nlohmann::json fact_of_detector(const privacy::PatternSet* patterns);

}  // namespace pdx::app
