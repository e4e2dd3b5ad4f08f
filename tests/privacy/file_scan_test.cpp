#include "privacy/file_scan.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/error.h"
#include "privacy/kind_words.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

constexpr std::string_view kTable =
    "姓名,身份证号,备注,金额\n"
    "张三,11010519491231002X,电话13800138000或138 0013 8001,12.50\n"
    "李四,110105194912310039,,8.00\n"
    "王五,,\"见附件, 邮箱li.si@example.com\",13.00\n";

FileReport scan_text(std::string_view text, std::size_t piece) {
    FileScan scan(7);
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
        scan.feed(text.substr(0, piece));
    }
    return scan.finish();
}

std::uint64_t found(const ScannedColumn& column, Kind kind) {
    return column.found.at(static_cast<std::size_t>(kind));
}

}  // namespace

TEST_CASE("file scan: identifiers are counted in the column where they are", "[privacy][scan]") {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, kTable.size()}) {
        const FileReport report = scan_text(kTable, piece);
        CHECK(report.records == 3);
        CHECK(report.bytes == kTable.size());
        CHECK(report.sha256 == sha256(kTable));
        CHECK(report.encoding == Encoding::kUtf8);
        REQUIRE(report.columns.size() == 4);
        CHECK(report.columns[1].column.kind == Kind::kResidentId);
        CHECK(report.columns[1].values == 2);
        CHECK(found(report.columns[1], Kind::kResidentId) ==
              1);  // the other's check digit is wrong
        CHECK(report.columns[2].values == 2);
        CHECK(found(report.columns[2], Kind::kMobile) == 2);
        CHECK(found(report.columns[2], Kind::kEmail) == 1);
        CHECK(report.columns[3].values == 3);
        const auto& amounts = report.columns[3].found;
        CHECK(std::all_of(amounts.begin(), amounts.end(), [](auto count) { return count == 0; }));
    }
}

TEST_CASE("file scan: names and addresses are counted in free text alone", "[privacy][scan]") {
    std::string table = "姓名,诉求内容\n";
    constexpr std::uint64_t kRows = 40;
    for (std::uint64_t i = 0; i < kRows; ++i) {
        table += "王建国,市民张伟来电反映" + std::to_string(i) +
                 "次，家住无锡市滨湖区太湖大道100号，电话13800138000\n";
    }
    const FileReport report = scan_text(table, 997);
    REQUIRE(report.columns.size() == 2);
    CHECK(report.columns[0].prose == 0);
    CHECK(found(report.columns[0], Kind::kPersonName) == 0);
    REQUIRE(report.columns[1].column.sensitivity == Sensitivity::kFreeText);
    CHECK(report.columns[1].prose > 0);
    CHECK(found(report.columns[1], Kind::kPersonName) == report.columns[1].prose);
    CHECK(found(report.columns[1], Kind::kAddress) == report.columns[1].prose);
    CHECK(found(report.columns[1], Kind::kMobile) == kRows);
}

TEST_CASE("file scan: what is no table is refused with its place", "[privacy][scan]") {
    for (const auto& [text, code] :
         {std::pair{"a,b\n1,2,3\n", "csv.ragged_row"}, std::pair{"", "csv.empty"},
          std::pair{"13800138000,x\n1,2\n", "csv.header_is_data"},
          std::pair{"a,b\n\xFF\xFF,\x81\n", "encoding.unknown"}}) {
        INFO(code);
        try {
            scan_text(text, 4'096);
            FAIL("taken");
        } catch (const Error& error) {
            CHECK(error.code() == code);
        }
    }
}

TEST_CASE("kind words: every kind and class has words in both languages", "[privacy][scan]") {
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const Text words = kind_words(static_cast<Kind>(i));
        CHECK_FALSE(words.en.empty());
        CHECK_FALSE(words.zh.empty());
    }
    for (const Sensitivity one :
         {Sensitivity::kNonPersonal, Sensitivity::kConfidential, Sensitivity::kQuasiIdentifier,
          Sensitivity::kFreeText, Sensitivity::kSensitive, Sensitivity::kDirectIdentifier}) {
        CHECK(sensitivity_words(one).zh != sensitivity_words(Sensitivity::kUnknown).zh);
    }
}
