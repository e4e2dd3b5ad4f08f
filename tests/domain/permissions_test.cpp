#include "marketplace/domain/permissions.h"

#include <map>
#include <set>
#include <sstream>

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::code_of;

namespace {

// Written by role, the other way round from the matrix, so that the two check each other.
const std::map<std::string, std::string>& expected_by_role() {
    static const std::map<std::string, std::string> kExpected{
        {"anonymous", "read_public"},
        {"data_provider",
         "read_public read_own register_resource upload_dataset review_columns submit_resource "
         "object_to_registration cancel_registration decide_source request_token_reversal "
         "decide_token_reversal disclose_tokens"},
        {"data_authority",
         "read_public read_own read_work_queue object_to_registration decide_access "
         "draft_contract sign_contract suspend_contract revoke_contract set_price_ceiling "
         "suspend_listing request_token_reversal decide_token_reversal"},
        {"registry_clerk", "read_public read_own read_work_queue accept_registration"},
        {"registry_reviewer",
         "read_public read_own read_work_queue review_registration decide_objection"},
        {"registry_head",
         "read_public read_own read_work_queue issue_code cancel_registration "
         "revoke_registration register_product"},
        {"operator",
         "read_public read_own object_to_registration apply_for_access sign_contract "
         "create_product list_product deliver_order ask_statistic request_token_reversal "
         "file_dispute "
         "answer_dispute"},
        {"buyer",
         "read_public read_own object_to_registration fund_wallet place_order pay_order "
         "cancel_order download_delivery accept_delivery reject_delivery file_dispute "
         "answer_dispute"},
        {"arbitrator", "read_public read_own read_work_queue accept_dispute decide_dispute"},
        {"auditor", "read_public read_own read_everything"},
        {"exchange_admin",
         "read_public read_own read_work_queue register_party issue_token approve_product "
         "suspend_listing settle_order execute_decision erase_private_part"},
    };
    return kExpected;
}

}  // namespace

TEST_CASE("permissions: the whole matrix is as expected", "[domain][permissions]") {
    REQUIRE(names_of(Role{}).size() == expected_by_role().size());
    std::set<std::string> granted_to_somebody;
    for (const auto& role : names_of(Role{})) {
        std::set<std::string> expected;
        std::istringstream words(expected_by_role().at(std::string(role.name)));
        for (std::string word; words >> word;) {
            REQUIRE(parse_permission(word).has_value());
            expected.insert(word);
            granted_to_somebody.insert(word);
        }
        for (const PermissionRow& row : permission_matrix()) {
            INFO(role.name << " / " << row.name);
            const bool allowed = expected.count(std::string(row.name)) == 1;
            CHECK(permitted(role.value, row.permission) == allowed);
            CHECK(code_of([&] { check_permitted(role.value, row.permission); }) ==
                  (allowed ? "" : "permission.denied"));
        }
    }
    CHECK(granted_to_somebody.size() == permission_matrix().size());
}

TEST_CASE("permissions: every name is unique, labelled and read back", "[domain][permissions]") {
    std::set<std::string_view> names;
    for (const PermissionRow& row : permission_matrix()) {
        CHECK(names.insert(row.name).second);
        CHECK_FALSE(row.zh.empty());
        CHECK(to_string(row.permission) == row.name);
        CHECK(label_zh(row.permission) == row.zh);
        CHECK(parse_permission(row.name) == row.permission);
    }
    CHECK_FALSE(parse_permission("no_such_permission").has_value());
    CHECK_FALSE(permitted(Role::kAuditor, static_cast<Permission>(9999)));
    CHECK(parse_role("exchange_admin") == Role::kExchangeAdmin);
}

TEST_CASE("permissions: no role both makes and judges the same thing", "[domain][permissions]") {
    using P = Permission;
    const std::vector<std::pair<P, P>> apart{
        {P::kSubmitResource, P::kAcceptRegistration},
        {P::kSubmitResource, P::kReviewRegistration},
        {P::kAcceptRegistration, P::kReviewRegistration},
        {P::kReviewRegistration, P::kIssueCode},
        {P::kAcceptRegistration, P::kIssueCode},
        {P::kApplyForAccess, P::kDecideSource},
        {P::kApplyForAccess, P::kDecideAccess},
        {P::kDecideSource, P::kDecideAccess},
        {P::kCreateProduct, P::kApproveProduct},
        {P::kSetPriceCeiling, P::kListProduct},
        {P::kSetPriceCeiling, P::kSettleOrder},
        {P::kListProduct, P::kPlaceOrder},
        {P::kFileDispute, P::kDecideDispute},
        {P::kDecideDispute, P::kExecuteDecision},
        {P::kReadEverything, P::kIssueToken},
    };
    for (const auto& [one, other] : apart) {
        for (const auto& role : names_of(Role{})) {
            INFO(role.name << ": " << to_string(one) << " and " << to_string(other));
            CHECK_FALSE((permitted(role.value, one) && permitted(role.value, other)));
        }
    }
}

TEST_CASE("duties: four duties on one registration, four people", "[domain][permissions]") {
    const auto with = [](const RegistrationDuties& duties) {
        return code_of([&] { check_distinct(duties); });
    };
    CHECK(with({"a", "b", "c", "d"}).empty());
    CHECK(with({"a", "b", "", ""}).empty());
    CHECK(with({"", "", "", ""}).empty());
    // Every pair of the four.
    for (int i = 0; i < 4; ++i) {
        for (int j = i + 1; j < 4; ++j) {
            std::array<std::string, 4> people{"a", "b", "c", "d"};
            people.at(static_cast<std::size_t>(j)) = people.at(static_cast<std::size_t>(i));
            CHECK(with({people[0], people[1], people[2], people[3]}) == "duties.separated");
        }
    }
}
