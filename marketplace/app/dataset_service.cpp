#include "marketplace/app/dataset_service.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/app/column_class.h"
#include "marketplace/app/resource_view.h"
#include "marketplace/app/staged_write.h"
#include "marketplace/domain/permissions.h"
#include "marketplace/domain/registration.h"
#include "privacy/csv.h"
#include "privacy/encoding.h"

namespace pdx::app {
namespace {

using nlohmann::json;

constexpr std::size_t kPieceBytes = std::size_t{64} << 10U;

/// While the desks look at a registration, its data does not change under them.
void check_not_frozen(const catalog::Resource& resource) {
    using State = domain::RegistrationState;
    const auto state = domain::parse_registration_state(resource.state);
    PDX_CHECK(state.has_value());
    if (*state == State::kDraft || *state == State::kReturned || *state == State::kActive) return;
    throw conflict(
        "dataset.frozen",
        {"Data is uploaded while the resource is a draft, returned, or active; not while "
         "its registration is being examined or has ended.",
         "仅在草稿、退回补正或登记有效状态下可上传数据，登记审查期间或终止后不可上传。"},
        {.state = resource.state, .allowed = domain::allowed(*state)});
}

/// Of a WaitingPage's `next`; anything else is the start.
catalog::WaitingPosition waiting_position(std::string_view next) {
    catalog::WaitingPosition position;
    const std::size_t space = next.find(' ');
    const auto dataset = DatasetId::parse(next.substr(0, space));
    if (!dataset || space == std::string_view::npos) return {};
    const std::string_view digits = next.substr(space + 1);
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), position.position);
    if (failure != std::errc() || end != digits.data() + digits.size()) return {};
    position.dataset = *dataset;
    return position;
}

json class_counts(const std::vector<catalog::DatasetColumn>& columns) {
    json counts = json::object();
    for (const catalog::DatasetColumn& column : columns) {
        counts[column.column_class] = counts.value(column.column_class, 0) + 1;
    }
    return counts;
}

}  // namespace

struct DatasetService::Dictionary {
    catalog::Resource resource;
    std::vector<catalog::ResourceField> fields;

    /// The declared columns in the order of the file's header.
    /// Throws: kInvalid "dataset.header". Names only columns that the dictionary knows: what stands
    /// in a file's first line may be data.
    std::vector<privacy::DeclaredColumn> match(std::span<const std::string_view> header) const {
        std::set<std::string_view> missing;
        for (const catalog::ResourceField& field : fields) missing.insert(field.name);
        std::vector<privacy::DeclaredColumn> declared;
        std::size_t unexpected = 0;
        for (const std::string_view name : header) {
            missing.erase(name);
            const auto field = std::find_if(fields.begin(), fields.end(),
                                            [&](const auto& f) { return f.name == name; });
            if (field == fields.end()) {
                ++unexpected;
            } else {
                declared.push_back({field->label_zh, declared_sensitivity(field->declared_class)});
            }
        }
        if (missing.empty() && unexpected == 0) return declared;
        std::string names;
        for (const std::string_view name : missing) {
            names += (names.empty() ? "" : ", ") + std::string(name);
        }
        throw invalid("dataset.header",
                      {"The columns of the file are not those of the field dictionary. Missing: " +
                           (names.empty() ? "none" : names) +
                           "; not in the dictionary: " + std::to_string(unexpected) + ".",
                       "文件的列与数据项字典不一致。缺少：" + (names.empty() ? "无" : names) +
                           "；字典之外的列：" + std::to_string(unexpected) + " 个。"},
                      {.pointer = "header"});
    }
};

DatasetService::Dictionary DatasetService::load_dictionary(const Caller& caller,
                                                           const ResourceId& resource) {
    auto lease = context_.reads.borrow();
    catalog::ResourceStore resources(*lease);
    const auto found = resources.load(resource);
    if (!found || found->provider != caller.party) throw not_found("resource");
    return {*found, resources.fields(resource)};
}

