#include "privacy/row_order.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr unsigned kBucketBitsMax = 12;

/// A row in a bucket: its label, the bytes of each field, the fields. Native byte order: what is
/// spilled is read back by the same process.
template <class Number>
void append_native(std::string& out, Number number) {
    std::array<char, sizeof(Number)> bytes{};
    std::memcpy(bytes.data(), &number, sizeof number);
    out.append(bytes.data(), bytes.size());
}

template <class Number>
Number read_native(std::string_view bytes, std::size_t& at) {
    PDX_CHECK(at <= bytes.size() && sizeof(Number) <= bytes.size() - at);
    Number number{};
    std::memcpy(&number, bytes.data() + at, sizeof number);
    at += sizeof number;
    return number;
}

}  // namespace

Secret row_order_key(ByteView root_key, std::string_view delivery_id) {
    return derive_key(root_key, "pdx/privacy/row-order/v1:" + std::string(delivery_id));
}

std::uint64_t RowLabels::of(std::uint64_t row) const {
    std::array<std::uint8_t, 8> message{};
    for (std::size_t i = 0; i < message.size(); ++i) {
        message.at(i) = static_cast<std::uint8_t>(row >> (56U - 8U * i));
    }
    const Digest digest = key_.of(message);
    std::uint64_t label = 0;
    for (std::size_t i = 0; i < 8; ++i) label = (label << 8U) | digest.value.at(i);
    return label;
}

RowShuffler::RowShuffler(ByteView key, const ShuffleSize& size, RowSpill& spill)
    : labels_of_(key),
      spill_(spill),
      memory_bytes_(size.memory_bytes) {
    // An eighth of the memory for a bucket as expected, half for one that is larger.
    const std::uint64_t target = std::max<std::uint64_t>(1, memory_bytes_ / 8);
    while (bucket_bits_ < kBucketBitsMax && (size.bytes_expected >> bucket_bits_) > target) {
        ++bucket_bits_;
    }
    buckets_.resize(std::size_t{1} << bucket_bits_);
}

void RowShuffler::add(Fields fields) {
    PDX_CHECK(!closed_);
    closed_ = true;  // an exception below leaves it closed
    if (rows_ == 0) width_ = fields.size();
    PDX_CHECK(fields.size() == width_ && width_ > 0);
    const std::uint64_t label = labels_of_.of(rows_++);
    Bucket& bucket = buckets_[bucket_bits_ == 0 ? 0 : label >> (64U - bucket_bits_)];
    const std::size_t before = bucket.waiting.size();
    append_native(bucket.waiting, label);
    for (const std::string_view field : fields) {
        PDX_CHECK(field.size() <= std::numeric_limits<std::uint32_t>::max());
        append_native(bucket.waiting, static_cast<std::uint32_t>(field.size()));
    }
    for (const std::string_view field : fields) bucket.waiting += field;
    const std::size_t added = bucket.waiting.size() - before;
    bucket.bytes += added + sizeof(Label);
    waiting_bytes_ += added;
    if (bucket.bytes > memory_bytes_ / 2) {
        throw too_large("row_order.bucket_too_large",
                        {"The rows are many times larger than was expected; their order cannot be "
                         "changed in the memory given.",
                         "数据行远大于预期，无法在给定内存内重排顺序。"});
    }
    if (waiting_bytes_ > memory_bytes_ / 4) spill_all();
    closed_ = false;
}

void RowShuffler::spill_all() {
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        if (buckets_[i].waiting.empty()) continue;
        spill_.append(i, buckets_[i].waiting);
        buckets_[i].waiting.clear();
    }
    waiting_bytes_ = 0;
    spilled_ = true;
}

void RowShuffler::finish(const Sink& sink) {
    PDX_CHECK(!closed_);
    closed_ = true;
    if (spilled_) spill_all();
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        const std::string waiting = std::exchange(buckets_[i].waiting, {});
        emit(spilled_ ? spill_.take(i) : waiting, sink);
    }
    PDX_CHECK(emitted_ == rows_);
}

void RowShuffler::emit(std::string_view bucket, const Sink& sink) {
    labels_.clear();
    for (std::size_t at = 0; at < bucket.size();) {
        Label row{read_native<std::uint64_t>(bucket, at), 0};
        row.at = at;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < width_; ++i) bytes += read_native<std::uint32_t>(bucket, at);
        PDX_CHECK(bytes <= bucket.size() - at);
        at += bytes;
        labels_.push_back(row);
    }
    std::sort(labels_.begin(), labels_.end(), [](const Label& a, const Label& b) {
        return std::pair(a.label, a.at) < std::pair(b.label, b.at);
    });
    fields_.resize(width_);
    for (const Label& row : labels_) {
        std::size_t at = row.at;
        std::size_t field = row.at + width_ * sizeof(std::uint32_t);
        for (std::string_view& one : fields_) {
            one = bucket.substr(field, read_native<std::uint32_t>(bucket, at));
            field += one.size();
        }
        sink(emitted_++, fields_);
    }
}

void RowNumbers::renumber(std::uint64_t position, std::span<std::string_view> fields) {
    PDX_CHECK(column_ < fields.size());
    text_ = std::to_string(first_ + position);
    fields[column_] = text_;
}

}  // namespace pdx::privacy
