#include "marketplace/app/replay.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/ids.h"
#include "base/money.h"
#include "ledger/private_part.h"
#include "marketplace/app/replay_steps.h"
#include "marketplace/domain/erasure.h"
#include "marketplace/domain/escrow.h"
#include "marketplace/domain/journal.h"
#include "marketplace/domain/order.h"

namespace pdx::app {
namespace {

using domain::AccountKind;
using domain::ErasureReason;
using domain::JournalEvent;
using domain::OrderState;
using nlohmann::json;

constexpr auto kNested =
    std::to_array<std::string_view>({"application", "settlement", "dispute", "order"});

constexpr std::string_view kPrivatePart = "private_part";

std::optional<std::string> text_at(const json& object, std::string_view member) {
    const auto found = object.find(member);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

/// Names that a path can hold; an entry of another's making may hold others.
bool is_plain(const json& object) {
    for (const auto& [name, value] : object.items()) {
        const bool word = !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
                                               std::string::npos;
        if (!word || value.is_structured()) return false;
    }
    return true;
}

/// An array of plain objects becomes paths; everything else is a value.
void flatten(const std::string& path, const json& value,
             std::map<std::string, std::string>& members) {
    const bool rows = value.is_array() && !value.empty() &&
                      std::all_of(value.begin(), value.end(),
                                  [](const json& row) { return row.is_object() && is_plain(row); });
    if (!rows) {
        members[path] = value.dump();
        return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string row = path + "/" + std::to_string(i) + "/";
        for (const auto& [name, inner] : value[i].items()) members[row + name] = inner.dump();
    }
}

/// Takes away the rows of a list, or the value in place of a list, that are told no more.
void forget(ReplayedEntity& entity, const std::string& list,
            const std::map<std::string, std::string>& told) {
    const auto is_left_over = [&](const auto& member) {
        const bool part = member.first == list || member.first.starts_with(list + "/");
        return part && !told.contains(member.first);
    };
    std::erase_if(entity.members, is_left_over);
}

std::string json_text(std::string_view text) { return json(text).dump(); }

std::optional<std::int64_t> fen_of(const std::optional<std::string>& text) {
    const auto money = text ? Money::parse_fen(*text) : std::optional<Money>();
    return money ? std::optional(money->minor()) : std::nullopt;
}

std::int64_t fen_at(const ReplayedEntity& entity, std::string_view member) {
    return fen_of(entity.text(member)).value_or(0);
}

std::int64_t integer_at(const ReplayedEntity& entity, std::string_view member) {
    const std::string* value = entity.find(member);
    const json number = value == nullptr ? json() : json::parse(*value, nullptr, false);
    return number.is_number_integer() ? number.get<std::int64_t>() : 0;
}

/// A journal as an entry tells it; nullopt for what may not be booked.
std::optional<domain::Journal> read_journal(const json& told) {
    const auto name = told.is_object() ? text_at(told, "event") : std::nullopt;
    const auto event = name ? domain::parse<JournalEvent>(*name) : std::nullopt;
    if (!event || !told.contains("postings") || !told.at("postings").is_array()) {
        return std::nullopt;
    }
    domain::Journal journal{*event, {}};
    std::int64_t moved = 0;
    for (const json& row : told.at("postings")) {
        if (!row.is_object()) return std::nullopt;
        const auto debit = domain::Account::parse(text_at(row, "debit").value_or(""));
        const auto credit = domain::Account::parse(text_at(row, "credit").value_or(""));
        const auto amount = fen_of(text_at(row, "amount"));
        if (!debit || !credit || !amount || *amount <= 0 ||
            !domain::is_bookable(*event, debit->kind, credit->kind) ||
            __builtin_add_overflow(moved, *amount, &moved)) {
            return std::nullopt;
        }
        journal.postings.push_back({*debit, *credit, Money::fen(*amount)});
    }
    if (journal.postings.empty()) return std::nullopt;
    domain::check_journal(journal);
    return journal;
}

}  // namespace

const std::string* ReplayedEntity::find(std::string_view member) const {
    const auto found = members.find(member);
    return found == members.end() ? nullptr : &found->second.value;
}

std::optional<std::string> ReplayedEntity::text(std::string_view member) const {
    const std::string* value = find(member);
    const json parsed = value == nullptr ? json() : json::parse(*value, nullptr, false);
    return parsed.is_string() ? std::optional(parsed.get<std::string>()) : std::nullopt;
}

/// The entry that is applied.
struct Replay::Step {
    std::uint64_t index;
    const ledger::Entry& entry;
    const json& body;
    std::string time;  ///< JSON text
};

void Replay::apply(std::uint64_t index, const ledger::Entry& entry) {
    ++applied_;
    const json body = json::parse(entry.body, nullptr, false);
    if (!is_known_kind(entry.kind) || !body.is_object()) {
        ++uninterpreted_;
        return;
    }
    const Step step{index, entry, body, json_text(entry.at.rfc3339())};
    const std::string noun = entry.kind.substr(0, entry.kind.find('.'));
    std::string order = noun == "order" ? entry.entity_id : "";
    if (order.empty() && body.contains("order") && body.at("order").is_object()) {
        order = text_at(body.at("order"), "order_id").value_or("");
    }
    std::optional<std::string> refunded_before;
    const auto known = state_.find({"order", order});
    if (known != state_.end()) refunded_before = known->second.text("refunded");

    if (noun == entry.entity_type) {
        change(step, noun, entry.entity_id, body);
    } else if (!told_members(noun).empty()) {
        blame(step, {entry.entity_type, entry.entity_id}, "the entry is about another type");
    }
    for (const std::string_view type : kNested) {
        if (type == noun || !body.contains(type) || !body.at(type).is_object()) continue;
        const json& facts = body.at(type);
        change(step, type, text_at(facts, std::string(type) + "_id").value_or(""), facts);
    }
    take_extra(step);
    take_private_part(step);
    take_erasure(step);
    std::int64_t refunded = 0;
    if (body.contains("journals") && body.at("journals").is_array()) {
        for (const json& journal : body.at("journals")) {
            if (!post(step, order, journal, refunded)) {
                blame(step, {"order", order}, "a journal books what may not be booked");
            }
        }
    }
    check_order_money(step, order, refunded_before, refunded);
}

/// Takes over what the entry tells of one entity, and says what is wrong with it.
void Replay::change(const Step& step, std::string_view type, const std::string& id,
                    const json& facts) {
    const EntityName name{std::string(type), id};
    const auto known = state_.find(name);
    const bool is_new = known == state_.end();
    if (is_new && !may_create(step.entry.kind, type)) {
        blame(step, name, "the ledger has told nothing of it before");
    } else if (!is_new && must_create(step.entry.kind, type)) {
        blame(step, name, "it exists already");
    } else {
        check_state(step, name, is_new ? ReplayedEntity() : known->second, facts, is_new);
    }
    ReplayedEntity& entity = state_[name];
    if (is_new) {
        entity.created_by = step.index;
        set(step, entity, "created_at", step.time);
        set(step, entity, "updated_at", step.time);
    }
    const std::int64_t version = facts.contains("version") && facts["version"].is_number_integer()
                                     ? facts["version"].get<std::int64_t>()
                                     : 0;
    const std::int64_t before = integer_at(entity, "version");
    const bool moved = version != before;
    if (moved && version != before + 1) blame(step, name, "it leaves out a version");
    const bool is_main = type == step.entry.entity_type && id == step.entry.entity_id;
    if (is_main && !is_new && !moved) blame(step, name, "it is told of without a new version");
    std::map<std::string, std::string> told;
    for (const ToldMember& member : told_members(type)) {
        if (!facts.contains(member.name)) continue;
        flatten(std::string(member.name), facts.at(member.name), told);
        if (facts.at(member.name).is_structured() || entity.find(member.name) == nullptr) {
            forget(entity, std::string(member.name), told);
        }
        if (!member.fixed || is_new) continue;
        const std::string* stands = entity.find(member.name);
        if (stands != nullptr && *stands != facts.at(member.name).dump()) {
            blame(step, name, std::string(member.name) + " never changes, and is changed");
        }
    }
    for (const auto& [member, value] : told) {
        const std::string* stands = entity.find(member);
        if (!is_new && !moved && type != "party" && (stands == nullptr || *stands != value)) {
            blame(step, name, member + " is changed without a new version");
        }
        set(step, entity, member, value);
    }
    if (moved) set(step, entity, "updated_at", step.time);
}

void Replay::check_state(const Step& step, const EntityName& name, const ReplayedEntity& before,
                         const json& facts, bool is_new) {
    if (name.first == "party") return;
    const auto after = text_at(facts, "state");
    if (!after) return blame(step, name, "the entry tells no state");
    const auto state = is_new ? std::nullopt : before.text("state");
    const bool returns =
        step.entry.kind == "dispute.not_accepted" || step.entry.kind == "dispute.executed";
    if (name.first == "order" && returns) {
        return check_return(step, name, state.value_or(""), *after, facts);
    }
    const auto fault = state_fault({step.entry.kind, name.first, state, *after, facts});
    if (fault) blame(step, name, *fault);
}

/// Where a dispute that is over leaves its order is decided by domain::dispute_return.
void Replay::check_return(const Step& step, const EntityName& name, const std::string& before,
                          const std::string& after, const json& facts) {
    const auto dispute = state_.find({"dispute", step.entry.entity_id});
    const auto told = dispute == state_.end() ? std::nullopt : dispute->second.text("order_state");
    const auto from = told ? domain::parse_order_state(*told) : std::nullopt;
    const auto state = domain::parse_order_state(before);
    if (!from || !state || !domain::next(*from, domain::OrderEvent::kDispute)) {
        return blame(step, name, "the dispute came from no state that can be disputed");
    }
    const std::int64_t amount = fen_at(state_.at(name), "amount");
    const bool fully_refunded = fen_of(text_at(facts, "refunded")) == amount;
    const auto end = step.entry.kind == "dispute.executed" ? domain::DisputeEnd::kDecided
                                                           : domain::DisputeEnd::kUnchanged;
    const auto next = domain::next(*state, domain::dispute_return(*from, end, fully_refunded));
    if (!next || domain::to_string(*next) != after) {
        blame(step, name, "the end of the dispute does not lead it to '" + after + "'");
    }
}

/// What an entry tells beside the members that go by their own name.
void Replay::take_extra(const Step& step) {
    const std::string& kind = step.entry.kind;
    const EntityName name{step.entry.entity_type, step.entry.entity_id};
    if (kind == "dataset.uploaded") {
        const EntityName dataset{"dataset", text_at(step.body, "dataset_id").value_or("")};
        if (state_.contains(dataset)) blame(step, dataset, "it exists already");
        ReplayedEntity& entity = state_[dataset];
        entity.created_by = step.index;
        set(step, entity, "created_at", step.time);
        set(step, entity, "resource_id", json_text(step.entry.entity_id));
        set(step, entity, "uploaded_by", json_text(step.entry.actor));
        copy(step, entity, "version_no", "version");
        copy(step, entity, "sha256", "stored_sha256");
        copy(step, entity, "bytes", "bytes");
        copy(step, entity, "rows", "rows");
        return;
    }
    if (kind.starts_with("token.") || kind.starts_with("dataset.")) return;
    const auto known = state_.find(name);
    if (known == state_.end()) {
        return blame(step, name, "the ledger has told nothing of it before");
    }
    ReplayedEntity& entity = known->second;
    const bool is_new = entity.created_by == step.index;
    if (kind == "party_key.registered") {
        const auto key = from_base64(text_at(step.body, "public_key").value_or(""));
        if (!key || !PublicKey::from_bytes(*key)) return blame(step, name, "it holds no key");
        set(step, entity, "keys/" + to_hex(*key) + "/created_at", step.time);
    } else if (is_new && (name.first == "application" || name.first == "resource")) {
        set(step, entity, "rule_profile", json_text(step.entry.rule));
    } else if (kind == "contract.drafted") {
        const auto nested = step.body.find("application");
        if (nested != step.body.end() && nested->is_object()) {
            set(step, entity, "application_id",
                json_text(text_at(*nested, "application_id").value_or("")));
        }
    } else if (kind == "contract.signed") {
        const auto signer = PartyId::parse(text_at(step.body, "signer_id").value_or(""));
        if (!signer) return blame(step, name, "it is signed by nobody");
        const std::string path = "signatures/" + signer->text() + "/";
        copy(step, entity, path + "public_key", "public_key");
        copy(step, entity, path + "signature", "signature");
        set(step, entity, path + "signed_at", step.time);
    } else if (name.first == "contract") {
        if (step.body.contains("key")) set(step, entity, "key_destroyed_at", step.time);
    } else {
        take_trade(step, entity);
    }
}

/// The same for orders, deliveries and disputes.
void Replay::take_trade(const Step& step, ReplayedEntity& entity) {
    const std::string& kind = step.entry.kind;
    const EntityName name{step.entry.entity_type, step.entry.entity_id};
    if (kind == "order.placed") {
        copy(step, entity, "amount", "amount");
        if (entity.text("state") == "escrowed" && fen_at(entity, "amount") != 0) {
            blame(step, name, "an order with a price is in escrow before it is paid");
        }
    } else if (kind == "order.paid") {
        if (text_at(step.body, "amount") != entity.text("amount")) {
            blame(step, name, "another amount is paid than the order costs");
        }
        copy(step, entity, "payment/amount", "amount");
        set(step, entity, "payment/paid_at", step.time);
    } else if (kind == "delivery.requested") {
        const auto order = state_.find({"order", entity.text("order_id").value_or("")});
        if (order == state_.end()) return;
        for (const char* member : {"operator_id", "buyer_id"}) {
            const std::string* value = order->second.find(member);
            if (value != nullptr) set(step, entity, member, *value);
        }
    } else if (kind == "dispute.accepted" || kind == "dispute.not_accepted" ||
               kind == "dispute.decided") {
        set(step, entity, "arbitrator_id", json_text(step.entry.actor));
    }
}

/// A text that the entry commits to is kept from here on.
void Replay::take_private_part(const Step& step) {
    const auto commitment = text_at(step.body, ledger::kPrivateCommitment);
    if (!commitment) return;
    const EntityName name{std::string(kPrivatePart), *commitment};
    if (state_.contains(name)) return blame(step, name, "it is committed to a second time");
    ReplayedEntity& part = state_[name];
    part.created_by = step.index;
    set(step, part, "kind", json_text(step.entry.kind));
    set(step, part, "entity_type", json_text(step.entry.entity_type));
    set(step, part, "entity_id", json_text(step.entry.entity_id));
    set(step, part, "log_index", std::to_string(step.index));
    set(step, part, "recorded_at", step.time);
    set(step, part, "texts", json_text("kept"));
}

/// Nothing is erased twice, as another thing's, or before its order is over; the reasons of
/// decisions only by a court.
void Replay::take_erasure(const Step& step) {
    if (step.entry.kind != "private_part.erased") return;
    const EntityName name{std::string(kPrivatePart), text_at(step.body, "commitment").value_or("")};
    ReplayedEntity& part = state_[name];
    if (part.members.empty()) {
        part.created_by = step.index;
        blame(step, name, "the ledger has told nothing of it before");
    } else if (part.text("texts") != "kept") {
        blame(step, name, "it is erased a second time");
    } else if (part.text("entity_type") != step.entry.entity_type ||
               part.text("entity_id") != step.entry.entity_id) {
        blame(step, name, "it is erased as another thing's");
    } else if (step.entry.entity_type != "order" && step.entry.entity_type != "dispute") {
        if (text_at(step.body, "reason") != domain::to_string(ErasureReason::kCourtOrder)) {
            blame(step, name, "it is an official record, and no court ordered its erasure");
        }
    } else if (!is_order_over(step.entry.entity_type, step.entry.entity_id)) {
        blame(step, name, "it is erased before its order is over");
    }
    set(step, part, "texts", json_text("erased"));
    set(step, part, "erased_at", step.time);
    copy(step, part, "reason", "reason");
}

bool Replay::is_order_over(const std::string& type, const std::string& id) const {
    const auto entity = state_.find({type, id});
    if (entity == state_.end()) return false;
    if (type == "dispute") {
        return is_order_over("order", entity->second.text("order_id").value_or(""));
    }
    const auto state = domain::parse_order_state(entity->second.text("state").value_or(""));
    return state && domain::is_terminal(*state);
}

/// Books one journal. False when the table of what may be booked has no place for it.
bool Replay::post(const Step& step, const std::string& order, const json& told,
                  std::int64_t& refunded) {
    const auto journal = read_journal(told);
    if (!journal) return false;
    std::map<domain::Account, std::int64_t> touched;
    const auto owner = state_.find({"order", order});
    for (const domain::Posting& posting : journal->postings) {
        ++touched[posting.debit];
        ++touched[posting.credit];
        if (posting.credit.kind == AccountKind::kBuyerWallet &&
            journal->event != JournalEvent::kWalletFunded &&
            __builtin_add_overflow(refunded, posting.amount.minor(), &refunded)) {
            return false;
        }
        if (owner == state_.end()) return false;
        const std::string path = "postings/" + std::string(domain::to_string(journal->event)) +
                                 "/" + posting.debit.key() + "/" + posting.credit.key();
        std::int64_t sum = fen_at(owner->second, path);
        if (__builtin_add_overflow(sum, posting.amount.minor(), &sum)) return false;
        set(step, owner->second, path, json_text(Money::fen(sum).text()));
    }
    for (const auto& [account, amount] : domain::balance_changes(*journal)) {
        const EntityName name{"account", account.key()};
        ReplayedEntity& entity = state_[name];
        if (entity.members.empty()) entity.created_by = step.index;
        std::int64_t balance = fen_at(entity, "balance");
        if (__builtin_add_overflow(balance, amount, &balance)) return false;
        if (balance < 0 && !domain::is_asset(account.kind)) {
            blame(step, name, "its balance goes below zero");
        }
        set(step, entity, "balance", json_text(Money::fen(balance).text()));
        set(step, entity, "postings",
            std::to_string(integer_at(entity, "postings") + touched.at(account)));
    }
    return true;
}

/// What is refunded is booked as a refund, and an order that is over has nothing in escrow.
void Replay::check_order_money(const Step& step, const std::string& order,
                               const std::optional<std::string>& refunded_before,
                               std::int64_t refunded) {
    const EntityName name{"order", order};
    const auto found = state_.find(name);
    if (found == state_.end()) return;
    const std::int64_t before = fen_of(refunded_before).value_or(0);
    const std::int64_t after = fen_at(found->second, "refunded");
    if (after < before || after - before != refunded) {
        blame(step, name, "what it says is refunded and what is booked differ");
    }
    const auto state = domain::parse_order_state(found->second.text("state").value_or(""));
    const auto escrow =
        state_.find({"account", domain::Account{AccountKind::kEscrow, order}.key()});
    const std::int64_t held = escrow == state_.end() ? 0 : fen_at(escrow->second, "balance");
    if (state && domain::is_escrow_empty_in(*state) && held != 0) {
        blame(step, name, "money is left in escrow");
    }
}

void Replay::set(const Step& step, ReplayedEntity& entity, const std::string& member,
                 std::string value) {
    ReplayedMember& known = entity.members[member];
    if (known.value == value) return;
    known = {std::move(value), step.index};
    entity.changed_by = step.index;
}

void Replay::copy(const Step& step, ReplayedEntity& entity, const std::string& member,
                  std::string_view from) {
    if (step.body.contains(from)) set(step, entity, member, step.body.at(from).dump());
}

void Replay::blame(const Step& step, EntityName entity, std::string detail) {
    ++illegal_count_;
    if (illegal_.size() >= kIllegalKeptMax) return;
    illegal_.push_back({step.index, step.entry.kind, std::move(entity), std::move(detail)});
}

json to_json(const ReplayedEntity& entity) {
    json nested = json::object();
    for (const auto& [member, told] : entity.members) {
        nested[json::json_pointer("/" + member)] = json::parse(told.value);
    }
    return nested;
}

}  // namespace pdx::app
