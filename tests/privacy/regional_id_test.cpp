/// Identity cards of Hong Kong and Taiwan, certificates of the forces, and what else has a form of
/// its own: dotted MAC addresses, coordinates inside a text.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "privacy/checksum.h"
#include "privacy/classify.h"
#include "privacy/column_profiler.h"
#include "privacy/detect.h"
#include "privacy/free_text.h"
#include "privacy/scanner.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

using Random = std::mt19937;

std::string digits(Random& random, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random() % 10);
    return text;
}

/// The one of the check characters with which it holds.
template <class Holds>
std::string completed(const std::string& payload, Holds holds) {
    for (const char check : std::string("0123456789A")) {
        if (holds(payload + check)) return payload + check;
    }
    FAIL("no check character fits " << payload);
    return {};
}

std::string hong_kong_id(Random& random) {
    std::string payload(1, static_cast<char>('A' + random() % 26));
    if (random() % 4 == 0) payload += static_cast<char>('A' + random() % 26);
    return completed(payload + digits(random, 6), is_valid_hong_kong_id);
}

std::string bracketed(const std::string& number) {
    return number.substr(0, number.size() - 1) + "(" + number.back() + ")";
}

std::string taiwan_id(Random& random) {
    const std::string place(1, static_cast<char>('A' + random() % 26));
    return completed(place + "1289"[random() % 4] + digits(random, 7), is_valid_taiwan_id);
}

ColumnClass column_of(const std::string& name, const std::vector<std::string>& values) {
    ColumnProfiler profiler(name, {});
    for (std::size_t row = 0; row < values.size(); ++row) profiler.add(values[row], row);
    return profiler.classify();
}

std::vector<Finding> found(std::string_view text) {
    std::vector<Finding> findings;
    scan(text, findings);
    return findings;
}

std::string masked(const std::string& text) {
    FreeTextMasker masker;
    FreeTextCounts counts{};
    return std::string(masker.mask(text, counts));
}

}  // namespace

TEST_CASE("regional id: published examples hold, and one character changed breaks them",
          "[privacy][checksum]") {
    for (const std::string& good : {std::string("A1234563"), std::string("AB9876543")}) {
        CHECK(is_valid_hong_kong_id(good));
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (const char c : std::string("0123456789ABC")) {
                std::string changed = good;
                changed[i] = c;
                if (c != good[i]) CHECK_FALSE(is_valid_hong_kong_id(changed));
            }
        }
    }
    for (const char* bad :
         {"", "A", "A123456", "a1234563", "A12345633", "ABC1234563", "11234563"}) {
        CHECK_FALSE(is_valid_hong_kong_id(bad));
    }
    CHECK(is_valid_taiwan_id("A123456789"));
    CHECK(is_valid_taiwan_id("A800000014"));
    for (char last = '0'; last <= '9'; ++last) {
        CHECK(is_valid_taiwan_id(std::string("A12345678") + last) == (last == '9'));
    }
    for (const char* bad :
         {"", "A12345678", "a123456789", "A323456789", "1123456789", "A1234567890", "AA23456789"}) {
        CHECK_FALSE(is_valid_taiwan_id(bad));
    }
}

