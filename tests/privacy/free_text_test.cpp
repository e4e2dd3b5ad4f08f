#include "privacy/free_text.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "privacy/csv.h"
#include "privacy/name_finder.h"
#include "privacy/transform.h"
#include "tests/privacy/support/column.h"
#include "tests/privacy/support/name_prose.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

std::string masked(std::string_view text, FreeTextCounts& counts) {
    return std::string(FreeTextMasker().mask(text, counts));
}

std::string masked(std::string_view text) {
    FreeTextCounts counts{};
    return masked(text, counts);
}

}  // namespace

TEST_CASE("free text: each kind gives way to its name in brackets", "[privacy][freetext]") {
    for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
             {"市民张伟来电，电话13800138000。", "市民〔姓名〕来电，电话〔手机号码〕。"},
             {"住无锡市滨湖区太湖大道100号，", "住〔地址〕，"},
             {"户籍在无锡市滨湖区。", "户籍在无锡市滨湖区。"},
             {"患者李强，病历号：203344", "患者〔姓名〕，病历号：〔病历号〕"},
             {"住院号 203344", "住院号 〔病历号〕"},
             {"学籍号为20261234", "学籍号为〔学籍号〕"},
             {"社保卡号（A1234567）", "社保卡号（〔社会保障卡号〕）"},
             {"微信 abc_123，QQ12345678，QQ号：12345",
              "微信 〔社交账号〕，QQ〔社交账号〕，QQ号：〔社交账号〕"},
             {"身份证号码是320205197001011234。", "身份证号码是〔居民身份证号码〕。"},
             {"身份证11010519491231002X", "身份证〔居民身份证号码〕"},
             {"联系电话：85012345", "联系电话：〔固定电话号码〕"},
             {"邮箱li.si@example.com，车牌苏B12345", "邮箱〔电子邮箱〕，车牌〔机动车号牌〕"},
             {"苏（2023）不动产权第0012345号", "苏（2023）不动产权第〔不动产权证号〕号"},
             {"不动产权证号：0012345", "不动产权证号：〔不动产权证号〕"},
             {"锡房权证字第WX1000123456号", "锡房权证字第〔不动产权证号〕号"},
             {"台胞证12345678", "台胞证〔往来通行证号码〕"},
             {"港澳通行证号码：C00000001", "港澳通行证号码：〔往来通行证号码〕"},
             {"回乡证号H1234567801。", "回乡证号〔往来通行证号码〕。"},
             {"出生日期：1990-03-07，男", "出生日期：〔出生日期〕，男"},
             {"出生日期为1990年3月7日。", "出生日期为〔出生日期〕。"},
             {"出生年月：1990.03，汉族", "出生年月：〔出生日期〕，汉族"},
             {"生日19900307，出生于1990/3/7", "生日〔出生日期〕，出生于〔出生日期〕"},
             {"出生年月：1990年3月。", "出生年月：〔出生日期〕。"},
             {"出生人口1990人，第100号，生日20人", "出生人口1990人，第100号，生日20人"},
             {"通行证3张，2026年3月7日起", "通行证3张，2026年3月7日起"},
             {"路灯坏了半个月，请尽快修好。", "路灯坏了半个月，请尽快修好。"},
             {"病历号不详，微信不通", "病历号不详，微信不通"},
             {"", ""}}) {
        INFO(text);
        CHECK(masked(text) == expected);
    }
}

TEST_CASE("free text: counts say how many of each kind and nothing else", "[privacy][freetext]") {
    FreeTextCounts counts{};
    masked("张伟、李娜，13800138000", counts);
    masked("王建国，13800138001", counts);
    CHECK(counts[static_cast<std::size_t>(Kind::kPersonName)] == 3);
    CHECK(counts[static_cast<std::size_t>(Kind::kMobile)] == 2);
    std::uint64_t all = 0;
    for (const std::uint64_t one : counts) all += one;
    CHECK(all == 5);
}

TEST_CASE("free text: overlapping findings become one", "[privacy][freetext]") {
    // The surname's part of the place, and a number behind its label that the scanner knows as
    // well.
    CHECK(masked("住张家港市杨舍镇王庄村12号").find("〔姓名〕") == std::string::npos);
    CHECK(masked("手机：13800138000") == "手机：〔手机号码〕");
}

