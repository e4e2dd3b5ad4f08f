#pragma once
/// Which rows of a dataset stand in a leaked table, when the key that made its tokens is destroyed:
/// by the values that leave without a key, those of one row taken together. A row is told where no
/// other row of the dataset has its values. Holds hashes under a key and numbers
/// of rows.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "privacy/compiled_operation.h"
#include "privacy/mark_plan.h"
#include "privacy/policy.h"
#include "privacy/tuple_hash.h"

namespace pdx::privacy {

/// Memory: some 60 bytes for each distinct row of the table, of which the first eight million are
/// looked at. Thread: not shared.
class RowLink {
public:
    using Fields = std::span<const std::string_view>;

    /// `key`: random. `delivered`: all columns of the dataset, and what was done to them. Columns
    /// are known by their names; those that the table lacks, that carry marks, and that the
    /// delivery numbers anew are not looked at.
    RowLink(const HashKey& key, std::span<const PlannedColumn> delivered,
            const std::optional<MarkPlan>& marks, Fields leaked_header);

    /// Columns that are looked at.
    std::size_t columns() const { return columns_.size(); }

    /// A row of the table, in its order. Requires: as many fields as its header; before any record.
    void add_leaked(Fields fields);
    /// A record of the dataset, in its order, without the header. Requires: a field for each
    /// column.
    void add_record(Fields fields);

    /// Rows of the dataset in the order in which the table has them first, each once.
    std::vector<std::uint64_t> rows() const;

private:
    struct Column {
        std::size_t leaked;
        std::size_t field;
        CompiledOperation operation;
    };
    struct Place {
        std::uint64_t row = 0;      ///< of the dataset
        std::uint32_t records = 0;  ///< of the dataset with these values; 2 for more
    };

    HashKey key_;
    std::vector<Column> columns_;
    std::vector<std::uint64_t> leaked_;  ///< distinct hashes, in the order of the table
    std::unordered_map<std::uint64_t, Place> places_;
    std::uint64_t rows_ = 0;
};

}  // namespace pdx::privacy
