#include "marketplace/app/delivery_service.h"

#include <algorithm>
#include <atomic>
#include <sstream>
#include <thread>

#include "base/crypto.h"
#include "privacy/detector.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::DeliveryState;
using domain::OrderState;
using nlohmann::json;
using test::answer_of;
using test::code_of;
using test::Market;
using test::Trade;

namespace {

constexpr sql::Query kBreakPolicy{"test.break_policy",
                                  "UPDATE contract SET policy_text = '{}' WHERE contract_id = ?"};
constexpr sql::Query kLosePolicy{"test.restore_policy",
                                 "UPDATE contract SET policy_text = ? WHERE contract_id = ?"};
constexpr sql::Query kInterrupt{
    "test.interrupt",
    "UPDATE delivery SET state = 'requested', output_digest = input_digest WHERE delivery_id = ?"};
constexpr sql::Query kInterruptOrder{"test.interrupt_order",
                                     "UPDATE orders SET state = 'delivering' WHERE order_id = ?"};

std::vector<store::Delivery> deliveries_of(Trade& trade, const OrderId& id) {
    return trade.deliveries.list(trade.admin, id, "", 100);
}

}  // namespace

TEST_CASE("delivery: the buyer gets the granted columns, masked, and nothing else",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const DeliveryId id = trade.deliver(order);
    const store::Delivery delivery = trade.delivery(id);
    CHECK(delivery.state == DeliveryState::kPublished);
    CHECK(delivery.output_rows == 40);
    CHECK(trade.order(order).state == OrderState::kDelivered);
    CHECK(trade.order(order).deliveries == 1);
    const std::string content = trade.download(id);
    CHECK(std::ssize(content) == delivery.output_bytes);
    CHECK(sha256(content) == delivery.output_digest);
    CHECK(content.starts_with("ent_name,legal_rep_id_no,reg_capital_fen\r\n"));
    CHECK(content.find("无锡示例第7科技有限公司,p_") != std::string::npos);
    for (const std::string& value : trade.personal) {
        CHECK(content.find(value) == std::string::npos);
    }
}

