#include "marketplace/app/token_reversal_service.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/crypto.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/private_part_service.h"
#include "marketplace/store/contract_key_store.h"
#include "privacy/number_token.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/reversible.h"
#include "tests/app/support/table_digest.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ReversalState;
using nlohmann::json;
using test::code_of;
using test::Market;
using test::Reversible;
using test::Trade;

TEST_CASE("token reversal: after two approvals the provider is told the numbers, once",
          "[app][token_reversal]") {
    Reversible market;
    REQUIRE(market.tokens.size() == market.personal.size());
    for (const std::string& token : market.tokens) {
        REQUIRE(privacy::number_token_kind(token) == privacy::Kind::kResidentId);
    }
    const app::DisclosedNumbers numbers = market.disclosed(market.tokens);
    std::vector<std::string> found;
    for (const auto& number : numbers) found.push_back(number.value());
    std::sort(found.begin(), found.end());
    std::vector<std::string> expected = market.personal;
    std::sort(expected.begin(), expected.end());
    CHECK(found == expected);

    const auto all = market.reversals.list(market.auditor, "", 10);
    REQUIRE(all.size() == 1);
    CHECK(all[0].state == ReversalState::kDisclosed);
    CHECK(all[0].known_count == 40);
    CHECK(market.kinds_of(all[0].id.text()) ==
          std::vector<std::string>{"token_reversal.requested", "token_reversal.approved",
                                   "token_reversal.approved", "token_reversal.disclosed"});
    CHECK(code_of([&] { market.reversals.disclose(Market::write(market.provider), all[0].id); }) ==
          "token_reversal.transition");
    CHECK(market.compared().count == 0);
}

