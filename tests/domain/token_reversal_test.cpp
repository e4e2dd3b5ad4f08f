#include "marketplace/domain/token_reversal.h"

#include <set>

#include "tests/domain/support/ids.h"
#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;
using pdx::domain::testing::make_id;

namespace {

/// Every sequence of `steps` events that the machine takes from `state`.
template <class Visit>
void walk_reversal(ReversalState state, std::set<ReversalEvent> seen, int steps,
                   const Visit& visit) {
    visit(state, seen);
    if (steps == 0) return;
    for (const auto& row : names_of(ReversalEvent{})) {
        const auto after = next(state, row.value);
        if (!after) continue;
        std::set<ReversalEvent> more = seen;
        more.insert(row.value);
        walk_reversal(*after, more, steps - 1, visit);
    }
}

}  // namespace

TEST_CASE("token reversal: every state takes exactly the events of the table",
          "[domain][token_reversal]") {
    check_machine<ReversalState, ReversalEvent>(
        "token_reversal", "requested",
        {
            {"requested",
             "provider_approve>provider_approved authority_approve>authority_approved "
             "refuse>refused lapse>lapsed"},
            {"provider_approved", "authority_approve>approved refuse>refused lapse>lapsed"},
            {"authority_approved", "provider_approve>approved refuse>refused lapse>lapsed"},
            {"approved", "disclose>disclosed refuse>refused lapse>lapsed"},
            {"disclosed", ""},
            {"refused", ""},
            {"lapsed", ""},
        });
}

TEST_CASE("token reversal: no way leads to the numbers without both approvals",
          "[domain][token_reversal]") {
    int disclosed = 0;
    walk_reversal(ReversalState::kRequested, {}, 6, [&](ReversalState state, const auto& seen) {
        if (state != ReversalState::kDisclosed) return;
        ++disclosed;
        CHECK(seen.count(ReversalEvent::kProviderApprove) == 1);
        CHECK(seen.count(ReversalEvent::kAuthorityApprove) == 1);
        CHECK(seen.count(ReversalEvent::kRefuse) == 0);
        CHECK(seen.count(ReversalEvent::kLapse) == 0);
    });
    CHECK(disclosed == 2);
}

TEST_CASE("token reversal: no one party approves twice, and no third one",
          "[domain][token_reversal]") {
    for (unsigned provider = 1; provider <= 3; ++provider) {
        for (unsigned authority = 1; authority <= 3; ++authority) {
            const ReversalApprovers both{make_id<PartyId>(provider), make_id<PartyId>(authority)};
            for (unsigned party = 1; party <= 3; ++party) {
                const PartyId by = make_id<PartyId>(party);
                INFO(provider << " " << authority << " " << party);
                if (provider == authority) {
                    CHECK(code_of([&] { approval_of(both, by); }) == "token_reversal.one_party");
                } else if (party != provider && party != authority) {
                    CHECK(code_of([&] { approval_of(both, by); }) == "token_reversal.approver");
                } else {
                    const ReversalEvent event = approval_of(both, by);
                    CHECK(event == (party == provider ? ReversalEvent::kProviderApprove
                                                      : ReversalEvent::kAuthorityApprove));
                    const ReversalState once = apply(ReversalState::kRequested, event);
                    CHECK(once != ReversalState::kApproved);
                    CHECK(code_of([&] { apply(once, event); }) == "token_reversal.transition");
                }
            }
        }
    }
}

TEST_CASE("token reversal: a request has 1 to 100 tokens", "[domain][token_reversal]") {
    CHECK(code_of([] { check_reversal_size(0); }) == "token_reversal.tokens");
    CHECK(code_of([] { check_reversal_size(1); }).empty());
    CHECK(code_of([] { check_reversal_size(100); }).empty());
    CHECK(code_of([] { check_reversal_size(101); }) == "token_reversal.tokens");
}

TEST_CASE("token reversal: a request lapses after fourteen days", "[domain][token_reversal]") {
    const Timestamp requested{1'700'000'000'000'000};
    const Timestamp due = requested.plus(std::chrono::hours(14 * 24));
    CHECK_FALSE(reversal_is_due_to_lapse(requested, requested));
    CHECK_FALSE(reversal_is_due_to_lapse(requested, {due.micros - 1}));
    CHECK(reversal_is_due_to_lapse(requested, due));
}

TEST_CASE("token reversal: tokens of a contract that runs or rests may be turned back, no others",
          "[domain][token_reversal]") {
    const Date from{2026, 3, 1};
    const Date to{2027, 2, 28};
    for (const auto& row : names_of(ContractState{})) {
        const bool runs =
            row.value == ContractState::kInForce || row.value == ContractState::kSuspended;
        for (const Timestamp now :
             {Timestamp{from.begin().micros - 1}, from.begin(),
              Timestamp{to.plus_days(1).begin().micros - 1}, to.plus_days(1).begin()}) {
            const bool within = now >= from.begin() && now < to.plus_days(1).begin();
            INFO(row.name << " " << now.rfc3339());
            CHECK(code_of([&] {
                      check_reversible({row.value, from, to}, now);
                  }) == (runs && within ? "" : "token_reversal.contract"));
        }
    }
}
