#include "privacy/privacy_budget.h"

#include <cstdint>
#include <random>

#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

TEST_CASE("budget: each part is held to its own limit", "[privacy][budget]") {
    const PrivacyAccount account{{100, 10, 5}, {60, 0, 5}};
    REQUIRE(account.can_spend({40, 10, 0}));
    REQUIRE_FALSE(account.can_spend({41, 0, 0}));
    REQUIRE_FALSE(account.can_spend({0, 11, 0}));
    REQUIRE_FALSE(account.can_spend({0, 0, 1}));
    REQUIRE(account.left() == PrivacySpend{40, 10, 0});
    // Nothing is free on an account that is overdrawn, as after a limit was lowered.
    REQUIRE_FALSE(PrivacyAccount{{10, 10, 0}, {11, 0, 0}}.can_spend({0, 1, 0}));
    REQUIRE(PrivacyAccount{{10, 10, 0}, {11, 0, 0}}.left() == PrivacySpend{0, 10, 0});
}

TEST_CASE("budget: no sum wraps around", "[privacy][budget]") {
    const PrivacyAccount account{{UINT64_MAX, 0, 0}, {UINT64_MAX - 1, 0, 0}};
    REQUIRE(account.can_spend({1, 0, 0}));
    REQUIRE_FALSE(account.can_spend({2, 0, 0}));
    REQUIRE_FALSE(plus({1, 2, UINT64_MAX}, {0, 0, 1}));
    REQUIRE(plus({1, 2, 3}, {10, 20, 30}) == PrivacySpend{11, 22, 33});
}

TEST_CASE("budget: both accounts pay or none", "[privacy][budget]") {
    PrivacyAccounts accounts{{{10, 0, 0}, {}}, {{15, 0, 0}, {4, 0, 0}}};
    accounts.spend({6, 0, 0});
    REQUIRE(accounts.contract.spent == PrivacySpend{6, 0, 0});
    REQUIRE(accounts.resource.spent == PrivacySpend{10, 0, 0});
    const PrivacyAccounts before = accounts;
    const auto pointer_of = [&](std::uint64_t epsilon) {
        try {
            accounts.spend({epsilon, 0, 0});
        } catch (const Error& error) {
            REQUIRE(error.kind() == ErrorKind::kConflict);
            REQUIRE(error.code() == "statistic.budget_spent");
            REQUIRE(accounts == before);
            return error.detail().pointer;
        }
        return std::string();
    };
    REQUIRE(pointer_of(5) == "/contract");
    accounts.contract.limit = {100, 0, 0};
    accounts.resource.spent = {11, 0, 0};
    const PrivacyAccounts wide = accounts;
    REQUIRE_THROWS_AS(accounts.spend({5, 0, 0}), Error);
    REQUIRE(accounts == wide);
    accounts.spend({4, 0, 0});
    REQUIRE(accounts.resource.left() == PrivacySpend{});
}

TEST_CASE("budget: however it is spent, a limit is never passed", "[privacy][budget]") {
    constexpr std::uint64_t kSeed = 7;
    std::mt19937_64 random(kSeed);
    INFO("seed " << kSeed);
    for (int round = 0; round < 200; ++round) {
        PrivacyAccounts accounts{{{random() % 1000, random() % 1000, random() % 1000}, {}},
                                 {{random() % 1000, random() % 1000, random() % 1000}, {}}};
        PrivacySpend paid;
        for (int i = 0; i < 50; ++i) {
            const PrivacySpend asked{random() % 100, random() % 100, random() % 100};
            try {
                accounts.spend(asked);
                paid = *plus(paid, asked);
            } catch (const Error&) {
            }
            REQUIRE(accounts.contract.spent == paid);
            REQUIRE(accounts.resource.spent == paid);
        }
        for (const PrivacyAccount& account : {accounts.contract, accounts.resource}) {
            REQUIRE(account.can_spend({}));
        }
    }
}
