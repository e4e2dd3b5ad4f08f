#include "privacy/scanner.h"

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "privacy/checksum.h"
#include "tests/support/catch.h"

using namespace pdx::privacy;

namespace {

using Sample = std::pair<Kind, std::string>;

/// One of each kind and spelling, its whole text.
const std::vector<Sample>& samples() {
    static const std::vector<Sample> kSamples{
        {Kind::kResidentId, "11010519491231002X"},
        {Kind::kResidentId, "11010519491231002x"},
        {Kind::kResidentId, "110105 19491231 002X"},
        {Kind::kResidentId, "110105-1949-1231-002X"},
        {Kind::kResidentId, "110105 194912 31002X"},
        {Kind::kResidentId, "810000199408230021"},
        {Kind::kResidentId, "１１０１０５１９４９１２３１００２Ｘ"},
        {Kind::kResidentId, "11010519491231002Ｘ"},
        {Kind::kResidentId, "11010519491231002X43"},
        {Kind::kResidentId, "11010519491231002x11"},
        {Kind::kResidentId, "１１０１０５１９４９１２３１００２Ｘ４３"},
        {Kind::kResidentId15, "320205491231002"},
        {Kind::kForeignResidentId, "911124198108030024"},
        {Kind::kForeignResidentId, "USA310068123456"},
        {Kind::kPassport, "E12345678"},
        {Kind::kPassport, "EA1234567"},
        {Kind::kPassport, "PE1234567"},
        {Kind::kTravelPermit, "H12345678"},
        {Kind::kTravelPermit, "M1234567801"},
        {Kind::kTravelPermit, "CA1234567"},
        {Kind::kMobile, "13800138000"},
        {Kind::kMobile, "138 0013 8000"},
        {Kind::kMobile, "138-0013-8000"},
        {Kind::kMobile, "8613800138000"},
        {Kind::kMobile, "008613800138000"},
        {Kind::kMobile, "86 138 0013 8000"},
        {Kind::kMobile, "86-13800138000"},
        {Kind::kMobile, "１３８００１３８０００"},
        {Kind::kMobile, "138００138000"},
        {Kind::kMobile, "013800138000"},
        {Kind::kLandline, "0510-85012345"},
        {Kind::kLandline, "051085012345"},
        {Kind::kLandline, "(0510)85012345"},
        {Kind::kLandline, "010-62345678-801"},
        {Kind::kLandline, "0510 85012345"},
        {Kind::kLandline, "010 8501 2345"},
        {Kind::kLandline, "0510 8501 2345"},
        {Kind::kLandline, "0510-8501-2345"},
        {Kind::kLandline, "(0510) 85012345"},
        {Kind::kLandline, "(010)8501-2345"},
        {Kind::kLandline, "(0510)85012345-801"},
        {Kind::kLandline, "（0510）85012345"},
        {Kind::kLandline, "（０５１０）８５０１２３４５"},
        {Kind::kLandline, "0086-510-85012345"},
        {Kind::kLandline, "0086 10 8501 2345"},
        {Kind::kBankCard, "6222029900000000002"},
        {Kind::kBankCard, "6222 0299 0000 0000 002"},
        {Kind::kUscc, "91350100M000100Y43"},
        {Kind::kUscc, "91350100m000100y43"},
        {Kind::kSoleTraderCode, "92320299MAXX00066Y"},
        {Kind::kOrgCode, "D2143569X"},
        {Kind::kOrgCode, "D2143569-X"},
        {Kind::kPlate, "苏B12345"},
        {Kind::kPlate, "苏B·12345"},
        {Kind::kPlate, "苏B•12345"},
        {Kind::kPlate, "苏B 12345"},
        {Kind::kPlate, "苏BD12345"},
        {Kind::kPlate, "沪A1234学"},
        {Kind::kPlate, "沪A·0023领"},
        {Kind::kPlate, "京A1234使"},
        {Kind::kPlate, "苏B\u00A012345"},
        {Kind::kPlate, "苏B－12345"},
        {Kind::kPlate, "WJ苏12345"},
        {Kind::kPlate, "WJ苏·1234X"},
        {Kind::kPlate, "wj 苏12345"},
        {Kind::kVin, "LSVAA4183E2000001"},
        {Kind::kImei, "356938035643809"},
        {Kind::kImsi, "460001234567890"},
        {Kind::kIccid, "89860012345678901230"},
        {Kind::kMeid, "A0000049259B01"},
        {Kind::kEmail, "li.si@example.com"},
        {Kind::kEmail, "13800138000@139.com"},
        {Kind::kEmail, "a_b+c@mail.wuxi.gov.cn"},
        {Kind::kEmail, "li.si＠example.com"},
        {Kind::kIpAddress, "10.0.0.1"},
        {Kind::kIpAddress, "192.168.1.1"},
        {Kind::kIpAddress, "8.8.8.8"},
        {Kind::kIpAddress, "2001:db8::ff00:42:8329"},
        {Kind::kIpAddress, "fe80:0:0:0:204:61ff:fe9d:f156"},
        {Kind::kMacAddress, "00:1A:2b:3C:4d:5E"},
        {Kind::kMacAddress, "00-1A-2B-3C-4D-5E"},
        {Kind::kStudentRoll, "G320299199003070003"},
    };
    return kSamples;
}

std::vector<Finding> scan_with(std::string_view text, MaskFunction mask) {
    std::vector<Finding> findings;
    scan(text, findings, mask);
    return findings;
}

std::string shown(std::string_view text, const std::vector<Finding>& findings) {
    std::string all;
    for (const Finding& one : findings) {
        all += std::string(kind_code(one.kind)) + "=" +
               std::string(text.substr(one.begin, one.size)) + " ";
    }
    return all;
}

/// Bytes of all kinds, those that matter more often.
std::string random_text(std::mt19937& random, std::size_t size) {
    constexpr std::string_view kOften = "0123456789Xx@.-: \xEF\xBC\x91\xC2\xB7";
    std::string text;
    while (text.size() < size) {
        text += random() % 3 == 0 ? static_cast<char>(random() % 256)
                                  : kOften[random() % kOften.size()];
    }
    return text;
}

}  // namespace

