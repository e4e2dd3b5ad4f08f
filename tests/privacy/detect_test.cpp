#include "privacy/detect.h"

#include <random>
#include <string>
#include <vector>

#include "privacy/scanner.h"
#include "privacy/words.h"
#include "tests/support/catch.h"

using namespace pdx::privacy;

TEST_CASE("detect: each kind is recognised in its spellings", "[privacy][detect]") {
    struct Case {
        Kind kind;
        std::vector<std::string> values;
    };
    const std::vector<Case> cases{
        {Kind::kResidentId,
         {"11010519491231002X", "11010519491231002x", "110105 19491231 002X",
          "110105-19491231-002X", "１１０１０５１９４９１２３１００２Ｘ", "'11010519491231002X",
          " 11010519491231002X ", "11010519491231002X43"}},
        {Kind::kMobile,
         {"13800138000", "013800138000", "138 0013 8000", "138-0013-8000", "+8613800138000",
          "008613800138000", "１３８００１３８０００"}},
        {Kind::kLandline,
         {"0510-85012345", "051085012345", "010-62345678", "0510-85012345-801", "010 8501 2345",
          "+86-510-85012345", "(0510) 85012345", "（0510）85012345"}},
        {Kind::kBankCard, {"6222029900000000002", "6222 0299 0000 0000 002"}},
        {Kind::kUscc, {"91350100M000100Y43", "91350100m000100y43"}},
        {Kind::kSoleTraderCode, {"92320299MAXX00066Y"}},
        {Kind::kEmail, {"li.si@example.com", "a_b+c@mail.wuxi.gov.cn"}},
        {Kind::kPlate,
         {"苏B12345", "苏B·12345", "苏BD12345", "沪A1234学", "沪A0023领", "京A1234使", "WJ苏12345",
          "苏b 12345"}},
        {Kind::kStudentRoll, {"G320299199003070003"}},
        {Kind::kVin, {"LSVAA4183E2000001"}},
        {Kind::kIpAddress, {"10.0.0.1", "2001:db8::ff00:42:8329", "fe80:0:0:0:204:61ff:fe9d:f156"}},
        {Kind::kMacAddress, {"00:1A:2b:3C:4d:5E"}},
        {Kind::kPersonName, {"张三", "欧阳娜娜", "阿不都·热合曼", "李小龙"}},
        {Kind::kOrganisationName, {"无锡某某科技有限公司", "无锡市第一中学"}},
        {Kind::kAddress, {"江苏省无锡市滨湖区太湖大道100号", "梁溪区中山路8号1幢202室"}},
        {Kind::kDate,
         {"2026-03-01", "2026/3/1", "20260301", "2026年3月1日", "2026-03-01 08:00:00"}},
    };
    for (const Case& row : cases) {
        for (const std::string& value : row.values) {
            INFO(kind_code(row.kind) << ": " << value);
            CHECK(detect_value(value).has(row.kind));
            CHECK(strongest_kind(detect_value(value)).has_value());
        }
    }
}

TEST_CASE("detect: what merely resembles an identifier is none", "[privacy][detect]") {
    const std::vector<std::string> values{
        "320299199003070004",  // check digit
        "320299199002300008",  // day
        "12345678901",         // segment
        "13800138000.50",      // decimal
        "1.10105E+17",
        "6222029900000000003",
        "2026-13-01",
        "a@b",
        "@",
        "苏B1234",
        "京",
        "v1.2.3",
        "0.0.0.256",
        "12:30:45",
        "ab::cd",
        "有限公司",
        "男",
        "无锡路",
    };
    for (const std::string& value : values) {
        INFO(value);
        const KindSet kinds = detect_value(value);
        for (const Kind kind :
             {Kind::kResidentId, Kind::kMobile, Kind::kBankCard, Kind::kEmail, Kind::kPlate,
              Kind::kIpAddress, Kind::kPersonName, Kind::kOrganisationName, Kind::kDate}) {
            INFO(kind_code(kind));
            CHECK_FALSE(kinds.has(kind));
        }
    }
}

TEST_CASE("detect: no text breaks the scanner", "[privacy][detect][property]") {
    const unsigned seed = 7;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> pieces{"1",    "38", "苏",   "B",   "·",        "•",
                                          " ",    "-",  "@",    ".cn", "x",        "，",
                                          "\xEF", "１", "6222", "00",  "19900307", "320299"};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (unsigned i = 0; i < random() % 14; ++i) text += pieces[random() % pieces.size()];
        const auto finding = find_identifier(text);
        if (finding) CHECK(finding->size > 0);
        (void)detect_value(text);
    }
}

TEST_CASE("words: an address is cut at its district", "[privacy][words]") {
    CHECK(address_district("江苏省无锡市滨湖区太湖大道100号") == "江苏省无锡市滨湖区");
    CHECK(address_district("无锡市江阴市澄江街道1号") == "无锡市江阴市");
    CHECK(address_district("滨湖区蠡湖街道5号") == "滨湖区");
    CHECK(address_district("江苏省无锡市太湖花园小区3幢") == "江苏省无锡市");
    CHECK(address_district("太湖大道100号").empty());
    CHECK(address_precision("江苏省无锡市滨湖区") == AddressPrecision::kArea);
    CHECK(address_precision("滨湖区太湖大道100号") == AddressPrecision::kDoor);
    CHECK(address_precision("张三") == AddressPrecision::kNone);
}
