#include "marketplace/app/delivery_pipeline.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/risk_view.h"
#include "marketplace/app/sealed_spill.h"
#include "privacy/compiled_operation.h"
#include "privacy/fingerprint.h"
#include "privacy/operation.h"
#include "privacy/policy.h"

namespace pdx::app {
namespace {

/// A look at the clock costs as much as a short record.
constexpr std::uint64_t kRecordsBetweenLooks = 1'024;

}  // namespace

void check_in_time(const TimeLimit& limit) {
    if (!limit.is_over()) return;
    throw busy("delivery.timed_out",
               {"The delivery took longer than this exchange allows; nothing was delivered.",
                "交付超过平台规定的时限；未交付任何数据。"});
}

MaskedOutput mask_dataset(const catalog::BlobStore& blobs, ByteView master_key,
                          const MaskingJob& job, const TimeLimit& limit, std::size_t steps) {
    catalog::BlobReader input = blobs.open(job.input);
    catalog::BlobWriter output = blobs.create();
    const Secret risk_key =
        privacy::release_key(master_key, job.resource.text(),
                             job.policy.risk ? job.policy.risk->subject : std::string());
    const Secret order_key = privacy::row_order_key(master_key, job.delivery.text());
    SealedSpill spill(blobs.folder());
    const privacy::RowOrder order{order_key.view(), {.bytes_expected = input.info().bytes}, &spill};
    const Secret rows_key = privacy::mark_rows_key(master_key);
    const Secret copy_key = privacy::copy_key(master_key, job.contract.text(), job.buyer.text());
    const privacy::CopyKeys copy{rows_key.view(), copy_key.view()};
    privacy::Masker masker(job.policy, job.classes, job.key.view(),
                           [&](std::string_view block) {
                               check_in_time(limit);
                               output.append(as_bytes(block));
                           },
                           {.risk_key = risk_key.view(),
                            .order = order,
                            .copy = copy,
                            .steps = steps,
                            .patterns = job.patterns});
    read_dataset(input, [&](const privacy::CsvRecord& record) {
        if (record.number % kRecordsBetweenLooks == 0) check_in_time(limit);
        masker.add(record);
    });
    MaskedOutput result{{}, masker.finish()};
    result.stored = output.finish();
    PDX_CHECK(result.stored.sha256 == result.report.output_digest);
    PDX_CHECK(result.report.policy_digest == privacy::policy_hash(job.policy));
    return result;
}

namespace {

nlohmann::json marks_json(const privacy::MarkReport& report) {
    nlohmann::json columns = nlohmann::json::array();
    for (const privacy::MarkedColumnReport& column : report.columns) {
        columns.push_back({{"name", column.name},
                           {"carried", column.carried},
                           {"raised", column.raised},
                           {"lowered", column.lowered},
                           {"drift_units", column.drift_units}});
    }
    return columns;
}

nlohmann::json counts_json(const privacy::FreeTextCounts& counts) {
    nlohmann::json kinds = nlohmann::json::array();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        const auto kind = static_cast<privacy::Kind>(i);
        kinds.push_back({{"kind", privacy::kind_code(kind)}, {"count", counts[i]}});
    }
    return kinds;
}

/// Null for what the profile does not list.
nlohmann::json category_json(std::optional<privacy::SensitivityProfile> profile,
                             privacy::Kind kind) {
    const auto category = profile ? privacy::sensitive_category(*profile, kind) : std::nullopt;
    return category ? nlohmann::json(privacy::category_code(*category)) : nlohmann::json();
}

nlohmann::json column_json(const privacy::ColumnReport& column) {
    nlohmann::json one{{"name", column.name},
                       {"kind", privacy::kind_code(column.kind)},
                       {"class", privacy::sensitivity_code(column.sensitivity)},
                       {"confidence_basis_points", column.confidence_basis_points},
                       {"operation", privacy::operation_text(column.operation)},
                       {"replaced", column.replaced},
                       {"passed", column.passed},
                       {"masked", column.masked},
                       {"empty", column.empty},
                       {"unreadable", column.unreadable}};
    if (column.operation.kind == privacy::OperationKind::kMaskText) {
        one["replaced_in_text"] = counts_json(column.found);
    }
    return one;
}

}  // namespace

nlohmann::json to_json(const privacy::MaskReport& report) {
    nlohmann::json columns = nlohmann::json::array();
    for (const privacy::ColumnReport& column : report.columns) {
        columns.push_back(column_json(column));
        const nlohmann::json category = category_json(report.profile, column.kind);
        if (!category.is_null()) columns.back()["sensitive_category"] = category;
    }
    nlohmann::json all{
        {"rows_in", report.rows_in}, {"rows_out", report.rows_out}, {"columns", columns}};
    if (report.risk) {
        all["risk"] = to_json(report.risk->report);
        all["risk"]["level"] = static_cast<int>(report.risk->level);
    }
    if (report.profile) all["sensitivity_profile"] = privacy::profile_code(*report.profile);
    if (report.steps > 0) all["generalisation_steps"] = report.steps;
    if (report.marks) all["marks"] = marks_json(*report.marks);
    if (report.canaries > 0) all["canaries"] = report.canaries;
    return all;
}

}  // namespace pdx::app
