#include "marketplace/app/release_history.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/error.h"
#include "privacy/risk_judge.h"

namespace pdx::app {
namespace {

/// Unit: bytes; some ten million persons.
constexpr std::uint64_t kMemoryMax = std::uint64_t{512} << 20U;

privacy::ReleaseSketch load_sketch(const catalog::BlobStore& blobs, const Digest& digest) {
    Bytes bytes;
    catalog::BlobReader reader = blobs.open(digest);
    for (ByteView piece = reader.next(); !piece.empty(); piece = reader.next()) {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    auto sketch = privacy::parse_sketch(bytes);
    if (!sketch) {
        throw conflict("delivery.sketch",
                       {"What was kept of an earlier delivery cannot be read, so the risk of both "
                        "together is unknown; nothing is delivered.",
                        "以往交付的风险摘要无法读取，合并风险未知，已停止交付。"});
    }
    return *std::move(sketch);
}

/// Joins releases with the new one and keeps the worst.
class Joining {
public:
    explicit Joining(const privacy::RiskLimits& limits) : limits_(limits) {
        limits_.l_min.reset();
        limits_.t_max_basis_points.reset();
    }

    /// Throws: as stage_sketch().
    void check(std::span<const privacy::ReleaseSketch> releases, bool of_others) {
        const auto report = privacy::joint_risk(releases, limits_.k_min, kMemoryMax);
        size_min_ = std::min(size_min_, report.size_min);
        const auto judgement = privacy::judge(report, {}, limits_);
        if (judgement.accepted) return;
        Text reasons;
        ErrorDetail detail;
        for (const privacy::RiskReason& one : judgement.reasons) {
            reasons.en += " " + one.text.en;
            reasons.zh += one.text.zh;
            detail.rule += (detail.rule.empty() ? "" : ", ") + one.code;
        }
        throw conflict(
            "delivery.joint_risk",
            {(of_others ? "Together with what another buyer holds"
                        : "Together with what this buyer holds already") +
                 std::string(", persons could be found again:") + reasons.en +
                 " Nothing is delivered.",
             (of_others ? "与其他买方已持有的数据合并后，" : "与本买方已持有的数据合并后，") +
                 std::string("重标识风险超出限值：") + reasons.zh + "已停止交付。"},
            std::move(detail));
    }
    std::uint64_t size_min() const { return size_min_; }

private:
    privacy::RiskLimits limits_;
    std::uint64_t size_min_ = UINT64_MAX;
};

}  // namespace

StagedSketch stage_sketch(const catalog::BlobStore& blobs, const privacy::ReleaseSketch& release,
                          const PartyId& buyer, std::vector<store::ReleaseSketch> kept,
                          const privacy::RiskLimits& limits) {
    catalog::BlobWriter writer = blobs.create();
    writer.append(privacy::to_bytes(release));
    StagedSketch staged;
    staged.digest = writer.finish().sha256;

    // The same sketch again tells nothing new, whoever holds it.
    std::set<Digest> own{staged.digest};
    std::map<std::string, std::set<Digest>> others;
    for (const store::ReleaseSketch& one : kept) {
        if (one.buyer_id == buyer) own.insert(one.sketch_digest);
    }
    for (const store::ReleaseSketch& one : kept) {
        if (!own.contains(one.sketch_digest)) {
            others[one.buyer_id.text()].insert(one.sketch_digest);
        }
    }
    Joining joining(limits);
    std::vector<privacy::ReleaseSketch> releases{release};
    for (const Digest& digest : own) {
        if (digest != staged.digest) releases.push_back(load_sketch(blobs, digest));
    }
    joining.check(releases, false);
    const std::size_t owned = releases.size();
    for (const auto& [other, digests] : others) {
        for (const Digest& digest : digests) releases.push_back(load_sketch(blobs, digest));
        joining.check(releases, true);
        releases.resize(owned);
    }
    staged.joint = {joining.size_min(), owned - 1, others.size()};
    staged.seen = std::move(kept);
    return staged;
}

void record_sketch(sql::Connection& db, const StagedSketch& staged,
                   const store::ReleaseSketch& mine) {
    if (store::list_sketches(db, mine.resource_id, mine.subject) != staged.seen) {
        throw conflict(
            "delivery.releases_changed",
            {"Another delivery of this resource was published meanwhile, and the risk of "
             "both together was not measured. Start again.",
             "期间该资源有另一次交付，合并风险未评估。请重新发起。"});
    }
    store::insert_sketch(db, mine);
}

}  // namespace pdx::app
