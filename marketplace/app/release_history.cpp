#include "marketplace/app/release_history.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/delivery_store.h"
#include "privacy/risk_judge.h"

namespace pdx::app {
namespace {

/// Unit: bytes; some ten million persons.
constexpr std::uint64_t kMemoryMax = std::uint64_t{512} << 20U;

Error unreadable() {
    return conflict("delivery.sketch",
                    {"What was kept of an earlier delivery cannot be read, so the risk of both "
                     "together is unknown; nothing is delivered.",
                     "以往交付的风险摘要无法读取，合并风险未知，已停止交付。"});
}

privacy::ReleaseSketch load_sketch(const catalog::BlobStore& blobs, const Digest& digest) {
    Bytes bytes;
    catalog::BlobReader reader = blobs.open(digest);
    for (ByteView piece = reader.next(); !piece.empty(); piece = reader.next()) {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    auto sketch = privacy::parse_sketch(bytes);
    if (!sketch) throw unreadable();
    return *std::move(sketch);
}

/// k and the share below it alone.
privacy::RiskLimits of_classes(privacy::RiskLimits limits) {
    limits.l_min.reset();
    limits.t_max_basis_points.reset();
    return limits;
}

/// Different sketches, each with the strictest limits of the releases that had it: the same sketch
/// again tells nothing new, whoever holds it.
using Sketches = std::map<Digest, privacy::RiskLimits>;

void add(Sketches& sketches, const KeptRelease& kept) {
    const auto [at, is_new] = sketches.emplace(kept.sketch.sketch_digest, kept.limits);
    if (!is_new) at->second = privacy::strictest(at->second, kept.limits);
}

/// Joins releases with the new one and keeps the worst.
class Joining {
public:
    Joining(const catalog::BlobStore& blobs, const privacy::ReleaseSketch& release,
            const privacy::RiskLimits& limits)
        : blobs_(blobs),
          releases_{release},
          limits_(of_classes(limits)) {}

    /// What every later join holds, too.
    /// Throws: as stage_sketch().
    void keep(const Sketches& sketches) {
        load(sketches, limits_);
        check(limits_, false);
    }
    /// For this join alone.
    void check_with(const Sketches& sketches) {
        const std::size_t kept = releases_.size();
        privacy::RiskLimits limits = limits_;
        load(sketches, limits);
        check(limits, true);
        releases_.resize(kept);
    }
    std::uint64_t size_min() const { return size_min_; }

private:
    void load(const Sketches& sketches, privacy::RiskLimits& limits) {
        for (const auto& [digest, promised] : sketches) {
            releases_.push_back(load_sketch(blobs_, digest));
            limits = privacy::strictest(limits, of_classes(promised));
        }
    }

    void check(const privacy::RiskLimits& limits, bool of_others) {
        const auto report = privacy::joint_risk(releases_, limits.k_min, kMemoryMax);
        size_min_ = std::min(size_min_, report.size_min);
        const auto judgement = privacy::judge(report, {}, limits);
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

    const catalog::BlobStore& blobs_;
    std::vector<privacy::ReleaseSketch> releases_;
    privacy::RiskLimits limits_;
    std::uint64_t size_min_ = UINT64_MAX;
};

}  // namespace

std::vector<KeptRelease> list_kept(sql::Connection& db, const ResourceId& resource,
                                   const std::string& subject) {
    std::vector<KeptRelease> kept;
    std::map<std::string, privacy::RiskLimits> promised;  // by contract
    for (store::ReleaseSketch& sketch : store::list_sketches(db, resource, subject)) {
        const auto delivery = store::find_delivery(db, sketch.delivery_id);
        PDX_CHECK(delivery.has_value());
        const std::string id = delivery->contract_id.text();
        if (!promised.contains(id)) {
            const auto contract = store::find_contract(db, delivery->contract_id);
            PDX_CHECK(contract.has_value());
            const privacy::Policy policy =
                policy_of(contract->id, contract->policy_text, contract->policy_digest);
            if (!policy.risk) throw unreadable();
            promised.emplace(id, policy.risk->limits);
        }
        kept.push_back({std::move(sketch), promised.at(id)});
    }
    return kept;
}

StagedSketch stage_sketch(const catalog::BlobStore& blobs, const privacy::ReleaseSketch& release,
                          const PartyId& buyer, const std::vector<KeptRelease>& kept,
                          const privacy::RiskLimits& limits) {
    catalog::BlobWriter writer = blobs.create();
    writer.append(privacy::to_bytes(release));
    StagedSketch staged;
    staged.digest = writer.finish().sha256;

    Sketches own;
    std::map<std::string, Sketches> others;
    for (const KeptRelease& one : kept) {
        if (one.sketch.buyer_id == buyer) add(own, one);
        staged.seen.push_back(one.sketch);
    }
    own.erase(staged.digest);
    for (const KeptRelease& one : kept) {
        const Digest& digest = one.sketch.sketch_digest;
        const bool is_known = digest == staged.digest || own.contains(digest);
        if (!is_known && one.sketch.buyer_id != buyer) add(others[one.sketch.buyer_id.text()], one);
    }
    Joining joining(blobs, release, limits);
    joining.keep(own);
    for (const auto& [other, sketches] : others) joining.check_with(sketches);
    staged.joint = {joining.size_min(), own.size(), others.size()};
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
