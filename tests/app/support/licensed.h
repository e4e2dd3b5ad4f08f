#pragma once
/// A market in which a resource is registered and can be authorized: the ground of every test from
/// the application onwards. Each step is a member, so that a test goes as far as it needs.
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catalog/resource.h"
#include "catalog/store/resource_store.h"
#include "marketplace/app/application_service.h"
#include "marketplace/app/contract_service.h"
#include "marketplace/app/listing_service.h"
#include "marketplace/app/product_service.h"
#include "tests/app/support/market.h"

namespace pdx::test {

/// A column of the dictionary, and what the dataset shows of it. Nothing: it is not in the dataset.
struct Column {
    std::string name;
    std::string declared;
    std::string seen = {};  ///< wire name of privacy::Sensitivity
    std::string kind = "unknown";
    catalog::ColumnReview review = catalog::ColumnReview::kNone;
};

struct ResourceSpec {
    std::string state = "active";
    std::string grade = "general_2";
    std::string open_kind = "conditional";
    std::string pi_level = "general";
    catalog::SourceKind source_kind = catalog::SourceKind::kCollectedByLaw;
    std::vector<Column> columns = {
        {"ent_name", "plain"},
        {"legal_rep_id_no", "direct_identifier", "direct_identifier", "resident_id"},
        {"reg_capital_fen", "plain"},
        {"arrears_fen", "business"},
    };
};

class Licensed {
public:
    Licensed();

    Market market;
    app::Caller provider;
    app::Caller authority;
    app::Caller licensed_operator;
    app::Caller admin;
    app::Caller auditor;
    app::Caller buyer;
    app::ApplicationService applications;
    app::ContractService contracts;
    app::ProductService products;
    app::ListingService listings;
    SigningKey operator_key;
    SigningKey authority_key;

    ResourceId resource(const ResourceSpec& spec = {});
    /// Changes what is stored, as an expiry or a new dataset would.
    void set_state(const ResourceId& id, const std::string& state);
    void upload(const ResourceId& id, const std::vector<Column>& columns);

    /// Asks for ent_name and reg_capital_fen as they are and legal_rep_id_no as a pseudonym.
    static app::ApplyForAccess request(const ResourceId& resource);
    ApplicationId checked(const ResourceId& resource);
    /// Grants everything that was asked for.
    ApplicationId decided(const ResourceId& resource);
    app::GrantTerms terms() const;
    /// What a test grants beyond the usual.
    std::function<void(app::GrantTerms&)> more_terms;
    std::string id_operation = "pseudonym";  ///< asked for legal_rep_id_no
    std::optional<privacy::RiskRule> risk;   ///< of the contracts that are drafted from now on
    std::optional<privacy::PrivacySpend> statistics;  ///< the same
    ContractId drafted();
    ContractId in_force();
    ProductId submitted(const ContractId& contract);
    ProductId registered(const ContractId& contract);
    ListingId listed(const ProductId& product, const std::string& fen = "10000");

    void sign(const ContractId& id, const app::Caller& signer, const SigningKey& key);

    /// The body and kind of the newest entry.
    nlohmann::json last_entry();
    std::uint64_t log_size();
};

/// The answer of a write as JSON.
nlohmann::json answer_of(const app::Outcome& outcome);

}  // namespace pdx::test
