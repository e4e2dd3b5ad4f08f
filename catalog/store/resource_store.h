#pragma once
/// Resources, their field dictionaries, datasets and dataset columns in SQL. Begins and ends no
/// transaction. Dates are stored as the days they are, not as instants.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "catalog/resource.h"
#include "sql/sql.h"

namespace pdx::catalog {

/// One upload of a resource's data; versions of a resource count from 1.
struct Dataset {
    DatasetId id;
    ResourceId resource;
    std::int64_t version_no = 1;
    Digest sha256;  ///< of the plaintext, and the name of its blob
    std::int64_t bytes = 0;
    std::int64_t row_count = 0;  ///< data rows, without the header
    std::int64_t column_count = 0;
    std::string encoding;  ///< as uploaded: UTF-8, GB18030
    PartyId uploaded_by;
    Timestamp created_at;
    bool operator==(const Dataset&) const = default;
};

/// Whether a person has to look at a column: not at all, has yet to, has done so.
enum class ColumnReview : std::uint8_t { kNone, kWaiting, kConfirmed };
std::string_view wire_name(ColumnReview review);

/// What detection or a reviewer says of one column. Evidence holds counts and rules, no values.
struct DatasetColumn {
    std::string name;          ///< as in the header line, at most 200 characters
    std::string kind;          ///< resident_id, mobile, ...; wire name of privacy's kind
    std::string column_class;  ///< wire name of privacy::Sensitivity
    std::int64_t confidence_bp = 0;
    std::string evidence;  ///< JSON
    ColumnReview review = ColumnReview::kNone;
    std::int64_t confidence_high_bp = 0;
    std::int64_t sampled = 0;    ///< values that were looked at
    std::string runner_up = {};  ///< wire name of privacy's kind; may be empty
    std::string refused = "[]";  ///< JSON: kinds that the column might have been, at most 3
    bool operator==(const DatasetColumn&) const = default;
};

/// A column that waits for a person, of the newest version of its resource's data.
struct WaitingColumn {
    DatasetId dataset;
    ResourceId resource;
    std::int64_t version_no = 1;
    std::int64_t position = 0;  ///< in its file, from 0
    DatasetColumn column;
    bool operator==(const WaitingColumn&) const = default;
};

/// After which column a list of waiting ones goes on. Empty: from its start.
struct WaitingPosition {
    DatasetId dataset;
    std::int64_t position = -1;
};

/// Which resources a list holds. Empty members do not filter.
struct ResourceFilter {
    std::string state;
    std::optional<PartyId> provider;
};

/// Unit: rows of one list.
inline constexpr std::int64_t kResourcePageMax = 1'000;

std::span<const sql::Query> resource_queries();

/// Thread: not shared, as its connection.
class ResourceStore {
public:
    explicit ResourceStore(sql::Connection& connection) : connection_(connection) {}

    /// Throws: Error kConflict "database.duplicate".
    void insert(const Resource& resource);
    std::optional<Resource> load(const ResourceId& id);
    /// The resource under this catalog identifier or registration code, the newest of several.
    std::optional<Resource> find_by_identifier(const std::string& identifier);
    std::optional<Resource> find_by_registration_code(const std::string& code);
    /// By id, ascending, after `after` (empty = from the start).
    std::vector<Resource> list(const ResourceFilter& filter, const ResourceId& after,
                               std::int64_t limit);
    /// Writes every column but id, provider and created_at, with resource.version as the new
    /// version. Throws: Error kStale "resource.stale" unless the stored version is
    /// `expected_version`.
    void save(const Resource& resource, std::int64_t expected_version);

    void replace_fields(const ResourceId& id, std::span<const ResourceField> fields);
    std::vector<ResourceField> fields(const ResourceId& id);

    /// Throws: Error kConflict "database.duplicate" when the resource has this version_no.
    void insert_dataset(const Dataset& dataset);
    std::optional<Dataset> dataset(const DatasetId& id);
    std::optional<Dataset> latest_dataset(const ResourceId& id);
    /// Newest version first, below `before_version` (0 = from the newest).
    std::vector<Dataset> datasets(const ResourceId& id, std::int64_t before_version,
                                  std::int64_t limit);
    /// How many datasets share this content: its blob may go when there is none.
    std::int64_t datasets_with(const Digest& sha256);

    void replace_columns(const DatasetId& id, std::span<const DatasetColumn> columns);
    std::vector<DatasetColumn> columns(const DatasetId& id);
    /// By dataset and position, ascending; of what `uploader` uploaded, or of all.
    std::vector<WaitingColumn> waiting_columns(const std::optional<PartyId>& uploader,
                                               const WaitingPosition& after, std::int64_t limit);

private:
    sql::Connection& connection_;
};

}  // namespace pdx::catalog
