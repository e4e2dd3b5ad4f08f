#include "marketplace/app/blob_sweep.h"

#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::code_of;
using test::Trade;

namespace {

/// A file that was stored, and the process died before the command that names it.
Digest stored_only(const catalog::BlobStore& blobs, std::string_view text) {
    catalog::BlobWriter writer = blobs.create();
    writer.append(as_bytes(text));
    return writer.finish().sha256;
}

}  // namespace

TEST_CASE("blobs: what no dataset and no delivery names goes at the start, all else stays",
          "[app][blob]") {
    Trade trade;
    const OrderId order = trade.paid();
    const DeliveryId delivery = trade.deliver(order);
    app::Context& context = trade.market.context();
    const Digest orphan = stored_only(context.blobs, "never named");
    // The same files once more, and again no command: they are named by what is there.
    stored_only(context.blobs, trade.download(delivery));
    catalog::BlobWriter cut_off = context.blobs.create();
    cut_off.append(as_bytes("half of"));
    CHECK(app::sweep_blobs(context) == 2);
    CHECK_FALSE(context.blobs.contains(orphan));
    CHECK(app::sweep_blobs(context) == 0);
    CHECK(trade.download(delivery).starts_with("ent_name,"));
    const OrderId next = trade.paid();
    CHECK(code_of([&] { trade.deliver(next); }) == "none");
}
