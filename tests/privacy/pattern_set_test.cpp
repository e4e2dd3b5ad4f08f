#include "privacy/pattern_set.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "privacy/column_profiler.h"
#include "privacy/detector.h"
#include "privacy/file_scan.h"
#include "privacy/free_text.h"
#include "privacy/guard.h"
#include "privacy/policy.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

const std::string kFile = R"({"format":"pdx-patterns-1","patterns":[
    {"name":"housing_fund","label_zh":"公积金账号","label_en":"housing fund account",
     "class":"direct_identifier","value":"3202[0-9]{8}","headers":["公积金号","gjj"]},
    {"name":"card_of_the_old","label_zh":"老年卡","label_en":"card of the old",
     "class":"quasi_identifier","value":"WX-[A-Z][0-9]{6}"}]})";

std::pair<std::string, std::string> refusal_of(const std::string& text) {
    try {
        PatternSet::read(text);
    } catch (const Error& error) {
        CHECK_FALSE(error.text().zh.empty());
        return {error.code(), error.detail().pointer};
    }
    return {};
}

std::string with(const std::string& from, const std::string& to) {
    std::string text = kFile;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::vector<Finding> found(std::string_view text) {
    static const PatternSet patterns = PatternSet::read(kFile);
    std::vector<Finding> findings;
    patterns.find(text, findings);
    return findings;
}

ColumnClass column_of(const std::string& name, const std::vector<std::string>& values) {
    static const PatternSet patterns = PatternSet::read(kFile);
    ColumnProfiler profiler(name, {}, &patterns);
    for (std::size_t row = 0; row < values.size(); ++row) profiler.add(values[row], row);
    return profiler.classify();
}

std::vector<std::string> accounts(int count) {
    std::vector<std::string> values;
    for (int i = 0; i < count; ++i)
        values.push_back("3202" + std::to_string(10'000'000 + i * 7'919));
    return values;
}

}  // namespace

TEST_CASE("patterns: what is wrong with a file is named by its place", "[privacy][patterns]") {
    CHECK(PatternSet::read(kFile).size() == 2);
    const std::vector<std::pair<std::string, std::string>> rows{
        {"", "nothing"},
        {"", "[]"},
        {"/format", with("pdx-patterns-1", "pdx-patterns-2")},
        {"/more", with(R"("format")", R"("more":1,"format")")},
        {"/patterns/0/name", with("housing_fund", "Housing")},
        {"/patterns/1/name", with("card_of_the_old", "housing_fund")},
        {"/patterns/0/class", with("direct_identifier", "non_personal")},
        {"/patterns/0/class", with("direct_identifier", "secret")},
        {"/patterns/0/label_en", with(R"("label_en":"housing fund account",)", "")},
        {"/patterns/0/headers", with(R"(["公积金号","gjj"])", R"([""])")},
        {"/patterns/0/value", with("3202[0-9]{8}", "")},
        {"/patterns/0/value", with("3202[0-9]{8}", std::string(kPatternBytesMax + 1, '1'))},
        {"/patterns/0/value", with("3202[0-9]{8}", "3202[0-9")},
        {"/patterns/0/value", with("3202[0-9]{8}", R"((a)\\1)")},
        {"/patterns/0/value", with("3202[0-9]{8}", "(((a{100}){100}){100})")},
        {"/patterns/0/value", with("3202[0-9]{8}", "(3202)?")},
        {"/patterns/0/value", with("3202[0-9]{8}", ".+")},
        {"/patterns/0/value", with("3202[0-9]{8}", "[0-9]{8}")},
        {"/patterns/0/value", with("3202[0-9]{8}", "[0-9]+")},
        {"/patterns/0/value", with("3202[0-9]{8}", "p_.*")},
    };
    for (const auto& [pointer, text] : rows) {
        INFO(pointer << " " << text.substr(0, 120));
        CHECK(refusal_of(text) == std::pair(std::string("patterns.form"), pointer));
    }
    CHECK_THROWS_AS(PatternSet(std::vector<LocalPattern>{}), Error);
    CHECK_THROWS_AS(PatternSet(std::vector<LocalPattern>(kPatternsMax + 1)), Error);
}

TEST_CASE("patterns: found alone, glued to Chinese and in full width, and not inside a run",
          "[privacy][patterns]") {
    CHECK(found("320212345678") == std::vector<Finding>{{Kind::kLocalNumber, 0, 12}});
    CHECK(found("账号320212345678已销户") == std::vector<Finding>{{Kind::kLocalNumber, 6, 12}});
    CHECK(found("账号３２０２１２３４５６７８。") ==
          std::vector<Finding>{{Kind::kLocalNumber, 6, 36}});
    CHECK(found("WX-A123456,320212345678").size() == 2);
    CHECK(found("320212345678 320212345679").size() == 2);
    for (const char* none : {"", "3202123456789", "a320212345678", "320212345678x", "32021234567",
                             "wx-a123456", "XWX-A123456"}) {
        INFO(none);
        CHECK(found(none).empty());
    }
}

TEST_CASE("patterns: a column is told by its values or by its name", "[privacy][patterns]") {
    const ColumnClass by_values = column_of("col7", accounts(40));
    CHECK(by_values.kind == Kind::kLocalNumber);
    CHECK(by_values.sensitivity == Sensitivity::kDirectIdentifier);
    REQUIRE_FALSE(by_values.evidence.empty());
    CHECK(by_values.evidence.back().code == "pattern:housing_fund");
    CHECK(describe(by_values.evidence.back()).zh.find("housing_fund") != std::string::npos);
    CHECK(default_operation(by_values).kind == OperationKind::kPseudonym);

    CHECK(column_of("gjjzh", {"x", "y"}).kind == Kind::kLocalNumber);
    CHECK(column_of("公积金号", {}).kind == Kind::kLocalNumber);
    std::vector<std::string> cards;
    for (int i = 0; i < 40; ++i) cards.push_back("WX-A" + std::to_string(100'000 + i));
    CHECK(column_of("卡", cards).sensitivity == Sensitivity::kQuasiIdentifier);

    // Fewer than half, or a national number: what it was without patterns.
    std::vector<std::string> few = accounts(10);
    for (int i = 0; i < 40; ++i) few.push_back("编号" + std::to_string(i));
    CHECK(column_of("col7", few).kind != Kind::kLocalNumber);
    CHECK(column_of("手机号", {"13800138000", "13800138001"}).kind == Kind::kMobile);
    // Inside sentences: free text.
    std::vector<std::string> notes;
    for (int i = 0; i < 40; ++i)
        notes.push_back("账号" + accounts(1)[0] + "，已办理" + std::to_string(i));
    CHECK(column_of("col7", notes).sensitivity == Sensitivity::kFreeText);
}

TEST_CASE("patterns: hidden inside texts, and a delivery that shows one is stopped",
          "[privacy][patterns]") {
    const PatternSet patterns = PatternSet::read(kFile);
    FreeTextMasker masker(&patterns);
    FreeTextCounts counts{};
    CHECK(masker.mask("其320212345678已销户", counts) == "其〔本地编号〕已销户");
    CHECK(counts[static_cast<std::size_t>(Kind::kLocalNumber)] == 1);

    const auto stops = [&](Kind kind, Sensitivity sensitivity, const std::string& value) {
        PlannedColumn planned;
        planned.column = pdx::test::column("c", kind);
        planned.column.sensitivity = sensitivity;
        planned.operation = Operation::pass();
        OutputGuard guard({planned}, &patterns);
        ColumnBatch batch;
        batch.add("x");
        batch.add(value);
        try {
            guard.check(0, batch, 5);
        } catch (const Error& error) {
            CHECK(error.code() == std::string("delivery.personal_data_in_output"));
            CHECK(error.detail().rule == "local_number");
            CHECK(error.detail().pointer.find("record 6") != std::string::npos);
            CHECK(error.text().en.find(value) == std::string::npos);
            return true;
        }
        return false;
    };
    for (const Kind kind : {Kind::kCategory, Kind::kAmount, Kind::kCode, Kind::kDescription}) {
        CHECK(stops(kind, default_sensitivity(kind), "320212345678"));
        CHECK_FALSE(stops(kind, default_sensitivity(kind), "3202123"));
    }
    CHECK_FALSE(stops(Kind::kLocalNumber, Sensitivity::kQuasiIdentifier, "WX-A123456"));
    CHECK(stops(Kind::kLocalNumber, Sensitivity::kDirectIdentifier, "320212345678"));
}

TEST_CASE("patterns: a file is scanned with them, and the record says with which",
          "[privacy][patterns]") {
    const PatternSet patterns = PatternSet::read(kFile);
    std::string csv = "a,b\n";
    for (const std::string& one : accounts(30)) csv += one + ",1\n";
    FileScan scan(7, TableFormat::kCsv, &patterns);
    scan.feed(csv);
    const FileReport report = scan.finish();
    CHECK(report.columns[0].column.kind == Kind::kLocalNumber);
    CHECK(report.columns[0].found[static_cast<std::size_t>(Kind::kLocalNumber)] == 30);
    CHECK(report.columns[1].found[static_cast<std::size_t>(Kind::kLocalNumber)] == 0);

    CHECK(detector_digest(nullptr) == detector_digest());
    CHECK(detector_digest(&patterns) != detector_digest());
    for (const auto& [from, to] :
         std::vector<std::pair<std::string, std::string>>{{"3202[0-9]{8}", "3202[0-9]{9}"},
                                                          {"housing_fund", "fund"},
                                                          {"gjj", "gj"},
                                                          {"quasi_identifier", "sensitive"},
                                                          {"老年卡", "老人卡"}}) {
        const PatternSet other = PatternSet::read(with(from, to));
        CHECK(detector_digest(&other) != detector_digest(&patterns));
    }
}