TEST_CASE("free text: the mark of every kind holds nothing that is found", "[privacy][freetext]") {
    FreeTextFinder finder;
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const std::string mark = free_text_mark(static_cast<Kind>(i));
        INFO(mark);
        CHECK(finder.find(mark).empty());
        CHECK(finder.find("联系人：" + mark + "，手机" + mark + mark).empty());
    }
}

TEST_CASE("free text: masked text scans clean and stays as it is when masked again",
          "[privacy][freetext][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    test::ProseMaker maker(test::training_prose(), seed);
    const std::vector<std::string> pieces{"13800138000",
                                          "11010519491231002X",
                                          "无锡市滨湖区太湖大道100号",
                                          "病历号203344",
                                          "１３８００１３８０００",
                                          "a@b.cn",
                                          "苏B12345",
                                          "3栋2单元501室",
                                          "QQ12345",
                                          "138 0013 8000",
                                          "玛丽·约翰逊",
                                          "姓名：",
                                          "〔姓名〕",
                                          "-",
                                          "，",
                                          "张",
                                          "号",
                                          "路"};
    FreeTextMasker masker;
    FreeTextFinder finder;
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (unsigned i = 0; i < random() % 6; ++i) {
            text += random() % 2 == 0 ? maker.sentence().text : pieces[random() % pieces.size()];
        }
        FreeTextCounts counts{};
        const std::string once(masker.mask(text, counts));
        INFO(text << "\n" << once);
        std::vector<Finding> findings;
        scan(once, findings);
        find_names(once, findings);
        find_labelled_numbers(once, findings);
        REQUIRE(findings.empty());
        REQUIRE(finder.find(once).empty());
        FreeTextCounts again{};
        REQUIRE(masker.mask(once, again) == once);
        REQUIRE(again == FreeTextCounts{});
    }
}

TEST_CASE("free text: what is between the findings stays byte for byte", "[privacy][freetext]") {
    FreeTextFinder finder;
    const std::string text = "甲：张伟(13800138000)，乙：李娜；\t备注\r\n无。";
    const auto& findings = finder.find(text);
    REQUIRE(findings.size() == 3);
    std::string rest;
    std::size_t done = 0;
    for (const Finding& one : findings) {
        rest += text.substr(done, one.begin - done);
        done = one.begin + one.size;
    }
    rest += text.substr(done);
    CHECK(rest == "甲：()，乙：；\t备注\r\n无。");
}

TEST_CASE("masker: a text is masked where it stands, and what gave way is counted",
          "[privacy][freetext]") {
    const auto report_of = [](Sensitivity sensitivity, std::string& text) {
        ColumnClass note = test::column("note", Kind::kFreeText);
        note.sensitivity = sensitivity;
        const Policy policy{"P", 1, "C", {{"note", Operation::of(OperationKind::kMaskText)}}};
        Masker masker(policy, {note}, as_bytes("a key of the test"),
                      [&text](std::string_view block) { text += block; });
        CsvReader reader({}, [&masker](const CsvRecord& record) { masker.add(record); });
        reader.feed(
            "note\n市民张伟来电，电话13800138000。\n路灯不亮。\n住太湖大道100号的李秀英。\n");
        reader.finish();
        return masker.finish();
    };
    std::string text;
    const ColumnReport report = report_of(Sensitivity::kFreeText, text).columns.at(0);
    CHECK(
        text ==
        "note\r\n市民〔姓名〕来电，电话〔手机号码〕。\r\n路灯不亮。\r\n住〔地址〕的〔姓名〕。\r\n");
    CHECK(report.masked == 2);
    CHECK(report.passed == 1);
    const auto found = [&report](Kind kind) {
        return report.found.at(static_cast<std::size_t>(kind));
    };
    CHECK(found(Kind::kPersonName) == 2);
    CHECK(found(Kind::kMobile) == 1);
    CHECK(found(Kind::kAddress) == 1);
    // A text that was declared sensitive is not saved by masking.
    CHECK_THROWS_AS(report_of(Sensitivity::kSensitive, text), Error);
}
