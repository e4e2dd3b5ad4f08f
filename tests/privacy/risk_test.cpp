#include "privacy/risk.h"

#include <sodium.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "privacy/decimal.h"
#include "privacy/diversity.h"
#include "privacy/risk_judge.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

constexpr HashKey kRiskKey{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

struct RiskRow {
    std::vector<std::string> quasi;
    std::string subject;
    std::string sensitive;
};

/// Few values, so that classes, persons and values meet often.
std::vector<RiskRow> random_rows(std::mt19937_64& random, std::size_t count, bool numbers) {
    std::vector<RiskRow> rows;
    for (std::size_t i = 0; i < count; ++i) {
        RiskRow row;
        for (const unsigned values : {2U, 3U, 2U}) {
            row.quasi.push_back(std::string(random() % values * 5, 'v'));
        }
        row.subject = "p" + std::to_string(random() % (count / 2 + 1));
        const auto value = static_cast<int>(random() % 7);
        row.sensitive = value == 6 ? ""
                        : numbers  ? std::to_string(value * 3 - 5)
                                   : std::string(1, static_cast<char>('a' + value));
        rows.push_back(row);
    }
    return rows;
}

RiskReport measure(const std::vector<RiskRow>& rows, const RiskOptions& options) {
    RiskMeter meter(options, kRiskKey);
    for (const RiskRow& row : rows) {
        const std::vector<std::string_view> quasi(row.quasi.begin(), row.quasi.end());
        const std::vector<std::string_view> sensitive(options.sensitive.size(), row.sensitive);
        meter.add(quasi, row.subject, sensitive);
    }
    return meter.finish();
}

/// Sets of persons by class, as the definitions say.
struct NaiveRisk {
    std::map<std::vector<std::string>, std::set<std::string>> persons;
    std::map<std::vector<std::string>, std::uint64_t> records;
    std::map<std::vector<std::string>, std::map<std::string, std::uint64_t>> values;
    std::set<std::string> subjects;
    std::set<std::string> small_subjects;
    std::uint64_t members = 0;
    std::uint64_t size_min = UINT64_MAX;
    std::uint64_t small_records = 0;
    std::uint64_t uniques = 0;

    NaiveRisk(const std::vector<RiskRow>& rows, bool by_subject, std::uint64_t k) {
        std::set<std::vector<std::string>> seen;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const RiskRow& row = rows[i];
            const std::string person = by_subject ? row.subject : std::to_string(i);
            persons[row.quasi].insert(person);
            subjects.insert(person);
            ++records[row.quasi];
            std::vector<std::string> said = row.quasi;
            said.push_back(person);
            said.push_back(row.sensitive);
            if (seen.insert(said).second) ++values[row.quasi][row.sensitive];
        }
        for (const auto& [quasi, who] : persons) {
            members += who.size();
            size_min = std::min<std::uint64_t>(size_min, who.size());
            if (who.size() == 1) ++uniques;
            if (who.size() >= k) continue;
            small_records += records[quasi];
            small_subjects.insert(who.begin(), who.end());
        }
    }

    std::uint64_t l_min() const {
        std::uint64_t least = UINT64_MAX;
        for (const auto& [quasi, counts] : values) {
            const std::uint64_t filled = counts.size() - counts.count("");
            least = std::min(least, std::max<std::uint64_t>(1, filled));
        }
        return least;
    }
    long double entropy_l_min() const {
        long double least = 1e9L;
        for (const auto& [quasi, counts] : values) {
            long double total = 0;
            for (const auto& [value, n] : counts) total += value.empty() ? 0 : n;
            long double entropy = 0;
            for (const auto& [value, n] : counts) {
                if (!value.empty()) entropy -= n / total * std::log(n / total);
            }
            least = std::min(least, std::exp(entropy));
        }
        return least;
    }
    long double t_max(bool ordered) const {
        std::map<std::int64_t, long double> table;
        const auto key = [ordered](const std::string& value) -> std::int64_t {
            return ordered ? std::stoll(value) : value.empty() ? -1 : value.front();
        };
        long double all = 0;
        for (const auto& [quasi, counts] : values) {
            for (const auto& [value, n] : counts) {
                if (ordered && value.empty()) continue;
                table[key(value)] += n;
                all += n;
            }
        }
        long double worst = 0;
        for (const auto& [quasi, counts] : values) {
            std::map<std::int64_t, long double> own;
            long double total = 0;
            for (const auto& [value, n] : counts) {
                if (ordered && value.empty()) continue;
                own[key(value)] += n;
                total += n;
            }
            if (total == 0) continue;
            long double sum = 0;
            long double moved = 0;
            for (const auto& [value, n] : table) {
                const long double difference = own[value] / total - n / all;
                moved += difference;
                sum += std::abs(ordered ? moved : difference);
            }
            const long double longest = table.size() > 1 ? table.size() - 1.0L : 1.0L;
            worst = std::max(worst, ordered ? sum / longest : sum / 2);
        }
        return worst;
    }
};