TEST_CASE("token reversal: neither tokens nor numbers nor reasons stand in entries or files",
          "[app][token_reversal]") {
    Reversible market;
    const std::string token = market.tokens.front();
    const auto numbers = market.disclosed({token});
    REQUIRE(numbers.front().has_value());
    const TokenReversalId refused = market.request({market.tokens.back()});
    market.reversals.refuse(Market::write(market.authority), refused, "理由不足，不予还原");
    const std::string files = market.market.stored_bytes();
    for (const json& entry : market.entries()) {
        CHECK(entry.dump().find(token) == std::string::npos);
        CHECK(entry.dump().find(*numbers.front()) == std::string::npos);
    }
    REQUIRE(files.size() > 100'000);
    CHECK(files.find("token_reversal.disclosed") != std::string::npos);  // these are the files
    for (const std::string& secret :
         {token, *numbers.front(), std::string(Reversible::kReason), std::string("理由不足")}) {
        INFO(secret);
        CHECK(files.find(secret) == std::string::npos);
    }
    app::PrivatePartService parts(market.market.context());
    const json texts = parts.texts_of("token_reversal", refused.text());
    CHECK(texts.at("reason") == Reversible::kReason);
    CHECK(texts.at("tokens") == market.tokens.back());
    CHECK(texts.at("refusal_reason") == "理由不足，不予还原");
    CHECK(texts.at("private_parts").at("reason").at("commitment") ==
          texts.at("private_parts").at("tokens").at("commitment"));
    const auto commitment = Digest::from_hex(
        texts.at("private_parts").at("tokens").at("commitment").get<std::string>());
    CHECK(parts.find(market.provider, *commitment).opened.has_value());
    CHECK(code_of([&] { parts.find(market.stranger, *commitment); }) == "private_part.not_found");
}

namespace {

struct Act {
    const char* name;
    app::Caller caller;
    domain::ReversalEvent event;  ///< refuse, disclose, or either approval
    std::string refusal;          ///< whatever the state is; empty: the state decides
};

/// Everybody tries everything.
std::vector<Act> acts_of(const Reversible& market) {
    using E = domain::ReversalEvent;
    const std::string unseen = "token_reversal.not_found";
    const std::string other = "token_reversal.approver";
    return {
        {"provider approves", market.provider, E::kProviderApprove, ""},
        {"authority approves", market.authority, E::kAuthorityApprove, ""},
        {"operator approves", market.licensed_operator, E::kProviderApprove, other},
        {"auditor approves", market.auditor, E::kProviderApprove, other},
        {"stranger approves", market.stranger, E::kAuthorityApprove, unseen},
        {"nobody approves", {}, E::kAuthorityApprove, unseen},
        {"provider refuses", market.provider, E::kRefuse, ""},
        {"authority refuses", market.authority, E::kRefuse, ""},
        {"operator refuses", market.licensed_operator, E::kRefuse, other},
        {"stranger refuses", market.stranger, E::kRefuse, unseen},
        {"provider discloses", market.provider, E::kDisclose, ""},
        {"authority discloses", market.authority, E::kDisclose, unseen},
        {"operator discloses", market.licensed_operator, E::kDisclose, unseen},
        {"admin discloses", market.admin, E::kDisclose, unseen},
        {"stranger discloses", market.stranger, E::kDisclose, unseen},
    };
}

void perform(Reversible& market, const Act& act, const TokenReversalId& id) {
    const app::WriteRequest write = Market::write(act.caller);
    if (act.event == domain::ReversalEvent::kRefuse) {
        market.reversals.refuse(write, id, "x");
    } else if (act.event == domain::ReversalEvent::kDisclose) {
        market.reversals.disclose(write, id);
    } else {
        market.reversals.approve(write, id);
    }
}

/// A new request in each state, by the way that the words name.
TokenReversalId bring_to(Reversible& market, ReversalState state) {
    const TokenReversalId id = market.request({market.tokens.front()});
    const auto approve = [&](const app::Caller& caller) {
        market.reversals.approve(Market::write(caller), id);
    };
    switch (state) {
        case ReversalState::kRequested: break;
        case ReversalState::kProviderApproved: approve(market.provider); break;
        case ReversalState::kAuthorityApproved: approve(market.authority); break;
        case ReversalState::kDisclosed:
        case ReversalState::kApproved:
            approve(market.provider);
            approve(market.authority);
            if (state == ReversalState::kApproved) break;
            market.reversals.disclose(Market::write(market.provider), id);
            break;
        case ReversalState::kRefused:
            market.reversals.refuse(Market::write(market.provider), id, "x");
            break;
        case ReversalState::kLapsed:
            market.market.clock().advance(domain::kReversalLapsesAfter);
            CHECK(market.reversals.lapse_due() > 0);
            break;
    }
    REQUIRE(market.state(id) == state);
    return id;
}

}  // namespace

TEST_CASE("token reversal: in every state everybody may do what the table says, and nothing else",
          "[app][token_reversal]") {
    Reversible market;
    const auto looking = market.market.open();
    test::TableDigest tables(*looking, {"idempotency"});
    std::size_t done = 0;
    for (const auto& row : domain::names_of(ReversalState{})) {
        for (const Act& act : acts_of(market)) {
            INFO(row.name << ": " << act.name);
            const TokenReversalId id = bring_to(market, row.value);
            const Digest before = tables.now();
            const auto after = domain::next(row.value, act.event);
            const std::string code = code_of([&] { perform(market, act, id); });
            if (act.refusal.empty() && after) {
                ++done;
                CHECK(code == "none");
                CHECK(market.state(id) == *after);
            } else {
                CHECK(code == (act.refusal.empty() ? "token_reversal.transition" : act.refusal));
                CHECK(tables.now() == before);
            }
        }
    }
    CHECK(done == 13);  // 2 + 1 + 1 approvals, 4 times two who refuse, 1 disclosure
    CHECK(market.compared().count == 0);
}

TEST_CASE("token reversal: only parties of the contract ask, for tokens of a field that has them",
          "[app][token_reversal]") {
    Reversible market;
    const std::uint64_t before = market.log_size();
    const auto asked = [&](const app::Caller& caller, const app::RequestTokenReversal& input) {
        return code_of([&] { market.reversals.request(Market::write(caller), input); });
    };
    const auto input = market.input({market.tokens.front()});
    for (const app::Caller& caller :
         {market.stranger, market.buyer, market.auditor, app::Caller{}}) {
        CHECK(asked(caller, input) == "contract.not_found");
    }
    auto wrong = input;
    wrong.field = "ent_name";
    CHECK(asked(market.provider, wrong) == "token_reversal.field");
    wrong.field = "nothing";
    CHECK(asked(market.provider, wrong) == "token_reversal.field");
    CHECK(asked(market.provider, market.input({})) == "token_reversal.tokens");
    CHECK(asked(market.provider, market.input(std::vector<std::string>(
                                     101, market.tokens.front()))) == "token_reversal.tokens");
    // A number in place of a token is refused without a word of it.
    const auto refusal = test::refusal_of([&] {
        market.reversals.request(Market::write(market.provider),
                                 market.input({market.tokens.front(), market.personal.front()}));
    });
    REQUIRE(refusal);
    CHECK(refusal->code() == "token_reversal.token");
    CHECK(refusal->detail().pointer == "/tokens/1");
    CHECK(std::string(refusal->text().en).find(market.personal.front()) == std::string::npos);
    CHECK(market.log_size() == before);
    CHECK(market.market.stored_bytes().find(market.personal.front()) == std::string::npos);
    for (const app::Caller& caller :
         {market.provider, market.authority, market.licensed_operator}) {
        CHECK(asked(caller, input) == "none");
    }
    CHECK(market.reversals.list(market.provider, "", 10).size() == 3);
    CHECK(market.reversals.list(market.stranger, "", 10).empty());
    CHECK(market.reversals.list({}, "", 10).empty());
}

TEST_CASE("token reversal: a request lapses by itself and by whoever comes too late",
          "[app][token_reversal]") {
    Reversible market;
    const TokenReversalId forgotten = market.request({market.tokens.front()});
    const TokenReversalId late = market.approved({market.tokens.front()});
    market.market.clock().advance(domain::kReversalLapsesAfter - std::chrono::seconds(60));
    CHECK(market.reversals.lapse_due() == 0);
    const TokenReversalId young = market.request({market.tokens.front()});
    market.market.clock().advance(std::chrono::seconds(60));
    // The refusal is the caller's; the lapse is the ledger's.
    const auto refusal =
        test::refusal_of([&] { market.reversals.disclose(Market::write(market.provider), late); });
    REQUIRE(refusal);
    CHECK(refusal->code() == "token_reversal.transition");
    CHECK(refusal->detail().state == "lapsed");
    CHECK(market.state(late) == ReversalState::kLapsed);
    CHECK(market.kinds_of(late.text()).back() == "token_reversal.lapsed");
    CHECK(market.state(forgotten) == ReversalState::kRequested);
    CHECK(market.reversals.lapse_due() == 1);
    CHECK(market.state(forgotten) == ReversalState::kLapsed);
    CHECK(market.state(young) == ReversalState::kRequested);
    CHECK(market.reversals.lapse_due() == 0);
    CHECK(market.compared().count == 0);
}

TEST_CASE("token reversal: a token of another contract has no number here",
          "[app][token_reversal]") {
    Reversible market;
    const std::vector<std::string> first = market.tokens;
    const std::vector<std::string> persons = market.personal;
    // The same persons under a second contract have other tokens, and each contract knows its own.
    market.put_on_sale();
    REQUIRE(market.personal == persons);
    market.tokens = test::delivered_tokens(market.download(market.deliver(market.paid())));
    for (const std::string& token : first) {
        CHECK(std::count(market.tokens.begin(), market.tokens.end(), token) == 0);
    }
    for (const auto& number : market.disclosed(first)) CHECK_FALSE(number.has_value());
    const auto mixed = market.disclosed({first.front(), market.tokens.front()});
    CHECK_FALSE(mixed.at(0).has_value());
    CHECK(mixed.at(1).has_value());
}

TEST_CASE("token reversal: data that was delivered counts, not data that was only uploaded",
          "[app][token_reversal]") {
    Reversible market;
    const std::vector<std::string> old = market.tokens;
    const std::string first_person = market.disclosed({old.front()}).front().value();
    // New data without the first person; its own token of a person of old stays known.
    std::vector<std::string> persons;
    std::string csv = test::company_csv(persons, 80);
    market.upload_csv(csv);
    CHECK(market.disclosed({old.front()}).front() == first_person);
    market.tokens = test::delivered_tokens(market.download(market.deliver(market.paid())));
    CHECK(market.tokens.size() == 80);
    const auto both = market.disclosed(market.tokens);
    CHECK(std::count(both.begin(), both.end(), std::nullopt) == 0);

    // Without a delivery there are no tokens, and so none to turn back.
    Trade undelivered;
    undelivered.id_operation = "token";
    undelivered.put_on_sale();
    app::TokenReversalService reversals(undelivered.market.context());
    const auto id = Reversible::id_in(
        reversals.request(Market::write(undelivered.provider), {undelivered.contract,
                                                                "legal_rep_id_no",
                                                                domain::ReversalGround::kDispute,
                                                                "x",
                                                                {old.front()}}));
    reversals.approve(Market::write(undelivered.provider), id);
    reversals.approve(Market::write(undelivered.authority), id);
    const auto numbers =
        reversals.disclose(Market::write(undelivered.provider), id).numbers.value();
    CHECK(numbers == app::DisclosedNumbers{std::nullopt});
}

TEST_CASE("token reversal: a contract that is over keeps its tokens", "[app][token_reversal]") {
    Reversible market;
    const TokenReversalId id = market.approved({market.tokens.front()});
    market.supervise(domain::ContractEvent::kSuspend);
    const TokenReversalId open = market.request({market.tokens.front()});
    const TokenReversalId suspended = market.request({market.tokens.front()});
    market.reversals.approve(Market::write(market.authority), suspended);
    market.supervise(domain::ContractEvent::kRevoke);
    CHECK(code_of([&] { market.request({market.tokens.front()}); }) == "token_reversal.contract");
    CHECK(code_of([&] { market.reversals.approve(Market::write(market.provider), suspended); }) ==
          "token_reversal.contract");
    for (const TokenReversalId& one : {id, suspended, open}) {
        CHECK(code_of([&] { market.reversals.disclose(Market::write(market.provider), one); }) ==
              "token_reversal.contract");
    }
    CHECK(code_of([&] { market.reversals.approve(Market::write(market.authority), suspended); }) ==
          "token_reversal.contract");
    CHECK(market.state(id) == ReversalState::kApproved);
    CHECK(market.state(open) == ReversalState::kRequested);
    // What nobody can be told any more can still be put away.
    market.reversals.refuse(Market::write(market.authority), id, "协议已撤销");
    CHECK(market.state(id) == ReversalState::kRefused);
    CHECK(market.compared().count == 0);
}

TEST_CASE("token reversal: without the contract's key nothing is turned back",
          "[app][token_reversal][contract]") {
    Reversible market;
    const TokenReversalId id = market.approved({market.tokens.front()});
    const std::uint64_t before = market.log_size();
    const auto db = market.market.open();
    REQUIRE(store::destroy_contract_key(*db, market.contract, market.market.clock().now()));
    CHECK(code_of([&] { market.reversals.disclose(Market::write(market.provider), id); }) ==
          "contract.key_destroyed");
    CHECK(market.state(id) == ReversalState::kApproved);
    CHECK(market.log_size() == before);
}

TEST_CASE("token reversal: a repeated disclosure repeats its receipt and no number",
          "[app][token_reversal]") {
    Reversible market;
    const TokenReversalId id = market.approved({market.tokens.front()});
    const app::WriteRequest write{market.provider, app::IdempotencyKey{"tell-1", sha256("x")}};
    const auto first = market.reversals.disclose(write, id);
    REQUIRE(first.numbers.has_value());
    const auto again = market.reversals.disclose(write, id);
    CHECK_FALSE(again.numbers.has_value());
    CHECK(again.outcome.replayed);
    CHECK(again.outcome.receipt.index == first.outcome.receipt.index);
    CHECK(market.market.stored_bytes().find(first.numbers->front().value()) == std::string::npos);
}

TEST_CASE("token reversal: what was refused under a key stays refused under it",
          "[app][token_reversal]") {
    Reversible market;
    const TokenReversalId id = market.request({market.tokens.front()});
    const app::WriteRequest early{market.provider, app::IdempotencyKey{"tell-1", sha256("x")}};
    const auto disclose = [&] { market.reversals.disclose(early, id); };
    CHECK(code_of(disclose) == "token_reversal.transition");
    for (const auto& approver : {market.provider, market.authority}) {
        market.reversals.approve(Market::write(approver), id);
    }
    CHECK(code_of(disclose) == "token_reversal.transition");
    CHECK(market.reversals.disclose(Market::write(market.provider), id).numbers.has_value());
}

TEST_CASE("token reversal: of many who are told at once one is", "[app][token_reversal]") {
    Reversible market;
    const TokenReversalId id = market.approved({market.tokens.front()});
    std::atomic<int> told{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> askers;
    for (int i = 0; i < 6; ++i) {
        askers.emplace_back([&] {
            const std::string code = code_of([&] {
                told += market.reversals.disclose(Market::write(market.provider), id)
                                .numbers.has_value()
                            ? 1
                            : 0;
            });
            refused += code == "token_reversal.transition" ? 1 : 0;
        });
    }
    for (std::thread& asker : askers) asker.join();
    CHECK(told == 1);
    CHECK(refused == 5);
}

TEST_CASE("token reversal: without the data or the tokens nobody is told anything",
          "[app][token_reversal]") {
    Reversible market;
    const TokenReversalId id = market.approved({market.tokens.front()});
    const std::filesystem::path folder = market.market.context().blobs.folder();
    const std::filesystem::path away = folder.string() + ".away";
    std::filesystem::rename(folder, away);
    std::filesystem::create_directory(folder);
    CHECK(code_of([&] { market.reversals.disclose(Market::write(market.provider), id); }) ==
          "token_reversal.dataset");
    std::filesystem::remove(folder);
    std::filesystem::rename(away, folder);
    CHECK(market.state(id) == ReversalState::kApproved);

    app::PrivatePartService parts(market.market.context());
    const json texts = parts.texts_of("token_reversal", id.text());
    const auto commitment = Digest::from_hex(
        texts.at("private_parts").at("tokens").at("commitment").get<std::string>());
    CHECK(code_of([&] {
              parts.erase(Market::write(market.admin), *commitment,
                          domain::ErasureReason::kDataSubjectRequest);
          }) == "private_part.official_record");
    parts.erase(Market::write(market.admin), *commitment, domain::ErasureReason::kCourtOrder);
    CHECK(code_of([&] { market.reversals.disclose(Market::write(market.provider), id); }) ==
          "token_reversal.erased");
    CHECK(market.compared().count == 0);
}

TEST_CASE("token reversal: a row that was changed behind the ledger's back is named",
          "[app][token_reversal]") {
    const std::vector<std::pair<sql::Query, std::string>> cases{
        {{"t1", "UPDATE token_reversal SET state = 'approved'"}, "state"},
        {{"t2", "UPDATE token_reversal SET provider_id = operator_id"}, "provider_id"},
        {{"t3", "UPDATE token_reversal SET token_count = 2"}, "token_count"},
        {{"t4", "UPDATE token_reversal SET known_count = 0"}, "known_count"},
        {{"t5", "UPDATE token_reversal SET ground = 'dispute'"}, "ground"},
        {{"t6", "DELETE FROM token_reversal"}, ""},
    };
    Reversible market;
    market.disclosed({market.tokens.front()});
    for (const auto& [change, member] : cases) {
        const auto db = market.market.open();
        const sql::Transaction undone(*db);
        INFO(change.text);
        REQUIRE(db->run(change) == 1);
        const app::Comparison comparison = market.Trade::compared(*db, {"token_reversal"});
        REQUIRE(comparison.count >= 1);
        CHECK(comparison.differences.front().entity.first == "token_reversal");
        CHECK(comparison.differences.front().member == member);
    }
    CHECK(market.compared().count == 0);
}

TEST_CASE("token reversal: an entry whose approver is not who approves is refused by a replay",
          "[app][token_reversal]") {
    Reversible market;
    market.disclosed({market.tokens.front()});
    const auto db = market.market.open();
    const auto entries =
        ledger::LogStore(*db, market.market.context().log_origin).entries(0, ledger::kEntryPageMax);
    const auto replayed = [&](const std::function<void(json&)>& change) {
        app::Replay replay;
        for (const auto& stored : entries) {
            ledger::Entry entry = stored.parsed.entry;
            if (entry.kind == "token_reversal.approved") {
                json body = json::parse(entry.body);
                change(body);
                entry.body = body.dump();
            }
            replay.apply(stored.index, entry);
        }
        return replay.illegal_count();
    };
    CHECK(replayed([](json&) {}) == 0);
    CHECK(replayed([](json& body) { body["approver_id"] = body.at("operator_id"); }) == 2);
    CHECK(replayed([](json& body) { body["approver_id"] = body.at("provider_id"); }) == 1);
    CHECK(replayed([](json& body) { body["approver_id"] = body.at("authority_id"); }) == 1);
    CHECK(replayed([](json& body) { body.erase("approver_id"); }) == 2);
}