/// One pass: bytes -> digest -> UTF-8 -> records -> profile; and UTF-8 -> encrypted blob, of JSON
/// lines the records as CSV.
DatasetService::Intake DatasetService::take_in(const Dictionary& dictionary,
                                               privacy::TableFormat format,
                                               const ByteSource& source,
                                               catalog::BlobWriter& blob) {
    Intake intake;
    Sha256 received;
    std::unique_ptr<privacy::TableProfiler> profiler;
    const bool is_csv = format == privacy::TableFormat::kCsv;
    const auto keep = [&blob](std::string_view text) { blob.append(as_bytes(text)); };
    privacy::CsvWriter rewritten(keep);
    privacy::TableReader reader(format, [&](const privacy::CsvRecord& record) {
        if (record.number == 0) {
            profiler = std::make_unique<privacy::TableProfiler>(
                record.fields, dictionary.match(record.fields), random_uint64(), context_.patterns);
        } else {
            profiler->add(record.fields);
        }
        if (!is_csv) rewritten.write(record.fields);
    });
    privacy::TextDecoder decoder([&](std::string_view text) {
        reader.feed(text);
        if (is_csv) keep(text);
    });
    Bytes piece(kPieceBytes);
    while (const std::size_t count = source(piece)) {
        const ByteView bytes(piece.data(), count);
        received.update(bytes);
        decoder.feed(as_text(bytes));
    }
    decoder.finish();
    reader.finish();
    if (!is_csv) rewritten.finish();
    intake.received = received.finish();
    intake.records = reader.records();
    intake.encoding = privacy::encoding_code(decoder.encoding());
    intake.columns = profiler->classify();
    return intake;
}

Outcome DatasetService::upload(const WriteRequest& write, const ResourceId& resource,
                               privacy::TableFormat format, const ByteSource& source) {
    const Dictionary dictionary = load_dictionary(write.caller, resource);
    // Refused before the file is read, unless the request may be a repeated one.
    if (!was_answered(context_, write)) check_not_frozen(dictionary.resource);
    catalog::BlobWriter blob = context_.blobs.create();
    Intake intake = take_in(dictionary, format, source, blob);
    auto idempotency = write.idempotency;
    if (idempotency) {  // a streamed body is known only now
        Sha256 hash;
        idempotency->request_hash =
            hash.update(idempotency->request_hash.view()).update(intake.received.view()).finish();
    }
    // Asked before the file is kept, because a blob is not taken back: another upload or a delivery
    // may hold the same content. The command asks again.
    if (auto answer = answered_before(context_, {write.caller, idempotency})) {
        return *std::move(answer);
    }
    check_not_frozen(load_dictionary(write.caller, resource).resource);
    intake.stored = blob.finish();
    Outcome outcome = context_.writer.submit(
        {write.caller, idempotency, [&](Transaction& tx) {
             catalog::ResourceStore resources(tx.db());
             const auto found = resources.load(resource);
             if (!found || found->provider != tx.caller().party) throw not_found("resource");
             check_not_frozen(*found);
             const auto latest = resources.latest_dataset(resource);
             catalog::Dataset dataset;
             dataset.id = tx.make_id<DatasetTag>();
             dataset.resource = resource;
             dataset.version_no = latest ? latest->version_no + 1 : 1;
             dataset.sha256 = intake.stored.sha256;
             dataset.bytes = static_cast<std::int64_t>(intake.stored.bytes);
             dataset.row_count = static_cast<std::int64_t>(intake.records);
             dataset.column_count = static_cast<std::int64_t>(intake.columns.size());
             dataset.encoding = intake.encoding;
             dataset.uploaded_by = tx.caller().party;
             dataset.created_at = tx.now();
             std::vector<catalog::DatasetColumn> columns;
             columns.reserve(intake.columns.size());
             for (const privacy::ColumnClass& column : intake.columns) {
                 columns.push_back(to_dataset_column(column));
             }
             resources.insert_dataset(dataset);
             resources.replace_columns(dataset.id, columns);
             Fact fact = make_fact("dataset.uploaded", "resource", resource.text(),
                                   {{"dataset_id", dataset.id.text()},
                                    {"version", dataset.version_no},
                                    {"received_sha256", intake.received.hex()},
                                    {"stored_sha256", dataset.sha256.hex()},
                                    {"bytes", dataset.bytes},
                                    {"rows", dataset.row_count},
                                    {"classes", class_counts(columns)},
                                    {"detector", fact_of_detector(context_.patterns)}},
                                   found->rule_profile);
             fact.version = 2;
             tx.record(std::move(fact));
             return to_json(dataset, columns).dump();
         }});
    context_.blobs.keep(intake.stored.sha256);
    return outcome;
}