TEST_CASE("scanner: the masks are the same on every machine", "[privacy][scanner][property]") {
    std::string text;
    for (int byte = 0; byte < 256; ++byte) text += static_cast<char>(byte);
    std::array<CharMasks, 4> portable{};
    mask_portable(text.data(), portable.size(), portable.data());
    std::array<std::uint64_t, 4> specials{};
    special_portable(text.data(), specials.size(), specials.data());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto bit = [&](std::uint64_t mask) { return (mask >> (i % kMaskBlock) & 1U) != 0; };
        const CharMasks& block = portable.at(i / kMaskBlock);
        INFO("byte " << i);
        CHECK(bit(block.digit) == (c >= '0' && c <= '9'));
        CHECK(bit(block.letter) == ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')));
        CHECK(bit(block.wide) == (c == '\xEF'));
        CHECK(bit(block.high) == (static_cast<unsigned char>(c) >= 0x80));
        CHECK(bit(block.behind) == (std::string_view(".:-) ").find(c) != std::string_view::npos));
        CHECK(bit(block.at) == (c == '@'));
        const bool special = std::string_view(",\"\n\r\0", 5).find(c) != std::string_view::npos;
        CHECK(bit(specials.at(i / kMaskBlock)) == special);
    }
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::array<std::pair<MaskFunction, SpecialFunction>, 2> machines{
        {{mask_avx2(), special_avx2()}, {mask_avx512(), special_avx512()}}};
    for (const auto& [mask, special] : machines) {
        if (mask == nullptr) {
            WARN("this machine has no AVX2, or no AVX-512");
            continue;
        }
        std::array<CharMasks, 4> fast{};
        mask(text.data(), fast.size(), fast.data());
        CHECK(fast == portable);
        std::array<std::uint64_t, 4> fast_specials{};
        special(text.data(), fast_specials.size(), fast_specials.data());
        CHECK(fast_specials == specials);
        for (int round = 0; round < 2'000; ++round) {
            const std::string noise = random_text(random, random() % 9'000);
            REQUIRE(scan_with(noise, mask) == scan_with(noise, mask_portable));
        }
    }
}

TEST_CASE("scanner: every kind is found whole, wherever it stands", "[privacy][scanner]") {
    const std::vector<std::pair<std::string, std::string>> surroundings{
        {"", ""},       {",", ","},   {"号码", "。"}, {"（", "）"},
        {"\n", "\r\n"}, {"\"", "\""}, {"号：", "，"}};
    for (const auto& [kind, sample] : samples()) {
        for (const auto& [front, back] : surroundings) {
            const std::string text = front + sample + back;
            INFO(text);
            const auto findings = scan_with(text, mask_best());
            INFO(shown(text, findings));
            REQUIRE(findings.size() == 1);
            CHECK(findings[0] == Finding{kind, front.size(), sample.size()});
        }
    }
}

TEST_CASE("scanner: blocks and passes leave no seam", "[privacy][scanner]") {
    for (const auto& [kind, sample] : samples()) {
        for (const std::size_t seam : {std::size_t{64}, std::size_t{4'096}, std::size_t{8'192}}) {
            for (std::size_t shift = 0; shift <= sample.size() + 2; ++shift) {
                std::string text(seam - shift, ',');
                const std::size_t begin = text.size();
                text += sample + ',' + sample;
                INFO(kind_code(kind) << " at " << begin);
                const auto findings = scan_with(text, mask_best());
                REQUIRE(findings.size() == 2);
                CHECK(findings[0] == Finding{kind, begin, sample.size()});
                CHECK(findings[1] == Finding{kind, begin + sample.size() + 1, sample.size()});
            }
        }
    }
}

TEST_CASE("scanner: findings ascend, do not overlap, and lie in the text",
          "[privacy][scanner][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (unsigned i = 0; i < random() % 20; ++i) {
            text += random() % 3 == 0 ? random_text(random, random() % 12)
                                      : samples()[random() % samples().size()].second;
            if (random() % 2 == 0) text += ',';
        }
        std::size_t end = 0;
        for (const Finding& one : scan_with(text, mask_best())) {
            REQUIRE(one.size > 0);
            REQUIRE(one.begin >= end);
            end = one.begin + one.size;
            REQUIRE(end <= text.size());
        }
    }
}

