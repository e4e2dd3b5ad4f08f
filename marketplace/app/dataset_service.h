#pragma once
/// Datasets: a CSV comes in as a stream and is decoded, parsed, profiled and encrypted at once, in
/// constant memory; nothing is recorded unless all of it is in order.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/store/resource_store.h"
#include "marketplace/app/context.h"
#include "privacy/classify.h"
#include "privacy/table_format.h"

namespace pdx::app {

/// Pulls bytes; 0 only at the true end. Throws what ends the upload.
using ByteSource = std::function<std::size_t(std::span<std::uint8_t>)>;

struct DatasetWithColumns {
    catalog::Dataset dataset;
    std::vector<catalog::DatasetColumn> columns;
};

struct WaitingPage {
    std::vector<catalog::WaitingColumn> items;
    std::optional<std::string> next;  ///< position after which the next page begins
};

class DatasetService {
public:
    explicit DatasetService(Context& context) : context_(context) {}

    /// What is stored is CSV, whatever came: JSON lines are written anew, field by field.
    /// Throws: kConflict "dataset.frozen" while the registration is under review; kInvalid
    /// "dataset.header" when the columns are not those of the field dictionary; what
    /// privacy/table_format.h and privacy/encoding.h throw.
    Outcome upload(const WriteRequest& write, const ResourceId& resource,
                   privacy::TableFormat format, const ByteSource& source);
    /// Decides the class of one column, which then waits no longer for review; the class that it
    /// has confirms it. Detection can be overruled upwards only, except that an undecided column
    /// takes any class.
    /// Throws: kConflict "column.laxer".
    Outcome classify_column(const WriteRequest& write, const DatasetId& dataset,
                            const std::string& column, privacy::Sensitivity sensitivity);

    DatasetWithColumns find(const Caller& caller, const DatasetId& dataset);
    /// Newest first. Throws: not_found("resource").
    std::vector<DatasetWithColumns> list(const Caller& caller, const ResourceId& resource);
    /// What waits for a person, of the newest version of each resource: the caller's own, or all
    /// for whoever reads the work queue or everything. `after`: a page's `next`, or empty.
    WaitingPage waiting(const Caller& caller, const std::string& after, std::int64_t limit);

private:
    /// What reading the stream found out.
    struct Intake {
        catalog::BlobInfo stored;
        Digest received;  ///< of the bytes as sent
        std::uint64_t records = 0;
        std::string encoding;
        std::vector<privacy::ColumnClass> columns;
    };
    struct Dictionary;
    Dictionary load_dictionary(const Caller& caller, const ResourceId& resource);
    /// `stored` is left to upload(): nothing is kept of a file that is refused.
    Intake take_in(const Dictionary& dictionary, privacy::TableFormat format,
                   const ByteSource& source, catalog::BlobWriter& blob);
    bool may_read(const Caller& caller, sql::Connection& db, const ResourceId& resource);

    Context& context_;
};

}  // namespace pdx::app
