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
    CHECK(code_of([&] {
              app::stage_sketch(blobs, release, buyer, {{kept, two}}, two);
          }) == "delivery.sketch");
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

TEST_CASE("release history: a join is held to the strictest promise of the releases in it",
          "[app][delivery][risk]") {
    const test::TempFolder folder;
    const catalog::BlobStore blobs(folder.path(), Bytes(32, 1));
    const PartyId buyer = PartyId::parse("01900000-0000-7000-8000-000000000001").value();
    const PartyId other = PartyId::parse("01900000-0000-7000-8000-000000000002").value();
    const PartyId third = PartyId::parse("01900000-0000-7000-8000-000000000003").value();
    // Four persons of one class each time; together two classes of two.
    const privacy::ReleaseSketch mine{1, {{1, 7}, {2, 7}, {3, 7}, {4, 7}}};
    const privacy::ReleaseSketch theirs{1, {{1, 8}, {2, 8}, {3, 9}, {4, 9}}};
    catalog::BlobWriter writer = blobs.create();
    writer.append(privacy::to_bytes(theirs));
    const Digest digest = writer.finish().sha256;
    const privacy::RiskLimits two{.k_min = 2};
    const privacy::RiskLimits three{.k_min = 3};
    const privacy::RiskLimits lax{.k_min = 3, .small_share_max_basis_points = 10'000};
    const auto kept = [&](const PartyId& holder, const privacy::RiskLimits& limits) {
        return app::KeptRelease{{{}, {}, holder, "x", digest}, limits};
    };
    const auto code = [&](const std::vector<app::KeptRelease>& all,
                          const privacy::RiskLimits& limits) {
        return code_of([&] { app::stage_sketch(blobs, mine, buyer, all, limits); });
    };
    for (const PartyId& holder : {buyer, other}) {
        CHECK(code({kept(holder, two)}, two) == "none");
        CHECK(code({kept(holder, three)}, two) == "delivery.joint_risk");
        CHECK(code({kept(holder, two)}, three) == "delivery.joint_risk");
        CHECK(code({kept(holder, lax)}, two) == "delivery.joint_risk");
        CHECK(code({kept(holder, lax)}, lax) == "none");
        // The same sketch twice, under two promises.
        CHECK(code({kept(holder, two), kept(holder, three)}, two) == "delivery.joint_risk");
        CHECK(code({kept(holder, three), kept(holder, two)}, two) == "delivery.joint_risk");
    }
    CHECK(code({kept(other, two), kept(third, three)}, two) == "delivery.joint_risk");
    CHECK(code({kept(other, two), kept(third, two)}, two) == "none");
}

}  // namespace
}  // namespace pdx
