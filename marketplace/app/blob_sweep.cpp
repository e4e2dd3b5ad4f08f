#include "marketplace/app/blob_sweep.h"

#include "catalog/store/resource_store.h"
#include "marketplace/store/delivery_store.h"
#include "marketplace/store/sketch_store.h"

namespace pdx::app {

std::size_t sweep_blobs(Context& context) {
    auto lease = context.reads.borrow();
    const auto is_named = [&](const Digest& digest) {
        return catalog::ResourceStore(*lease).datasets_with(digest) > 0 ||
               store::deliveries_with(*lease, digest) > 0 ||
               store::sketches_with(*lease, digest) > 0;
    };
    return context.blobs.remove_stale_parts() + context.blobs.remove_unnamed(is_named);
}

}  // namespace pdx::app
