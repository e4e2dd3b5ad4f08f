#pragma once
/// Identifiers: UUIDv7 (RFC 9562 section 5.7), one C++ type per noun. They grow with time, which is
/// worth a factor of four to twelve on every index they lead.
#include <compare>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace pdx {

/// Shape: 36 characters, lower case, version 7. Checked once, where the text enters.
bool is_uuid7(std::string_view text);

template <class Tag>
class Id {
public:
    Id() = default;
    static std::optional<Id> parse(std::string_view text) {
        return is_uuid7(text) ? std::optional(Id(std::string(text))) : std::nullopt;
    }
    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    explicit Id(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Thread: next() may be called from any thread.
class IdSource {
public:
    virtual ~IdSource() = default;
    /// Ensures: greater than every id this source gave before, even when the clock goes back.
    virtual std::string next(Timestamp now) = 0;
    template <class Tag>
    Id<Tag> make(Timestamp now) {
        return *Id<Tag>::parse(next(now));
    }
};

/// Random bits from the kernel.
class RandomIdSource final : public IdSource {
public:
    std::string next(Timestamp now) override;

private:
    std::mutex mutex_;
    std::uint64_t last_ms_ = 0;
    std::uint32_t counter_ = 0;
};

struct PartyTag {};
struct ResourceTag {};
struct DatasetTag {};
struct ApplicationTag {};
struct ContractTag {};
struct ProductTag {};
struct ListingTag {};
struct OrderTag {};
struct DeliveryTag {};
struct SettlementTag {};
struct DisputeTag {};
struct StatisticTag {};
struct TokenReversalTag {};

using PartyId = Id<PartyTag>;
using ResourceId = Id<ResourceTag>;
using DatasetId = Id<DatasetTag>;
using ApplicationId = Id<ApplicationTag>;
using ContractId = Id<ContractTag>;
using ProductId = Id<ProductTag>;
using ListingId = Id<ListingTag>;
using OrderId = Id<OrderTag>;
using DeliveryId = Id<DeliveryTag>;
using SettlementId = Id<SettlementTag>;
using DisputeId = Id<DisputeTag>;
using StatisticId = Id<StatisticTag>;
using TokenReversalId = Id<TokenReversalTag>;

}  // namespace pdx
