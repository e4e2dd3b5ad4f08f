#pragma once
/// What a delivery adds to what buyers hold already. Two releases that are each safe can single a
/// person out together, so a delivery is measured with all that its buyer holds of the resource,
/// and with all that any other buyer holds of it, before it is published.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "catalog/blob_store.h"
#include "marketplace/store/sketch_store.h"
#include "privacy/joint_risk.h"
#include "privacy/policy.h"

namespace pdx::app {

/// The smallest class over all that were joined; of this release alone when there was nothing.
struct JointRisk {
    std::uint64_t size_min = 0;
    std::uint64_t releases = 0;  ///< different earlier ones that the buyer holds
    std::uint64_t buyers = 0;    ///< others who hold different ones
};

/// A sketch that is stored and not named yet.
struct StagedSketch {
    Digest digest;
    JointRisk joint;
    std::vector<store::ReleaseSketch> seen;  ///< what it was measured with
};

/// A sketch of an earlier release, and the limits that its contract promised.
struct KeptRelease {
    store::ReleaseSketch sketch;
    privacy::RiskLimits limits;
};

/// All of one resource and subject, oldest first.
/// Throws: as policy_of(); kConflict "delivery.sketch" when a contract of one limits nothing.
std::vector<KeptRelease> list_kept(sql::Connection& db, const ResourceId& resource,
                                   const std::string& subject);

/// Stores the sketch of a release and measures it with `kept`, the sketches of the same resource
/// and subject. Each join is held to the strictest limits of the releases in it: k and the share
/// below it; l and t are of one release.
/// Throws: kConflict delivery.joint_risk with the reasons; kTooLarge risk.too_large; kConflict
/// "delivery.sketch" when a kept sketch cannot be read; as catalog::BlobStore.
StagedSketch stage_sketch(const catalog::BlobStore& blobs, const privacy::ReleaseSketch& release,
                          const PartyId& buyer, const std::vector<KeptRelease>& kept,
                          const privacy::RiskLimits& limits);

/// Names the staged sketch, in the transaction that publishes. Throws: kConflict
/// "delivery.releases_changed" when another release of the resource came in between.
void record_sketch(sql::Connection& db, const StagedSketch& staged,
                   const store::ReleaseSketch& mine);

}  // namespace pdx::app
