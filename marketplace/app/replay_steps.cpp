#include "marketplace/app/replay_steps.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "marketplace/domain/application.h"
#include "marketplace/domain/contract.h"
#include "marketplace/domain/delivery.h"
#include "marketplace/domain/dispute.h"
#include "marketplace/domain/listing.h"
#include "marketplace/domain/order.h"
#include "marketplace/domain/product.h"
#include "marketplace/domain/registration.h"
#include "marketplace/domain/settlement.h"
#include "marketplace/domain/statistic.h"
#include "marketplace/domain/token_reversal.h"

namespace pdx::app {
namespace {

using domain::DeliveryEvent;
using domain::DisputeEvent;
using domain::OrderEvent;
using domain::RegistrationEvent;
using domain::RegistrationState;
using domain::ReversalEvent;
using domain::ReversalState;
using domain::SettlementEvent;
using domain::StatisticEvent;
using nlohmann::json;

/// One way by which an entry of the kind may lead an entity on: at most two events.
template <class Event>
struct Way {
    std::string_view kind;
    std::array<std::optional<Event>, 2> events{};
};

constexpr auto kOrderWays = std::to_array<Way<OrderEvent>>({
    {"order.placed"},
    {"order.placed", {OrderEvent::kPay}},  // of nothing to pay
    {"order.paid", {OrderEvent::kPay}},
    {"order.cancelled", {OrderEvent::kCancel}},
    {"order.refunded", {OrderEvent::kRefund}},
    {"order.accepted", {OrderEvent::kAccept}},
    {"order.rejected", {OrderEvent::kReject}},
    {"delivery.requested", {OrderEvent::kStartDelivery}},
    {"delivery.published", {OrderEvent::kCompleteDelivery}},
    {"delivery.failed", {OrderEvent::kFailDelivery}},
    {"delivery.failed"},  // while the order is disputed
    {"delivery.refused", {OrderEvent::kFailDelivery}},
    {"delivery.refused"},
    {"settlement.calculated", {OrderEvent::kSettle}},
    {"settlement.calculated", {OrderEvent::kAccept, OrderEvent::kSettle}},  // deemed accepted
    {"settlement.instructed"},
    {"settlement.payout_failed"},
    {"settlement.payout_unknown"},
    {"settlement.paid", {OrderEvent::kClose}},
    {"dispute.filed", {OrderEvent::kDispute}},
});

constexpr auto kDeliveryWays = std::to_array<Way<DeliveryEvent>>({
    {"delivery.requested"},
    {"delivery.published", {DeliveryEvent::kStage, DeliveryEvent::kPublish}},
    {"delivery.downloaded", {DeliveryEvent::kDownload}},
    {"delivery.failed", {DeliveryEvent::kFail}},
    {"delivery.refused", {DeliveryEvent::kRefuse}},
});

constexpr auto kStatisticWays = std::to_array<Way<StatisticEvent>>({
    {"statistic.reserved"},
    {"statistic.answered", {StatisticEvent::kAnswer}},
});

constexpr auto kReversalWays = std::to_array<Way<ReversalEvent>>({
    {"token_reversal.requested"},
    {"token_reversal.approved", {ReversalEvent::kProviderApprove}},
    {"token_reversal.approved", {ReversalEvent::kAuthorityApprove}},
    {"token_reversal.refused", {ReversalEvent::kRefuse}},
    {"token_reversal.lapsed", {ReversalEvent::kLapse}},
    {"token_reversal.disclosed", {ReversalEvent::kDisclose}},
});

constexpr auto kSettlementWays = std::to_array<Way<SettlementEvent>>({
    {"settlement.calculated"},
    {"settlement.instructed", {SettlementEvent::kConfirm, SettlementEvent::kInstruct}},
    {"settlement.instructed", {SettlementEvent::kInstruct}},
    {"settlement.instructed", {SettlementEvent::kRetry}},
    {"settlement.paid", {SettlementEvent::kPay}},
    {"settlement.payout_failed", {SettlementEvent::kFail}},
    // Stays instructed, and can have been nothing else.
    {"settlement.payout_unknown", {SettlementEvent::kFail, SettlementEvent::kRetry}},
    {"dispute.not_accepted"},
    {"dispute.executed"},
    {"dispute.executed", {SettlementEvent::kReverse}},
});

constexpr auto kDisputeWays = std::to_array<Way<DisputeEvent>>({
    {"dispute.filed"},
    {"dispute.accepted", {DisputeEvent::kAccept}},
    {"dispute.not_accepted", {DisputeEvent::kNotAccept}},
    {"dispute.answered", {DisputeEvent::kAnswer, DisputeEvent::kLockEvidence}},
    {"dispute.decided", {DisputeEvent::kDecide}},
    {"dispute.decided", {DisputeEvent::kLockEvidence, DisputeEvent::kDecide}},
    {"dispute.executed", {DisputeEvent::kExecute}},
    {"delivery.failed"},
    {"delivery.refused"},
});

struct Creation {
    std::string_view kind;
    std::string_view type;
    bool always = true;
};
constexpr auto kCreations = std::to_array<Creation>({
    {"party.registered", "party"},
    {"resource.registered", "resource"},
    {"dataset.uploaded", "dataset"},
    {"application.checked", "application"},
    {"application.refused", "application", false},  // by the admission check, or later by a person
    {"contract.drafted", "contract"},
    {"product.submitted", "product", false},
    {"listing.listed", "listing"},
    {"order.placed", "order"},
    {"delivery.requested", "delivery"},
    {"statistic.reserved", "statistic"},
    {"token_reversal.requested", "token_reversal"},
    {"settlement.calculated", "settlement"},
    {"dispute.filed", "dispute"},
});

/// Beside the kinds of the tables above and `resource.<event>`.
constexpr auto kOtherKinds = std::to_array<std::string_view>({
    "party_key.registered",
    "token.issued",
    "token.revoked",
    "dataset.column_classified",
    "resource.edited",
    "application.source_decided",
    "contract.signed",
    "contract.suspended",
    "contract.resumed",
    "contract.revoked",
    "contract.terminated",
    "contract.expired",
    "product.registered",
    "product.rejected",
    "listing.delisted",
    "private_part.erased",
});

constexpr auto kPartyMembers = std::to_array<ToldMember>({{"role", true}});
constexpr auto kResourceMembers = std::to_array<ToldMember>({
    {"provider_id", true},
    {"catalog_identifier", true},
    {"security_grade"},
    {"open_kind"},
    {"pi_level"},
    {"accept_due"},
    {"review_due"},
    {"notice_from"},
    {"notice_until"},
    {"valid_to"},
    {"registration_code"},
    {"accepted_by"},
    {"reviewed_by"},
    {"coded_by"},
    {"state"},
    {"version"},
});
constexpr auto kApplicationMembers = std::to_array<ToldMember>({
    {"resource_id", true},
    {"operator_id", true},
    {"provider_id", true},
    {"beneficiary_class", true},
    {"term_from", true},
    {"term_to", true},
    {"fields"},
    {"state"},
    {"version"},
});
constexpr auto kContractMembers = std::to_array<ToldMember>({
    {"resource_id", true},
    {"provider_id", true},
    {"authority_id", true},
    {"operator_id", true},
    {"term_from", true},
    {"term_to", true},
    {"text_digest", true},
    {"policy_digest", true},
    {"price_ceiling", true},
    {"shares", true},
    {"key", true},
    {"state"},
    {"version"},
});
constexpr auto kProductMembers = std::to_array<ToldMember>({
    {"operator_id", true},
    {"contract_id", true},
    {"resource_id", true},
    {"kind", true},
    {"state"},
    {"version"},
});
constexpr auto kListingMembers = std::to_array<ToldMember>({
    {"product_id", true},
    {"contract_id", true},
    {"operator_id", true},
    {"price", true},
    {"inspection_days", true},
    {"state"},
    {"version"},
});
constexpr auto kOrderMembers = std::to_array<ToldMember>({
    {"listing_id", true},
    {"product_id", true},
    {"contract_id", true},
    {"operator_id", true},
    {"buyer_id", true},
    {"refunded"},
    {"deliveries"},
    {"acceptance_due"},
    {"state"},
    {"version"},
});
constexpr auto kDeliveryMembers = std::to_array<ToldMember>({
    {"order_id", true},
    {"contract_id", true},
    {"dataset_id", true},
    {"policy_digest", true},
    {"input_digest", true},
    {"output_digest", true},
    {"output_bytes", true},
    {"output_rows", true},
    {"failure_code"},
    {"downloads"},
    {"state"},
    {"version"},
});
constexpr auto kStatisticMembers = std::to_array<ToldMember>({
    {"contract_id", true},
    {"resource_id", true},
    {"dataset_id", true},
    {"operator_id", true},
    {"input_digest", true},
    {"query_digest", true},
    {"epsilon_millionths", true},
    {"rho_millionths", true},
    {"delta_trillionths", true},
    {"answer_digest", true},
    {"state"},
    {"version"},
});
constexpr auto kReversalMembers = std::to_array<ToldMember>({
    {"contract_id", true},
    {"provider_id", true},
    {"authority_id", true},
    {"operator_id", true},
    {"requester_id", true},
    {"field", true},
    {"ground", true},
    {"token_count", true},
    {"known_count", true},
    {"state"},
    {"version"},
});
constexpr auto kSettlementMembers = std::to_array<ToldMember>({
    {"order_id", true},
    {"gross", true},
    {"lines"},
    {"state"},
    {"version"},
});
constexpr auto kDisputeMembers = std::to_array<ToldMember>({
    {"order_id", true},
    {"claimant_id", true},
    {"respondent_id", true},
    {"reason", true},
    {"claimed", true},
    {"held", true},
    {"refund"},
    {"order_state"},
    {"evidence"},
    {"state"},
    {"version"},
});

std::optional<std::string> no_way(const StateStep& step) {
    return "its state cannot go from '" + step.before.value_or("nothing") + "' to '" + step.after +
           "' by " + std::string(step.kind);
}

template <class State, class Event>
bool leads(State from, std::span<const Event> events, const std::string& to) {
    for (const Event event : events) {
        const std::optional<State> after = domain::next(from, event);
        if (!after) return false;
        from = *after;
    }
    return domain::to_string(from) == to;
}

template <class State>
std::optional<State> start_of(const StateStep& step) {
    if (!step.before) return domain::machine_of(State{}).initial;
    return domain::parse<State>(*step.before);
}

/// A machine whose events the kind of the entry implies.
template <class State, class Event>
std::optional<std::string> check_ways(const StateStep& step, std::span<const Way<Event>> ways) {
    const auto from = start_of<State>(step);
    const bool fits = from && std::any_of(ways.begin(), ways.end(), [&](const Way<Event>& way) {
                          if (way.kind != step.kind) return false;
                          std::vector<Event> events;
                          for (const auto& event : way.events) {
                              if (event) events.push_back(*event);
                          }
                          return leads<State, Event>(*from, events, step.after);
                      });
    return fits ? std::nullopt : no_way(step);
}

/// A machine whose events the entry names: `event`, or `events` in their order.
template <class State, class Event>
std::optional<std::string> check_named(const StateStep& step, std::vector<Event> events = {}) {
    json names = json::array();
    if (step.facts.contains("event")) names.push_back(step.facts.at("event"));
    if (step.facts.contains("events") && step.facts.at("events").is_array()) {
        names = step.facts.at("events");
    }
    for (const json& name : names) {
        const auto event = name.is_string() ? domain::parse<Event>(name.get<std::string>())
                                            : std::optional<Event>();
        if (!event) return "it names an event that there is not";
        events.push_back(*event);
    }
    if (events.empty()) return "it names no event";
    const auto from = start_of<State>(step);
    return from && leads<State, Event>(*from, events, step.after) ? std::nullopt : no_way(step);
}

std::optional<std::string> check_resource(const StateStep& step) {
    const bool is_draft = step.after == domain::to_string(RegistrationState::kDraft);
    if (step.kind == "resource.registered") {
        return is_draft && !step.before ? std::nullopt : no_way(step);
    }
    if (step.kind == "resource.edited") {
        const bool editable =
            is_draft || step.after == domain::to_string(RegistrationState::kReturned);
        return editable && step.before == step.after ? std::nullopt : no_way(step);
    }
    // The notice ends by itself, and is recorded with what comes next.
    const bool ends_notice = step.kind == "resource.issue_code" &&
                             step.before == domain::to_string(RegistrationState::kNotice);
    std::vector<RegistrationEvent> events;
    if (ends_notice) events.push_back(RegistrationEvent::kEndNotice);
    return check_named<RegistrationState, RegistrationEvent>(step, std::move(events));
}

/// An approval is of the party whose approval the state then shows.
std::optional<std::string> check_reversal(const StateStep& step) {
    if (step.kind == "token_reversal.approved") {
        const bool by_provider =
            step.after == domain::to_string(ReversalState::kProviderApproved) ||
            step.before == domain::to_string(ReversalState::kAuthorityApproved);
        const char* const approver = by_provider ? "provider_id" : "authority_id";
        if (step.facts.value("approver_id", json()) != step.facts.value(approver, json(""))) {
            return "it was approved by another party than its state says";
        }
    }
    return check_ways<ReversalState, ReversalEvent>(step, kReversalWays);
}

template <class Ways>
bool has_kind(const Ways& ways, std::string_view kind) {
    return std::any_of(ways.begin(), ways.end(), [&](const auto& way) { return way.kind == kind; });
}

}  // namespace

std::span<const ToldMember> told_members(std::string_view type) {
    if (type == "party") return kPartyMembers;
    if (type == "resource") return kResourceMembers;
    if (type == "application") return kApplicationMembers;
    if (type == "contract") return kContractMembers;
    if (type == "product") return kProductMembers;
    if (type == "listing") return kListingMembers;
    if (type == "order") return kOrderMembers;
    if (type == "delivery") return kDeliveryMembers;
    if (type == "statistic") return kStatisticMembers;
    if (type == "token_reversal") return kReversalMembers;
    if (type == "settlement") return kSettlementMembers;
    if (type == "dispute") return kDisputeMembers;
    return {};
}

bool is_known_kind(std::string_view kind) {
    constexpr std::string_view kResource = "resource.";
    if (kind.starts_with(kResource) &&
        domain::parse<RegistrationEvent>(kind.substr(kResource.size()))) {
        return true;
    }
    return has_kind(kCreations, kind) || has_kind(kOrderWays, kind) ||
           has_kind(kDeliveryWays, kind) || has_kind(kStatisticWays, kind) ||
           has_kind(kReversalWays, kind) || has_kind(kSettlementWays, kind) ||
           has_kind(kDisputeWays, kind) ||
           std::find(kOtherKinds.begin(), kOtherKinds.end(), kind) != kOtherKinds.end();
}

bool may_create(std::string_view kind, std::string_view type) {
    return std::any_of(kCreations.begin(), kCreations.end(), [&](const Creation& creation) {
        return creation.kind == kind && creation.type == type;
    });
}

bool must_create(std::string_view kind, std::string_view type) {
    return std::any_of(kCreations.begin(), kCreations.end(), [&](const Creation& creation) {
        return creation.kind == kind && creation.type == type && creation.always;
    });
}

std::optional<std::string> state_fault(const StateStep& step) {
    if (step.type == "resource") return check_resource(step);
    if (step.type == "application") {
        return check_named<domain::ApplicationState, domain::ApplicationEvent>(step);
    }
    if (step.type == "contract") {
        if (step.kind == "contract.drafted") {
            return step.after == domain::to_string(domain::ContractState::kDrafted) && !step.before
                       ? std::nullopt
                       : no_way(step);
        }
        return check_named<domain::ContractState, domain::ContractEvent>(step);
    }
    if (step.type == "product") {
        return check_named<domain::ProductState, domain::ProductEvent>(step);
    }
    if (step.type == "listing") {
        return check_named<domain::ListingState, domain::ListingEvent>(step);
    }
    if (step.type == "order") return check_ways<domain::OrderState, OrderEvent>(step, kOrderWays);
    if (step.type == "delivery") {
        return check_ways<domain::DeliveryState, DeliveryEvent>(step, kDeliveryWays);
    }
    if (step.type == "statistic") {
        return check_ways<domain::StatisticState, StatisticEvent>(step, kStatisticWays);
    }
    if (step.type == "token_reversal") return check_reversal(step);
    if (step.type == "settlement") {
        return check_ways<domain::SettlementState, SettlementEvent>(step, kSettlementWays);
    }
    if (step.type == "dispute") {
        return check_ways<domain::DisputeState, DisputeEvent>(step, kDisputeWays);
    }
    return std::nullopt;
}

}  // namespace pdx::app
