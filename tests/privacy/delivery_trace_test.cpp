#include "privacy/delivery_trace.h"

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "privacy/checksum.h"
#include "privacy/csv.h"
#include "privacy/false_accusation.h"
#include "privacy/row_order.h"
#include "privacy/transform.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

using test::column;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kPersons = 2'000;

/// Nothing is spilled in these tests.
class NoSpill final : public RowSpill {
public:
    void append(std::size_t, std::string_view) override { throw std::runtime_error("spilled"); }
    std::string take(std::size_t) override { throw std::runtime_error("spilled"); }
};

const std::vector<ColumnClass>& classes() {
    static const std::vector<ColumnClass> kClasses{
        column("id_no", Kind::kResidentId), column("phone", Kind::kMobile),
        column("card", Kind::kBankCard), column("amount", Kind::kAmount)};
    return kClasses;
}

const Rows& source() {
    static const Rows kSource = [] {
        std::mt19937_64 random(7);
        Rows rows;
        for (std::size_t i = 0; i < kPersons; ++i) {
            const auto digits = [&random](std::size_t count) {
                std::string text;
                while (text.size() < count) text += static_cast<char>('0' + random() % 10);
                return text;
            };
            std::string id = "3202" + std::to_string(10 + i % 80) + "19" +
                             std::to_string(50 + i % 50) + "0307" + digits(3);
            id += resident_id_check_digit(id).value();
            std::string card = "622202" + digits(12);
            card += luhn_check_digit(card).value();
            rows.push_back({id, "138" + digits(8), card, std::to_string(i)});
        }
        return rows;
    }();
    return kSource;
}

Secret key_of(const std::string& contract) { return contract_key(as_bytes("root"), contract); }

Policy policy_of(const Operation& operation, const std::string& contract) {
    return {"P",
            1,
            contract,
            {{"id_no", operation},
             {"phone", operation},
             {"card", operation},
             {"amount", Operation::pass()}}};
}

/// The rows as this delivery has them.
Rows deliver(const Policy& policy, const std::string& delivery) {
    const Secret key = key_of(policy.contract_id);
    const Secret order = row_order_key(key.view(), delivery);
    NoSpill spill;
    std::string text;
    Masker masker(policy, classes(), key.view(), [&text](std::string_view block) { text += block; },
                  {.order = RowOrder{order.view(), {}, &spill}});
    const std::vector<std::string_view> header{"id_no", "phone", "card", "amount"};
    masker.add({0, 1, header});
    std::uint64_t number = 0;
    for (const auto& row : source()) {
        const std::vector<std::string_view> fields(row.begin(), row.end());
        ++number;
        masker.add({number, number + 1, fields});
    }
    masker.finish();
    Rows rows;
    CsvReader reader({}, [&rows](const CsvRecord& record) {
        if (record.number > 0) rows.emplace_back(record.fields.begin(), record.fields.end());
    });
    reader.feed(text);
    reader.finish();
    return rows;
}

struct Traced {
    LeakedTokens leak;
    std::unique_ptr<DeliveryTrace> trace;
};

std::unique_ptr<Traced> traced(const Rows& leaked, const Policy& policy) {
    auto result = std::make_unique<Traced>();
    for (const auto& row : leaked) {
        result->leak.add(std::vector<std::string_view>(row.begin(), row.end()));
    }
    const Secret key = key_of(policy.contract_id);
    const auto plan = plan_columns(policy, classes());
    result->trace =
        std::make_unique<DeliveryTrace>(result->leak, plan, key.view(), policy.cryptography);
    for (const auto& row : source()) {
        result->trace->add(std::vector<std::string_view>(row.begin(), row.end()));
    }
    return result;
}

