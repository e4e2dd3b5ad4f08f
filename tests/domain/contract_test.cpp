#include "marketplace/domain/contract.h"

#include "tests/domain/support/ids.h"
#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;
using pdx::domain::testing::make_id;

TEST_CASE("contract: every state takes exactly the events of the table", "[domain][contract]") {
    check_machine<ContractState, ContractEvent>(
        "contract", "drafted",
        {
            {"drafted",
             "sign_as_operator>signed_by_operator sign_as_authority>signed_by_authority "
             "terminate>terminated"},
            {"signed_by_operator", "sign_as_authority>in_force terminate>terminated"},
            {"signed_by_authority", "sign_as_operator>in_force terminate>terminated"},
            {"in_force", "suspend>suspended revoke>revoked expire>expired terminate>terminated"},
            {"suspended", "resume>in_force revoke>revoked expire>expired terminate>terminated"},
            {"revoked", ""},
            {"expired", ""},
            {"terminated", ""},
        });
}

TEST_CASE("contract: nothing leads to in_force without both signatures", "[domain][contract]") {
    // Walk every path of up to six events from the draft and remember who has signed.
    struct Walk {
        ContractState state;
        bool by_operator;
        bool by_authority;
    };
    std::vector<Walk> walks{{ContractState::kDrafted, false, false}};
    for (int length = 0; length < 6; ++length) {
        std::vector<Walk> longer;
        for (const Walk& walk : walks) {
            for (const auto& row : names_of(ContractEvent{})) {
                const auto after = next(walk.state, row.value);
                if (!after) continue;
                const Walk then{*after,
                                walk.by_operator || row.value == ContractEvent::kSignAsOperator,
                                walk.by_authority || row.value == ContractEvent::kSignAsAuthority};
                if (then.state == ContractState::kInForce) {
                    CHECK(then.by_operator);
                    CHECK(then.by_authority);
                }
                longer.push_back(then);
            }
        }
        walks = std::move(longer);
    }
}

TEST_CASE("contract: it is live in force and within its days in Asia/Shanghai",
          "[domain][contract]") {
    const ContractFacts contract{ContractState::kInForce, {2026, 3, 1}, {2027, 2, 28}};
    const auto at = [](const char* text) {
        const auto instant = Timestamp::parse(text);
        REQUIRE(instant.has_value());
        return *instant;
    };
    CHECK_FALSE(is_live(contract, at("2026-02-28T15:59:59Z")));
    CHECK(is_live(contract, at("2026-02-28T16:00:00Z")));
    CHECK(is_live(contract, at("2027-02-28T15:59:59Z")));
    CHECK_FALSE(is_live(contract, at("2027-02-28T16:00:00Z")));
    const Timestamp middle = at("2026-06-01T00:00:00Z");
    for (const auto& row : names_of(ContractState{})) {
        const ContractFacts one{row.value, contract.term_from, contract.term_to};
        CHECK(is_live(one, middle) == (row.name == "in_force"));
        CHECK(code_of([&] { check_live(one, middle); }) ==
              (row.name == "in_force" ? "" : "contract.not_live"));
    }
    CHECK(code_of([&] { check_live(contract, at("2026-01-01T00:00:00Z")); }) ==
          "contract.not_live");
    CHECK(code_of([&] { check_live(contract, at("2028-01-01T00:00:00Z")); }) ==
          "contract.not_live");
}

TEST_CASE("contract: the term is at most five years", "[domain][contract]") {
    const auto term = [](Date from, Date to) {
        return code_of([&] { check_contract_term(from, to, 5, {2024, 2, 29}); });
    };
    CHECK(term({2026, 3, 1}, {2031, 2, 28}).empty());
    CHECK(term({2026, 3, 1}, {2031, 3, 1}) == "contract.term");
    CHECK(term({2026, 3, 1}, {2026, 3, 1}).empty());
    CHECK(term({2026, 3, 1}, {2026, 2, 28}) == "contract.term");
    CHECK(term({2024, 2, 29}, {2029, 2, 27}).empty());
    CHECK(term({2024, 2, 29}, {2029, 2, 28}) == "contract.term");
    CHECK(term({2024, 2, 1}, {2024, 2, 29}).empty());
    CHECK(term({2024, 2, 1}, {2024, 2, 28}) == "contract.term");  // over before it is granted
}

TEST_CASE("contract: only its two parties sign, each as what it is", "[domain][contract]") {
    const auto company = make_id<PartyId>(1);
    const auto bureau = make_id<PartyId>(2);
    CHECK(signing_event(company, company, bureau) == ContractEvent::kSignAsOperator);
    CHECK(signing_event(bureau, company, bureau) == ContractEvent::kSignAsAuthority);
    CHECK(code_of([&] { signing_event(make_id<PartyId>(3), company, bureau); }) ==
          "contract.signer");
    CHECK(code_of([&] { signing_event(company, company, company); }) == "contract.parties");
}

TEST_CASE("contract: the signed message binds the label, the log and the text",
          "[domain][contract]") {
    CHECK(contract_signing_message("pdx.example/wuxi", R"({"a":1})") ==
          "pdx/authorization-contract/v1\npdx.example/wuxi\n{\"a\":1}");
    CHECK_THROWS_AS(contract_signing_message("a\nb", "text"), InvariantViolation);
    CHECK_THROWS_AS(contract_signing_message("", "text"), InvariantViolation);
}

TEST_CASE("contract: the thirteen items of Article 14 are mandatory", "[domain][contract]") {
    std::vector<std::string> present;
    CHECK(missing_clauses(present).size() == 13);
    for (const ContractClause& clause : mandatory_clauses()) {
        CHECK_FALSE(clause.zh.empty());
        if (clause.code != "dispute") present.emplace_back(clause.code);
    }
    CHECK(missing_clauses(present) == std::vector<std::string>{"dispute"});
}

TEST_CASE("contract: revocation, expiry and termination end it, and nothing else does",
          "[domain][contract]") {
    for (const auto& event : names_of(ContractEvent{})) {
        INFO(event.name);
        const bool ends =
            event.name == "revoke" || event.name == "expire" || event.name == "terminate";
        CHECK(is_end(event.value) == ends);
        for (const auto& state : names_of(ContractState{})) {
            const auto after = next(state.value, event.value);
            if (after) CHECK(is_terminal(*after) == ends);
        }
    }
}

TEST_CASE("contract: it expires when its last day in Asia/Shanghai is over, and only if it ran",
          "[domain][contract]") {
    const auto at = [](const char* text) { return Timestamp::parse(text).value(); };
    const Timestamp last = at("2027-02-28T15:59:59.999999Z");
    const Timestamp over = at("2027-02-28T16:00:00Z");
    for (const auto& state : names_of(ContractState{})) {
        INFO(state.name);
        const ContractFacts contract{state.value, {2026, 3, 1}, {2027, 2, 28}};
        const bool runs = state.name == "in_force" || state.name == "suspended";
        CHECK(code_of([&] { expire(contract, last); }) ==
              (runs ? "contract.term_runs" : "contract.transition"));
        CHECK(code_of([&] { expire(contract, over); }) == (runs ? "" : "contract.transition"));
        if (runs) CHECK(expire(contract, over) == ContractState::kExpired);
    }
}
