// The words of ledger/kinds.h stand there as text, because the ledger knows nothing of the market;
// here they are held to what the market says.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "ledger/kinds.h"
#include "marketplace/domain/application.h"
#include "marketplace/domain/contract.h"
#include "marketplace/domain/delivery.h"
#include "marketplace/domain/dispute.h"
#include "marketplace/domain/erasure.h"
#include "marketplace/domain/journal.h"
#include "marketplace/domain/listing.h"
#include "marketplace/domain/order.h"
#include "marketplace/domain/permissions.h"
#include "marketplace/domain/product.h"
#include "marketplace/domain/registration.h"
#include "marketplace/domain/settlement.h"
#include "marketplace/domain/settlement_rules.h"
#include "marketplace/domain/statistic.h"
#include "marketplace/domain/terms.h"
#include "marketplace/domain/token_reversal.h"
#include "privacy/kind.h"
#include "privacy/sensitivity_profile.h"
#include "tests/support/catch.h"

using namespace pdx;

namespace {

std::vector<std::string> sorted(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    return words;
}

template <class Enum>
std::vector<std::string> words_of() {
    std::vector<std::string> words;
    for (const auto& row : domain::names_of(Enum{})) words.emplace_back(row.name);
    return sorted(std::move(words));
}

const std::vector<std::string>& table(const std::string& name) {
    return ledger::kinds().words().at(name);
}

}  // namespace

TEST_CASE("kinds: every list of words is the domain's", "[app][kinds]") {
    CHECK(table("role") == words_of<domain::Role>());
    CHECK(table("registration_state") == words_of<domain::RegistrationState>());
    CHECK(table("security_grade") == words_of<domain::SecurityGrade>());
    CHECK(table("open_kind") == words_of<domain::OpenKind>());
    CHECK(table("personal_data_level") == words_of<domain::PersonalDataLevel>());
    CHECK(table("application_state") == words_of<domain::ApplicationState>());
    CHECK(table("application_event") == words_of<domain::ApplicationEvent>());
    CHECK(table("field_decision") == words_of<domain::FieldDecision>());
    CHECK(table("beneficiary_class") == words_of<domain::BeneficiaryClass>());
    CHECK(table("contract_state") == words_of<domain::ContractState>());
    CHECK(table("contract_event") == words_of<domain::ContractEvent>());
    CHECK(table("split_role") == words_of<domain::SplitRole>());
    CHECK(table("product_kind") == words_of<domain::ProductKind>());
    CHECK(table("product_state") == words_of<domain::ProductState>());
    CHECK(table("product_event") == words_of<domain::ProductEvent>());
    CHECK(table("listing_state") == words_of<domain::ListingState>());
    CHECK(table("order_state") == words_of<domain::OrderState>());
    CHECK(table("journal_event") == words_of<domain::JournalEvent>());
    CHECK(table("delivery_state") == words_of<domain::DeliveryState>());
    CHECK(table("statistic_state") == words_of<domain::StatisticState>());
    CHECK(table("token_reversal_state") == words_of<domain::ReversalState>());
    CHECK(table("token_reversal_ground") == words_of<domain::ReversalGround>());
    CHECK(table("settlement_state") == words_of<domain::SettlementState>());
    CHECK(table("dispute_state") == words_of<domain::DisputeState>());
    CHECK(table("dispute_reason") == words_of<domain::DisputeReason>());
    CHECK(table("erasure_reason") == words_of<domain::ErasureReason>());
    CHECK(ledger::kinds().words().size() == 30);  // the above and the four below

    std::vector<std::string> profiles;
    std::set<std::string> categories;
    for (const privacy::SensitivityProfile profile : privacy::sensitivity_profiles()) {
        profiles.emplace_back(privacy::profile_code(profile));
        for (std::size_t i = 0; i < privacy::kKindCount; ++i) {
            const auto category =
                privacy::sensitive_category(profile, static_cast<privacy::Kind>(i));
            if (category) categories.emplace(privacy::category_code(*category));
        }
    }
    CHECK(table("sensitivity_profile") == sorted(profiles));
    CHECK(table("sensitive_category") ==
          std::vector<std::string>(categories.begin(), categories.end()));

    std::vector<std::string> data_kinds;
    for (std::size_t i = 0; i < privacy::kKindCount; ++i) {
        data_kinds.emplace_back(privacy::kind_code(static_cast<privacy::Kind>(i)));
    }
    CHECK(table("data_kind") == sorted(data_kinds));
    std::vector<std::string> sensitivities;
    for (int i = 0; i < 256; ++i) {
        const auto value = static_cast<privacy::Sensitivity>(i);
        const std::string code(privacy::sensitivity_code(value));
        if (privacy::parse_sensitivity(code) == value) sensitivities.push_back(code);
    }
    CHECK(table("sensitivity") == sorted(sensitivities));
}
