#include "tests/app/support/trade.h"

#include <algorithm>
#include <cstring>

#include "ledger/store/log_store.h"
#include "privacy/checksum.h"
#include "tests/support/catch.h"

namespace pdx::test {
namespace {

using nlohmann::json;

constexpr sql::Query kEntries{"test.entries",
                              "SELECT bytes FROM log_entry ORDER BY log_index LIMIT 100000"};

template <class IdType>
IdType id_in(const app::Outcome& outcome, const char* member) {
    return IdType::parse(answer_of(outcome).at(member).get<std::string>()).value();
}

domain::Account account_at(const json& key) {
    return domain::Account::parse(key.get<std::string>()).value();
}

}  // namespace

domain::Journal journal_in(const json& posted) {
    domain::Journal journal;
    journal.event =
        domain::parse<domain::JournalEvent>(posted.at("event").get<std::string>()).value();
    for (const json& posting : posted.at("postings")) {
        journal.postings.push_back(
            {account_at(posting.at("debit")), account_at(posting.at("credit")),
             Money::parse_fen(posting.at("amount").get<std::string>()).value()});
    }
    return journal;
}

std::string company_csv(std::vector<std::string>& personal, int rows) {
    std::string csv = "ent_name,legal_rep_id_no,reg_capital_fen,arrears_fen\r\n";
    for (int row = 0; row < rows; ++row) {
        std::string id = "3202111980010" + std::to_string(1 + row % 9) + std::to_string(100 + row);
        id += privacy::resident_id_check_digit(id).value();
        personal.push_back(id);
        csv += "无锡示例第" + std::to_string(row) + "科技有限公司," + id + "," +
               std::to_string(1'000'000 + row * 7'919) + "," + std::to_string(row * 13) + "\r\n";
    }
    return csv;
}

Trade::Trade(std::int64_t fen, std::optional<privacy::RiskRule> limits,
             std::optional<privacy::PrivacySpend> budget,
             std::function<void(app::GrantTerms&)> more)
    : arbitrator(market.party(domain::Role::kArbitrator)),
      stranger(market.party(domain::Role::kBuyer)),
      orders(market.context()),
      deliveries(market.context()),
      settlements(market.context()),
      disputes(market.context()),
      books(market.context()),
      datasets(market.context()),
      price(fen) {
    risk = std::move(limits);
    statistics = budget;
    more_terms = std::move(more);
    put_on_sale();
}

void Trade::put_on_sale() {
    contract = in_force();
    resource_id = contracts.find(admin, contract).contract.resource_id;
    personal.clear();
    upload_csv(company_csv(personal));
    listing = listed(registered(contract), std::to_string(price));
}

json Trade::upload_unreviewed(const std::string& csv) {
    std::size_t position = 0;
    return answer_of(datasets.upload(Market::write(provider), resource_id,
                                     privacy::TableFormat::kCsv, [&](std::span<std::uint8_t> out) {
                                         const std::size_t count =
                                             std::min(out.size(), csv.size() - position);
                                         std::memcpy(out.data(), csv.data() + position, count);
                                         position += count;
                                         return count;
                                     }));
}

void Trade::upload_csv(const std::string& csv) {
    const json dataset = upload_unreviewed(csv);
    const auto id = DatasetId::parse(dataset.at("dataset_id").get<std::string>()).value();
    for (const json& column : dataset.at("columns")) {
        const auto found = privacy::parse_sensitivity(column.at("class").get<std::string>());
        if (column.at("review") != "waiting" || found == privacy::Sensitivity::kUnknown) continue;
        datasets.classify_column(Market::write(provider), id, column.at("name"), found.value());
    }
}

OrderId Trade::placed() {
    return id_in<OrderId>(orders.place(Market::write(buyer), {listing, "信贷风险评估"}),
                          "order_id");
}

void Trade::pay(const OrderId& id) {
    orders.pay(Market::write(buyer), id,
               "SIM-" + std::to_string(price) + "-" + id.text().substr(24));
}

OrderId Trade::paid() {
    OrderId id = placed();
    pay(id);
    return id;
}

DeliveryId Trade::deliver(const OrderId& id) {
    return id_in<DeliveryId>(deliveries.deliver(Market::write(licensed_operator), id),
                             "delivery_id");
}

OrderId Trade::delivered() {
    OrderId id = paid();
    deliver(id);
    return id;
}

OrderId Trade::accepted() {
    OrderId id = delivered();
    orders.accept(Market::write(buyer), id);
    return id;
}

OrderId Trade::settled() {
    OrderId id = accepted();
    settlements.settle(Market::write(admin), id);
    return id;
}

SettlementId Trade::settlement_of(const OrderId& id) {
    return settlements.find_of_order(admin, id).id;
}

DisputeId Trade::dispute(const OrderId& id, std::int64_t claimed) {
    return id_in<DisputeId>(
        disputes.file(Market::write(buyer), {id, domain::DisputeReason::kQuality,
                                             Money::fen(claimed), "数据陈旧，四成时段缺失。"}),
        "dispute_id");
}

void Trade::resolve(const DisputeId& id, std::int64_t refund) {
    disputes.decide_acceptance(Market::write(arbitrator), id, app::AcceptanceDecision::kAccept, "");
    disputes.answer(Market::write(licensed_operator), id, "上游中断。");
    disputes.decide(Market::write(arbitrator), id, Money::fen(refund), "部分成立。");
    disputes.execute(Market::write(admin), id);
}

void Trade::supervise(domain::ContractEvent event) {
    contracts.supervise(Market::write(authority), contract, event, "检查");
}

std::string Trade::download(const DeliveryId& id) {
    app::Download download = deliveries.download(buyer, id);
    std::string content;
    for (ByteView piece = download.content.next(); !piece.empty();
         piece = download.content.next()) {
        content += as_text(piece);
    }
    return content;
}

std::int64_t Trade::balance(domain::AccountKind kind, const std::string& owner) {
    const auto db = market.open();
    const auto row = store::find_account(*db, {kind, owner});
    return row ? row->balance.minor() : 0;
}

std::vector<json> Trade::entries() {
    std::vector<json> entries;
    for (const sql::Row& row : market.open()->all(kEntries)) {
        entries.push_back(json::parse(row.blob(0)));
    }
    return entries;
}

std::vector<std::string> Trade::kinds_of(const std::string& entity_id) {
    std::vector<std::string> kinds;
    for (const json& entry : entries()) {
        if (entry.at("entity").at("id") == entity_id) {
            kinds.push_back(entry.at("kind").get<std::string>());
        }
    }
    return kinds;
}

domain::Balances Trade::replayed() {
    domain::Balances balances;
    for (const json& entry : entries()) {
        const json& body = entry.at("body");
        if (!body.contains("journals")) continue;
        for (const json& posted : body.at("journals")) balances.apply(journal_in(posted));
    }
    return balances;
}

app::Comparison Trade::compared(sql::Connection& db, const std::vector<std::string>& types) {
    ledger::LogStore log(db, market.context().log_origin);
    app::Replay replay;
    for (const auto& stored : log.entries(0, ledger::kEntryPageMax)) {
        replay.apply(stored.index, stored.parsed.entry);
    }
    for (const app::IllegalStep& step : replay.illegal()) UNSCOPED_INFO(app::describe(step));
    CHECK(replay.illegal_count() == 0);
    return app::compare_with_database(replay.state(), db, types);
}

void Trade::check_books() {
    const domain::Balances replay = replayed();
    CHECK(replay.difference() == 0);
    CHECK(books.trial_balance(auditor).difference.is_zero());
    std::map<domain::Account, std::int64_t> stored;
    for (const store::AccountRow& row : books.list(auditor, "", 1'000)) {
        CHECK((domain::is_asset(row.account.kind) || row.balance.minor() >= 0));
        stored[row.account] = row.balance.minor();
    }
    CHECK(stored == replay.all());
}

}  // namespace pdx::test
