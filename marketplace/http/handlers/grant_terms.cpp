#include "marketplace/http/handlers/grant_terms.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/application_facts.h"
#include "marketplace/app/statistic_service.h"
#include "marketplace/domain/settlement_rules.h"
#include "marketplace/domain/terms.h"
#include "marketplace/http/handlers/answer.h"
#include "privacy/fingerprint_text.h"
#include "privacy/policy.h"

namespace pdx::http {
namespace {

using nlohmann::json;

constexpr std::array kCryptographies{privacy::Cryptography::kInternational,
                                     privacy::Cryptography::kCommercial};

/// One after the other when the limits are not met without them.
Schema steps_schema() {
    return array(
        object({required("name", name_text(64)), required("operation", operation_schema())})
            .named("GeneralisationStep"),
        1, static_cast<std::int64_t>(privacy::kGeneralisationStepsMax));
}

/// As privacy::check_policy() has the ranges.
Schema risk_schema() {
    return object({required("k_min", integer(1, privacy::kPersonsMax)),
                   optional("small_share_max_basis_points", integer(0, privacy::kAllBasisPoints)),
                   optional("subject", name_text(64)), optional("steps", steps_schema()),
                   optional("l_min", integer(1, privacy::kPersonsMax)),
                   optional("t_max_basis_points", integer(0, privacy::kAllBasisPoints))})
        .named("RiskLimits");
}

privacy::RiskRule risk_of(const json& body) {
    privacy::RiskRule rule;
    rule.limits.k_min = body.at("k_min").get<std::uint32_t>();
    rule.limits.small_share_max_basis_points =
        body.value("small_share_max_basis_points", std::uint32_t{0});
    rule.subject = body.value("subject", std::string());
    if (body.contains("l_min")) rule.limits.l_min = body.at("l_min").get<std::uint32_t>();
    if (body.contains("t_max_basis_points")) {
        rule.limits.t_max_basis_points = body.at("t_max_basis_points").get<std::uint32_t>();
    }
    for (const json& step : body.value("steps", json::array())) {
        const auto text = step.at("operation").get<std::string>();
        const auto operation = privacy::parse_operation(text);
        if (!operation) {
            const Text why = app::why_no_operation(text);
            throw invalid("policy.step",
                          {"A generalisation step is no operation: " + why.en,
                           "泛化步骤的处理方式有误：" + why.zh},
                          {.pointer = "/risk/steps/" + std::to_string(rule.steps.size())});
        }
        rule.steps.push_back({step.at("name").get<std::string>(), *operation});
    }
    return rule;
}

/// Under what all statistics about the resource may cost.
Schema budget_schema() {
    const auto most = [](std::uint64_t limit) {
        return integer(0, static_cast<std::int64_t>(limit));
    };
    return object({optional("epsilon_millionths", most(app::kResourceBudget.epsilon_millionths)),
                   optional("rho_millionths", most(app::kResourceBudget.rho_millionths)),
                   optional("delta_trillionths", most(app::kResourceBudget.delta_trillionths))})
        .named("StatisticBudget");
}

/// As privacy::check_mark_plan() has the ranges.
Schema marks_schema() {
    return object({required("columns", array(object({required("name", name_text(64)),
                                                     optional("decimals", integer(0, 6)),
                                                     optional("step", integer(1, 1'000'000'000)),
                                                     optional("way", text(2, 7))})
                                                 .named("MarkColumn"),
                                             1, 16)),
                   required("identities", array(array(name_text(64), 1, 16), 1, 8)),
                   optional("one_of", integer(1, 10'000))})
        .named("Marks");
}

/// As privacy::check_canary_plan() has the ranges.
Schema canaries_schema() {
    constexpr std::int64_t kMost = 1'000'000'000'000'000;
    return object(
               {required("columns",
                         array(object({required("name", name_text(64)),
                                       optional("kind", text(1, 40)), optional("space", text(1, 8)),
                                       optional("choices", array(text(0, 64), 1, 200)),
                                       optional("least", integer(-kMost, kMost)),
                                       optional("most", integer(-kMost, kMost)),
                                       optional("decimals", integer(0, 6))})
                                   .named("CanaryColumn"),
                               1, 1'000)),
                optional("rows", integer(1, 1'000))})
        .named("Canaries");
}

/// As privacy::check_scope() has the range.
Schema versions_schema() {
    return object({required("from", integer(1, privacy::kVersionsMax)),
                   optional("to", integer(1, privacy::kVersionsMax))})
        .named("DatasetVersions");
}

Schema profile_schema() {
    const auto profiles = privacy::sensitivity_profiles();
    std::vector<std::string> codes(profiles.size());
    std::transform(profiles.begin(), profiles.end(), codes.begin(), privacy::profile_code);
    return choice(std::move(codes))
        .described(
            "By which standard data is sensitive personal information: columns that it lists leave "
            "only by what a sensitive column allows. Without it gbt_45574_2025.");
}

Schema cryptography_schema() {
    std::vector<std::string> codes(kCryptographies.size());
    std::transform(kCryptographies.begin(), kCryptographies.end(), codes.begin(),
                   privacy::cryptography_code);
    return choice(std::move(codes))
        .described("commercial: pseudonyms by HMAC-SM3 and tokens by SM4.");
}

/// What the contract covers of the data, and how it is read and written.
void read_scope(const json& body, app::GrantTerms& terms) {
    for (const json& form : body.value("product_forms", json::array())) {
        const auto kind = domain::parse<domain::ProductKind>(form.get<std::string>());
        PDX_CHECK(kind.has_value());
        terms.forms.push_back(*kind);
    }
    if (body.contains("dataset_versions")) {
        const json& versions = body.at("dataset_versions");
        terms.versions.from = versions.at("from").get<std::int64_t>();
        if (versions.contains("to")) terms.versions.to = versions.at("to").get<std::int64_t>();
    }
    if (body.contains("sensitivity_profile")) {
        const auto profile =
            privacy::parse_profile(body.at("sensitivity_profile").get<std::string>());
        PDX_CHECK(profile.has_value());
        terms.profile = *profile;
    }
    for (const auto one : kCryptographies) {
        if (body.value("cryptography", std::string()) == privacy::cryptography_code(one)) {
            terms.cryptography = one;
        }
    }
}

}  // namespace

Schema operation_schema() {
    return text(1, privacy::kOperationTextMax)
        .described(
            "How the field may leave: pass, redact, drop, pseudonym, pseudonym(DOMAIN), "
            "keep_first_last(F,L), round_number(STEP), round_number(STEP,DECIMALS), "
            "bound_number(LOW,HIGH), age_band(YEARS), generalise_date_to_month, "
            "generalise_date_to_year, generalise_region, generalise_address_to_district, "
            "generalise_diagnosis, mask_text, shift_date(DAYS), token(DOMAIN) or row_number; more "
            "in "
            "PRIVACY.md.");
}

const Schema& grant_schema() {
    static const Schema schema =
        object({required("price_ceiling", money()),
                required("shares", array(object({required("role", choice_of<domain::SplitRole>()),
                                                 optional("party_id", uuid()),
                                                 required("basis_points",
                                                          integer(0, domain::kBasisPointsWhole))})
                                             .named("Share"),
                                         1, static_cast<std::int64_t>(domain::kSplitRulesMax))),
                optional("risk", risk_schema()), optional("statistics", budget_schema()),
                optional("marks", marks_schema()), optional("canaries", canaries_schema()),
                optional("product_forms",
                         array(choice_of<domain::ProductKind>(), 1,
                               static_cast<std::int64_t>(domain::kProductKindNames.size()))),
                optional("dataset_versions", versions_schema()),
                optional("sensitivity_profile", profile_schema()),
                optional("cryptography", cryptography_schema())})
            .named("Grant");
    return schema;
}

app::GrantTerms grant_terms_of(const json& body) {
    app::GrantTerms terms{money_of(body.at("price_ceiling")), {}};
    for (const json& share : body.at("shares")) {
        const auto role = domain::parse<domain::SplitRole>(share.at("role").get<std::string>());
        PDX_CHECK(role.has_value());
        terms.shares.push_back({*role, share.at("basis_points").get<std::int64_t>(),
                                share.value("party_id", std::string())});
    }
    if (body.contains("risk")) terms.risk = risk_of(body.at("risk"));
    if (body.contains("statistics")) {
        const json& budget = body.at("statistics");
        terms.statistics =
            privacy::PrivacySpend{budget.value("epsilon_millionths", std::uint64_t{0}),
                                  budget.value("rho_millionths", std::uint64_t{0}),
                                  budget.value("delta_trillionths", std::uint64_t{0})};
    }
    if (body.contains("marks")) {
        terms.marks = privacy::read_mark_plan(body.at("marks"), "/marks");
    }
    if (body.contains("canaries")) {
        terms.canaries = privacy::read_canary_plan(body.at("canaries"), "/canaries");
    }
    read_scope(body, terms);
    return terms;
}

}  // namespace pdx::http