/// SipHash with c and d rounds over bytes, as the paper's text says.
std::uint64_t naive_siphash(int c, int d, const HashKey& key, const std::vector<std::uint8_t>& in) {
    std::uint64_t v0 = key.low ^ 0x736f6d6570736575U;
    std::uint64_t v1 = key.high ^ 0x646f72616e646f6dU;
    std::uint64_t v2 = key.low ^ 0x6c7967656e657261U;
    std::uint64_t v3 = key.high ^ 0x7465646279746573U;
    const auto rotate = [](std::uint64_t x, int by) { return x << by | x >> (64 - by); };
    const auto rounds = [&](int count) {
        for (int i = 0; i < count; ++i) {
            v0 += v1, v1 = rotate(v1, 13), v1 ^= v0, v0 = rotate(v0, 32);
            v2 += v3, v3 = rotate(v3, 16), v3 ^= v2;
            v0 += v3, v3 = rotate(v3, 21), v3 ^= v0;
            v2 += v1, v1 = rotate(v1, 17), v1 ^= v2, v2 = rotate(v2, 32);
        }
    };
    for (std::size_t at = 0; at <= in.size(); at += 8) {
        std::uint64_t word = at + 8 > in.size() ? std::uint64_t{in.size() & 0xffU} << 56U : 0;
        for (std::size_t i = at; i < std::min(at + 8, in.size()); ++i) {
            word |= std::uint64_t{in[i]} << (8 * (i - at));
        }
        v3 ^= word;
        rounds(c);
        v0 ^= word;
    }
    v2 ^= 0xffU;
    rounds(d);
    return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace

TEST_CASE("tuple hash: it is SipHash-1-3 of the words", "[privacy][risk]") {
    std::vector<std::uint8_t> key_bytes(16);
    for (std::size_t i = 0; i < 16; ++i) key_bytes[i] = static_cast<std::uint8_t>(i);
    const HashKey key = HashKey::from_bytes(key_bytes);
    CHECK(key.low == kRiskKey.low);
    CHECK(key.high == kRiskKey.high);
    std::vector<std::uint8_t> bytes;
    TupleHash hash(key);
    for (std::uint8_t i = 0; i < 40; ++i) {
        // The reference itself against libsodium's SipHash-2-4.
        std::array<std::uint8_t, 8> known{};
        crypto_shorthash_siphash24(known.data(), bytes.data(), bytes.size(), key_bytes.data());
        std::uint64_t expected = 0;
        for (std::size_t b = 0; b < 8; ++b) expected |= std::uint64_t{known[b]} << (8 * b);
        CHECK(naive_siphash(2, 4, key, bytes) == expected);
        if (bytes.size() % 8 == 0) {
            TupleHash copy = hash;
            CHECK(copy.finish() == naive_siphash(1, 3, key, bytes));
            std::uint64_t word = 0;
            for (std::size_t b = 0; b < 8; ++b) word |= std::uint64_t{i + b} << (8 * b);
            hash.add_word(word);
        }
        bytes.push_back(i);
    }
}

TEST_CASE("tuple hash: different lists of texts are different, whatever their bytes",
          "[privacy][risk]") {
    std::set<std::uint64_t> hashes;
    std::size_t lists = 0;
    const auto add = [&](const std::vector<std::string>& texts) {
        TupleHash hash(kRiskKey);
        for (const std::string& text : texts) hash.add_text(text);
        hashes.insert(hash.finish());
        ++lists;
    };
    for (std::size_t size = 0; size <= 40; ++size) {
        for (const char c : {'\0', 'a'}) {
            if (size == 0 && c == 'a') continue;
            add({std::string(size, c)});
            add({std::string(size, c), ""});
            if (size > 0) add({"", std::string(size, c)});
            for (std::size_t at = c == 0 ? 1 : 0; at < size; ++at) {
                std::string changed(size, c);
                changed[at] = 'b';
                add({changed});
            }
        }
        // The same bytes, divided elsewhere.
        for (std::size_t cut = 1; cut < size; ++cut) {
            add({std::string(cut, 'x'), std::string(size - cut, 'x')});
        }
    }
    CHECK(hashes.size() == lists);
}

TEST_CASE("risk: the figures are those of sets of persons, on random tables", "[privacy][risk]") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        std::mt19937_64 random(seed);
        const bool numbers = seed % 2 == 0;
        const bool by_subject = seed % 3 != 0;
        const auto rows = random_rows(random, 1 + random() % 120, numbers);
        const auto k = static_cast<std::uint32_t>(1 + random() % 6);
        CAPTURE(seed, rows.size(), k, numbers, by_subject);
        const RiskReport report =
            measure(rows, {.subjects = by_subject ? Subjects::kByKey : Subjects::kRecords,
                           .sensitive = {{"s", numbers}},
                           .k = k});
        const NaiveRisk naive(rows, by_subject, k);
        CHECK(report.records == rows.size());
        CHECK(report.subjects == naive.subjects.size());
        CHECK(report.members == naive.members);
        CHECK(report.classes == naive.persons.size());
        CHECK(report.size_min == naive.size_min);
        CHECK(report.small_records == naive.small_records);
        CHECK(report.small_subjects == naive.small_subjects.size());
        CHECK(report.unique_classes == naive.uniques);
        CHECK(report.prosecutor_highest == Ratio{1, naive.size_min});
        CHECK(report.prosecutor_average == Ratio::of(naive.persons.size(), naive.members));
        CHECK(report.marketer == report.prosecutor_average);
        std::uint64_t banded = 0;
        for (const SizeBand& band : report.sizes) banded += band.members;
        CHECK(banded == naive.members);

        const SensitiveRisk& sensitive = report.sensitive.at(0);
        CHECK(sensitive.ordered == numbers);
        CHECK(sensitive.l_min == naive.l_min());
        const long double entropy = naive.entropy_l_min() * 1000;
        CHECK(static_cast<long double>(sensitive.entropy_l_min) <= entropy + 1e-6L);
        CHECK(static_cast<long double>(sensitive.entropy_l_min) > entropy - 1.001L);
        const long double t = naive.t_max(numbers) * 10'000;
        CHECK(static_cast<long double>(sensitive.t_max) >= t - 1e-6L);
        CHECK(static_cast<long double>(sensitive.t_max) < t + 1.000001L);
    }
}

