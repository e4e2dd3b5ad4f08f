#pragma once
/// A licensed market with a product on sale and real data behind it: the ground of the tests of
/// orders, deliveries, settlements and disputes. Each step is a member.
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/app/books_service.h"
#include "marketplace/app/dataset_service.h"
#include "marketplace/app/delivery_service.h"
#include "marketplace/app/dispute_service.h"
#include "marketplace/app/order_service.h"
#include "marketplace/app/replay_compare.h"
#include "marketplace/app/settlement_service.h"
#include "marketplace/domain/journal.h"
#include "tests/app/support/licensed.h"

namespace pdx::test {

class Trade : public Licensed {
public:
    /// `price`: fen. The listing promises `inspection_days`, the rules 10 working days.
    explicit Trade(std::int64_t price = 10'007, std::optional<privacy::RiskRule> limits = {},
                   std::optional<privacy::PrivacySpend> budget = {},
                   std::function<void(app::GrantTerms&)> more = {});

    app::Caller arbitrator;
    app::Caller stranger;  ///< another buyer
    app::OrderService orders;
    app::DeliveryService deliveries;
    app::SettlementService settlements;
    app::DisputeService disputes;
    app::BooksService books;
    app::DatasetService datasets;
    ResourceId resource_id;
    ContractId contract;
    ListingId listing;
    std::int64_t price;
    std::vector<std::string> personal;  ///< values that must never leave

    /// A contract on what is asked for now, with data, a product and a listing of its own.
    void put_on_sale();

    OrderId placed();
    OrderId paid();
    OrderId delivered();
    OrderId accepted();
    /// With its settlement.
    OrderId settled();
    void pay(const OrderId& id);
    DeliveryId deliver(const OrderId& id);
    SettlementId settlement_of(const OrderId& id);
    DisputeId dispute(const OrderId& id, std::int64_t claimed);
    /// Accepted, answered, decided, executed.
    void resolve(const DisputeId& id, std::int64_t refund);
    void supervise(domain::ContractEvent event);
    /// With what waits for review confirmed; what is undecided stays so.
    void upload_csv(const std::string& csv);
    /// Returns: the answer.
    nlohmann::json upload_unreviewed(const std::string& csv);

    store::Order order(const OrderId& id) { return orders.find(admin, id); }
    store::Delivery delivery(const DeliveryId& id) { return deliveries.find(admin, id); }
    store::Settlement settlement(const SettlementId& id) { return settlements.find(admin, id); }
    std::string download(const DeliveryId& id);

    std::int64_t balance(domain::AccountKind kind, const std::string& owner = {});
    std::int64_t escrow(const OrderId& id) {
        return balance(domain::AccountKind::kEscrow, id.text());
    }
    std::int64_t wallet() { return balance(domain::AccountKind::kBuyerWallet, buyer.party.text()); }
    /// Bodies, kinds and all, oldest first.
    std::vector<nlohmann::json> entries();
    std::vector<std::string> kinds_of(const std::string& entity_id);
    /// The balances that the ledger alone gives.
    domain::Balances replayed();
    /// What the connection sees against the ledger, in which nothing may be illegal.
    app::Comparison compared(sql::Connection& db, const std::vector<std::string>& types);
    /// Database and ledger say the same, and the books balance.
    void check_books();
};

/// A journal as an entry holds it.
domain::Journal journal_in(const nlohmann::json& posted);

/// The table that is uploaded: companies with the resident IDs of their representatives.
std::string company_csv(std::vector<std::string>& personal, int rows = 40);

}  // namespace pdx::test
