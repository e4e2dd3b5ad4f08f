#include "marketplace/app/party_service.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "marketplace/app/party_view.h"
#include "privacy/checksum.h"

namespace pdx::app {
namespace {

using nlohmann::json;

constexpr std::string_view kTokenPrefix = "pdx_";
constexpr std::chrono::hours kDay{24};

std::string new_token() { return std::string(kTokenPrefix) + to_hex(random_bytes(32)); }

std::string insert_party(Transaction& tx, const RegisterParty& input) {
    const store::Party party{
        tx.make_id<PartyTag>(), input.uscc, input.name_zh, input.name_en, input.role, tx.now(), 1};
    store::insert_party(tx.db(), party);
    // The code of a sole trader is personal information, so the entry holds none at all.
    tx.record(make_fact("party.registered", "party", party.id.text(),
                        {{"role", domain::to_string(party.role)}}));
    return to_json(party).dump();
}

}  // namespace

Outcome PartyService::register_party(const WriteRequest& write, const RegisterParty& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             if (!privacy::is_valid_uscc(input.uscc)) {
                 throw invalid("party.uscc",
                               {"This is not a valid unified social credit code: its length, a "
                                "character or a check digit is wrong.",
                                "统一社会信用代码有误：长度、字符或校验位不正确。"},
                               {.pointer = "/uscc"});
             }
             if (input.role == domain::Role::kAnonymous) {
                 throw invalid("party.role", {"A party needs a role.", "必须指定角色。"},
                               {.pointer = "/role"});
             }
             return insert_party(tx, input);
         }});
}

IssuedToken PartyService::issue_token(const WriteRequest& write, const PartyId& party, int days) {
    const std::string token = new_token();
    const Outcome outcome = context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             if (!store::find_party(tx.db(), party)) throw not_found("party");
             const Timestamp expires_at = tx.now().plus(kDay * days);
             store::insert_token(tx.db(), sha256(token), party, tx.now(), expires_at);
             tx.record(make_fact("token.issued", "party", party.text(),
                                 {{"expires_at", expires_at.rfc3339()}}));
             return json{{"party_id", party.text()}, {"expires_at", expires_at.rfc3339()}}.dump();
         }});
    return {outcome, outcome.replayed ? std::nullopt : std::optional(token)};
}

Outcome PartyService::revoke_tokens(const WriteRequest& write, const PartyId& party) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             if (!store::find_party(tx.db(), party)) throw not_found("party");
             const std::int64_t count = store::revoke_tokens(tx.db(), party, tx.now());
             tx.record(make_fact("token.revoked", "party", party.text(), {{"tokens", count}}));
             return json{{"party_id", party.text()}, {"tokens", count}}.dump();
         }});
}

Outcome PartyService::register_key(const WriteRequest& write, const PartyId& party,
                                   const PublicKey& key) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             if (write.caller.party != party) {
                 throw forbidden("party_key.owner", {"A party registers its own keys only.",
                                                     "只能登记本单位自己的公钥。"});
             }
             if (store::has_key(tx.db(), party, key)) {
                 throw conflict("party_key.exists",
                                {"This key is registered already.", "该公钥已登记。"});
             }
             store::insert_key(tx.db(), party, key, tx.now());
             const std::string text = to_base64(key.value);
             tx.record(
                 make_fact("party_key.registered", "party", party.text(), {{"public_key", text}}));
             return json{{"party_id", party.text()}, {"public_key", text}}.dump();
         }});
}

store::Party PartyService::find(const Caller& caller, const PartyId& party) {
    const bool sees_all = domain::permitted(caller.role, domain::Permission::kReadEverything) ||
                          domain::permitted(caller.role, domain::Permission::kRegisterParty);
    if (caller.party != party && !sees_all) throw not_found("party");
    auto lease = context_.reads.borrow();
    auto found = store::find_party(*lease, party);
    if (!found) throw not_found("party");
    return *found;
}

std::vector<store::Party> PartyService::list(const std::string& after, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    return store::list_parties(*lease, after, limit);
}

Caller PartyService::authenticate(std::string_view token) {
    auto lease = context_.reads.borrow();
    const auto holder = store::find_token(*lease, sha256(token));
    if (!holder) {
        throw unauthenticated("token.unknown", {"This token is not known, or was revoked.",
                                                "访问令牌无效或已被撤销。"});
    }
    if (holder->expires_at <= context_.clock.now()) {
        throw unauthenticated("token.expired",
                              {"This token has expired. Ask the exchange for a new one.",
                               "访问令牌已过期，请向平台申请新的令牌。"});
    }
    return {holder->party.id, holder->party.role, false};
}

std::optional<std::string> PartyService::bootstrap(
    const std::function<void(const std::string&)>& keep_token) {
    {
        auto lease = context_.reads.borrow();
        if (!store::list_parties(*lease, "", 1).empty()) return std::nullopt;
    }
    const std::string token = new_token();
    keep_token(token);
    context_.writer.submit({system_caller(), std::nullopt, [&](Transaction& tx) {
                                const RegisterParty input{"", "数据交易平台", "The exchange",
                                                          domain::Role::kExchangeAdmin};
                                std::string answer = insert_party(tx, input);
                                const auto party = PartyId::parse(
                                    json::parse(answer).at("party_id").get<std::string>());
                                constexpr int kFirstTokenDays = 365;
                                store::insert_token(tx.db(), sha256(token), *party, tx.now(),
                                                    tx.now().plus(kDay * kFirstTokenDays));
                                return answer;
                            }});
    return token;
}

}  // namespace pdx::app
