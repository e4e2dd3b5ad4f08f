#include "marketplace/app/statistic_service.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/crypto.h"
#include "tests/app/support/comes_true.h"
#include "tests/app/support/paused_reading.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;
using test::answer_of;
using test::code_of;
using test::comes_true;
using test::Market;
using test::refusal_of;
using test::Trade;

namespace {

constexpr privacy::PrivacySpend kStatisticBudget{3'000'000, 500'000, 1'000'000};

/// The contract lets ent_name and reg_capital_fen pass and legal_rep_id_no be a pseudonym.
struct Counted : Trade {
    Counted()
        : Trade(10'007, privacy::RiskRule{{.k_min = 2}, "legal_rep_id_no"}, kStatisticBudget),
          statistics_of(market.context()) {}

    app::StatisticService statistics_of;

    json ask(const privacy::StatisticQuery& query) {
        return answer_of(statistics_of.ask(Market::write(licensed_operator), contract, query));
    }
    std::string refusal(const privacy::StatisticQuery& query) {
        return code_of([&] { ask(query); });
    }
    privacy::PrivacyAccounts accounts() {
        return statistics_of.list(licensed_operator, contract, "", 10).accounts;
    }
    app::Comparison compared() {
        return Trade::compared(*market.open(), {"contract", "statistic"});
    }
};

privacy::StatisticQuery count_query(std::uint64_t epsilon_millionths = 1'000'000) {
    privacy::StatisticQuery query;
    query.subject = "legal_rep_id_no";
    query.spend.epsilon_millionths = epsilon_millionths;
    return query;
}

privacy::StatisticQuery sum_query() {
    privacy::StatisticQuery query = count_query();
    query.measure = privacy::Measure::kSum;
    query.column = "reg_capital_fen";
    query.bounds = privacy::Bounds{0, 0, 2'000'000};
    return query;
}

std::int64_t value_of(const json& statistic) {
    return std::stoll(statistic.at("answer").at("cells").at(0).at("value").get<std::string>());
}

}  // namespace

TEST_CASE("statistic: an operator gets a figure with noise, and the ledger its cost",
          "[app][statistic]") {
    Counted market;
    const std::uint64_t before = market.log_size();
    const json answer = market.ask(count_query());
    // Forty companies with a representative each; noise beyond 40 comes once in e^40.
    CHECK(std::abs(value_of(answer) - 40) <= 40);
    CHECK(answer.at("state") == "answered");
    CHECK(answer.at("answer").at("noise").at("count_half_width") == "3");
    CHECK(market.log_size() == before + 2);
    const std::string id = answer.at("statistic_id");
    CHECK(market.kinds_of(id) ==
          std::vector<std::string>{"statistic.reserved", "statistic.answered"});
    const json entry = market.last_entry();
    CHECK(entry.at("body").at("epsilon_millionths") == 1'000'000);
    CHECK(entry.at("body").at("query_digest") == query_digest(count_query()).hex());
    CHECK(entry.at("body").at("answer_digest") == answer.at("answer_digest"));
    for (const json& one : market.entries()) {
        CHECK(one.dump().find("half_width") == std::string::npos);
        CHECK(one.dump().find("rows_per_person") == std::string::npos);
    }
    CHECK(market.accounts().contract.spent == privacy::PrivacySpend{1'000'000, 0, 0});
    CHECK(market.accounts().contract.limit == kStatisticBudget);
    CHECK(market.accounts().resource.spent == privacy::PrivacySpend{1'000'000, 0, 0});
    const json sum = market.ask(sum_query());
    // Noise of scale 2,000,000 on a sum of 46 million.
    CHECK(std::abs(value_of(sum) - 46'176'820) <= 80'000'000);
    CHECK(market.compared().count == 0);
}

TEST_CASE("statistic: the same question again has the same answer and costs nothing",
          "[app][statistic]") {
    Counted market;
    const app::WriteRequest first{market.licensed_operator,
                                  app::IdempotencyKey{"ask-1", sha256("count")}};
    const app::Outcome answer = market.statistics_of.ask(first, market.contract, count_query());
    const std::uint64_t size = market.log_size();
    const app::WriteRequest second{market.licensed_operator,
                                   app::IdempotencyKey{"ask-2", sha256("count")}};
    for (const auto& write : {first, second, Market::write(market.licensed_operator)}) {
        const app::Outcome again = market.statistics_of.ask(write, market.contract, count_query());
        CHECK(again.answer == answer.answer);
        CHECK(again.receipt.index == answer.receipt.index);
        CHECK(again.replayed);
    }
    CHECK(market.log_size() == size);
    CHECK(market.accounts().contract.spent.epsilon_millionths == 1'000'000);
    // One millionth more is another question.
    const json other = market.ask(count_query(1'000'001));
    CHECK(other.at("statistic_id") != json::parse(answer.answer).at("statistic_id"));
    CHECK(market.log_size() == size + 2);
    const app::WriteRequest reused{market.licensed_operator,
                                   app::IdempotencyKey{"ask-1", sha256("sum")}};
    CHECK(code_of([&] { market.statistics_of.ask(reused, market.contract, sum_query()); }) ==
          "idempotency.key_reused");
    // Nor where the other question has an answer, to which the key must not lead.
    market.ask(count_query(500'000));
    CHECK(code_of([&] {
              market.statistics_of.ask(reused, market.contract, count_query(500'000));
          }) == "idempotency.key_reused");
}

TEST_CASE("statistic: many who ask the same at once get one answer", "[app][statistic]") {
    Counted market;
    const std::uint64_t before = market.log_size();
    std::array<std::string, 6> answers;
    std::vector<std::thread> askers;
    for (std::string& answer : answers) {
        askers.emplace_back([&market, &answer] { answer = market.ask(count_query()).dump(); });
    }
    for (std::thread& asker : askers) asker.join();
    for (const std::string& answer : answers) {
        CHECK(json::parse(answer).at("answer") == json::parse(answers[0]).at("answer"));
    }
    CHECK(market.log_size() == before + 2);
    CHECK(market.accounts().contract.spent.epsilon_millionths == 1'000'000);
}

TEST_CASE("statistic: a budget that is spent stays spent", "[app][statistic]") {
    Counted market;
    market.ask(count_query(2'000'000));
    const auto refusal = refusal_of([&] { market.ask(count_query(1'000'001)); });
    REQUIRE(refusal);
    CHECK(refusal->code() == "statistic.budget_spent");
    CHECK(refusal->kind() == ErrorKind::kConflict);
    CHECK(refusal->detail().pointer == "/contract");
    // What is left tells what helps: less of what there is, and no rho where there is none.
    CHECK(refusal->text().en.find("epsilon_millionths 1000000, rho_millionths 500000") !=
          std::string::npos);
    CHECK(refusal->text().zh.find("epsilon_millionths 1000000") != std::string::npos);
    CHECK(refusal->text().en.find("smaller") == std::string::npos);
    market.ask(count_query(1'000'000));
    CHECK(market.refusal(count_query(1)) == "statistic.budget_spent");
    CHECK(market.accounts().contract.left() == privacy::PrivacySpend{0, 500'000, 1'000'000});
    CHECK_NOTHROW(market.ask(count_query(2'000'000)));  // asked before
    // rho has an account of its own.
    privacy::StatisticQuery gaussian = count_query(0);
    gaussian.mechanism = privacy::Mechanism::kGaussian;
    gaussian.spend = {0, 500'000, 0};
    CHECK(market.ask(gaussian).at("cost").at("rho_millionths") == 500'000);
    gaussian.spend = {0, 1, 0};
    CHECK(market.refusal(gaussian) == "statistic.budget_spent");
}

TEST_CASE("statistic: all contracts of a resource draw on one budget", "[app][statistic]") {
    Counted market;
    // What other contracts about the same resource have spent.
    store::Statistic others;
    others.contract_id = ContractId::parse("01900000-0000-7000-8000-000000000001").value();
    others.resource_id = market.resource_id;
    others.dataset_id = DatasetId::parse("01900000-0000-7000-8000-000000000002").value();
    others.operator_id = market.stranger.party;
    others.query_text = "{}";
    others.cost.epsilon_millionths =
        static_cast<std::int64_t>(app::kResourceBudget.epsilon_millionths) - 1'500'000;
    others.id = StatisticId::parse("01900000-0000-7000-8000-000000000003").value();
    store::insert_statistic(*market.market.open(), others);
    market.ask(count_query(1'000'000));
    const auto refusal = refusal_of([&] { market.ask(count_query(500'001)); });
    REQUIRE(refusal);
    CHECK(refusal->code() == "statistic.budget_spent");
    CHECK(refusal->detail().pointer == "/resource");
    CHECK_NOTHROW(market.ask(count_query(500'000)));
    CHECK(market.compared().count == 1);  // the row that no entry tells of
}

TEST_CASE("statistic: new data is another question", "[app][statistic]") {
    Counted market;
    const json answer = market.ask(count_query());
    std::vector<std::string> ids;
    const std::string rows = test::company_csv(ids);
    market.upload_csv(rows + "无锡示例科技有限公司," + ids.front() + ",1,1\r\n");
    const json other = market.ask(count_query());
    CHECK(other.at("statistic_id") != answer.at("statistic_id"));
    CHECK(other.at("input_digest") != answer.at("input_digest"));
    CHECK(market.accounts().contract.spent.epsilon_millionths == 2'000'000);
    CHECK(market.compared().count == 0);
}

TEST_CASE("statistic: only columns that the contract names are asked about", "[app][statistic]") {
    Counted market;
    const std::uint64_t before = market.log_size();
    privacy::StatisticQuery query = sum_query();
    query.column = "arrears_fen";  // in the data, not in the contract
    const auto refusal = refusal_of([&] { market.ask(query); });
    REQUIRE(refusal);
    CHECK(refusal->code() == "statistic.column");
    CHECK(refusal->kind() == ErrorKind::kInvalid);
    query = count_query();
    query.filters = {{"legal_rep_id_no", {market.personal.front()}, {}}};
    CHECK(market.refusal(query) == "statistic.column_class");
    query.filters = {{"nothing", {"1"}, {}}};
    CHECK(market.refusal(query) == "statistic.column");
    query = count_query();
    query.measure = privacy::Measure::kHistogram;
    query.groups = privacy::Groups{privacy::GroupKind::kUnknown, "legal_rep_id_no", {}, {}, 0};
    query.spend.delta_trillionths = 1'000;
    CHECK(market.refusal(query) == "statistic.column");
    query = count_query();
    query.subject = "ent_name";
    const auto other_subject = refusal_of([&] { market.ask(query); });
    REQUIRE(other_subject);
    CHECK(other_subject->code() == "statistic.subject");
    CHECK(other_subject->kind() == ErrorKind::kInvalid);
    CHECK(market.log_size() == before);
    CHECK(market.accounts().contract.spent == privacy::PrivacySpend{});
    // Its texts may leave under the contract, and each stands for one person here: none is told.
    query = count_query();
    query.measure = privacy::Measure::kHistogram;
    query.groups = privacy::Groups{privacy::GroupKind::kUnknown, "ent_name", {}, {}, 0};
    query.spend.delta_trillionths = 1'000;
    CHECK(market.ask(query).at("answer").at("cells").empty());
}

TEST_CASE("statistic: nobody asks but the operator of a contract that is live",
          "[app][statistic]") {
    Counted market;
    const auto asked_by = [&](const app::Caller& caller) {
        return code_of(
            [&] { market.statistics_of.ask(Market::write(caller), market.contract, sum_query()); });
    };
    CHECK(asked_by(market.stranger) == "contract.not_found");
    CHECK(asked_by(market.authority) == "contract.not_found");
    CHECK(asked_by({}) == "contract.not_found");
    const json answer = market.ask(count_query());
    const auto id = StatisticId::parse(answer.at("statistic_id").get<std::string>()).value();
    for (const app::Caller& reader :
         {market.licensed_operator, market.authority, market.provider, market.auditor}) {
        CHECK(market.statistics_of.find(reader, id).id == id);
        CHECK(market.statistics_of.list(reader, market.contract, "", 5).statistics.size() == 1);
    }
    CHECK(code_of([&] { market.statistics_of.find(market.stranger, id); }) ==
          "statistic.not_found");
    CHECK(code_of([&] { market.statistics_of.list(market.stranger, market.contract, "", 5); }) ==
          "contract.not_found");
    market.supervise(domain::ContractEvent::kSuspend);
    CHECK(market.refusal(sum_query()) == "contract.not_live");
    CHECK(market.refusal(count_query()) == "contract.not_live");
    market.supervise(domain::ContractEvent::kResume);
    CHECK(market.ask(count_query()) == answer);

    Trade plain;
    app::StatisticService statistics(plain.market.context());
    CHECK(code_of([&] {
              statistics.ask(Market::write(plain.licensed_operator), plain.contract, count_query());
          }) == "statistic.not_allowed");
}

TEST_CASE("statistic: a contract that ends while its data is counted gives no answer",
          "[app][statistic][contract]") {
    Counted market;
    {
        const test::PausedReading reading(market.market.context().blobs.folder(), [&] {
            market.supervise(domain::ContractEvent::kRevoke);
        });
        CHECK(market.refusal(count_query()) == "contract.not_live");
    }
    CHECK(market.last_entry().at("kind") == "contract.revoked");
    CHECK(market.refusal(count_query()) == "contract.not_live");
    const auto list = market.statistics_of.list(market.auditor, market.contract, "", 5);
    REQUIRE(list.statistics.size() == 1);
    CHECK(list.statistics[0].state == domain::StatisticState::kReserved);
    CHECK(market.compared().count == 0);
}

TEST_CASE("statistic: an answer that comes when the contract has just ended is not kept",
          "[app][statistic][contract]") {
    Counted market;
    const std::filesystem::path blobs = market.market.context().blobs.folder();
    const std::filesystem::path away = blobs.string() + ".away";
    std::filesystem::rename(blobs, away);
    CHECK_THROWS(market.ask(count_query()));  // reserved, so that the next one need not be
    std::filesystem::rename(away, blobs);

    // While it is computed the writer is held up, and the end waits behind that: the contract is
    // still live when the answer is there, and not any more when it is to be kept.
    std::atomic<bool> is_held{false};
    std::atomic<bool> may_go_on{false};
    std::vector<std::thread> threads;
    {
        const test::PausedReading reading(blobs, [&] {
            threads.emplace_back([&] {
                market.market.writer().submit(
                    {market.buyer, std::nullopt, [&](app::Transaction& tx) {
                         is_held = true;
                         comes_true([&] { return may_go_on.load(); });
                         tx.record(app::make_fact("test.noted", "test", "x", {{"a", 1}}));
                         return std::string("{}");
                     }});
            });
            comes_true([&] { return is_held.load(); });
            threads.emplace_back([&] { market.supervise(domain::ContractEvent::kRevoke); });
            threads.emplace_back([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(400));
                may_go_on = true;
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        });
        CHECK(market.refusal(count_query()) == "contract.not_live");
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(market.last_entry().at("kind") == "contract.revoked");
    const auto list = market.statistics_of.list(market.auditor, market.contract, "", 5);
    REQUIRE(list.statistics.size() == 1);
    CHECK(list.statistics[0].state == domain::StatisticState::kReserved);
}

TEST_CASE("statistic: a reservation that was interrupted is computed by who asks next",
          "[app][statistic]") {
    Counted market;
    const std::filesystem::path blobs = market.market.context().blobs.folder();
    std::filesystem::path away = blobs;
    away += ".away";
    std::filesystem::rename(blobs, away);
    CHECK_THROWS(market.ask(count_query()));
    CHECK(market.last_entry().at("kind") == "statistic.reserved");
    CHECK(market.accounts().contract.spent.epsilon_millionths == 1'000'000);
    CHECK(market.compared().count == 0);
    std::filesystem::rename(away, blobs);
    market.market.restart();
    app::StatisticService statistics(market.market.context());
    const json answer = answer_of(
        statistics.ask(Market::write(market.licensed_operator), market.contract, count_query()));
    CHECK(answer.at("state") == "answered");
    CHECK(market.kinds_of(answer.at("statistic_id")).size() == 2);
    const auto list = statistics.list(market.auditor, market.contract, "", 5);
    CHECK(list.statistics.size() == 1);
    CHECK(list.accounts.contract.spent.epsilon_millionths == 1'000'000);
}

TEST_CASE("statistic: a row that was changed behind the ledger's back is named",
          "[app][statistic]") {
    const std::vector<std::pair<sql::Query, std::string>> cases{
        {{"s1", "UPDATE statistic SET epsilon_millionths = 1"}, "epsilon_millionths"},
        {{"s2", "UPDATE statistic SET answer_text = '{}'"}, "answer_digest"},
        {{"s3", "UPDATE statistic SET answer_text = ''"}, "answer_digest"},
        {{"s4", "UPDATE statistic SET query_text = '{}'"}, "query_digest"},
        {{"s5", "UPDATE statistic SET state = 'reserved'"}, "state"},
        {{"s6", "UPDATE statistic SET operator_id = contract_id"}, "operator_id"},
        {{"s7", "DELETE FROM statistic"}, ""},
    };
    for (const auto& [change, member] : cases) {
        Counted market;
        market.ask(count_query());
        market.market.open()->run(change);
        const app::Comparison comparison = market.compared();
        INFO(change.text);
        REQUIRE(comparison.count >= 1);
        CHECK(comparison.differences.front().entity.first == "statistic");
        CHECK(comparison.differences.front().member == member);
    }
}