TEST_CASE("risk: a person with many records is one person", "[privacy][risk]") {
    std::vector<RiskRow> rows(9, {{"a"}, "one", "x"});
    rows.push_back({{"a"}, "two", "x"});
    const RiskReport by_record = measure(rows, {});
    CHECK(by_record.size_min == 10);
    const RiskReport by_person = measure(rows, {.subjects = Subjects::kByKey});
    CHECK(by_person.size_min == 2);
    CHECK(by_person.subjects == 2);
    CHECK(by_person.small_subjects == 2);
    CHECK(by_person.small_records == 10);
    // And says a value once: half the class has x.
    rows.push_back({{"a"}, "two", "y"});
    const RiskReport said =
        measure(rows, {.subjects = Subjects::kByKey, .sensitive = {{"s", false}}});
    CHECK(said.sensitive.at(0).l_min == 2);
    CHECK(said.sensitive.at(0).entropy_l_min == 1889);  // exp(H(2/3, 1/3)) = 1.88988
}

TEST_CASE("risk: a number that is written in many ways is one person", "[privacy][risk]") {
    std::vector<RiskRow> rows;
    for (const char* spelling :
         {"32021119900101123X", "32021119900101123x", " 320211 19900101 123X ",
          "320211-19900101-123X", "３２０２１１１９９００１０１１２３Ｘ", "'32021119900101123X"}) {
        rows.push_back({{"a"}, spelling, "x"});
    }
    rows.push_back({{"a"}, "张三", "x"});
    const RiskReport report = measure(rows, {.subjects = Subjects::kByKey});
    CHECK(report.subjects == 2);
    CHECK(report.size_min == 2);
}

TEST_CASE("risk: a person in several classes is at risk when one of them is small",
          "[privacy][risk]") {
    const std::vector<RiskRow> rows{
        {{"a"}, "one", ""}, {{"a"}, "two", ""}, {{"a"}, "three", ""}, {{"b"}, "one", ""}};
    const RiskReport report = measure(rows, {.subjects = Subjects::kByKey, .k = 3});
    CHECK(report.subjects == 3);
    CHECK(report.members == 4);
    CHECK(report.small_subjects == 1);
    CHECK(report.small_records == 1);
    CHECK(report.unique_classes == 1);
    CHECK(report.prosecutor_average == Ratio{1, 2});
    // Records without a person could all be one's.
    const std::vector<RiskRow> nameless(7, {{"a"}, " ", ""});
    CHECK(measure(nameless, {.subjects = Subjects::kByKey}).size_min == 1);
}

TEST_CASE("risk: a population makes the journalist's risk smaller and no other",
          "[privacy][risk]") {
    std::vector<RiskRow> rows(2, {{"a"}, "", ""});
    rows.insert(rows.end(), 10, {{"b"}, "", ""});
    const RiskReport report = measure(rows, {.population_min = 4});
    CHECK(report.prosecutor_highest == Ratio{1, 2});
    CHECK(report.journalist_highest == Ratio{1, 4});
    CHECK(report.marketer == Ratio{1, 8});  // (2/4 + 10/10) of 12
    CHECK(report.prosecutor_average == Ratio{1, 6});
    CHECK(report.sizes.at(1).classes == 1);
    CHECK(report.sizes.at(4).classes == 1);
}

