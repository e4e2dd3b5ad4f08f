#include "privacy/joint_risk.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

constexpr HashKey kSketchKey{5, 9};

/// Person and class of each record.
using Release = std::vector<std::pair<std::string, std::string>>;

RiskMeter meter_of(const Release& release, const HashKey& key, std::uint32_t k) {
    RiskMeter meter({.subjects = Subjects::kByKey, .k = k}, key);
    for (const auto& [person, where] : release) {
        const std::vector<std::string_view> quasi{where};
        meter.add(quasi, person, {});
    }
    return meter;
}

ReleaseSketch sketch(const Release& release, const HashKey& key = kSketchKey) {
    return sketch_of(meter_of(release, key, 5));
}

Release random_release(std::mt19937_64& random, bool several) {
    Release release;
    for (int i = 0; i < 40; ++i) {
        if (random() % 5 == 0) continue;  // is not in this release
        const std::string person = "p" + std::to_string(several ? random() % 25 : unsigned(i));
        release.emplace_back(person, "c" + std::to_string(random() % 4));
    }
    return release;
}

std::string joint_code(const std::vector<ReleaseSketch>& releases,
                       std::uint64_t bytes = 1U << 20U) {
    try {
        joint_risk(releases, 5, bytes);
        return "";
    } catch (const Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE("joint risk: a class of the join is a class of each release, on random releases",
          "[privacy][joint]") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const auto k = static_cast<std::uint32_t>(1 + random() % 4);
        std::vector<Release> releases;
        for (std::uint64_t i = 0; i <= seed % 3; ++i) {
            releases.push_back(random_release(random, seed % 2 == 0));
        }
        // Every combination of classes of every person, "" where a release has not got the person.
        std::set<std::string> persons;
        std::vector<std::map<std::string, std::set<std::string>>> classes(releases.size());
        for (std::size_t i = 0; i < releases.size(); ++i) {
            for (const auto& [person, where] : releases[i]) {
                persons.insert(person);
                classes[i][person].insert(where);
            }
        }
        std::map<std::vector<std::string>, std::set<std::string>> joined;
        for (const std::string& person : persons) {
            std::vector<std::vector<std::string>> combinations{{}};
            for (const auto& release : classes) {
                const auto found = release.find(person);
                const std::set<std::string> own =
                    found == release.end() ? std::set<std::string>{""} : found->second;
                std::vector<std::vector<std::string>> longer;
                for (const auto& combination : combinations) {
                    for (const std::string& one : own) {
                        longer.push_back(combination);
                        longer.back().push_back(one);
                    }
                }
                combinations = longer;
            }
            for (const auto& combination : combinations) joined[combination].insert(person);
        }
        std::uint64_t least = UINT64_MAX;
        std::uint64_t members = 0;
        std::set<std::string> small;
        for (const auto& [combination, who] : joined) {
            least = std::min<std::uint64_t>(least, who.size());
            members += who.size();
            if (who.size() < k) small.insert(who.begin(), who.end());
        }

        std::vector<ReleaseSketch> sketches;
        for (const Release& release : releases) sketches.push_back(sketch(release));
        const RiskReport report = joint_risk(sketches, k);
        CHECK(report.subjects == persons.size());
        CHECK(report.classes == joined.size());
        CHECK(report.members == members);
        CHECK(report.size_min == least);
        CHECK(report.small_subjects == small.size());

        const RiskReport alone = joint_risk({sketches.data(), 1}, k);
        const RiskReport own = meter_of(releases[0], kSketchKey, k).finish();
        CHECK(alone.sizes == own.sizes);
        CHECK(alone.small_subjects == own.small_subjects);
    }
}

