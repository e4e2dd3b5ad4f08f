#pragma once
/// The order of the rows of a delivery, permuted under a key of its own: two operators who got rows
/// of one table cannot join them by position. Each row gets a label, HMAC of its number, and
/// the rows leave in the order of their labels. That is one permutation of the whole table, not of
/// a window that slides over it, and it does not depend on the memory it is made with.
///
/// Runs last, on rows that are masked and marked: what is spilled is what is delivered.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hmac.h"
#include "base/secret.h"

namespace pdx::privacy {

/// Another for each delivery: two versions of a table must not be joined by position either. Not of
/// the contract's key: the order names a buyer after that key is destroyed.
Secret row_order_key(ByteView root_key, std::string_view delivery_id);

/// Where a row of the input stands in the output: rows leave by ascending label.
class RowLabels {
public:
    explicit RowLabels(ByteView key) : key_(key) {}
    /// Rows count from 0.
    std::uint64_t of(std::uint64_t row) const;

private:
    HmacSha256 key_;
};

/// Where rows wait that do not fit into memory. The implementation keeps them from others and
/// erases them whatever happens.
class RowSpill {
public:
    RowSpill() = default;
    virtual ~RowSpill() = default;
    RowSpill(const RowSpill&) = delete;
    RowSpill& operator=(const RowSpill&) = delete;

    /// Requires: bucket < 4,096.
    virtual void append(std::size_t bucket, std::string_view bytes) = 0;
    /// All that was appended to the bucket, in order. Asked for once.
    virtual std::string take(std::size_t bucket) = 0;
};

/// Unit: bytes.
struct ShuffleSize {
    /// Of all fields. An estimate that is right to a factor of two is good enough.
    std::uint64_t bytes_expected = 0;
    std::size_t memory_bytes = std::size_t{64} << 20U;
};

/// Thread: not shared.
class RowShuffler {
public:
    using Fields = std::span<const std::string_view>;
    /// Positions count from 0. The fields are valid during the call.
    using Sink = std::function<void(std::uint64_t position, Fields fields)>;

    /// Nothing is spilled while the rows fit into a quarter of the memory.
    RowShuffler(ByteView key, const ShuffleSize& size, RowSpill& spill);

    /// Requires: the same number of fields every time; not the header.
    /// Throws: kTooLarge row_order.bucket_too_large when there is far more than was expected; what
    /// the spill throws. After that the shuffler takes nothing more.
    void add(Fields fields);
    /// Every row once, in the order of the labels. Callable once.
    void finish(const Sink& sink);

    std::uint64_t rows() const { return rows_; }

private:
    struct Bucket {
        std::string waiting;
        std::uint64_t bytes = 0;  ///< in all, with what sorting takes
    };
    struct Label {
        std::uint64_t label;
        std::size_t at;
    };

    void spill_all();
    void emit(std::string_view bucket, const Sink& sink);

    RowLabels labels_of_;
    RowSpill& spill_;
    std::size_t memory_bytes_;
    unsigned bucket_bits_ = 0;
    std::vector<Bucket> buckets_;
    std::vector<Label> labels_;
    std::vector<std::string_view> fields_;
    std::uint64_t rows_ = 0;
    std::uint64_t emitted_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::size_t width_ = 0;
    bool spilled_ = false;
    bool closed_ = false;
};

/// Issues the numbers of records anew: a column that counts the rows of the source would undo the
/// order.
class RowNumbers {
public:
    explicit RowNumbers(std::size_t column, std::uint64_t first = 1)
        : column_(column),
          first_(first) {}
    /// Requires: the row has the column. The new value is valid until the next call.
    void renumber(std::uint64_t position, std::span<std::string_view> fields);

private:
    std::size_t column_;
    std::uint64_t first_;
    std::string text_;
};

}  // namespace pdx::privacy