TEST_CASE("delivery: its facts hold digests, operations and counts, and no value of the data",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const DeliveryId id = trade.deliver(order);
    const json entry = trade.last_entry();
    CHECK(entry.at("kind") == "delivery.published");
    const json& body = entry.at("body");
    CHECK(body.at("state") == "published");
    CHECK(body.at("input_digest").get<std::string>().size() == 64);
    CHECK(body.at("output_digest") == trade.delivery(id).output_digest.hex());
    CHECK(body.at("order").at("state") == "delivered");
    CHECK(body.at("report_digest") == sha256(trade.delivery(id).report).hex());
    const json& column = body.at("columns").at(1);
    CHECK(column.at("name") == "legal_rep_id_no");
    CHECK(column.at("operation").get<std::string>().starts_with("pseudonym"));
    CHECK(column.at("masked") == 40);
    CHECK(column.at("confidence_basis_points") ==
          json::parse(trade.delivery(id).report)["columns"][1]["confidence_basis_points"]);
    CHECK(column.at("confidence_basis_points") > 9'000);
    CHECK_FALSE(column.contains("replaced_in_text"));
    CHECK(entry.at("v") == 5);
    CHECK(body.at("sensitivity_profile") == "gbt_45574_2025");
    CHECK_FALSE(body.contains("risk"));
    CHECK_FALSE(body.contains("copy"));
    CHECK(body.at("columns").at(3).at("operation") == "drop");
    for (const json& each : trade.entries()) {
        const std::string text = each.dump();
        for (const std::string& value : trade.personal) {
            CHECK(text.find(value) == std::string::npos);
        }
    }
}

TEST_CASE("delivery: upload and delivery name the rules by which personal data was found",
          "[app][delivery]") {
    const json detector{{"version", privacy::kDetectorVersion},
                        {"digest", privacy::detector_digest().hex()}};
    Trade trade;
    const DeliveryId id = trade.deliver(trade.paid());
    CHECK(trade.last_entry().at("body").at("detector") == detector);
    std::size_t uploads = 0;
    for (const json& entry : trade.entries()) {
        if (entry.at("kind") != "dataset.uploaded") continue;
        ++uploads;
        CHECK(entry.at("v") == 2);
        CHECK(entry.at("body").at("detector") == detector);
        CHECK(entry.at("body").at("dataset_id") == trade.delivery(id).dataset_id.text());
    }
    CHECK(uploads == 1);
}

TEST_CASE("delivery: limits of the contract are measured on what leaves, and recorded",
          "[app][delivery]") {
    // Forty persons, and nothing that tells them apart but a pseudonym: one class of forty.
    const privacy::RiskRule forty{{.k_min = 40}, "legal_rep_id_no"};
    Trade trade(10'007, forty);
    CHECK(app::to_json(trade.contracts.find(trade.admin, trade.contract)).at("risk") ==
          json{{"k_min", 40}, {"small_share_max_basis_points", 0}, {"subject", "legal_rep_id_no"}});
    const DeliveryId id = trade.deliver(trade.paid());
    const json entry = trade.last_entry();
    CHECK(entry.at("v") == 5);
    const json& risk = entry.at("body").at("risk");
    CHECK(risk.at("size_min") == 40);
    CHECK(risk.at("subjects") == 40);
    CHECK(risk.at("k_min") == 40);
    CHECK(risk.at("level") == 3);
    CHECK(risk.at("prosecutor_basis_points") == 250);
    CHECK(risk.at("prosecutor_average_basis_points") == 250);
    CHECK(risk.at("journalist_basis_points") == 250);
    CHECK(risk.at("marketer_basis_points") == 250);
    CHECK_FALSE(risk.contains("l"));
    CHECK_FALSE(risk.contains("t_basis_points"));
    CHECK(json::parse(trade.delivery(id).report).at("risk").at("classes") == 1);

    Trade strict(10'007, privacy::RiskRule{{.k_min = 41}, "legal_rep_id_no"});
    const OrderId order = strict.paid();
    CHECK(code_of([&] { strict.deliver(order); }) == "delivery.risk");
    const auto refused = deliveries_of(strict, order);
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].state == DeliveryState::kRefused);
    CHECK(refused[0].failure_code == "delivery.risk");
    CHECK(strict.last_entry().at("kind") == "delivery.refused");
}

TEST_CASE("delivery: two deliveries of one table have the same rows, each in an order of its own",
          "[app][delivery]") {
    Trade trade;
    const auto lines_of = [&trade] {
        std::istringstream content(trade.download(trade.deliver(trade.paid())));
        std::vector<std::string> lines;
        for (std::string line; std::getline(content, line);) lines.push_back(line);
        return lines;
    };
    auto one = lines_of();
    auto two = lines_of();
    REQUIRE(one.size() == 41);
    CHECK(one.front() == two.front());  // the header
    CHECK(one != two);
    std::sort(one.begin() + 1, one.end());
    std::sort(two.begin() + 1, two.end());
    CHECK(one == two);
}

TEST_CASE("delivery: every download is metered before its bytes", "[app][delivery]") {
    Trade trade;
    const DeliveryId id = trade.deliver(trade.paid());
    for (int number = 1; number <= 3; ++number) {
        trade.download(id);
        CHECK(trade.delivery(id).downloads == number);
        const json entry = trade.last_entry();
        CHECK(entry.at("kind") == "delivery.downloaded");
        CHECK(entry.at("body").at("downloads") == number);
        CHECK(entry.at("body").at("state") == "downloaded");
    }
}

TEST_CASE("delivery: without a live contract no bytes leave and nothing is metered",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const DeliveryId id = trade.deliver(order);
    const OrderId waiting = trade.paid();
    trade.supervise(domain::ContractEvent::kSuspend);
    const auto size = trade.log_size();
    CHECK(code_of([&] { trade.download(id); }) == "delivery.gate");
    CHECK(code_of([&] { trade.deliver(waiting); }) == "contract.not_live");
    CHECK(trade.log_size() == size);
    CHECK(trade.delivery(id).downloads == 0);
    CHECK(deliveries_of(trade, waiting).empty());
    trade.supervise(domain::ContractEvent::kResume);
    CHECK_FALSE(trade.download(id).empty());
    trade.market.clock().set(Date{2027, 3, 1}.begin());  // the term is over, nobody recorded it
    CHECK(code_of([&] { trade.download(id); }) == "delivery.gate");
}

TEST_CASE("delivery: a rejected or disputed order gives no bytes", "[app][delivery]") {
    Trade trade;
    const OrderId rejected = trade.paid();
    const DeliveryId first = trade.deliver(rejected);
    trade.orders.reject(Market::write(trade.buyer), rejected, "不合格");
    CHECK(code_of([&] { trade.download(first); }) == "delivery.gate");
    const OrderId disputed = trade.paid();
    const DeliveryId second = trade.deliver(disputed);
    trade.dispute(disputed, 1);
    CHECK(code_of([&] { trade.download(second); }) == "delivery.gate");
}

TEST_CASE("delivery: a delivery is for its buyer, and seen by its two parties", "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const DeliveryId id = trade.deliver(order);
    for (const app::Caller& other :
         {trade.stranger, trade.licensed_operator, trade.admin, trade.auditor}) {
        CHECK(code_of([&] { trade.deliveries.download(other, id); }) == "delivery.not_found");
    }
    for (const app::Caller& other : {trade.stranger, trade.provider, app::Caller{}}) {
        CHECK(code_of([&] { trade.deliveries.find(other, id); }) == "delivery.not_found");
        CHECK(code_of([&] { trade.deliveries.list(other, order, "", 10); }) == "order.not_found");
    }
    CHECK(trade.deliveries.find(trade.licensed_operator, id).id == id);
    CHECK(trade.deliveries.list(trade.buyer, order, "", 10).size() == 1);
    const OrderId waiting = trade.paid();
    for (const app::Caller& other : {trade.buyer, trade.stranger, trade.admin}) {
        CHECK(code_of([&] { trade.deliveries.deliver(Market::write(other), waiting); }) ==
              "order.not_found");
    }
}

TEST_CASE("delivery: a policy that cannot be applied refuses, and the order goes back",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const std::string policy =
        trade.contracts.find(trade.admin, trade.contract).contract.policy_text;
    trade.market.open()->run(kBreakPolicy, trade.contract);
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.policy");
    REQUIRE(deliveries_of(trade, order).size() == 1);
    const store::Delivery refused = deliveries_of(trade, order).front();
    CHECK(refused.state == DeliveryState::kRefused);
    CHECK(refused.failure_code == "delivery.policy");
    CHECK(trade.order(order).state == OrderState::kEscrowed);
    CHECK(trade.last_entry().at("kind") == "delivery.refused");
    CHECK(trade.last_entry().at("body").at("failure_code") == "delivery.policy");
    CHECK(code_of([&] { trade.download(refused.id); }) == "delivery.transition");
    trade.market.open()->run(kLosePolicy, policy, trade.contract);
    trade.deliver(order);
    CHECK(trade.order(order).state == OrderState::kDelivered);
    CHECK(trade.order(order).deliveries == 1);
}

TEST_CASE("delivery: a dataset that is not there fails without leaving the order between states",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    std::filesystem::remove_all(trade.market.folder() / "blobs");
    std::filesystem::create_directories(trade.market.folder() / "blobs");
    CHECK(code_of([&] { trade.deliver(order); }) == "blob.not_found");
    CHECK(deliveries_of(trade, order).front().state == DeliveryState::kFailed);
    CHECK(trade.order(order).state == OrderState::kEscrowed);
}

TEST_CASE("delivery: one that takes too long publishes nothing, and a record says so",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const auto files = [&] {
        const auto all =
            std::filesystem::recursive_directory_iterator(trade.market.folder() / "blobs");
        return std::count_if(begin(all), end(all),
                             [](const auto& one) { return one.is_regular_file(); });
    };
    const auto before = files();
    trade.market.context().delivery_time_max = std::chrono::milliseconds(0);
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.timed_out");
    const store::Delivery failed = deliveries_of(trade, order).front();
    CHECK(failed.state == DeliveryState::kFailed);
    CHECK(failed.failure_code == "delivery.timed_out");
    CHECK(failed.output_digest == Digest{});
    CHECK(files() == before);
    CHECK(trade.last_entry().at("kind") == "delivery.failed");
    CHECK(trade.last_entry().at("body").at("failure_code") == "delivery.timed_out");
    CHECK(trade.order(order).state == OrderState::kEscrowed);
    trade.market.context().delivery_time_max = std::chrono::hours(1);
    trade.deliver(order);
    CHECK(trade.order(order).state == OrderState::kDelivered);
}

TEST_CASE("delivery: what is being prepared is not taken for interrupted", "[app][delivery]") {
    Trade trade;
    for (int round = 0; round < 20; ++round) {
        const OrderId order = trade.paid();
        std::atomic<bool> done = false;
        std::thread preparing([&] {
            trade.deliver(order);
            done = true;
        });
        std::size_t recovered = 0;
        while (!done) recovered += trade.deliveries.recover();
        preparing.join();
        CHECK(recovered == 0);
        CHECK(trade.order(order).state == OrderState::kDelivered);
    }
}

TEST_CASE("delivery: what was interrupted is recorded as failed at the next start",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const DeliveryId id = trade.deliver(order);
    CHECK(trade.deliveries.recover() == 0);
    trade.market.open()->run(kInterrupt, id);
    trade.market.open()->run(kInterruptOrder, order);
    CHECK(trade.deliveries.recover() == 1);
    CHECK(trade.delivery(id).state == DeliveryState::kFailed);
    CHECK(trade.delivery(id).failure_code == "delivery.interrupted");
    CHECK(trade.order(order).state == OrderState::kEscrowed);
    CHECK(trade.last_entry().at("actor") == "system");
    CHECK(trade.deliveries.recover() == 0);
    trade.deliver(order);
    CHECK(trade.order(order).state == OrderState::kDelivered);
}

TEST_CASE("delivery: the same request again is the same delivery", "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const app::WriteRequest write{trade.licensed_operator,
                                  app::IdempotencyKey{"deliver-1", sha256("deliver")}};
    const app::Outcome first = trade.deliveries.deliver(write, order);
    const app::Outcome again = trade.deliveries.deliver(write, order);
    CHECK(again.replayed);
    CHECK(again.answer == first.answer);
    CHECK(again.receipt.index == first.receipt.index);
    CHECK(deliveries_of(trade, order).size() == 1);
    const app::WriteRequest other{trade.licensed_operator,
                                  app::IdempotencyKey{"deliver-1", sha256("other")}};
    CHECK(code_of([&] { trade.deliveries.deliver(other, order); }) == "idempotency.key_reused");
}

