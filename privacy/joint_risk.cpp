#include "privacy/joint_risk.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

using Member = ClassCounts::Member;

constexpr std::string_view kSketchMagic = "PDXR";
constexpr std::uint8_t kSketchVersion = 1;
constexpr std::size_t kSketchHead = 4 + 1 + 8 + 8;
constexpr std::size_t kSketchPair = 16;
constexpr std::uint64_t kCombinationsMax = 65'536;

void append_word(Bytes& out, std::uint64_t word) {
    for (unsigned i = 0; i < 8; ++i) out.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
}

std::uint64_t word_at(ByteView bytes, std::size_t at) {
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{bytes[at + i]} << (8 * i);
    return word;
}

/// One person's classes in one release.
using Classes = std::span<const Member>;

class Joiner {
public:
    Joiner(std::span<const ReleaseSketch> releases, std::uint64_t memory_bytes_max)
        : budget_(memory_bytes_max),
          counts_(Subjects::kByKey, budget_),
          classes_(releases.size()) {
        for (const ReleaseSketch& release : releases) left_.emplace_back(release.members);
    }

    RiskReport run(std::uint32_t k) {
        while (const std::optional<std::uint64_t> subject = next_subject()) {
            std::uint64_t combinations = 1;
            for (std::size_t i = 0; i < left_.size(); ++i) {
                classes_[i] = take(left_[i], *subject);
                combinations *= std::max<std::size_t>(1, classes_[i].size());
                if (combinations > kCombinationsMax) budget_.take(UINT64_MAX);
            }
            for (std::uint64_t at = 0; at < combinations; ++at) {
                counts_.add(combination(at), *subject);
            }
        }
        return counts_.report(k, 0);
    }

private:
    std::optional<std::uint64_t> next_subject() const {
        std::optional<std::uint64_t> least;
        for (const Classes& one : left_) {
            if (!one.empty()) least = std::min(least.value_or(UINT64_MAX), one.front().subject);
        }
        return least;
    }
    /// Members are sorted, so a person's stand in front.
    static Classes take(Classes& left, std::uint64_t subject) {
        std::size_t count = 0;
        while (count < left.size() && left[count].subject == subject) ++count;
        const Classes taken = left.first(count);
        left = left.subspan(count);
        return taken;
    }
    /// The hash of the combination with this number. What goes in is keyed already.
    std::uint64_t combination(std::uint64_t number) const {
        TupleHash hash({});
        for (const Classes& one : classes_) {
            hash.add_word(one.empty() ? 0 : 1);
            if (one.empty()) continue;
            hash.add_word(one[number % one.size()].class_hash);
            number /= one.size();
        }
        return hash.finish();
    }

    MemoryBudget budget_;
    ClassCounts counts_;
    std::vector<Classes> left_;
    std::vector<Classes> classes_;
};

}  // namespace

ReleaseSketch sketch_of(const RiskMeter& meter) { return {meter.key_tag(), meter.members()}; }

Bytes to_bytes(const ReleaseSketch& sketch) {
    PDX_CHECK(sketch.members.size() <= kSketchMembersMax);
    const ByteView magic = as_bytes(kSketchMagic);
    Bytes out(magic.begin(), magic.end());
    out.reserve(kSketchHead + kSketchPair * sketch.members.size() + Digest::kSize);
    out.push_back(kSketchVersion);
    append_word(out, sketch.key_tag);
    append_word(out, sketch.members.size());
    for (const Member& one : sketch.members) {
        append_word(out, one.subject);
        append_word(out, one.class_hash);
    }
    const Digest digest = sha256(ByteView(out));
    out.insert(out.end(), digest.value.begin(), digest.value.end());
    return out;
}

std::optional<ReleaseSketch> parse_sketch(ByteView bytes) {
    if (bytes.size() < kSketchHead + Digest::kSize) return std::nullopt;
    const ByteView body = bytes.first(bytes.size() - Digest::kSize);
    if (as_text(body.first(kSketchMagic.size())) != kSketchMagic) return std::nullopt;
    if (body[kSketchMagic.size()] != kSketchVersion) return std::nullopt;
    const std::uint64_t count = word_at(body, 13);
    if (count > kSketchMembersMax || body.size() != kSketchHead + count * kSketchPair) {
        return std::nullopt;
    }
    const Digest digest = sha256(body);
    if (!std::equal(digest.value.begin(), digest.value.end(), bytes.end() - Digest::kSize)) {
        return std::nullopt;
    }
    ReleaseSketch sketch{word_at(body, 5), {}};
    sketch.members.reserve(count);
    for (std::size_t at = kSketchHead; at < body.size(); at += kSketchPair) {
        const Member one{word_at(body, at), word_at(body, at + 8)};
        if (!sketch.members.empty() && !(sketch.members.back() < one)) return std::nullopt;
        sketch.members.push_back(one);
    }
    return sketch;
}

RiskReport joint_risk(std::span<const ReleaseSketch> releases, std::uint32_t k,
                      std::uint64_t memory_bytes_max) {
    if (releases.empty()) {
        throw invalid("risk.no_release",
                      {"There is no release to join.", "没有可合并评估的版本。"});
    }
    for (const ReleaseSketch& one : releases) {
        if (one.key_tag == releases.front().key_tag) continue;
        throw invalid("risk.sketch_key",
                      {"The sketches were made under different keys, so persons cannot be matched.",
                       "摘要使用了不同的密钥，无法匹配同一人。"});
    }
    return Joiner(releases, memory_bytes_max).run(k);
}

}  // namespace pdx::privacy