MarkEvidence order_of(const Traced& one, const std::string& contract, const std::string& delivery) {
    const Secret key = row_order_key(key_of(contract).view(), delivery);
    return one.trace->order(key.view(), 1'000);
}

TEST_CASE("delivery trace: tokens name the contract, the order of rows the delivery",
          "[privacy][trace]") {
    for (const auto& [operation, cryptography] :
         {std::pair{Operation::pseudonym(), Cryptography::kInternational},
          std::pair{Operation::token("person"), Cryptography::kInternational},
          std::pair{Operation::pseudonym("person"), Cryptography::kCommercial},
          std::pair{Operation::token(), Cryptography::kCommercial}}) {
        Policy policy = policy_of(operation, "C-1");
        policy.cryptography = cryptography;
        Policy other = policy_of(operation, "C-2");
        other.cryptography = cryptography;
        const Rows leaked = deliver(policy, "D-1");
        const auto guilty = traced(leaked, policy);
        INFO(operation_text(operation));
        CHECK(guilty->leak.distinct() >= 3 * kPersons - 10);
        CHECK(guilty->trace->tokens(1'000).hits >= 3 * kPersons - 10);
        CHECK(guilty->trace->tokens(1'000).exponent > 1'000);
        CHECK(order_of(*guilty, "C-1", "D-1").exponent > 100);
        CHECK(order_of(*guilty, "C-1", "D-1").agreed == order_of(*guilty, "C-1", "D-1").looked);
        // Another buyer's delivery of the same rows under the same contract.
        CHECK(order_of(*guilty, "C-1", "D-2").exponent < 6);
        const auto innocent = traced(leaked, other);
        CHECK(innocent->trace->tokens(1'000).hits < 5);
        CHECK(innocent->trace->tokens(1'000).exponent < 6);
        CHECK(order_of(*innocent, "C-2", "D-1").looked < 5);
    }
}

TEST_CASE("delivery trace: rows that are left out, doubled or turned round still tell",
          "[privacy][trace]") {
    const Policy policy = policy_of(Operation::pseudonym(), "C-1");
    const Rows whole = deliver(policy, "D-1");
    std::mt19937_64 random(11);
    Rows tenth;
    Rows doubled;
    for (const auto& row : whole) {
        if (random() % 10 == 0) tenth.push_back(row);
        doubled.push_back(row);
        doubled.push_back(row);
    }
    Rows reversed(whole.rbegin(), whole.rend());
    for (const Rows& rows : {tenth, doubled, reversed}) {
        const auto found = traced(rows, policy);
        CHECK(order_of(*found, "C-1", "D-1").exponent > 6);
        CHECK(order_of(*found, "C-1", "D-2").exponent < 6);
    }
    // Doubling adds no evidence.
    CHECK(order_of(*traced(doubled, policy), "C-1", "D-1").looked ==
          order_of(*traced(whole, policy), "C-1", "D-1").looked);
    Rows sorted = whole;
    std::sort(sorted.begin(), sorted.end());
    const auto silent = traced(sorted, policy);
    CHECK(silent->trace->tokens(1'000).exponent > 6);
    CHECK(order_of(*silent, "C-1", "D-1").exponent < 6);
}

TEST_CASE("delivery trace: of a thousand innocent deliveries none is accused",
          "[privacy][trace][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    const Policy policy = policy_of(Operation::pseudonym(), "C-1");
    const auto found = traced(deliver(policy, "D-" + std::to_string(seed)), policy);
    std::uint64_t agreed = 0;
    std::uint64_t looked = 0;
    for (int i = 0; i < 1'000; ++i) {
        const MarkEvidence one = order_of(*found, "C-1", "innocent " + std::to_string(i));
        CHECK(one.exponent < 6);
        agreed += one.agreed;
        looked += one.looked;
    }
    // A coin: within six standard deviations of a half.
    CHECK(agreement_z_thousandths(looked, agreed) < 6'000);
    CHECK(agreement_z_thousandths(looked, agreed) > -6'000);
}

TEST_CASE("delivery trace: a table without tokens proves nothing", "[privacy][trace]") {
    const Policy policy = policy_of(Operation::pseudonym(), "C-1");
    const auto found = traced({{"1"}, {"p_"}, {"13800138000"}}, policy);
    CHECK(found->leak.rows() == 3);
    CHECK(found->leak.distinct() == 0);
    CHECK(found->trace->tokens(1).exponent == 0);
    CHECK(order_of(*found, "C-1", "D-1").looked == 0);
    CHECK(order_of(*found, "C-1", "D-1").exponent == 0);
}

}  // namespace
}  // namespace pdx::privacy
