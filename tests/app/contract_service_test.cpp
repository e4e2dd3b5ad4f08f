#include "marketplace/app/contract_service.h"

#include <functional>

#include "ledger/canonical_json.h"
#include "marketplace/app/live_contract.h"
#include "marketplace/app/private_part_service.h"
#include "marketplace/domain/contract.h"
#include "privacy/policy.h"
#include "tests/app/support/licensed.h"
#include "tests/app/support/refused.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ContractEvent;
using domain::ContractState;
using domain::SplitRole;
using nlohmann::json;
using test::answer_of;
using test::code_of;
using test::Licensed;
using test::Market;

namespace {

std::string message_of(Licensed& licensed, const ContractId& id) {
    return domain::contract_signing_message(
        licensed.market.context().log_origin,
        licensed.contracts.find(licensed.licensed_operator, id).contract.text);
}

std::string grant_code(Licensed& licensed, const ApplicationId& id, const app::GrantTerms& terms) {
    return code_of([&] { licensed.contracts.grant(Market::write(licensed.authority), id, terms); });
}

}  // namespace

TEST_CASE("contract: the grant drafts one canonical text with its policy", "[app][contract]") {
    Licensed licensed;
    const ApplicationId application = licensed.checked(licensed.resource());
    licensed.applications.decide_source(
        Market::write(licensed.provider), application,
        {{{"ent_name", domain::FieldDecision::kGrant, {}, {}},
          {"legal_rep_id_no",
           domain::FieldDecision::kGrantWithTreatment,
           "keep_first_last(3,4)",
           {}},
          {"reg_capital_fen", domain::FieldDecision::kRefuse, {}, "not needed"}}});
    const json answer = answer_of(
        licensed.contracts.grant(Market::write(licensed.authority), application, licensed.terms()));
    CHECK(answer.at("state") == "drafted");
    CHECK(answer.at("price_ceiling").at("amount") == "20000");
    CHECK(answer.at("shares").size() == 3);
    CHECK(answer.at("signatures").empty());
    const auto id = ContractId::parse(answer.at("contract_id").get<std::string>()).value();
    const store::Contract contract =
        licensed.contracts.find(licensed.licensed_operator, id).contract;
    CHECK(ledger::is_canonical(contract.text));
    CHECK(contract.text_digest == sha256(contract.text));

    const json text = json::parse(contract.text);
    CHECK(text.at("version") == 5);
    CHECK(text.at("product_forms").size() == 7);
    CHECK(text.at("dataset_versions") == json{{"from", 1}, {"to", nullptr}});
    CHECK(text.at("sensitivity_profile") == "gbt_45574_2025");
    CHECK(text.at("cryptography") == "international");
    CHECK(text.at("risk").is_null());
    CHECK(text.at("statistics").is_null());
    CHECK(text.at("marks").is_null());
    CHECK(text.at("canaries").is_null());
    CHECK(text.at("contract_id") == id.text());
    CHECK(text.at("no_redevelopment") == true);
    CHECK(text.at("price_ceiling_fen") == "20000");
    CHECK(text.at("rule_profile") == "demo@1");
    CHECK(text.at("term") == json{{"from", "2026-03-01"}, {"to", "2027-02-28"}});
    CHECK(text.at("parties").at("operator").at("party_id") ==
          licensed.licensed_operator.party.text());
    CHECK(text.at("fields") ==
          json::array({{{"name", "ent_name"}, {"operation", "pass"}},
                       {{"name", "legal_rep_id_no"}, {"operation", "keep_first_last(3,4)"}}}));
    std::vector<std::string> clauses;
    for (const json& clause : text.at("clauses")) {
        clauses.push_back(clause.at("code").get<std::string>());
        CHECK_FALSE(clause.at("zh").get<std::string>().empty());
    }
    CHECK(clauses.size() == 13);
    CHECK(domain::missing_clauses(clauses).empty());

    const auto policy = privacy::parse_policy(contract.policy_text);
    REQUIRE(policy.has_value());
    CHECK(policy->contract_id == id.text());
    CHECK(policy->rules.size() == 2);
    REQUIRE(policy->scope.has_value());
    CHECK(text.at("resource").at("resource_id") == policy->scope->resource);
    CHECK(text.at("purpose") == policy->scope->purpose);
    CHECK(policy->scope->from == Date{2026, 3, 1});
    CHECK(policy->scope->to == Date{2027, 2, 28});
    CHECK(privacy::policy_hash(*policy) == contract.policy_digest);
    CHECK(text.at("policy_digest") == contract.policy_digest.hex());

    const json entry = licensed.last_entry();
    CHECK(entry.at("kind") == "contract.drafted");
    CHECK(entry.at("body").at("text_digest") == contract.text_digest.hex());
    CHECK(entry.at("body").at("price_ceiling") == "20000");
    CHECK(entry.at("body").at("application").at("state") == "granted");
    CHECK(entry.at("body").at("application").at("version") == 3);
    CHECK(entry.at("body").at("shares").size() == 3);
    CHECK(licensed.applications.find(licensed.authority, application).state ==
          domain::ApplicationState::kGranted);
    CHECK(grant_code(licensed, application, licensed.terms()) == "application.transition");
}