TEST_CASE("joint risk: two releases of k = 2 can leave a person alone", "[privacy][joint]") {
    const Release by_age{{"a", "20-29"}, {"b", "20-29"}, {"c", "30-39"}, {"d", "30-39"}};
    const Release by_place{{"a", "x"}, {"b", "y"}, {"c", "x"}, {"d", "y"}};
    const std::vector<ReleaseSketch> both{sketch(by_age), sketch(by_place)};
    CHECK(joint_risk({both.data(), 1}, 2).size_min == 2);
    CHECK(joint_risk(both, 2).size_min == 1);
    CHECK(joint_risk(both, 2).small_subjects == 4);
    // The same release twice tells nothing more.
    const std::vector<ReleaseSketch> twice{both[0], both[0]};
    CHECK(joint_risk(twice, 2).size_min == 2);
    // Who is missing in the second is told by that.
    const Release without_a{{"b", "x"}, {"c", "x"}, {"d", "x"}};
    const std::vector<ReleaseSketch> missing{both[0], sketch(without_a)};
    CHECK(joint_risk(missing, 2).small_subjects == 2);
}

TEST_CASE("joint risk: what cannot be joined is refused", "[privacy][joint]") {
    const Release release{{"a", "x"}, {"b", "x"}};
    CHECK(joint_code({}) == "risk.no_release");
    CHECK(joint_code({sketch(release), sketch(release, {5, 8})}) == "risk.sketch_key");
    CHECK(joint_code({sketch(release)}, 1000) == "risk.too_large");
    // 41 classes in each of three releases are 68,921 combinations.
    Release everywhere;
    for (int i = 0; i < 41; ++i) everywhere.emplace_back("a", std::to_string(i));
    const ReleaseSketch wide = sketch(everywhere);
    CHECK(joint_code({wide, wide}) == "");
    CHECK(joint_code({wide, wide, wide}, 1U << 30U) == "risk.too_large");
}

TEST_CASE("sketch: its bytes are read back, and no others", "[privacy][joint]") {
    constexpr std::uint64_t kSeed = 4;
    CAPTURE(kSeed);
    std::mt19937_64 random(kSeed);
    for (const Release& release : {Release{}, Release{{"a", "x"}}, random_release(random, true)}) {
        const ReleaseSketch before = sketch(release);
        const Bytes bytes = to_bytes(before);
        CHECK(bytes.size() == 53 + 16 * before.members.size());
        CHECK(parse_sketch(bytes) == before);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CHECK_FALSE(parse_sketch(ByteView(bytes).first(size)));
        }
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            Bytes changed = bytes;
            changed[at] ^= static_cast<std::uint8_t>(1U << random() % 8);
            CHECK_FALSE(parse_sketch(changed));
        }
        Bytes longer = bytes;
        longer.push_back(0);
        CHECK_FALSE(parse_sketch(longer));
    }
}

TEST_CASE("sketch: a digest that fits does not make nonsense true", "[privacy][joint]") {
    const Bytes good = to_bytes(sketch({{"a", "x"}, {"b", "x"}}));
    const auto changed = [&good](auto change) {
        Bytes body(good.begin(), good.end() - Digest::kSize);
        change(body);
        const Digest digest = sha256(ByteView(body));
        body.insert(body.end(), digest.value.begin(), digest.value.end());
        return parse_sketch(body);
    };
    CHECK(changed([](Bytes&) {}));
    CHECK_FALSE(changed([](Bytes& body) { body[4] = 2; }));      // version
    CHECK_FALSE(changed([](Bytes& body) { body[0] = 'Q'; }));    // magic
    CHECK_FALSE(changed([](Bytes& body) { body[13] = 3; }));     // count
    CHECK_FALSE(changed([](Bytes& body) { body[20] = 0x10; }));  // a count whose size overflows
    // Order, and a pair twice.
    CHECK_FALSE(changed([](Bytes& body) {
        std::swap_ranges(body.begin() + 21, body.begin() + 37, body.begin() + 37);
    }));
    CHECK_FALSE(changed(
        [](Bytes& body) { std::copy(body.begin() + 21, body.begin() + 37, body.begin() + 37); }));
}