TEST_CASE("regional id: chance is what the tables say", "[privacy][checksum]") {
    const unsigned seed = 20'261'127;
    INFO("seed " << seed);
    Random random(seed);
    constexpr int kDraws = 200'000;
    int hong_kong = 0;
    int taiwan = 0;
    for (int i = 0; i < kDraws; ++i) {
        const std::string letter(1, static_cast<char>('A' + random() % 26));
        if (is_valid_hong_kong_id(letter + digits(random, 7))) ++hong_kong;
        if (is_valid_taiwan_id(letter + digits(random, 9))) ++taiwan;
    }
    const auto ppm = [](int hits) { return static_cast<std::int64_t>(hits) * 1'000'000 / kDraws; };
    CHECK(std::abs(ppm(hong_kong) - random_acceptance_ppm(Kind::kHongKongId)) < 3'000);
    CHECK(std::abs(ppm(taiwan) - random_acceptance_ppm(Kind::kTaiwanId)) < 3'000);
}

TEST_CASE("regional id: found in a text alone, glued to Chinese, in full width, and nowhere else",
          "[privacy][scan]") {
    const unsigned seed = 4;
    Random random(seed);
    INFO("seed " << seed);
    for (int i = 0; i < 200; ++i) {
        const std::string card = bracketed(hong_kong_id(random));
        const std::string number = taiwan_id(random);
        for (const auto& [kind, id] :
             {std::pair(Kind::kHongKongId, card), std::pair(Kind::kTaiwanId, number)}) {
            INFO(id);
            CHECK(found(id) == std::vector<Finding>{{kind, 0, id.size()}});
            const std::string glued = "持证人" + id + "已登记";
            CHECK(found(glued) == std::vector<Finding>{{kind, 9, id.size()}});
            CHECK(found("x" + id).empty());
            for (const Finding& one : found(number + "9")) CHECK(one.kind != Kind::kTaiwanId);
        }
        std::string wide = card;
        wide.replace(wide.find('('), 1, "（");
        wide.replace(wide.find(')'), 1, "）");
        REQUIRE(found("证" + wide).size() == 1);
        CHECK(found("证" + wide)[0].kind == Kind::kHongKongId);
    }
    for (const char* none : {"f(3)", "A12345(6)", "A123456(B)", "A123456(0)", "a = b(1)",
                             "ABC123456(3)", "第3(1)款", "B123456789"}) {
        INFO(none);
        CHECK(found(none).empty());
    }
}

TEST_CASE("regional id: columns of them are told without a header, and random ones are not",
          "[privacy][classify]") {
    const unsigned seed = 9;
    Random random(seed);
    INFO("seed " << seed);
    std::vector<std::string> cards;
    std::vector<std::string> plain;
    std::vector<std::string> numbers;
    std::vector<std::string> military;
    std::vector<std::string> codes;
    for (int i = 0; i < 60; ++i) {
        plain.push_back(hong_kong_id(random));
        cards.push_back(bracketed(plain.back()));
        numbers.push_back(taiwan_id(random));
        military.push_back("军字第" + digits(random, 7) + "号");
        codes.push_back("K" + digits(random, 9));
    }
    for (const char* name : {"col1", "证件"}) {
        CHECK(column_of(name, cards).kind == Kind::kHongKongId);
        CHECK(column_of(name, plain).kind == Kind::kHongKongId);
        CHECK(column_of(name, numbers).kind == Kind::kTaiwanId);
        CHECK(column_of(name, military).kind == Kind::kMilitaryId);
        CHECK(column_of(name, military).sensitivity == Sensitivity::kDirectIdentifier);
    }
    CHECK(column_of("col1", codes).kind != Kind::kTaiwanId);
    for (const auto& [header, kind] :
         {std::pair("香港身份证号", Kind::kHongKongId), std::pair("台湾身份证", Kind::kTaiwanId),
          std::pair("军官证号", Kind::kMilitaryId), std::pair("hkid", Kind::kHongKongId)}) {
        CHECK(column_of(header, {}).kind == kind);
    }
    CHECK(column_of("文号", {"京民字第1234号", "锡数字第12号", "苏府字第123456号"}).sensitivity !=
          Sensitivity::kDirectIdentifier);
}

TEST_CASE("military certificate: masked in a text, and no file number with it", "[privacy][mask]") {
    CHECK(masked("持军字第0123456号军官证") == "持军字第〔军警证件号码〕号军官证");
    CHECK(masked("军官证号：0123456") == "军官证号：〔军警证件号码〕");
    CHECK(masked("依据京民字第1234号文件") == "依据京民字第1234号文件");
}

TEST_CASE("mac address: the dotted form is one, three numbers are none", "[privacy][scan]") {
    const std::string address = "00a1.B2c3.d4e5";
    CHECK(found("端口" + address + "，在线") ==
          std::vector<Finding>{{Kind::kMacAddress, 6, address.size()}});
    CHECK(detect_value(address).has(Kind::kMacAddress));
    for (const char* none : {"1234.5678.9012", "00a1.b2c3.d4e5f", "00a1.b2c3.d4", "x00a1.b2c3.d4e5",
                             "00a1.b2c3.d4e5.66", "1.00a1.b2c3.d4e5"}) {
        INFO(none);
        CHECK(found(none).empty());
    }
}

TEST_CASE("coordinates: pairs in China are masked in a text, other decimals are not",
          "[privacy][mask]") {
    const std::string mark = free_text_mark(Kind::kCoordinate);
    for (const char* pair : {"120.3012,31.5712", "31.57121，120.30128", "120.3012 31.5712",
                             "120.30128°, 北纬31.57121", "120.3012E, 31.5712"}) {
        INFO(pair);
        CHECK(masked("事发位置 " + std::string(pair) + "，已处置") ==
              "事发位置 " + mark + "，已处置");
    }
    CHECK(masked("东经120.30128°，北纬31.57121°") == "东经" + mark + "°");
    for (const char* none : {"价格 120.3012 元，数量 31.5712 吨", "120.30,31.57",
                             "220.3012,31.5712", "版本 120.3012.1,31.5712", "120.3012,121.5712"}) {
        INFO(none);
        CHECK(masked(none) == none);
    }
}
