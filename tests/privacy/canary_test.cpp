#include "privacy/canary.h"

#include <functional>
#include <set>
#include <string>

#include "base/error.h"
#include "privacy/checksum.h"
#include "privacy/compiled_operation.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

const CanaryPlan kCanaries{
    .columns = {{.name = "id", .kind = Kind::kResidentId, .space = "320299"},
                {.name = "born", .kind = Kind::kBirthDate},
                {.name = "sex", .kind = Kind::kSex},
                {.name = "firm", .kind = Kind::kUscc, .space = "91320299"},
                {.name = "phone", .kind = Kind::kMobile, .space = "1540"},
                {.name = "name", .kind = Kind::kPersonName, .choices = {"王建国", "李秀英"}},
                {.name = "amount", .kind = Kind::kAmount, .least = -5, .most = 120, .decimals = 2}},
    .rows = 200};

Secret canary_key(const std::string& contract) { return contract_key(as_bytes("root"), contract); }

}  // namespace

TEST_CASE("canary: rows agree with themselves and lie in the space that was never issued",
          "[privacy][canary]") {
    const auto rows = make_canaries(kCanaries, canary_key("C-1").view());
    REQUIRE(rows.size() == 200);
    std::set<std::string> amounts;
    for (const auto& row : rows) {
        REQUIRE(row.size() == kCanaries.columns.size());
        CHECK(is_valid_resident_id(row[0]));
        CHECK(row[0].starts_with("320299"));
        CHECK(row[1] ==
              row[0].substr(6, 4) + "-" + row[0].substr(10, 2) + "-" + row[0].substr(12, 2));
        CHECK(row[2] == ((row[0][16] - '0') % 2 == 1 ? "男" : "女"));
        CHECK(is_valid_uscc(row[3]));
        CHECK(row[3].starts_with("91320299"));
        CHECK(row[4].size() == 11);
        CHECK(row[4].starts_with("1540"));
        CHECK((row[5] == "王建国" || row[5] == "李秀英"));
        amounts.insert(row[6]);
    }
    CHECK(amounts.size() > 80);
    CHECK(amounts.size() <= 126);
    for (const std::string& amount : amounts) {
        CHECK((amount.starts_with("0.") || amount.starts_with("1.") || amount.starts_with("-0.0")));
    }
}

TEST_CASE("canary: a contract has the same rows each time and shares none with another",
          "[privacy][canary]") {
    std::set<std::string> firms;
    std::size_t made = 0;
    for (int i = 0; i < 20; ++i) {
        const auto rows = make_canaries(kCanaries, canary_key(std::to_string(i)).view());
        CHECK(rows == make_canaries(kCanaries, canary_key(std::to_string(i)).view()));
        for (const auto& row : rows) {
            firms.insert(row[3]);
            ++made;
        }
    }
    CHECK(firms.size() == made);
}

TEST_CASE("canary: a column without what its kind needs is refused", "[privacy][canary]") {
    const auto refused = [](const std::function<void(CanaryPlan&)>& change) {
        CanaryPlan plan = kCanaries;
        change(plan);
        try {
            make_canaries(plan, canary_key("C-1").view());
        } catch (const Error& error) {
            CHECK(error.code() == "canary.settings");
            return true;
        }
        return false;
    };
    CHECK_FALSE(refused([](CanaryPlan&) {}));
    CHECK(refused([](CanaryPlan& p) { p.columns.clear(); }));
    CHECK(refused([](CanaryPlan& p) { p.rows = 0; }));
    CHECK(refused([](CanaryPlan& p) { p.rows = 1'001; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[0].name.clear(); }));
    CHECK(refused([](CanaryPlan& p) { p.columns[0].space = "32029"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[0].space = "32029A"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[3].space = "9132029I"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[3].space = "I1320299"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[3].space = "9132029"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[4].space = "15"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[4].space = "15400000"; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[5].choices.clear(); }));
    CHECK(refused([](CanaryPlan& p) { p.columns[6].most = -6; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[6].most = INT64_MAX; }));
    CHECK(refused([](CanaryPlan& p) { p.columns[6].decimals = 7; }));
}

TEST_CASE("canary: a column has its values whatever else the plan knows", "[privacy][canary]") {
    const Secret key = canary_key("C-1");
    const auto all = make_canaries(kCanaries, key.view());
    for (std::size_t i = 0; i < kCanaries.columns.size(); ++i) {
        const auto alone = make_canaries({{kCanaries.columns[i]}, kCanaries.rows}, key.view());
        for (std::size_t row = 0; row < all.size(); ++row) CHECK(alone[row][0] == all[row][i]);
    }
}