Outcome DatasetService::classify_column(const WriteRequest& write, const DatasetId& dataset,
                                        const std::string& column,
                                        privacy::Sensitivity sensitivity) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::ResourceStore resources(tx.db());
             const auto found = resources.dataset(dataset);
             if (!found || found->uploaded_by != tx.caller().party) throw not_found("dataset");
             std::vector<catalog::DatasetColumn> columns = resources.columns(dataset);
             const auto row = std::find_if(columns.begin(), columns.end(),
                                           [&](const auto& c) { return c.name == column; });
             if (row == columns.end()) throw not_found("column");
             const auto current = privacy::parse_sensitivity(row->column_class);
             PDX_CHECK(current.has_value());
             if (*current != privacy::Sensitivity::kUnknown && sensitivity < *current) {
                 throw conflict(
                     "column.laxer",
                     {"A column that was classified can only be classified more strictly.",
                      "已分类的字段只能调整为更严格的类别。"},
                     {.state = row->column_class});
             }
             row->column_class = privacy::sensitivity_code(sensitivity);
             row->review = catalog::ColumnReview::kConfirmed;
             resources.replace_columns(dataset, columns);
             tx.record(make_fact("dataset.column_classified", "resource", found->resource.text(),
                                 {{"dataset_id", dataset.text()},
                                  {"column", column},
                                  {"class", row->column_class}}));
             return to_json(*found, columns).dump();
         }});
}

bool DatasetService::may_read(const Caller& caller, sql::Connection& db,
                              const ResourceId& resource) {
    const auto found = catalog::ResourceStore(db).load(resource);
    return found && (found->provider == caller.party ||
                     domain::permitted(caller.role, domain::Permission::kReadWorkQueue) ||
                     domain::permitted(caller.role, domain::Permission::kReadEverything));
}

DatasetWithColumns DatasetService::find(const Caller& caller, const DatasetId& dataset) {
    auto lease = context_.reads.borrow();
    catalog::ResourceStore resources(*lease);
    const auto found = resources.dataset(dataset);
    if (!found || !may_read(caller, *lease, found->resource)) throw not_found("dataset");
    return {*found, resources.columns(dataset)};
}

std::vector<DatasetWithColumns> DatasetService::list(const Caller& caller,
                                                     const ResourceId& resource) {
    auto lease = context_.reads.borrow();
    if (!may_read(caller, *lease, resource)) throw not_found("resource");
    catalog::ResourceStore resources(*lease);
    std::vector<DatasetWithColumns> result;
    constexpr std::int64_t kVersionsMax = 100;
    for (const catalog::Dataset& dataset : resources.datasets(resource, 0, kVersionsMax)) {
        result.push_back({dataset, resources.columns(dataset.id)});
    }
    return result;
}

WaitingPage DatasetService::waiting(const Caller& caller, const std::string& after,
                                    std::int64_t limit) {
    auto lease = context_.reads.borrow();
    const bool sees_all = domain::permitted(caller.role, domain::Permission::kReadWorkQueue) ||
                          domain::permitted(caller.role, domain::Permission::kReadEverything);
    WaitingPage page;
    page.items = catalog::ResourceStore(*lease).waiting_columns(
        sees_all ? std::nullopt : std::optional(caller.party), waiting_position(after), limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit && limit > 0) {
        page.next =
            page.items.back().dataset.text() + ' ' + std::to_string(page.items.back().position);
    }
    return page;
}

}  // namespace pdx::app