TEST_CASE("scanner: an ASCII letter or digit beside it is a part of it", "[privacy][scanner]") {
    for (const char* text : {"SN13800138000",
                             "13800138000A",
                             "113800138000",
                             "x11010519491231002X",
                             "6222029900000000002b",
                             "苏B12345Z8",
                             "3.13800138000",
                             "13800138000.25",
                             "1.2.3.4",
                             "11.2.0.4",
                             "v1.2.3.4",
                             "256.1.1.1",
                             "12:30:45",
                             "std::string",
                             "ab::cd",
                             "00:1A:2B:3C:4D",
                             "2026-03-01 08:00:00",
                             "2026-03-01",
                             "550e8400-e29b-41d4-a716-446655440000",
                             "d41d8cd98f00b204e9800998ecf8427e",
                             "1767225600000",
                             "订单20260301000123",
                             "4500 138 0013 8000",
                             "4500 010 8501 2345",
                             "86-510-85012345",
                             "+86-610-1501234",
                             "010 1501 2345",
                             "0510 8501 23456",
                             "0510 850 12345",
                             "010 8501 234X",
                             "(2026) 85012345",
                             "(0510) 15012345",
                             "(0510) 8501",
                             "(ab12) 85012345",
                             "(0510) 85012345.5",
                             "0100 2345 6789 0123",
                             "0010 8501 2345",
                             "012000138000",
                             "0138001380001",
                             "a@b",
                             "@example.com",
                             "京A1234",
                             "WJ苏1234",
                             "WJ苏123456",
                             "AWJ苏12345",
                             "WJ 12345",
                             "11010519491231002X83",
                             "11010519491231002X45",
                             "11010519491231002143",
                             "1,234,567.89",
                             "120.301663,31.574729",
                             "1.10105E+17"}) {
        INFO(text);
        const auto findings = scan_with(text, mask_best());
        INFO(shown(text, findings));
        CHECK(findings.empty());
    }
    CHECK(scan_with("+86-510-85012345", mask_best()) ==
          std::vector<Finding>{{Kind::kLandline, 1, 15}});
    CHECK(scan_with("+86 10 8501 2345", mask_best()) ==
          std::vector<Finding>{{Kind::kLandline, 1, 15}});
    CHECK(scan_with("13800138000.0,", mask_best()).size() == 1);
}

TEST_CASE("scanner: identifiers of persons are found inside text", "[privacy][scanner]") {
    struct Case {
        std::string text;
        Kind kind;
    };
    const std::vector<Case> cases{
        {"联系人张三，电话13800138000。", Kind::kMobile},
        {"电话:+8613800138000", Kind::kMobile},
        {"身份证11010519491231002x号", Kind::kResidentId},
        {"身份证１１０１０５１９４９１２３１００２Ｘ号", Kind::kResidentId},
        {"学籍G320299199003070003", Kind::kStudentRoll},
        {"致电 138 0013 8000 联系", Kind::kMobile},
        {"证件 110105 19491231 002X", Kind::kResidentId},
        {"卡号6222 0299 0000 0000 002开户", Kind::kBankCard},
        {"请写信至li.si@example.com。", Kind::kEmail},
        {"车辆苏B12345违停", Kind::kPlate},
        {"车辆苏B·12345违停", Kind::kPlate},
        {"车辆苏BD12345违停", Kind::kPlate},
        {"商户92320299MAXX00066Y", Kind::kSoleTraderCode},
        {"13800138000", Kind::kMobile},
    };
    for (const Case& row : cases) {
        INFO(row.text);
        const auto finding = find_identifier(row.text);
        REQUIRE(finding);
        CHECK(finding->kind == row.kind);
    }
}

TEST_CASE("scanner: neighbours, decimals and other numbers are left alone", "[privacy][scanner]") {
    for (const char* text : {"SN13800138000",
                             "13800138000A",
                             "3.13800138000",
                             "13800138000.25",
                             "113800138000",
                             "2026-03-01 08:00:00",
                             "91350100M000100Y43",
                             "p_abcdefghijklmnopqrstuvwxyz23",
                             "138****1234",
                             "320***********1234",
                             "1767225600000",
                             "北纬31.574729东经120.301663",
                             "v1.2.3.4",
                             "订单20260301000123",
                             "3202002026",
                             "@@@",
                             "a@b",
                             "@example.com",
                             "",
                             "0510-85012345",
                             "无锡市滨湖区太湖大道100号",
                             "d41d8cd98f00b204e9800998ecf8427e",
                             "550e8400-e29b-41d4-a716-446655440000"}) {
        INFO(text);
        CHECK_FALSE(find_identifier(text));
    }
}
