#pragma once
/// The offer of a product at a price, and the gate it must pass before buyers see it.
/// Source: domain reference 4.4 (listing gate); Data Security Law article 33; 发改价格〔2025〕65号.
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "base/money.h"
#include "marketplace/domain/machine.h"
#include "marketplace/domain/product.h"
#include "marketplace/domain/reason.h"
#include "marketplace/domain/terms.h"

namespace pdx::domain {

enum class ListingState { kDraft, kListed, kSuspended, kDelisted };

enum class ListingEvent { kList, kSuspend, kResume, kDelist };

inline constexpr auto kListingStateNames = std::to_array<NameRow<ListingState>>({
    {ListingState::kDraft, "draft", "草稿"},
    {ListingState::kListed, "listed", "已挂牌"},
    {ListingState::kSuspended, "suspended", "已停牌"},
    {ListingState::kDelisted, "delisted", "已摘牌"},
});
constexpr std::span<const NameRow<ListingState>> names_of(ListingState) {
    return kListingStateNames;
}

inline constexpr auto kListingEventNames = std::to_array<NameRow<ListingEvent>>({
    {ListingEvent::kList, "list", "挂牌"},
    {ListingEvent::kSuspend, "suspend", "停牌"},
    {ListingEvent::kResume, "resume", "复牌"},
    {ListingEvent::kDelist, "delist", "摘牌"},
});
constexpr std::span<const NameRow<ListingEvent>> names_of(ListingEvent) {
    return kListingEventNames;
}

inline constexpr auto kListingTable = std::to_array<Transition<ListingState, ListingEvent>>({
    {ListingState::kDraft, ListingEvent::kList, ListingState::kListed},
    {ListingState::kDraft, ListingEvent::kDelist, ListingState::kDelisted},
    {ListingState::kListed, ListingEvent::kSuspend, ListingState::kSuspended},
    {ListingState::kListed, ListingEvent::kDelist, ListingState::kDelisted},
    {ListingState::kSuspended, ListingEvent::kResume, ListingState::kListed},
    {ListingState::kSuspended, ListingEvent::kDelist, ListingState::kDelisted},
});
constexpr Machine<ListingState, ListingEvent> machine_of(ListingState) {
    return {{"listing", "挂牌"}, ListingState::kDraft, kListingTable};
}

constexpr std::optional<ListingState> parse_listing_state(std::string_view name) {
    return parse<ListingState>(name);
}

/// What the gate looks at. The defaults fail.
struct ListingFacts {
    ProductState product = ProductState::kDraft;
    bool contract_live = false;
    bool seller_verified = false;  ///< identity of the seller checked
    bool has_source_statement = false;
    bool has_masking_policy = false;
    bool has_use_policy = false;  ///< permitted purposes are stated
    BeneficiaryClass beneficiary = BeneficiaryClass::kIndustry;
    Money unit_price;
    std::optional<Money> ceiling;  ///< none: the authority has set no ceiling yet
};

/// Ensures: empty when the listing may be shown.
std::vector<Reason> listing_defects(const ListingFacts& facts);
/// Throws: kConflict `listing.gate`.
void check_listing(const ListingFacts& facts);

}  // namespace pdx::domain
