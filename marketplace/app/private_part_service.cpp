#include "marketplace/app/private_part_service.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/alarm.h"
#include "marketplace/app/dispute_access.h"
#include "marketplace/app/order_access.h"
#include "marketplace/app/private_kinds.h"
#include "marketplace/store/application_store.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/product_store.h"

namespace pdx::app {
namespace {

using nlohmann::json;

const PrivateKind& kind_of(const store::PrivatePart& part) {
    const PrivateKind* kind = find_private_kind(part.kind);
    PDX_CHECK(kind != nullptr && kind->entity_type == part.entity_type);
    return *kind;
}

template <class Tag>
Id<Tag> entity_id(const store::PrivatePart& part) {
    const auto id = Id<Tag>::parse(part.entity_id);
    PDX_CHECK(id.has_value());
    return *id;
}

store::Dispute dispute_of(sql::Connection& db, const store::PrivatePart& part) {
    auto dispute = store::find_dispute(db, entity_id<DisputeTag>(part));
    PDX_CHECK(dispute.has_value());
    return *dispute;
}

store::Order order_of(sql::Connection& db, const store::PrivatePart& part) {
    const bool is_dispute = part.entity_type == "dispute";
    PDX_CHECK(is_dispute || part.entity_type == "order");
    auto order = store::find_order(
        db, is_dispute ? dispute_of(db, part).order_id : entity_id<OrderTag>(part));
    PDX_CHECK(order.has_value());
    return *order;
}

/// Of an order, or of a dispute over one; the others are about official decisions.
bool belongs_to_order(const store::PrivatePart& part) {
    return part.entity_type == "order" || part.entity_type == "dispute";
}

/// As ApplicationService, ContractService and ProductService let the thing itself be read.
bool may_read_decision(sql::Connection& db, const Caller& caller, const store::PrivatePart& part) {
    const PartyId& party = caller.party;
    if (part.entity_type == "application") {
        const auto application = store::find_application(db, entity_id<ApplicationTag>(part));
        PDX_CHECK(application.has_value());
        return party == application->operator_id || party == application->provider_id ||
               supervises(caller);
    }
    if (part.entity_type == "contract") {
        const auto contract = store::find_contract(db, entity_id<ContractTag>(part));
        PDX_CHECK(contract.has_value());
        return party == contract->operator_id || party == contract->provider_id ||
               party == contract->authority_id || reads_everything(caller);
    }
    PDX_CHECK(part.entity_type == "product");
    const auto product = store::find_product(db, entity_id<ProductTag>(part));
    PDX_CHECK(product.has_value());
    return product->state == domain::ProductState::kRegistered || party == product->operator_id ||
           supervises(caller);
}

bool may_read(sql::Connection& db, const Caller& caller, const store::PrivatePart& part) {
    if (!belongs_to_order(part)) return may_read_decision(db, caller, part);
    if (part.entity_type == "dispute") {
        return is_party_of(caller, dispute_of(db, part)) || reads_disputes(caller);
    }
    const store::Order order = order_of(db, part);
    const bool is_reader = kind_of(part).readers == PrivateReaders::kBuyer
                               ? !caller.party.empty() && caller.party == order.buyer_id
                               : is_party_of(caller, order);
    return is_reader || reads_everything(caller);
}

store::PrivatePart load_part(sql::Connection& db, const Digest& commitment) {
    auto part = store::find_private_part(db, commitment);
    if (!part) throw not_found("private_part");
    return *std::move(part);
}

}  // namespace

json PrivatePartService::texts_of(std::string_view entity_type, std::string_view entity_id,
                                  std::uint64_t until) {
    json shown = json::object();
    for (const PrivateKind& kind : kPrivateKinds) {
        if (kind.entity_type == entity_type && kind.readers == PrivateReaders::kParties) {
            shown[std::string(kind.text)] = nullptr;
        }
    }
    json parts = json::object();
    auto lease = context_.reads.borrow();
    for (const auto& part : store::list_private_parts(*lease, entity_type, entity_id)) {
        if (part.log_index > until) break;
        const PrivateKind& kind = kind_of(part);
        const std::string name(kind.text);
        parts[name] = {{"commitment", part.commitment.hex()},
                       {"index", part.log_index},
                       {"erased", part.erasure.has_value()}};
        if (kind.readers != PrivateReaders::kParties) continue;
        const auto opened = context_.vault.open(part);
        shown[name] = opened ? json(opened->texts.at(name)) : json();
    }
    shown["private_parts"] = std::move(parts);
    return shown;
}

FoundPart PrivatePartService::find(const Caller& caller, const Digest& commitment) {
    auto lease = context_.reads.borrow();
    store::PrivatePart part = load_part(*lease, commitment);
    if (!may_read(*lease, caller, part)) throw not_found("private_part");
    auto opened = context_.vault.open(part);
    return {std::move(part), std::move(opened)};
}

Outcome PrivatePartService::erase(const WriteRequest& write, const Digest& commitment,
                                  domain::ErasureReason reason) {
    Outcome outcome = context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::PrivatePart part = load_part(tx.db(), commitment);
             if (part.erasure) {
                 throw conflict("private_part.erased",
                                {"This has been erased already.", "该内容已被删除。"});
             }
             check_erasable(tx, part, reason);
             part.erasure = store::Erasure{tx.now(), reason};
             store::erase_private_part(tx.db(), commitment, *part.erasure);
             tx.record(make_fact(
                 "private_part.erased", part.entity_type, part.entity_id,
                 {{"commitment", commitment.hex()}, {"reason", domain::to_string(reason)}},
                 domain::profile_name(context_.rules)));
             return to_json(part).dump();
         }});
    scrub();
    return outcome;
}

void PrivatePartService::check_erasable(Transaction& tx, const store::PrivatePart& part,
                                        domain::ErasureReason reason) const {
    if (!belongs_to_order(part)) return domain::check_official_record(reason);
    domain::check_order_is_over(order_of(tx.db(), part).state);
    if (part.kind == "order.paid") {
        domain::check_payment_retention(context_.rules, Date::of(part.recorded_at), reason,
                                        Date::of(tx.now()));
    }
}

/// Outside of the transaction, which it cannot undo: what it leaves behind is sealed, and the next
/// erasure or start asks again.
void PrivatePartService::scrub() {
    auto lease = context_.reads.borrow();
    if (!lease->scrub()) raise_alarm("private_part.lingers", "an older state is being read");
}

json to_json(const store::PrivatePart& part) {
    const auto& erasure = part.erasure;
    return {{"commitment", part.commitment.hex()},
            {"index", part.log_index},
            {"kind", part.kind},
            {"entity", {{"type", part.entity_type}, {"id", part.entity_id}}},
            {"recorded_at", part.recorded_at.rfc3339()},
            {"erased", erasure.has_value()},
            {"erased_at", erasure ? json(erasure->at.rfc3339()) : json()},
            {"erasure_reason", erasure ? json(domain::to_string(erasure->reason)) : json()}};
}

}  // namespace pdx::app
