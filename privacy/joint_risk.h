#pragma once
/// What several releases tell together. Whoever holds two of them, or two buyers who share theirs,
/// knows of a person the class in each, and the person hides only among those who share them all.
/// Each delivered version keeps a sketch: which person, by keyed hash, is in which class.
/// Source: Ganta, Kasiviswanathan, Smith, Composition Attacks and Auxiliary Information (2008).
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "privacy/risk.h"

namespace pdx::privacy {

/// Memory and file: 16 bytes for each pair of person and class. Personal data as long as the key
/// exists: keep it where the key is not, and drop it with the release.
struct ReleaseSketch {
    std::uint64_t key_tag = 0;  ///< of the key that hashed the persons
    /// Sorted, none twice.
    std::vector<ClassCounts::Member> members;
    bool operator==(const ReleaseSketch&) const = default;
};

/// Requires: the meter counts subjects.
ReleaseSketch sketch_of(const RiskMeter& meter);

/// Unit: pairs; a file of 1 GiB.
inline constexpr std::uint64_t kSketchMembersMax = std::uint64_t{1} << 26U;

/// Shape: "PDXR", version 1, key tag, count, pairs ascending (all little endian, eight bytes each),
/// SHA-256 of what is before it. Do not renumber.
Bytes to_bytes(const ReleaseSketch& sketch);
/// One file per sketch: anything else, and another version, is none.
std::optional<ReleaseSketch> parse_sketch(ByteView bytes);

/// The report of the join. A class of it is one class of each release; who is not in a release is
/// in its class of those who are missing. A person in several classes of a release is counted in
/// every combination, so that one release gives its own report. `records` counts these
/// combinations. Throws: kInvalid risk.no_release, risk.sketch_key; kTooLarge risk.too_large, also
/// for a person of more than 65,536 combinations.
RiskReport joint_risk(std::span<const ReleaseSketch> releases, std::uint32_t k,
                      std::uint64_t memory_bytes_max = std::uint64_t{64} << 20U);

}  // namespace pdx::privacy