TEST_CASE("delivery: a refusal stays refused for its key", "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const std::string policy =
        trade.contracts.find(trade.admin, trade.contract).contract.policy_text;
    const app::WriteRequest write{trade.licensed_operator,
                                  app::IdempotencyKey{"deliver-1", sha256("deliver")}};
    trade.market.open()->run(kBreakPolicy, trade.contract);
    CHECK(code_of([&] { trade.deliveries.deliver(write, order); }) == "delivery.policy");
    trade.market.open()->run(kLosePolicy, policy, trade.contract);
    CHECK(code_of([&] { trade.deliveries.deliver(write, order); }) == "delivery.policy");
    CHECK(deliveries_of(trade, order).size() == 1);
}

TEST_CASE("delivery: a resource whose registration has ended is not delivered", "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    trade.set_state(trade.resource_id, "expired");
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.resource");
    CHECK(trade.order(order).state == OrderState::kEscrowed);
}

TEST_CASE("delivery: one time decides on the contract, even when the clock goes back",
          "[app][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const std::uint64_t before = trade.log_size();
    // Before the term of the contract began; the ledger's time stands.
    trade.market.clock().advance(std::chrono::hours(-24 * 30));
    CHECK(trade.delivery(trade.deliver(order)).state == DeliveryState::kPublished);
    CHECK(trade.log_size() == before + 2);
}