TEST_CASE("risk: columns of numbers and of texts give the same classes", "[privacy][risk]") {
    constexpr std::uint64_t kSeed = 11;
    CAPTURE(kSeed);
    std::mt19937_64 random(kSeed);
    for (const std::size_t width : {std::size_t{1}, std::size_t{2}, std::size_t{9}}) {
        RiskMeter codes({}, kRiskKey);
        std::vector<RiskRow> rows;
        for (int i = 0; i < 5000; ++i) {
            std::vector<std::uint32_t> row(width);
            RiskRow text;
            for (std::uint32_t& code : row) {
                code = static_cast<std::uint32_t>(random() % 3);
                text.quasi.push_back(std::to_string(code));
            }
            codes.add_codes(row);
            rows.push_back(text);
        }
        const RiskReport a = codes.finish();
        const RiskReport b = measure(rows, {});
        CHECK(a.classes == b.classes);
        CHECK(a.sizes == b.sizes);
    }
}

TEST_CASE("risk: a column of numbers with another value is one of categories", "[privacy][risk]") {
    std::vector<RiskRow> rows{{{"a"}, "", "1"}, {{"a"}, "", "1.0"}, {{"b"}, "", "5"}};
    const RiskOptions options{.sensitive = {{"s", true}}};
    CHECK(measure(rows, options).sensitive.at(0).distinct == 2);
    CHECK(measure(rows, options).sensitive.at(0).ordered);
    rows.push_back({{"b"}, "", "many"});
    CHECK_FALSE(measure(rows, options).sensitive.at(0).ordered);
    // "" and "0" are two things.
    const std::vector<RiskRow> zero{{{"a"}, "", "0"}, {{"a"}, "", ""}, {{"a"}, "", "1"}};
    CHECK(measure(zero, options).sensitive.at(0).distinct == 2);
}

TEST_CASE("risk: more classes than the memory holds are refused", "[privacy][risk]") {
    for (const Subjects subjects : {Subjects::kRecords, Subjects::kByKey}) {
        RiskMeter meter({.subjects = subjects, .memory_bytes_max = 200'000}, kRiskKey);
        try {
            for (int i = 0; i < 100'000; ++i) {
                const std::string text = std::to_string(i);
                const std::vector<std::string_view> quasi{text};
                meter.add(quasi, text, {});
            }
            meter.finish();
            FAIL("counted");
        } catch (const Error& error) {
            CHECK(error.code() == "risk.too_large");
            CHECK(error.kind() == ErrorKind::kTooLarge);
        }
        // Figures of a part would look better than they are.
        CHECK_THROWS_AS(meter.finish(), InvariantViolation);
    }
}

TEST_CASE("risk: an empty table is the worst there is", "[privacy][risk]") {
    const RiskReport report = measure({}, {.sensitive = {{"s", false}}});
    CHECK(report.size_min == 0);
    CHECK(report.prosecutor_highest == Ratio{1, 1});
    CHECK(report.sensitive.at(0).l_min == 0);
    CHECK(report.sensitive.at(0).t_max == 10'000);
    const RiskJudgement judgement = judge(report, {}, {});
    CHECK_FALSE(judgement.accepted);
    CHECK(judgement.reasons.at(0).code == "risk.no_records");
}

TEST_CASE("decimal: numbers are read exactly, and nothing else is a number", "[privacy][risk]") {
    CHECK(decimal_millionths("0") == 0);
    CHECK(decimal_millionths("-1.5") == -1'500'000);
    CHECK(decimal_millionths("+007.000001") == 7'000'001);
    CHECK(decimal_millionths("9223372036854") == 9'223'372'036'854'000'000);
    for (const char* text : {"", "-", "+", ".", "1.", ".5", "1e5", "1,000", "1.0000001", " 1",
                             "--1", "9223372036855", "99999999999999999999", "1.2.3", "NaN"}) {
        CAPTURE(text);
        CHECK_FALSE(decimal_millionths(text));
    }
}

TEST_CASE("log2: the fixed point is a lower bound and less than two units away",
          "[privacy][risk]") {
    std::mt19937_64 random(3);
    for (std::uint64_t i = 0; i < 5000; ++i) {
        const std::uint64_t n = i < 2000 ? i + 1 : (random() >> (1 + random() % 60)) | 1U;
        const long double exact = std::log2(static_cast<long double>(n)) * 4294967296.0L;
        const auto found = static_cast<long double>(log2_floor(n));
        CAPTURE(n);
        CHECK(found <= exact + 1e-6L);
        CHECK(found > exact - 2);
    }
}