TEST_CASE("contract: a grant that breaks a rule leaves nothing behind", "[app][contract]") {
    Licensed licensed;
    const ApplicationId id = licensed.decided(licensed.resource());
    const std::string stranger = licensed.buyer.party.text();
    struct Row {
        const char* code;
        std::function<void(app::GrantTerms&)> spoil;
    };
    const std::vector<Row> rows{
        {"split.rules", [](auto& t) { t.shares.clear(); }},
        {"split.rules", [](auto& t) { t.shares[0].basis_points = 299; }},
        {"split.rules", [](auto& t) { t.shares[2].party.clear(); }},
        {"contract.share_party", [&](auto& t) { t.shares[2].party = stranger; }},
        {"contract.share_party", [&](auto& t) { t.shares[1].party = stranger; }},
        {"contract.share_party",
         [](auto& t) {
             t.shares[1] = {SplitRole::kDeveloper, 1'000, "01900000-0000-7000-8000-000000000001"};
         }},
        {"contract.risk_subject",
         [](auto& t) {
             t.risk = {{.k_min = 5}, "nobody"};
         }},
        {"policy.risk",
         [](auto& t) {
             t.risk = {{.k_min = 0}, ""};
         }},
        {"contract.statistics_subject",
         [](auto& t) {
             t.statistics = privacy::PrivacySpend{1'000'000, 0, 0};
         }},
        {"contract.statistics_subject",
         [](auto& t) {
             t.risk = {{.k_min = 5}, ""};
             t.statistics = privacy::PrivacySpend{1'000'000, 0, 0};
         }},
        {"price.not_permitted", [](auto& t) { t.price_ceiling = Money::fen(-1); }},
    };
    const std::uint64_t before = licensed.log_size();
    for (const Row& row : rows) {
        INFO(row.code);
        app::GrantTerms terms = licensed.terms();
        row.spoil(terms);
        CHECK(grant_code(licensed, id, terms) == row.code);
    }
    CHECK(licensed.log_size() == before);
    CHECK(licensed.contracts.list(licensed.auditor, "", 10).empty());
    CHECK(licensed.applications.find(licensed.authority, id).state ==
          domain::ApplicationState::kSourceDecided);
    CHECK(grant_code(licensed, id, licensed.terms()) == "none");
}

TEST_CASE("contract: nothing granted, nothing drafted", "[app][contract]") {
    for (const auto& ruling :
         {domain::FieldRuling{"ent_name", domain::FieldDecision::kRefuse, {}, "no"},
          domain::FieldRuling{
              "ent_name", domain::FieldDecision::kGrantWithTreatment, "drop", {}}}) {
        Licensed licensed;
        app::ApplyForAccess input = Licensed::request(licensed.resource());
        input.fields = {{"ent_name", "pass"}};
        const json answer = answer_of(
            licensed.applications.apply(Market::write(licensed.licensed_operator), input));
        const auto id =
            ApplicationId::parse(answer.at("application_id").get<std::string>()).value();
        licensed.applications.decide_source(Market::write(licensed.provider), id, {ruling});
        CHECK(grant_code(licensed, id, licensed.terms()) == "application.nothing_granted");
    }
}

TEST_CASE("contract: what was learned since the check counts at the grant", "[app][contract]") {
    SECTION("a column turned out to identify persons") {
        Licensed licensed;
        const ResourceId resource = licensed.resource();
        const ApplicationId id = licensed.decided(resource);
        licensed.upload(resource, {{"ent_name", "plain", "direct_identifier", "person_name"},
                                   {"legal_rep_id_no", "", "direct_identifier", "resident_id"},
                                   {"reg_capital_fen", "", "non_personal", "amount"}});
        CHECK(grant_code(licensed, id, licensed.terms()) == "application.operation");
    }
    SECTION("a column cannot be classified any more") {
        Licensed licensed;
        const ResourceId resource = licensed.resource();
        const ApplicationId id = licensed.decided(resource);
        licensed.upload(resource, {{"ent_name", "", "unknown", "unknown"}});
        CHECK(grant_code(licensed, id, licensed.terms()) == "application.not_admissible");
    }
    SECTION("the registration was revoked") {
        Licensed licensed;
        const ResourceId resource = licensed.resource();
        const ApplicationId id = licensed.decided(resource);
        licensed.set_state(resource, "revoked");
        CHECK(grant_code(licensed, id, licensed.terms()) == "application.not_admissible");
    }
}

TEST_CASE("contract: public purposes are free of charge", "[app][contract]") {
    Licensed licensed;
    app::ApplyForAccess input = Licensed::request(licensed.resource());
    input.beneficiary = domain::BeneficiaryClass::kPublicWelfare;
    input.fields = {{"ent_name", "pass"}};
    const json answer =
        answer_of(licensed.applications.apply(Market::write(licensed.licensed_operator), input));
    const auto id = ApplicationId::parse(answer.at("application_id").get<std::string>()).value();
    licensed.applications.decide_source(Market::write(licensed.provider), id,
                                        {{{"ent_name", domain::FieldDecision::kGrant, {}, {}}}});
    CHECK(grant_code(licensed, id, licensed.terms()) == "price.not_permitted");
    app::GrantTerms terms = licensed.terms();
    terms.price_ceiling = Money::fen(0);
    CHECK(grant_code(licensed, id, terms) == "none");
}

TEST_CASE("contract: both signatures bring it into force, in either order", "[app][contract]") {
    for (const bool operator_first : {true, false}) {
        Licensed licensed;
        const ContractId id = licensed.drafted();
        const auto state = [&] {
            return licensed.contracts.find(licensed.auditor, id).contract.state;
        };
        const auto sign = [&](bool as_operator) {
            if (as_operator) {
                licensed.sign(id, licensed.licensed_operator, licensed.operator_key);
            } else {
                licensed.sign(id, licensed.authority, licensed.authority_key);
            }
        };
        sign(operator_first);
        CHECK(state() == (operator_first ? ContractState::kSignedByOperator
                                         : ContractState::kSignedByAuthority));
        CHECK(code_of([&] { sign(operator_first); }) == "contract.transition");
        sign(!operator_first);
        CHECK(state() == ContractState::kInForce);

        const app::ContractDetail detail = licensed.contracts.find(licensed.provider, id);
        REQUIRE(detail.signatures.size() == 2);
        const std::string message = message_of(licensed, id);
        for (const store::ContractSignature& signature : detail.signatures) {
            CHECK(verify_signature(signature.public_key, as_bytes(message), signature.signature));
        }
        const json entry = licensed.last_entry();
        CHECK(entry.at("kind") == "contract.signed");
        CHECK(entry.at("body").at("state") == "in_force");
        CHECK(entry.at("body").at("text_digest") == detail.contract.text_digest.hex());
    }
}

TEST_CASE("contract: only a fitting signature by a party's own key counts", "[app][contract]") {
    Licensed licensed;
    const ContractId id = licensed.drafted();
    const std::string message = message_of(licensed, id);
    const auto sign = [&](const app::Caller& caller, const SigningKey& key,
                          const std::string& text) {
        return code_of([&] {
            licensed.contracts.sign(Market::write(caller), id, key.public_key(),
                                    key.sign(as_bytes(text)));
        });
    };
    const app::Caller& signer = licensed.licensed_operator;
    const std::uint64_t before = licensed.log_size();
    CHECK(sign(signer, SigningKey::generate(), message) == "contract.key");
    CHECK(sign(signer, licensed.authority_key, message) == "contract.key");
    CHECK(sign(signer, licensed.operator_key, message + " ") == "contract.signature");
    const std::string text = licensed.contracts.find(signer, id).contract.text;
    CHECK(sign(signer, licensed.operator_key, text) == "contract.signature");
    CHECK(sign(signer, licensed.operator_key,
               domain::contract_signing_message("other.example/ledger", text)) ==
          "contract.signature");
    CHECK(sign(licensed.provider, licensed.operator_key, message) == "contract.not_found");
    CHECK(sign(licensed.buyer, licensed.operator_key, message) == "contract.not_found");
    CHECK(sign(licensed.market.party(domain::Role::kDataAuthority), licensed.authority_key,
               message) == "contract.not_found");
    CHECK(licensed.log_size() == before + 1);  // the last party's registration
    CHECK(licensed.contracts.find(signer, id).signatures.empty());
}

TEST_CASE("contract: the authority suspends, resumes and revokes what it granted",
          "[app][contract]") {
    Licensed licensed;
    const ContractId id = licensed.in_force();
    const auto act = [&](const app::Caller& caller, ContractEvent event) {
        return code_of(
            [&] { licensed.contracts.supervise(Market::write(caller), id, event, "安全事件"); });
    };
    const app::Caller other = licensed.market.party(domain::Role::kDataAuthority);
    CHECK(act(other, ContractEvent::kSuspend) == "contract.not_found");
    CHECK(act(licensed.authority, ContractEvent::kResume) == "contract.transition");
    CHECK(act(licensed.authority, ContractEvent::kSuspend) == "none");
    app::PrivatePartService parts(licensed.market.context());
    CHECK(parts.texts_of("contract", id.text()).at("state_reason") == "安全事件");
    CHECK(licensed.last_entry().at("kind") == "contract.suspended");
    CHECK(licensed.last_entry().dump().find("安全事件") == std::string::npos);
    CHECK(act(licensed.authority, ContractEvent::kResume) == "none");
    CHECK(act(licensed.authority, ContractEvent::kRevoke) == "none");
    CHECK(licensed.last_entry().at("body").at("state") == "revoked");
    CHECK(act(licensed.authority, ContractEvent::kResume) == "contract.transition");
}

TEST_CASE("contract: it is live in force and within its term only", "[app][contract]") {
    Licensed licensed;
    const ContractId id = licensed.drafted();
    const auto live = [&](const char* time) {
        const auto db = licensed.market.open();
        return code_of([&] { app::require_live(*db, id, Timestamp::parse(time).value()); });
    };
    CHECK(live("2026-06-01T00:00:00Z") == "contract.not_live");
    licensed.sign(id, licensed.licensed_operator, licensed.operator_key);
    CHECK(live("2026-06-01T00:00:00Z") == "contract.not_live");
    licensed.sign(id, licensed.authority, licensed.authority_key);
    // Legal days are those of Asia/Shanghai.
    CHECK(live("2026-02-28T15:59:59Z") == "contract.not_live");
    CHECK(live("2026-02-28T16:00:00Z") == "none");
    CHECK(live("2027-02-28T15:59:59Z") == "none");
    CHECK(live("2027-02-28T16:00:00Z") == "contract.not_live");
    licensed.contracts.supervise(Market::write(licensed.authority), id, ContractEvent::kSuspend,
                                 "");
    CHECK(live("2026-06-01T00:00:00Z") == "contract.not_live");
    const auto unknown = ContractId::parse("01900000-0000-7000-8000-000000000001").value();
    CHECK(code_of([&] {
              const auto db = licensed.market.open();
              app::require_live(*db, unknown, licensed.market.clock().now());
          }) == "contract.not_found");
}

TEST_CASE("contract: it is seen by its parties and by those who read everything",
          "[app][contract]") {
    Licensed licensed;
    const ContractId id = licensed.drafted();
    const auto seen = [&](const app::Caller& caller) {
        const bool found = code_of([&] { licensed.contracts.find(caller, id); }) == "none";
        CHECK(licensed.contracts.list(caller, "", 10).size() == (found ? 1 : 0));
        return found;
    };
    CHECK(seen(licensed.licensed_operator));
    CHECK(seen(licensed.provider));
    CHECK(seen(licensed.authority));
    CHECK(seen(licensed.auditor));
    CHECK(seen(licensed.admin));
    CHECK_FALSE(seen(licensed.buyer));
    CHECK_FALSE(seen(licensed.market.party(domain::Role::kOperator)));
    CHECK_FALSE(seen(licensed.market.party(domain::Role::kDataAuthority)));
    CHECK_FALSE(seen(app::Caller{}));
}

TEST_CASE("contract: a repeated grant under one key gives the first contract again",
          "[app][contract]") {
    Licensed licensed;
    const ApplicationId id = licensed.decided(licensed.resource());
    const app::WriteRequest write{licensed.authority,
                                  app::IdempotencyKey{"grant-1", sha256("grant")}};
    const app::Outcome first = licensed.contracts.grant(write, id, licensed.terms());
    const app::Outcome second = licensed.contracts.grant(write, id, licensed.terms());
    CHECK(second.replayed);
    CHECK(second.answer == first.answer);
    CHECK(second.receipt.index == first.receipt.index);
    CHECK(licensed.contracts.list(licensed.auditor, "", 10).size() == 1);
}
