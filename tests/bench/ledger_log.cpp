#include "tests/bench/ledger_log.h"

#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/crypto.h"
#include "sql/migrate.h"

namespace pdx::bench {
namespace {

constexpr std::size_t kBuyers = 24;
constexpr std::size_t kOperators = 8;
constexpr std::size_t kProviders = 4;
constexpr std::size_t kProducts = 200;
/// Orders between a placing and its settlement.
constexpr std::size_t kInFlight = 1'000;
constexpr std::int64_t kMicrosBetween = 20;
constexpr std::string_view kRule = "cn-2025@1";

/// The same key in every run: a log in the cache folder is continued by the next one.
ledger::NoteSigner bench_signer() {
    const Bytes seed(SigningKey::kSeedSize, 0x42);
    return {std::string(kBenchOrigin), SigningKey::from_seed(seed).value()};
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string member(std::string_view name, std::string_view value) {
    return quoted(name) + ':' + std::string(value);
}

std::string text_member(std::string_view name, std::string_view text) {
    return member(name, quoted(text));
}

std::string object(std::initializer_list<std::string> members) {
    std::string out = "{";
    for (const std::string& one : members) {
        if (out.size() > 1) out += ',';
        out += one;
    }
    return out + '}';
}

/// Digests of papers that this measure does not have.
std::string digest_of(std::string_view what, std::string_view id) {
    return sha256(std::string(what) + std::string(id)).hex();
}

std::string posting(std::string_view amount, const std::string& credit, const std::string& debit) {
    return object({text_member("amount", amount), text_member("credit", credit),
                   text_member("debit", debit)});
}

std::string share(std::string_view amount, int basis_points, const PartyId& party,
                  std::string_view role) {
    return object({text_member("amount", amount),
                   member("basis_points", std::to_string(basis_points)), text_member("paid", "0"),
                   text_member("party_id", party.text()), text_member("refunded", "0"),
                   text_member("role", role)});
}

std::string columns() {
    std::string out = "[";
    for (const std::string_view name : {"uscc", "name_hash"}) {
        if (out.size() > 1) out += ',';
        out +=
            object({text_member("class", "confidential"), member("empty", "0"),
                    text_member("kind", "uscc"), member("masked", "0"), text_member("name", name),
                    text_member("operation", "pass"), member("passed", "200000"),
                    member("replaced", "false"), member("unreadable", "0")});
    }
    return out + ']';
}

}  // namespace

BenchTraffic::BenchTraffic(Timestamp begin) : now_(begin), trades_(kInFlight) {
    const auto parties = [&](std::size_t count) {
        std::vector<PartyId> made(count);
        for (PartyId& party : made) party = ids_.make<PartyTag>(now_);
        return made;
    };
    buyers_ = parties(kBuyers);
    operators_ = parties(kOperators);
    providers_ = parties(kProviders);
    for (std::size_t i = 0; i < kProducts; ++i) {
        products_.push_back({ids_.next(now_), ids_.next(now_), ids_.next(now_), ids_.next(now_),
                             ids_.next(now_), i % kProviders, i % kOperators});
    }
}

std::vector<BenchFact> BenchTraffic::next(std::size_t count) {
    std::vector<BenchFact> facts;
    facts.reserve(count);
    while (facts.size() < count) facts.push_back(next_one());
    return facts;
}

BenchFact BenchTraffic::next_one() {
    const std::uint64_t cycle = count_ / 4;
    const std::uint64_t step = count_ % 4;
    ++count_;
    now_.micros += kMicrosBetween;
    // The four steps of one order lie a quarter of the ring apart; before the ring has been filled
    // once, only placing and paying have an order to work on.
    const auto trade = [&](std::uint64_t quarters) -> Trade& {
        return trades_[(cycle + kInFlight - quarters * kInFlight / 4) % kInFlight];
    };
    if (step == 1 && !trade(1).order.empty()) return pay(trade(1));
    if (step == 2 && !trade(2).order.empty()) return deliver(trade(2));
    if (step == 3 && !trade(3).order.empty()) return settle(trade(3));
    Trade& fresh = trade(0);
    fresh.order = ids_.next(now_);
    fresh.delivery = ids_.next(now_);
    fresh.settlement = ids_.next(now_);
    fresh.buyer = static_cast<std::size_t>(cycle * 7 % kBuyers);
    fresh.product = static_cast<std::size_t>(cycle * 31 % kProducts);
    return place(fresh);
}

BenchFact BenchTraffic::make(std::string kind, std::string type, const std::string& id,
                             const PartyId& party, domain::Role role, std::string body) const {
    return {{.kind = std::move(kind),
             .entity_type = std::move(type),
             .entity_id = id,
             .rule = std::string(kRule),
             .body = std::move(body)},
            {party, role, false},
            now_};
}

std::string BenchTraffic::order_members(const Trade& trade, std::string_view state,
                                        int version) const {
    return text_member("order_id", trade.order) + ',' + text_member("refunded", "0") + ',' +
           text_member("state", state) + ',' + member("version", std::to_string(version));
}

BenchFact BenchTraffic::place(Trade& trade) {
    const Product& product = products_[trade.product];
    return make("order.placed", "order", trade.order, buyers_[trade.buyer], domain::Role::kBuyer,
                object({member("acceptance_due", "null"), text_member("amount", "1250000"),
                        text_member("buyer_id", buyers_[trade.buyer].text()),
                        text_member("contract_id", product.contract), member("deliveries", "0"),
                        text_member("listing_id", product.listing),
                        text_member("operator_id", operators_[product.seller].text()),
                        text_member("order_id", trade.order),
                        text_member("private_commitment", digest_of("purpose", trade.order)),
                        text_member("product_id", product.product), text_member("refunded", "0"),
                        text_member("state", "placed"), member("version", "1")}));
}

BenchFact BenchTraffic::pay(const Trade& trade) {
    const std::string wallet = "buyer_wallet:" + buyers_[trade.buyer].text();
    const auto journal = [&](std::string_view event, const std::string& one) {
        return object({text_member("event", event), member("postings", '[' + one + ']')});
    };
    const std::string journals =
        '[' + journal("wallet_funded", posting("1250000", wallet, "bank_clearing")) + ',' +
        journal("order_paid", posting("1250000", "escrow:" + trade.order, wallet)) + ']';
    return make("order.paid", "order", trade.order, buyers_[trade.buyer], domain::Role::kBuyer,
                object({member("acceptance_due", "null"), text_member("amount", "1250000"),
                        member("deliveries", "0"), member("journals", journals),
                        text_member("order_id", trade.order),
                        text_member("private_commitment", digest_of("bank", trade.order)),
                        text_member("refunded", "0"), text_member("state", "escrowed"),
                        member("version", "2")}));
}

BenchFact BenchTraffic::deliver(const Trade& trade) {
    const Product& product = products_[trade.product];
    const std::string order =
        object({text_member("acceptance_due", "2026-04-01"), member("deliveries", "1"),
                order_members(trade, "delivered", 3)});
    return make("delivery.published", "delivery", trade.delivery, operators_[product.seller],
                domain::Role::kOperator,
                object({member("columns", columns()), text_member("contract_id", product.contract),
                        text_member("dataset_id", product.dataset),
                        text_member("delivery_id", trade.delivery), member("downloads", "0"),
                        text_member("input_digest", digest_of("input", product.dataset)),
                        member("order", order), text_member("order_id", trade.order),
                        text_member("output_bytes", "52428800"),
                        text_member("output_digest", digest_of("output", trade.delivery)),
                        text_member("output_rows", "200000"),
                        text_member("policy_digest", digest_of("policy", product.contract)),
                        text_member("report_digest", digest_of("report", trade.delivery)),
                        text_member("state", "published"), member("version", "2")}));
}

BenchFact BenchTraffic::settle(const Trade& trade) {
    const Product& product = products_[trade.product];
    const PartyId& seller = operators_[product.seller];
    const PartyId& provider = providers_[product.provider];
    const std::string escrow = "escrow:" + trade.order;
    const std::string journals =
        '[' +
        object({text_member("event", "order_settled"),
                member("postings",
                       '[' + posting("1000000", "payee_payable:" + seller.text(), escrow) + ',' +
                           posting("250000", "payee_payable:" + provider.text(), escrow) + ']')}) +
        ']';
    const std::string order =
        object({text_member("acceptance_due", "2026-04-01"), member("deliveries", "1"),
                order_members(trade, "settled", 5)});
    return make(
        "settlement.calculated", "settlement", trade.settlement, seller, domain::Role::kOperator,
        object(
            {member("deemed_accepted", "false"), text_member("gross", "1250000"),
             member("journals", journals),
             member("lines", '[' + share("1000000", 8000, seller, "operator") + ',' +
                                 share("250000", 2000, provider, "source_department_nontax") + ']'),
             member("order", order), text_member("order_id", trade.order),
             text_member("settlement_id", trade.settlement), text_member("state", "calculated"),
             member("version", "1")}));
}

BenchLog::BenchLog(const std::filesystem::path& file)
    : database_(sql::open_database("sqlite:" + file.string())),
      connection_(database_->open()) {
    sql::migrate(*connection_, sql::embedded_schema());
    sequencer_ = std::make_unique<app::Sequencer>(bench_signer());
    last_time_ = sequencer_->open(*connection_);
}

void BenchLog::append(const std::vector<BenchFact>& batch) {
    connection_->begin();
    for (const BenchFact& one : batch) {
        app::PreparedEntry entry = sequencer_->prepare(*connection_, one.fact, one.caller, one.at);
        entry_bytes_ += entry.bytes.size();
        sequencer_->append(std::move(entry));
    }
    sequencer_->seal(*connection_);
    connection_->commit();
    last_time_ = batch.back().at;
}

std::string BenchLog::vkey() const { return bench_signer().verifier().vkey(); }

std::uint64_t database_bytes(const std::filesystem::path& file) {
    std::uint64_t bytes = std::filesystem::file_size(file);
    std::error_code absent;
    const auto wal = std::filesystem::file_size(file.string() + "-wal", absent);
    return absent ? bytes : bytes + wal;
}

}  // namespace pdx::bench
