#include "marketplace/app/private_part_service.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/alarm.h"
#include "marketplace/app/decision_access.h"
#include "marketplace/app/dispute_access.h"
#include "marketplace/app/order_access.h"
#include "marketplace/app/private_kinds.h"

namespace pdx::app {
namespace {

using nlohmann::json;

std::span<const PrivateKind> kinds_of(const store::PrivatePart& part) {
    const auto kinds = private_texts_of(part.kind);
    PDX_CHECK(!kinds.empty() && kinds.front().entity_type == part.entity_type);
    return kinds;
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

bool may_read_decision(sql::Connection& db, const Caller& caller, const store::PrivatePart& part) {
    if (part.entity_type == "application") {
        const auto application = store::find_application(db, entity_id<ApplicationTag>(part));
        PDX_CHECK(application.has_value());
        return may_read(caller, *application);
    }
    if (part.entity_type == "contract") {
        const auto contract = store::find_contract(db, entity_id<ContractTag>(part));
        PDX_CHECK(contract.has_value());
        return may_read(caller, *contract);
    }
    if (part.entity_type == "token_reversal") {
        const auto reversal = store::find_token_reversal(db, entity_id<TokenReversalTag>(part));
        PDX_CHECK(reversal.has_value());
        return may_read(caller, *reversal);
    }
    PDX_CHECK(part.entity_type == "product");
    const auto product = store::find_product(db, entity_id<ProductTag>(part));
    PDX_CHECK(product.has_value());
    return may_read(caller, *product);
}

bool may_read(sql::Connection& db, const Caller& caller, const store::PrivatePart& part) {
    if (!belongs_to_order(part)) return may_read_decision(db, caller, part);
    if (part.entity_type == "dispute") {
        return is_party_of(caller, dispute_of(db, part)) || reads_disputes(caller);
    }
    const store::Order order = order_of(db, part);
    const bool is_reader = kinds_of(part).front().readers == PrivateReaders::kBuyer
                               ? !caller.party.empty() && caller.party == order.buyer_id
                               : is_party_of(caller, order);
    return is_reader || reads_everything(caller);
}

/// What an entry private_part.erased says.
std::pair<Digest, store::Erasure> read_erasure(const ledger::StoredEntry& stored) {
    const json body = json::parse(stored.parsed.entry.body);
    const auto commitment = Digest::from_hex(body.at("commitment").get<std::string>());
    const auto reason = domain::parse<domain::ErasureReason>(body.at("reason").get<std::string>());
    PDX_CHECK(commitment && reason);
    return {*commitment, {stored.parsed.entry.at, *reason}};
}

bool is_erased_in(sql::Connection& db, const std::string& origin, const store::PrivatePart& part) {
    ledger::LogStore log(db, origin);
    const ledger::EntryFilter about{.entity_type = part.entity_type, .entity_id = part.entity_id};
    bool found = false;
    log.visit(about, [&](const ledger::StoredEntry& stored) {
        found = stored.parsed.entry.kind == "private_part.erased" &&
                read_erasure(stored).first == part.commitment;
        return !found;
    });
    return found;
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
        std::optional<OpenedPart> opened;
        const bool is_readable = try_open(part, opened);
        for (const PrivateKind& kind : kinds_of(part)) {
            const std::string name(kind.text);
            parts[name] = {{"commitment", part.commitment.hex()},
                           {"index", part.log_index},
                           {"erased", part.erasure.has_value()},
                           {"unreadable", !is_readable}};
            if (kind.readers != PrivateReaders::kParties) continue;
            shown[name] = opened ? json(opened->texts.at(name)) : json();
        }
    }
    shown["private_parts"] = std::move(parts);
    return shown;
}

/// False, after an alarm, when what is stored is not what was committed to.
bool PrivatePartService::try_open(const store::PrivatePart& part,
                                  std::optional<OpenedPart>& opened) const {
    try {
        opened = context_.vault.open(part);
        return true;
    } catch (const InvariantViolation&) {
        raise_alarm("private_part.damaged", part.commitment.hex());
        return false;
    }
}

void PrivatePartService::repeat_erasures() {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    const ledger::EntryFilter erasures{.kind = "private_part.erased"};
    log.visit(erasures, [&](const ledger::StoredEntry& stored) {
        const auto [commitment, erasure] = read_erasure(stored);
        if (store::erase_again(*lease, commitment, erasure)) {
            raise_alarm("private_part.returned", commitment.hex());
        }
        return true;
    });
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
             if (is_erased_in(tx.db(), context_.log_origin, part)) {
                 raise_alarm("private_part.returned", commitment.hex());
                 throw conflict("private_part.erased",
                                {"The ledger says that this was erased, and it is stored again: "
                                 "the next start destroys it.",
                                 "账本记载该内容已被删除，但它再次出现；下次启动时将予销毁。"});
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
    scrub_or_alarm(context_.reads, "private_part.lingers");
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
