#include "catalog/store/resource_store.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace pdx::catalog {
namespace {

using sql::Parameter;
using sql::Query;

#define PDX_RESOURCE_COLUMNS                                                                       \
    "resource_id, provider_id, catalog_identifier, title_zh, title_en, summary_zh, summary_en, "   \
    "keywords, source_kind, source_statement, sharing_kind, open_kind, security_grade, pi_level, " \
    "access_method, update_frequency, industry_code, topic, state, state_reason, accepted_by, "    \
    "reviewed_by, coded_by, registration_code, rule_profile, accept_due, review_due, "             \
    "notice_from, notice_until, valid_to, version, created_at, updated_at"

constexpr Query kInsert{"resource.insert",
                        "INSERT INTO resource (" PDX_RESOURCE_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Query kLoad{"resource.load",
                      "SELECT " PDX_RESOURCE_COLUMNS " FROM resource WHERE resource_id = ?"};
constexpr Query kFindByIdentifier{"resource.find_by_identifier",
                                  "SELECT " PDX_RESOURCE_COLUMNS
                                  " FROM resource WHERE catalog_identifier = ? "
                                  "ORDER BY resource_id DESC LIMIT 1"};
constexpr Query kFindByCode{"resource.find_by_registration_code",
                            "SELECT " PDX_RESOURCE_COLUMNS
                            " FROM resource WHERE registration_code = ? "
                            "ORDER BY resource_id DESC LIMIT 1"};
constexpr Query kList{"resource.list", "SELECT " PDX_RESOURCE_COLUMNS
                                       " FROM resource WHERE resource_id > ? "
                                       "ORDER BY resource_id LIMIT ?"};
constexpr Query kListOfState{"resource.list_of_state",
                             "SELECT " PDX_RESOURCE_COLUMNS
                             " FROM resource WHERE state = ? AND resource_id > ? "
                             "ORDER BY resource_id LIMIT ?"};
constexpr Query kListOfProvider{"resource.list_of_provider",
                                "SELECT " PDX_RESOURCE_COLUMNS
                                " FROM resource WHERE provider_id = ? AND resource_id > ? "
                                "ORDER BY resource_id LIMIT ?"};
constexpr Query kListOfProviderAndState{"resource.list_of_provider_and_state",
                                        "SELECT " PDX_RESOURCE_COLUMNS
                                        " FROM resource WHERE provider_id = ? AND state = ? "
                                        "AND resource_id > ? ORDER BY resource_id LIMIT ?"};
constexpr Query kSave{
    "resource.save",
    "UPDATE resource SET catalog_identifier = ?, title_zh = ?, title_en = ?, summary_zh = ?, "
    "summary_en = ?, keywords = ?, source_kind = ?, source_statement = ?, sharing_kind = ?, "
    "open_kind = ?, security_grade = ?, pi_level = ?, access_method = ?, update_frequency = ?, "
    "industry_code = ?, topic = ?, state = ?, state_reason = ?, accepted_by = ?, "
    "reviewed_by = ?, coded_by = ?, registration_code = ?, rule_profile = ?, accept_due = ?, "
    "review_due = ?, notice_from = ?, notice_until = ?, valid_to = ?, version = ?, "
    "updated_at = ? WHERE resource_id = ? AND version = ?"};

constexpr Query kDeleteFields{"resource.delete_fields",
                              "DELETE FROM resource_field WHERE resource_id = ?"};
constexpr Query kInsertField{"resource.insert_field",
                             "INSERT INTO resource_field (resource_id, position_no, name, "
                             "label_zh, data_type, length_max, declared_class) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr Query kFields{"resource.fields",
                        "SELECT name, label_zh, data_type, length_max, declared_class "
                        "FROM resource_field WHERE resource_id = ? "
                        "ORDER BY position_no LIMIT 1000"};

#define PDX_DATASET_COLUMNS                                                                        \
    "dataset_id, resource_id, version_no, sha256, byte_count, record_count, column_count, "        \
    "encoding, uploaded_by, created_at"

constexpr Query kInsertDataset{"dataset.insert", "INSERT INTO dataset (" PDX_DATASET_COLUMNS
                                                 ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Query kDataset{"dataset.load",
                         "SELECT " PDX_DATASET_COLUMNS " FROM dataset WHERE dataset_id = ?"};
constexpr Query kDatasets{"dataset.list", "SELECT " PDX_DATASET_COLUMNS
                                          " FROM dataset WHERE resource_id = ? "
                                          "AND version_no < ? ORDER BY version_no DESC LIMIT ?"};
constexpr Query kDatasetsWith{"dataset.count_with_content",
                              "SELECT COUNT(*) FROM dataset WHERE sha256 = ?"};
constexpr Query kDeleteColumns{"dataset.delete_columns",
                               "DELETE FROM dataset_column WHERE dataset_id = ?"};
constexpr Query kInsertColumn{"dataset.insert_column",
                              "INSERT INTO dataset_column (dataset_id, position_no, name, kind, "
                              "class, confidence_bp, evidence, review, confidence_high_bp, "
                              "sampled, runner_up, refused) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
#define PDX_DATASET_COLUMN                                                                         \
    "c.name, c.kind, c.class, c.confidence_bp, c.evidence, c.review, c.confidence_high_bp, "       \
    "c.sampled, c.runner_up, c.refused"

constexpr Query kColumns{"dataset.columns", "SELECT " PDX_DATASET_COLUMN
                                            " FROM dataset_column c WHERE c.dataset_id = ? "
                                            "ORDER BY c.position_no LIMIT 10000"};

#define PDX_WAITING                                                                                \
    "SELECT d.dataset_id, d.resource_id, d.version_no, c.position_no, " PDX_DATASET_COLUMN         \
    " FROM dataset_column c JOIN dataset d ON d.dataset_id = c.dataset_id "                        \
    "WHERE c.review = 'waiting' "                                                                  \
    "AND c.dataset_id >= ? AND (c.dataset_id > ? OR c.position_no > ?) "                           \
    "AND NOT EXISTS (SELECT 1 FROM dataset n WHERE n.resource_id = d.resource_id "                 \
    "AND n.version_no > d.version_no) "
#define PDX_WAITING_ORDER "ORDER BY c.dataset_id, c.position_no LIMIT ?"

constexpr Query kWaiting{"dataset.waiting_columns", PDX_WAITING PDX_WAITING_ORDER};
constexpr Query kWaitingOfUploader{"dataset.waiting_columns_of_uploader",
                                   PDX_WAITING "AND d.uploaded_by = ? " PDX_WAITING_ORDER};

#undef PDX_RESOURCE_COLUMNS
#undef PDX_DATASET_COLUMNS
#undef PDX_DATASET_COLUMN
#undef PDX_WAITING
#undef PDX_WAITING_ORDER

constexpr std::array kQueries{
    kInsert,
    kLoad,
    kFindByIdentifier,
    kFindByCode,
    kList,
    kListOfState,
    kListOfProvider,
    kListOfProviderAndState,
    kSave,
    kDeleteFields,
    kInsertField,
    kFields,
    kInsertDataset,
    kDataset,
    kDatasets,
    kDatasetsWith,
    kDeleteColumns,
    kInsertColumn,
    kColumns,
    kWaiting,
    kWaitingOfUploader,
};

/// The columns from accept_due to valid_to as text.
using Days = std::array<std::optional<std::string>, 5>;

Days days_of(const Resource& r) {
    const auto text = [](const std::optional<Date>& day) {
        return day ? std::optional(day->iso()) : std::nullopt;
    };
    return {text(r.accept_due), text(r.review_due), text(r.notice_from), text(r.notice_until),
            text(r.valid_to)};
}

/// The columns from catalog_identifier to valid_to: what both INSERT and UPDATE bind, in order.
void append_body(std::vector<Parameter>& values, const Resource& r, const Days& days) {
    for (const auto& value : {sql::to_parameter(r.catalog_identifier),
                              sql::to_parameter(r.title_zh),
                              sql::to_parameter(r.title_en),
                              sql::to_parameter(r.summary_zh),
                              sql::to_parameter(r.summary_en),
                              sql::to_parameter(r.keywords),
                              sql::to_parameter(wire_name(r.source_kind)),
                              sql::to_parameter(r.source_statement),
                              sql::to_parameter(wire_name(r.sharing_kind)),
                              sql::to_parameter(r.open_kind),
                              sql::to_parameter(r.security_grade),
                              sql::to_parameter(r.pi_level),
                              sql::to_parameter(wire_name(r.access_method)),
                              sql::to_parameter(wire_name(r.update_frequency)),
                              sql::to_parameter(r.industry_code),
                              sql::to_parameter(r.topic),
                              sql::to_parameter(r.state),
                              sql::to_parameter(r.state_reason),
                              sql::to_parameter(r.accepted_by),
                              sql::to_parameter(r.reviewed_by),
                              sql::to_parameter(r.coded_by),
                              sql::to_parameter(r.registration_code),
                              sql::to_parameter(r.rule_profile)}) {
        values.push_back(value);
    }
    for (const auto& day : days) values.push_back(sql::to_parameter(day));
}

/// Reads the columns of one row from the left; a value that does not parse is a bug in what wrote
/// it.
class Reader {
public:
    explicit Reader(const sql::Row& row) : row_(row) {}

    const std::string& text() { return row_.text(column_++); }
    std::int64_t integer() { return row_.integer(column_++); }
    Timestamp time() { return row_.time(column_++); }
    Digest digest() { return row_.digest(column_++); }
    std::optional<std::int64_t> optional_integer() {
        const std::size_t column = column_++;
        return row_.is_null(column) ? std::nullopt : std::optional(row_.integer(column));
    }
    template <class IdType>
    IdType id() {
        return parsed(IdType::parse(text()));
    }
    template <class IdType>
    std::optional<IdType> optional_id() {
        return skip_null() ? std::nullopt : std::optional(id<IdType>());
    }
    std::optional<Date> optional_day() {
        return skip_null() ? std::nullopt : std::optional(parsed(Date::parse(text())));
    }
    template <class Enum>
    Enum word() {
        return parsed(parse_wire<Enum>(text()));
    }

private:
    bool skip_null() {
        const bool is_null = row_.is_null(column_);
        column_ += is_null ? 1 : 0;
        return is_null;
    }
    template <class T>
    static T parsed(std::optional<T> value) {
        PDX_CHECK(value.has_value());
        return *std::move(value);
    }

    const sql::Row& row_;
    std::size_t column_ = 0;
};

Resource resource_of(const sql::Row& row) {
    Reader in(row);
    Resource r;
    r.id = in.id<ResourceId>();
    r.provider = in.id<PartyId>();
    r.catalog_identifier = in.text();
    r.title_zh = in.text();
    r.title_en = in.text();
    r.summary_zh = in.text();
    r.summary_en = in.text();
    r.keywords = in.text();
    r.source_kind = in.word<SourceKind>();
    r.source_statement = in.text();
    r.sharing_kind = in.word<SharingKind>();
    r.open_kind = in.text();
    r.security_grade = in.text();
    r.pi_level = in.text();
    r.access_method = in.word<AccessMethod>();
    r.update_frequency = in.word<UpdateFrequency>();
    r.industry_code = in.text();
    r.topic = in.text();
    r.state = in.text();
    r.state_reason = in.text();
    r.accepted_by = in.optional_id<PartyId>();
    r.reviewed_by = in.optional_id<PartyId>();
    r.coded_by = in.optional_id<PartyId>();
    r.registration_code = in.text();
    r.rule_profile = in.text();
    r.accept_due = in.optional_day();
    r.review_due = in.optional_day();
    r.notice_from = in.optional_day();
    r.notice_until = in.optional_day();
    r.valid_to = in.optional_day();
    r.version = in.integer();
    r.created_at = in.time();
    r.updated_at = in.time();
    return r;
}

Dataset dataset_of(const sql::Row& row) {
    Reader in(row);
    Dataset d;
    d.id = in.id<DatasetId>();
    d.resource = in.id<ResourceId>();
    d.version_no = in.integer();
    d.sha256 = in.digest();
    d.bytes = in.integer();
    d.row_count = in.integer();
    d.column_count = in.integer();
    d.encoding = in.text();
    d.uploaded_by = in.id<PartyId>();
    d.created_at = in.time();
    return d;
}

ColumnReview review_of(const std::string& word) {
    for (const auto review :
         {ColumnReview::kNone, ColumnReview::kWaiting, ColumnReview::kConfirmed}) {
        if (wire_name(review) == word) return review;
    }
    fail_check("unknown review of a column", __FILE__, __LINE__);
}

DatasetColumn column_of(Reader& in) {
    DatasetColumn column;
    column.name = in.text();
    column.kind = in.text();
    column.column_class = in.text();
    column.confidence_bp = in.integer();
    column.evidence = in.text();
    column.review = review_of(in.text());
    column.confidence_high_bp = in.integer();
    column.sampled = in.integer();
    column.runner_up = in.text();
    column.refused = in.text();
    return column;
}

WaitingColumn waiting_of(const sql::Row& row) {
    Reader in(row);
    WaitingColumn waiting;
    waiting.dataset = in.id<DatasetId>();
    waiting.resource = in.id<ResourceId>();
    waiting.version_no = in.integer();
    waiting.position = in.integer();
    waiting.column = column_of(in);
    return waiting;
}

template <class T, class Convert>
std::vector<T> all_of(const std::vector<sql::Row>& rows, const Convert& convert) {
    std::vector<T> values;
    values.reserve(rows.size());
    for (const auto& row : rows) {
        values.push_back(convert(row));
    }
    return values;
}

std::optional<Resource> first_of(const std::vector<sql::Row>& rows) {
    return rows.empty() ? std::nullopt : std::optional(resource_of(rows.front()));
}

}  // namespace

std::string_view wire_name(ColumnReview review) {
    switch (review) {
        case ColumnReview::kNone: return "none";
        case ColumnReview::kWaiting: return "waiting";
        case ColumnReview::kConfirmed: return "confirmed";
    }
    fail_check("unknown review of a column", __FILE__, __LINE__);
}

std::span<const sql::Query> resource_queries() { return kQueries; }

void ResourceStore::insert(const Resource& resource) {
    std::vector<Parameter> values{sql::to_parameter(resource.id),
                                  sql::to_parameter(resource.provider)};
    const Days days = days_of(resource);
    append_body(values, resource, days);
    values.emplace_back(resource.version);
    values.push_back(sql::to_parameter(resource.created_at));
    values.push_back(sql::to_parameter(resource.updated_at));
    connection_.execute(kInsert, values);
}

std::optional<Resource> ResourceStore::load(const ResourceId& id) {
    return first_of(connection_.all(kLoad, id));
}

std::optional<Resource> ResourceStore::find_by_identifier(const std::string& identifier) {
    return first_of(connection_.all(kFindByIdentifier, identifier));
}

std::optional<Resource> ResourceStore::find_by_registration_code(const std::string& code) {
    return first_of(connection_.all(kFindByCode, code));
}

std::vector<Resource> ResourceStore::list(const ResourceFilter& filter, const ResourceId& after,
                                          std::int64_t limit) {
    const std::int64_t rows = std::clamp<std::int64_t>(limit, 1, kResourcePageMax);
    const bool by_state = !filter.state.empty();
    if (filter.provider && by_state) {
        return all_of<Resource>(
            connection_.all(kListOfProviderAndState, *filter.provider, filter.state, after, rows),
            resource_of);
    }
    if (filter.provider) {
        return all_of<Resource>(connection_.all(kListOfProvider, *filter.provider, after, rows),
                                resource_of);
    }
    if (by_state) {
        return all_of<Resource>(connection_.all(kListOfState, filter.state, after, rows),
                                resource_of);
    }
    return all_of<Resource>(connection_.all(kList, after, rows), resource_of);
}

void ResourceStore::save(const Resource& resource, std::int64_t expected_version) {
    std::vector<Parameter> values;
    const Days days = days_of(resource);
    append_body(values, resource, days);
    values.emplace_back(resource.version);
    values.push_back(sql::to_parameter(resource.updated_at));
    values.push_back(sql::to_parameter(resource.id));
    values.emplace_back(expected_version);
    if (connection_.execute(kSave, values) != 1) {
        throw stale("resource");
    }
}

void ResourceStore::replace_fields(const ResourceId& id, std::span<const ResourceField> fields) {
    connection_.run(kDeleteFields, id);
    std::int64_t position = 0;
    for (const auto& field : fields) {
        connection_.run(kInsertField, id, position++, field.name, field.label_zh, field.data_type,
                        field.length, field.declared_class);
    }
}

std::vector<ResourceField> ResourceStore::fields(const ResourceId& id) {
    return all_of<ResourceField>(connection_.all(kFields, id), [](const sql::Row& row) {
        Reader in(row);
        ResourceField field;
        field.name = in.text();
        field.label_zh = in.text();
        field.data_type = in.text();
        field.length = in.optional_integer();
        field.declared_class = in.text();
        return field;
    });
}

void ResourceStore::insert_dataset(const Dataset& d) {
    connection_.run(kInsertDataset, d.id, d.resource, d.version_no, d.sha256, d.bytes, d.row_count,
                    d.column_count, d.encoding, d.uploaded_by, d.created_at);
}

std::optional<Dataset> ResourceStore::dataset(const DatasetId& id) {
    const auto row = connection_.one(kDataset, id);
    return row ? std::optional(dataset_of(*row)) : std::nullopt;
}

std::optional<Dataset> ResourceStore::latest_dataset(const ResourceId& id) {
    const auto newest = datasets(id, 0, 1);
    return newest.empty() ? std::nullopt : std::optional(newest.front());
}

std::vector<Dataset> ResourceStore::datasets(const ResourceId& id, std::int64_t before_version,
                                             std::int64_t limit) {
    constexpr std::int64_t kNewest = std::int64_t{1} << 62;
    return all_of<Dataset>(
        connection_.all(kDatasets, id, before_version == 0 ? kNewest : before_version,
                        std::clamp<std::int64_t>(limit, 1, kResourcePageMax)),
        dataset_of);
}

std::int64_t ResourceStore::datasets_with(const Digest& sha256) {
    return connection_.one(kDatasetsWith, sha256)->integer(0);
}

void ResourceStore::replace_columns(const DatasetId& id, std::span<const DatasetColumn> columns) {
    connection_.run(kDeleteColumns, id);
    std::int64_t position = 0;
    for (const auto& column : columns) {
        connection_.run(kInsertColumn, id, position++, column.name, column.kind,
                        column.column_class, column.confidence_bp, column.evidence,
                        wire_name(column.review), column.confidence_high_bp, column.sampled,
                        column.runner_up, column.refused);
    }
}

std::vector<DatasetColumn> ResourceStore::columns(const DatasetId& id) {
    return all_of<DatasetColumn>(connection_.all(kColumns, id), [](const sql::Row& row) {
        Reader in(row);
        return column_of(in);
    });
}

std::vector<WaitingColumn> ResourceStore::waiting_columns(const std::optional<PartyId>& uploader,
                                                          const WaitingPosition& after,
                                                          std::int64_t limit) {
    const std::int64_t rows = std::clamp<std::int64_t>(limit, 1, kResourcePageMax);
    return all_of<WaitingColumn>(
        uploader ? connection_.all(kWaitingOfUploader, after.dataset, after.dataset, after.position,
                                   *uploader, rows)
                 : connection_.all(kWaiting, after.dataset, after.dataset, after.position, rows),
        waiting_of);
}

}  // namespace pdx::catalog
