#include "privacy/sensitivity_profile.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "privacy/policy.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::test::column;

namespace {

constexpr auto kLaw = SensitivityProfile::kPipl2021;
constexpr auto kOld = SensitivityProfile::kGbt35273Of2020;
constexpr auto kNew = SensitivityProfile::kGbt45574Of2025;

std::vector<Kind> all_kinds() {
    std::vector<Kind> kinds;
    for (std::size_t i = 0; i < kKindCount; ++i) kinds.push_back(static_cast<Kind>(i));
    return kinds;
}

std::vector<Operation> some_operations() {
    std::vector<Operation> operations{Operation::round(1),    Operation::round(10),
                                      Operation::keep(3, 4),  Operation::keep(1, 0),
                                      Operation::age_band(2), Operation::age_band(5)};
    for (const OperationKind kind : operation_kinds()) operations.push_back(example_of(kind));
    return operations;
}

}  // namespace

TEST_CASE("profile: codes and words are there, each once, and codes read back",
          "[privacy][profile]") {
    std::set<std::string_view> codes;
    for (const SensitivityProfile profile : sensitivity_profiles()) {
        CHECK(codes.insert(profile_code(profile)).second);
        CHECK(parse_profile(profile_code(profile)) == profile);
        CHECK_FALSE(profile_words(profile).en.empty());
        CHECK_FALSE(profile_words(profile).zh.empty());
    }
    CHECK(codes.size() == 3);
    CHECK(kProfileInForce == kNew);
    for (const char* none : {"", "gbt_45574", "GBT_45574_2025", "gbt_45574_2025 "}) {
        CHECK_FALSE(parse_profile(none));
    }
}

TEST_CASE("profile: an identity number is sensitive by GB/T 35273-2020 and not by itself after it",
          "[privacy][profile]") {
    for (const Kind kind : {Kind::kResidentId, Kind::kPassport, Kind::kSocialCard}) {
        CHECK(sensitive_category(kOld, kind) == SensitiveCategory::kBeliefOrIdentity);
        CHECK_FALSE(sensitive_category(kNew, kind));
        CHECK_FALSE(sensitive_category(kLaw, kind));
    }
    CHECK(sensitive_category(kOld, Kind::kPropertyUnit) == SensitiveCategory::kProperty);
    CHECK_FALSE(sensitive_category(kNew, Kind::kPropertyUnit));
    for (const SensitivityProfile profile : sensitivity_profiles()) {
        CHECK(sensitive_category(profile, Kind::kBankCard) == SensitiveCategory::kFinancialAccount);
        CHECK(sensitive_category(profile, Kind::kDiagnosis) == SensitiveCategory::kMedicalHealth);
        CHECK(sensitive_category(profile, Kind::kMovement) == SensitiveCategory::kWhereabouts);
        CHECK(sensitive_category(profile, Kind::kStudentRoll) == SensitiveCategory::kMinor);
        CHECK_FALSE(sensitive_category(profile, Kind::kMobile));
        CHECK_FALSE(sensitive_category(profile, Kind::kAmount));
    }
}

TEST_CASE("profile: what the law lists every standard lists, and no thing is listed",
          "[privacy][profile]") {
    for (const Kind kind : all_kinds()) {
        INFO(kind_code(kind));
        const auto law = sensitive_category(kLaw, kind);
        for (const SensitivityProfile profile : sensitivity_profiles()) {
            const auto category = sensitive_category(profile, kind);
            if (law) CHECK(category == law);
            if (!category) continue;
            CHECK_FALSE(category_code(*category).empty());
            CHECK_FALSE(category_words(*category).zh.empty());
            CHECK(default_sensitivity(kind) >= Sensitivity::kSensitive);
        }
    }
}

TEST_CASE("profile: it allows what the class allows or less, for every kind and operation",
          "[privacy][profile]") {
    std::size_t stricter = 0;
    for (const Kind kind : all_kinds()) {
        const ColumnClass one = column("x", kind);
        for (const Operation& operation : some_operations()) {
            for (const SensitivityProfile profile : sensitivity_profiles()) {
                const bool by_class = is_permitted(one, operation);
                const bool by_both = is_permitted(one, operation, profile);
                CHECK((by_class || !by_both));
                if (!sensitive_category(profile, kind)) CHECK(by_class == by_both);
                if (by_class && !by_both) ++stricter;
            }
        }
        if (one.sensitivity == Sensitivity::kUnknown) continue;
        for (const SensitivityProfile profile : sensitivity_profiles()) {
            const Operation taken = effective_operation(one, Operation::pass(), profile);
            CHECK(is_permitted(one, taken, profile));
        }
    }
    CHECK(stricter > 10);
}

TEST_CASE("profile: the strictest of class, contract and profile is done to a column",
          "[privacy][profile]") {
    const std::vector<ColumnClass> columns{column("id", Kind::kResidentId),
                                           column("card", Kind::kBankCard),
                                           column("phone", Kind::kMobile)};
    Policy policy{.id = "P",
                  .contract_id = "C",
                  .rules = {{"id", Operation::keep(3, 4)},
                            {"card", Operation::keep(0, 4)},
                            {"phone", Operation::keep(3, 4)}}};
    const auto kinds = [&] {
        std::vector<OperationKind> list;
        for (const PlannedColumn& one : plan_columns(policy, columns)) {
            list.push_back(one.operation.kind);
            CHECK(one.replaced == (one.operation.kind != OperationKind::kKeepFirstLast));
        }
        return list;
    };
    constexpr auto kKeep = OperationKind::kKeepFirstLast;
    constexpr auto kHide = OperationKind::kPseudonym;
    CHECK(kinds() == std::vector{kKeep, kKeep, kKeep});
    policy.profile = kNew;
    CHECK(kinds() == std::vector{kKeep, kHide, kKeep});
    policy.profile = kOld;
    CHECK(kinds() == std::vector{kHide, kHide, kKeep});
}
