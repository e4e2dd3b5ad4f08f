#include "marketplace/app/release_history.h"

#include <utility>

#include "base/crypto.h"
#include "privacy/checksum.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace pdx {
namespace {

using nlohmann::json;
using test::code_of;
using test::Trade;

const privacy::RiskRule kTwenty{{.k_min = 20}, "legal_rep_id_no"};

/// Companies of so many persons, always the same ones.
std::string companies(int persons) {
    std::string csv = "ent_name,legal_rep_id_no,reg_capital_fen,arrears_fen\r\n";
    for (int row = 0; row < persons; ++row) {
        std::string id = "3202111980010" + std::to_string(1 + row % 9) + std::to_string(100 + row);
        id += privacy::resident_id_check_digit(id).value();
        csv += "无锡示例科技有限公司," + id + ",1000000,13\r\n";
    }
    return csv;
}

TEST_CASE("release history: a person who left between two deliveries is not singled out",
          "[app][delivery][risk]") {
    Trade trade(10'007, kTwenty);
    const DeliveryId first = trade.deliver(trade.paid());
    const json alone = trade.last_entry().at("body").at("risk");
    CHECK(alone.at("joint_size_min") == 40);
    CHECK(alone.at("joint_releases") == 0);

    // Each table is safe; the difference of the two is one person.
    trade.upload_csv(companies(39));
    const bool other_buyer = GENERATE(false, true);
    if (other_buyer) std::swap(trade.buyer, trade.stranger);
    const OrderId order = trade.paid();
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.joint_risk");
    CHECK(trade.last_entry().at("kind") == "delivery.refused");
    if (other_buyer) std::swap(trade.buyer, trade.stranger);
    CHECK_FALSE(trade.download(first).empty());  // what was delivered stays delivered
}

TEST_CASE("release history: the same data again, and twenty persons more, tell nothing",
          "[app][delivery][risk]") {
    Trade trade(10'007, kTwenty);
    trade.deliver(trade.paid());
    trade.deliver(trade.paid());
    CHECK(trade.last_entry().at("body").at("risk").at("joint_releases") == 0);
    trade.upload_csv(companies(60));
    trade.deliver(trade.paid());
    const json grown = trade.last_entry().at("body").at("risk");
    CHECK(grown.at("size_min") == 60);
    CHECK(grown.at("joint_size_min") == 20);
    CHECK(grown.at("joint_releases") == 1);
    CHECK(grown.at("joint_buyers") == 0);
    std::swap(trade.buyer, trade.stranger);
    trade.deliver(trade.paid());
    CHECK(trade.last_entry().at("body").at("risk").at("joint_releases") == 0);
    CHECK(trade.last_entry().at("body").at("risk").at("joint_buyers") == 1);
}

TEST_CASE("release history: what cannot be measured is not delivered", "[app][delivery][risk]") {
    const test::TempFolder folder;
    const catalog::BlobStore blobs(folder.path(), Bytes(32, 1));
    catalog::BlobWriter writer = blobs.create();
    writer.append(as_bytes("no sketch"));
    const Digest damaged = writer.finish().sha256;
    Trade trade(10'007, kTwenty);
    const PartyId buyer = trade.buyer.party;
    const DeliveryId delivery = trade.deliver(trade.paid());
    const privacy::ReleaseSketch release{1, {{1, 7}, {2, 7}}};
    const store::ReleaseSketch kept{delivery, trade.resource_id, buyer, "x", damaged};
    const privacy::RiskLimits two{.k_min = 2};
    CHECK(code_of([&] { app::stage_sketch(blobs, release, buyer, {kept}, two); }) ==
          "delivery.sketch");
    CHECK(code_of([&] { app::stage_sketch(blobs, release, buyer, {}, {.k_min = 3}); }) ==
          "delivery.joint_risk");
    const app::StagedSketch staged = app::stage_sketch(blobs, release, buyer, {}, two);
    CHECK(staged.joint.size_min == 2);

    // Another release that came in between was not measured.
    const auto database = trade.market.open();
    app::StagedSketch late = staged;
    late.seen = {kept};
    const store::ReleaseSketch mine{delivery, trade.resource_id, buyer, "y", staged.digest};
    CHECK(code_of([&] { app::record_sketch(*database, late, mine); }) ==
          "delivery.releases_changed");
}

}  // namespace
}  // namespace pdx
