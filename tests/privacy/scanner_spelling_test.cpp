/// Identifiers in spellings of word processors, web pages and wide text.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "privacy/detect.h"
#include "privacy/scanner.h"
#include "tests/support/catch.h"

using namespace pdx::privacy;

namespace {

std::vector<Finding> scanned(std::string_view text) {
    std::vector<Finding> findings;
    scan(text, findings);
    std::vector<Finding> portable;
    scan(text, portable, mask_portable);
    REQUIRE(findings == portable);
    return findings;
}

std::string repeated(std::string_view piece, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += piece;
    return text;
}

/// `text` with each dash replaced.
std::string with_sign(std::string_view text, std::string_view sign) {
    std::string result;
    for (const char c : text) result += c == '-' ? std::string(sign) : std::string(1, c);
    return result;
}

}  // namespace

TEST_CASE("scanner: no length before or behind hides a wide number", "[privacy][scanner]") {
    const std::string mobile = "１３８００１３８０００";
    for (const std::size_t size :
         std::vector<std::size_t>{100, 255, 256, 257, 4'095, 4'096, 4'097, 100'000}) {
        for (const std::string& front :
             {std::string(size - 1, 'a') + ' ', repeated("ab ", size), std::string(size, '.')}) {
            INFO(size << front.substr(0, 4));
            const std::string text = front + mobile + ' ' + front + "。";
            const auto findings = scanned(text);
            REQUIRE(findings.size() == 1);
            CHECK(findings[0] == Finding{Kind::kMobile, front.size(), mobile.size()});
        }
    }
    const std::string front(256, 'a');
    CHECK(scanned(front + mobile) ==
          std::vector<Finding>{{Kind::kMobile, front.size(), mobile.size()}});
}

TEST_CASE("scanner: of many wide numbers none is missed", "[privacy][scanner]") {
    const std::vector<std::pair<Kind, std::string>> samples{
        {Kind::kMobile, "１３８００１３８０００"},
        {Kind::kMobile, "138－0013－8000"},
        {Kind::kResidentId, "１１０１０５１９４９１２３１００２Ｘ"},
        {Kind::kEmail, "li.si＠example.com"}};
    for (const auto& [kind, sample] : samples) {
        for (const std::size_t shift : std::vector<std::size_t>{0, 1, 5, 11}) {
            const std::string front = std::string(shift, '.') + ' ';
            const std::string text = front + repeated(sample + ' ', 2'000);
            const auto findings = scanned(text);
            INFO(sample << " " << shift);
            REQUIRE(findings.size() == 2'000);
            for (std::size_t i = 0; i < findings.size(); ++i) {
                const Finding expected{kind, front.size() + i * (sample.size() + 1), sample.size()};
                REQUIRE(findings[i] == expected);
            }
        }
    }
}

TEST_CASE("scanner: a number behind a wide one hides neither", "[privacy][scanner]") {
    CHECK(scanned("１３８００１３８０００,13900139000").size() == 2);
    CHECK(scanned("13900139000,１３８００１３８０００").size() == 2);
}

TEST_CASE("scanner, detect: dashes and spaces of typography stand in numbers",
          "[privacy][scanner][detect]") {
    for (const char* sign :
         {"－", "\u00A0", "\u2010", "\u2011", "\u2013", "\u2014", "\u200B", "\u3000", "\u2212",
          "\u2009", "\u202F", "\u2060", "\u00AD", "\uFEFF"}) {
        for (const auto& [kind, dashed] : std::vector<std::pair<Kind, std::string>>{
                 {Kind::kMobile, "138-0013-8000"},
                 {Kind::kResidentId, "110105-19491231-002X"},
                 {Kind::kBankCard, "6222-0299-0000-0000-002"}}) {
            const std::string number = with_sign(dashed, sign);
            INFO(number);
            CHECK(detect_value(number).has(kind));
            for (const std::string& front :
                 {std::string(), std::string("电话："), std::string(60, ','), std::string(62, ','),
                  std::string(63, ',')}) {
                const Finding expected{kind, front.size(), number.size()};
                CHECK(scanned(front + number) == std::vector<Finding>{expected});
                CHECK(scanned(front + number + "。") == std::vector<Finding>{expected});
            }
        }
    }
    CHECK(detect_value("0510－85012345").has(Kind::kLandline));
    CHECK(normalise_identifier("138\u200B0013\u00A08000") == "13800138000");
    CHECK(normalise_identifier("\u00A013800138000\u200B") == "13800138000");
}

TEST_CASE("scanner: signs of typography between other numbers find nothing", "[privacy][scanner]") {
    for (const char* text :
         {"2019—2020年", "4500－138－0013－8000", "3\u00A0200\u00A0000", "2026－03－01", "第8—9页",
          "（2026）苏0205民初1234号", "1\u00A0234\u00A0567,89", "SN１３８００１３８０００",
          "10\u2013138001380001"}) {
        INFO(text);
        CHECK(scanned(text).empty());
    }
}
