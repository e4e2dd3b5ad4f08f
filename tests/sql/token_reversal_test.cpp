/// Token reversals in SQL, on each database: what is stored comes back, a row that moved on is not
/// saved over, and each list holds what its reader may see, in pages.
#include <string>
#include <vector>

#include "marketplace/store/token_reversal_store.h"
#include "sql/migrate.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ReversalState;
using store::TokenReversal;

namespace {

constexpr Timestamp kAsked{1'772'323'200'000'000};

struct ReversalStore {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> db;
    RandomIdSource ids;
    std::vector<PartyId> parties;

    explicit ReversalStore(const test::Kind& kind) : database(kind.fresh()), db(database->open()) {
        sql::migrate(*db, sql::embedded_schema(), kAsked);
        for (int i = 0; i < 4; ++i) parties.push_back(ids.make<PartyTag>(kAsked));
    }
    TokenReversal insert(Timestamp at, int provider = 0, int authority = 1, int by_operator = 2) {
        TokenReversal reversal;
        reversal.id = ids.make<TokenReversalTag>(at);
        reversal.contract_id = ids.make<ContractTag>(at);
        reversal.provider_id = parties.at(static_cast<std::size_t>(provider));
        reversal.authority_id = parties.at(static_cast<std::size_t>(authority));
        reversal.operator_id = parties.at(static_cast<std::size_t>(by_operator));
        reversal.requester_id = reversal.operator_id;
        reversal.field = "legal_rep_id_no";
        reversal.ground = domain::ReversalGround::kCourtOrder;
        reversal.token_count = 100;
        reversal.created_at = at;
        reversal.updated_at = at;
        store::insert_token_reversal(*db, reversal);
        return reversal;
    }
};

bool same(const TokenReversal& one, const TokenReversal& other) {
    return one.id == other.id && one.contract_id == other.contract_id &&
           one.provider_id == other.provider_id && one.authority_id == other.authority_id &&
           one.operator_id == other.operator_id && one.requester_id == other.requester_id &&
           one.field == other.field && one.ground == other.ground &&
           one.token_count == other.token_count && one.known_count == other.known_count &&
           one.state == other.state && one.version == other.version &&
           one.created_at == other.created_at && one.updated_at == other.updated_at;
}

}  // namespace

TEST_CASE("token reversal store: rows come back, and no old one is saved",
          "[sql][token_reversal]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        ReversalStore stored(kind);
        TokenReversal reversal = stored.insert(kAsked);
        TokenReversal found = store::find_token_reversal(*stored.db, reversal.id).value();
        CHECK(same(found, reversal));
        TokenReversal old = found;
        for (const auto& row : domain::names_of(ReversalState{})) {
            found.state = row.value;
            found.known_count = found.version == 1 ? std::nullopt : std::optional(found.version);
            store::update_token_reversal(*stored.db, found, kAsked.plus(std::chrono::seconds(1)));
            CHECK(same(store::find_token_reversal(*stored.db, reversal.id).value(), found));
        }
        CHECK(found.version == 8);
        try {
            store::update_token_reversal(*stored.db, old, kAsked);
            FAIL("an old row was saved");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::kStale);
            CHECK(error.code() == "token_reversal.stale");
        }
        const auto nobody = stored.ids.make<TokenReversalTag>(kAsked);
        CHECK_FALSE(store::find_token_reversal(*stored.db, nobody).has_value());
    }
}

TEST_CASE("token reversal store: each party lists its own, in pages", "[sql][token_reversal]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        ReversalStore stored(kind);
        std::vector<std::string> expected;
        for (int i = 0; i < 6; ++i) {
            const Timestamp at = kAsked.plus(std::chrono::milliseconds(i));
            // Party 3 is each of the three in turn, and none.
            const TokenReversal reversal = i % 4 == 0   ? stored.insert(at, 3, 1, 2)
                                           : i % 4 == 1 ? stored.insert(at, 0, 3, 2)
                                           : i % 4 == 2 ? stored.insert(at, 0, 1, 3)
                                                        : stored.insert(at);
            if (i % 4 != 3) expected.push_back(reversal.id.text());
        }
        std::vector<std::string> listed;
        for (;;) {
            const auto page = store::list_token_reversals_of_party(
                *stored.db, stored.parties[3], listed.empty() ? "" : listed.back(), 2);
            if (page.empty()) break;
            CHECK(page.size() <= 2);
            for (const TokenReversal& one : page) listed.push_back(one.id.text());
        }
        CHECK(listed == expected);
        CHECK(store::list_token_reversals(*stored.db, "", 100).size() == 6);
        CHECK(store::list_token_reversals(*stored.db, expected.front(), 100).size() == 5);
    }
}

TEST_CASE("token reversal store: what is due is found by state and time", "[sql][token_reversal]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        ReversalStore stored(kind);
        std::vector<TokenReversal> rows;
        for (int i = 0; i < 4; ++i)
            rows.push_back(stored.insert(kAsked.plus(std::chrono::days(i))));
        rows[1].state = ReversalState::kApproved;
        store::update_token_reversal(*stored.db, rows[1], kAsked);
        const auto due = [&](ReversalState state, int day, std::int64_t limit = 10) {
            return store::list_token_reversals_in(*stored.db, state,
                                                  kAsked.plus(std::chrono::days(day)), limit);
        };
        CHECK(due(ReversalState::kRequested, 2).size() == 2);
        CHECK(due(ReversalState::kRequested, 2, 1).front().id == rows[0].id);
        CHECK(due(ReversalState::kApproved, 1).size() == 1);
        CHECK(due(ReversalState::kApproved, 0).empty());
        CHECK(store::list_token_reversals_in(*stored.db, ReversalState::kRequested,
                                             {kAsked.micros - 1}, 10)
                  .empty());
    }
}
