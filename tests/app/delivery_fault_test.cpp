/// Every call to the system and allocations all along a delivery fail, one at a time: nothing is
/// published, a record says so, the order waits for the next attempt, and that one succeeds.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "marketplace/app/blob_sweep.h"
#include "marketplace/app/delivery_service.h"
#include "tests/app/support/failing_calls.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::DeliveryState;
using domain::OrderState;
using nlohmann::json;
using test::CallFault;
using test::FailingAllocation;
using test::FailingCalls;
using test::Trade;

namespace {

/// A market whose contract asks for everything that a delivery can do.
struct FaultMarket {
    FaultMarket()
        : trade(10'007, privacy::RiskRule{{.k_min = 20}, "legal_rep_id_no"}, std::nullopt,
                [](app::GrantTerms& terms) {
                    terms.marks = privacy::MarkPlan{.columns = {{.name = "reg_capital_fen"}},
                                                    .identities = {{"legal_rep_id_no"}},
                                                    .one_of = 3};
                }) {}

    std::filesystem::path blobs() { return trade.market.folder() / "blobs"; }
    std::size_t files() {
        const auto all = std::filesystem::recursive_directory_iterator(blobs());
        return static_cast<std::size_t>(std::count_if(
            begin(all), end(all), [](const auto& entry) { return entry.is_regular_file(); }));
    }
    /// True when it was delivered. Whatever was thrown, its text tells nothing of the data.
    bool attempt(const OrderId& order) {
        try {
            trade.deliver(order);
            return true;
        } catch (const std::exception& error) {
            const std::string what = error.what();
            for (const std::string& value : trade.personal) {
                CHECK(what.find(value) == std::string::npos);
            }
            return false;
        }
    }
    /// Nothing is there of the attempt but its record.
    void check_refused(const OrderId& order, std::size_t attempts) {
        CHECK(trade.order(order).state == OrderState::kEscrowed);
        const auto all = trade.deliveries.list(trade.admin, order, "", 1'000);
        REQUIRE(all.size() == attempts);
        const store::Delivery& last = all.back();
        CHECK((last.state == DeliveryState::kFailed || last.state == DeliveryState::kRefused));
        CHECK_FALSE(last.failure_code.empty());
        CHECK(last.output_digest == Digest{});
        const json entry = trade.last_entry();
        CHECK((entry.at("kind") == "delivery.failed" || entry.at("kind") == "delivery.refused"));
        CHECK(entry.at("body").at("delivery_id") == last.id.text());
    }

    Trade trade;
};

/// Lets the n-th call fail for each n in turn, until there are no more calls. Returns: how many
/// deliveries it ended. The others are whole: what came after the commit can be done again.
std::uint64_t fail_each_call(FaultMarket& market, CallFault fault) {
    OrderId order = market.trade.paid();
    std::size_t attempts = 0;
    std::uint64_t ended = 0;
    for (std::uint64_t nth = 0;; ++nth) {
        INFO("call " << nth);
        const std::size_t before = market.files();
        bool delivered = false;
        bool happened = false;
        {
            const FailingCalls failing(market.blobs(), nth, fault);
            delivered = market.attempt(order);
            happened = failing.calls() > nth;
        }
        app::sweep_blobs(market.trade.market.context());
        if (delivered) {
            const DeliveryId id =
                market.trade.deliveries.list(market.trade.admin, order, "", 1'000).back().id;
            CHECK(sha256(market.trade.download(id)) == market.trade.delivery(id).output_digest);
            if (!happened) return ended;
            order = market.trade.paid();
            attempts = 0;
            continue;
        }
        REQUIRE(happened);
        ++ended;
        market.check_refused(order, ++attempts);
        CHECK(market.files() == before);
    }
}

}  // namespace

TEST_CASE("fault: a full or broken disk, at any call, delivers nothing and loses nothing",
          "[app][delivery][fault]") {
    FaultMarket market;
    CHECK(fail_each_call(market, CallFault::kError) > 8);
    CHECK_FALSE(market.trade.download(market.trade.deliver(market.trade.paid())).empty());
    market.trade.check_books();
}

TEST_CASE("fault: a bit that changes on the disk is never delivered", "[app][delivery][fault]") {
    FaultMarket market;
    CHECK(fail_each_call(market, CallFault::kBitFlip) > 0);
}

TEST_CASE("fault: calls that do half of their work do no harm", "[app][delivery][fault]") {
    FaultMarket market;
    for (std::uint64_t nth = 0; nth < 16; ++nth) {
        INFO("call " << nth);
        const OrderId order = market.trade.paid();
        const FailingCalls failing(market.blobs(), nth, CallFault::kShort);
        CHECK(market.attempt(order));
    }
}

TEST_CASE("fault: no memory, all along a delivery, delivers nothing and loses nothing",
          "[app][delivery][fault]") {
    if (!test::kAllocationsFail) {
        WARN("this build's allocator is not the test's");
        return;
    }
    FaultMarket market;
    const OrderId order = market.trade.paid();
    std::size_t refused = 0;
    for (std::uint64_t nth = 0;; ++nth) {
        INFO("allocation " << nth);
        REQUIRE(nth < 1'000'000);  // it never got through
        bool delivered = false;
        {
            const FailingAllocation failing(nth);
            delivered = market.attempt(order);
        }
        if (delivered) break;
        const auto made = market.trade.deliveries.list(market.trade.admin, order, "", 1'000);
        if (made.size() == refused) continue;  // it failed before anything was recorded
        ++refused;
        market.check_refused(order, refused);
    }
    CHECK(refused > 10);
    market.trade.check_books();
}
