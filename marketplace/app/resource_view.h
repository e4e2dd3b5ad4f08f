#pragma once
/// Resources and datasets as the API shows them.
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "catalog/store/resource_store.h"

namespace pdx::app {

nlohmann::json to_json(const catalog::Resource& resource,
                       std::span<const catalog::ResourceField> fields);
/// Without the field dictionary, for lists.
nlohmann::json summary_json(const catalog::Resource& resource);
nlohmann::json to_json(const catalog::Dataset& dataset,
                       std::span<const catalog::DatasetColumn> columns);
/// An item of the review queue: what is known of the column, and what to look at. No values.
nlohmann::json to_json(const catalog::WaitingColumn& waiting);

/// For the ledger: the record as far as it decides anything. What describes the resource is free
/// text and stays outside.
nlohmann::json fact_of(const catalog::Resource& resource);

}  // namespace pdx::app
