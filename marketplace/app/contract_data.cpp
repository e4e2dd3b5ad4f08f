#include "marketplace/app/contract_data.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "marketplace/app/classified_resource.h"
#include "marketplace/app/column_class.h"

namespace pdx::app {

catalog::Dataset newest_dataset(sql::Connection& db, const store::Contract& contract) {
    const auto policy = privacy::parse_policy(contract.policy_text);
    const auto versions =
        policy && policy->scope ? policy->scope->versions : privacy::VersionRange{};
    const std::int64_t before = versions.to ? *versions.to + 1 : 0;
    const auto newest = catalog::ResourceStore(db).datasets(contract.resource_id, before, 1);
    if (newest.empty()) {
        throw conflict("delivery.no_dataset",
                       {"The provider has not uploaded any data yet.", "数据提供方尚未上传数据。"});
    }
    if (!versions.has(newest.front().version_no)) {
        const std::string from = std::to_string(versions.from);
        throw conflict("delivery.no_dataset",
                       {"The provider has not uploaded version " + from + " of the data yet.",
                        "数据提供方尚未上传第 " + from + " 版数据。"});
    }
    return newest.front();
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
        const auto* declared = resource.column(row.name);
        column.sensitivity =
            counted_class(row, declared ? std::optional(declared->sensitivity) : std::nullopt);
        classes.push_back(std::move(column));
    }
    return classes;
}

privacy::Policy policy_of(const ContractId& contract, const std::string& text,
                          const Digest& digest) {
    auto policy = privacy::parse_policy(text);
    if (!policy || policy->contract_id != contract.text() ||
        privacy::policy_hash(*policy) != digest) {
        throw conflict("delivery.policy", {"The masking policy of the contract cannot be applied.",
                                           "该协议的脱敏策略无法执行。"});
    }
    return *std::move(policy);
}

void read_dataset(catalog::BlobReader& dataset, const privacy::CsvReader::Handler& handler) {
    privacy::CsvReader csv({}, handler);
    for (ByteView piece = dataset.next(); !piece.empty(); piece = dataset.next()) {
        csv.feed(as_text(piece));
    }
    csv.finish();
}

}  // namespace pdx::app
