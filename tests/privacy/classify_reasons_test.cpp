/// What stands beside a class: neighbours, refused kinds, what a person should look at.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "privacy/classify.h"
#include "privacy/column_profiler.h"
#include "privacy/identifier_rules.h"
#include "tests/privacy/support/column_maker.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

constexpr std::uint64_t kSeed = 3;

struct NamedColumn {
    std::string name;
    std::vector<std::string> values;
};

std::vector<std::string> made(Kind kind, std::size_t rows, test::Random& random) {
    for (const test::Recipe& recipe : test::tuning_recipes()) {
        if (recipe.kind != kind) continue;
        return make_column(recipe, test::HeaderStyle::kNeutral, rows, test::Faults::kNone, random)
            .values;
    }
    throw std::logic_error("no recipe");
}

std::map<std::string, ColumnClass> classify(const std::vector<NamedColumn>& columns) {
    std::vector<std::string_view> header;
    for (const NamedColumn& column : columns) header.push_back(column.name);
    TableProfiler table(header, {}, 1);
    for (std::size_t row = 0; row < columns[0].values.size(); ++row) {
        std::vector<std::string_view> fields;
        for (const NamedColumn& column : columns) fields.push_back(column.values[row]);
        table.add(fields);
    }
    std::map<std::string, ColumnClass> classes;
    for (const ColumnClass& one : table.classify()) classes.emplace(one.name, one);
    return classes;
}

ColumnClass alone(const std::string& name, const std::vector<std::string>& values) {
    return classify({{name, values}}).begin()->second;
}

bool has(const ColumnClass& column, const std::string& code) {
    return std::any_of(column.evidence.begin(), column.evidence.end(),
                       [&](const Evidence& one) { return one.code == code; });
}

const Refusal* refusal_of(const ColumnClass& column, Kind kind) {
    const auto found = std::find_if(column.refused.begin(), column.refused.end(),
                                    [kind](const Refusal& one) { return one.kind == kind; });
    return found == column.refused.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("classify reasons: dates and regions beside persons are quasi-identifiers",
          "[privacy][classify]") {
    INFO("seed " << kSeed);
    test::Random random(kSeed);
    const std::size_t rows = 100;
    const NamedColumn names{"姓名", made(Kind::kPersonName, rows, random)};
    const NamedColumn codes{"uscc", made(Kind::kUscc, rows, random)};
    const NamedColumn visits{"就诊日期", made(Kind::kDate, rows, random)};
    const NamedColumn regions{"所属区域", made(Kind::kRegion, rows, random)};
    const NamedColumn states{"状态", made(Kind::kCategory, rows, random)};
    const NamedColumn groups{"c_08", made(Kind::kCategory, rows, random)};
    const NamedColumn sums{"F12", made(Kind::kPersonalFinance, rows, random)};
    const NamedColumn sexes{"性别", made(Kind::kSex, rows, random)};
    const NamedColumn levels{"水位", made(Kind::kMeasure, rows, random)};
    const NamedColumn periods{"账期", std::vector<std::string>(rows, "202603")};
    const NamedColumn phones{"tel", made(Kind::kLandline, rows, random)};
    using S = Sensitivity;

    for (const NamedColumn& person : {names, sexes}) {
        auto classes = classify({visits, regions, states, groups, sums, levels, periods, person});
        for (const char* name : {"就诊日期", "所属区域", "c_08"}) {
            INFO(name);
            CHECK(classes.at(name).sensitivity == S::kQuasiIdentifier);
            CHECK(has(classes.at(name), "neighbours"));
        }
        CHECK(classes.at("F12").sensitivity == S::kUnknown);
        CHECK(classes.at("状态").sensitivity == S::kNonPersonal);
        CHECK(classes.at("水位").sensitivity == S::kNonPersonal);
        CHECK(classes.at("账期").sensitivity == S::kNonPersonal);
    }
    // No persons; and firms, whose dates are their own although somebody represents them.
    for (const auto& table :
         {std::vector{visits, regions, states, groups, sums, levels, phones},
          std::vector{visits, regions, states, groups, sums, levels, codes, names}}) {
        for (const auto& [name, column] : classify(table)) {
            INFO(name);
            CHECK_FALSE(has(column, "neighbours"));
        }
    }
    // An employer's code repeats: those rows are about persons.
    NamedColumn employers = codes;
    for (std::size_t i = 0; i < rows; ++i) employers.values[i] = codes.values[i / 10];
    CHECK(has(classify({visits, employers, names}).at("就诊日期"), "neighbours"));
}

TEST_CASE("classify reasons: a refused kind says why, with its share and that of chance",
          "[privacy][classify]") {
    INFO("seed " << kSeed);
    test::Random random(kSeed);
    std::set<std::string> codes;
    const auto check = [&](const ColumnClass& column, Kind kind, const std::string& code) {
        const Refusal* one = refusal_of(column, kind);
        INFO(kind_code(kind) << " " << code << " in " << kind_code(column.kind));
        REQUIRE(one != nullptr);
        CHECK(one->code == code);
        CHECK_FALSE(describe(*one).en.empty());
        CHECK_FALSE(describe(*one).zh.empty());
        CHECK(column.refused.size() <= 3);
        CHECK(refusal_of(column, column.kind) == nullptr);
        codes.insert(code);
    };
    std::vector<std::string> serials;
    std::vector<std::string> cards;
    for (int i = 0; i < 200; ++i) {
        serials.push_back("1" + test::digits(random, 10));
        cards.push_back("62" + test::digits(random, 17));
    }
    check(alone("col7", serials), Kind::kMobile, "chance_explains");
    const ColumnClass card = alone("订单编号", cards);
    check(card, Kind::kBankCard, "chance_explains");
    CHECK(refusal_of(card, Kind::kBankCard)->chance_basis_points == 1'000);
    CHECK(refusal_of(card, Kind::kBankCard)->share_basis_points < 2'000);

    check(alone("备注", made(Kind::kResidentId, 100, random)), Kind::kFreeText,
          "header_contradicted");
    std::vector<std::string> mixed = made(Kind::kAddress, 20, random);
    for (int i = 0; i < 80; ++i) mixed.push_back("待补" + std::to_string(i));
    check(alone("col3", mixed), Kind::kAddress, "share_too_small");
    check(alone("col3", {"0510-82345678", "0510-82345679"}), Kind::kLandline, "too_few_values");
    // A firm with its address: both read so.
    std::vector<std::string> firms = made(Kind::kAddress, 50, random);
    for (std::string& firm : firms) firm += "顺达商贸有限公司";
    const ColumnClass firm = alone("col3", firms);
    check(firm, Kind::kAddress, "other_fits_better");
    CHECK(needs_review(firm));
    CHECK(codes.size() == 5);
}

TEST_CASE("classify reasons: a person is asked where the answer is unsure", "[privacy][classify]") {
    INFO("seed " << kSeed);
    test::Random random(kSeed);
    const auto ids = made(Kind::kResidentId, 100, random);
    const ColumnClass sure = alone("身份证号", ids);
    CHECK_FALSE(needs_review(sure));
    CHECK(review_advice(sure).zh.empty());
    std::vector<std::string> cut;
    for (const std::string& id : ids) cut.push_back(test::in_scientific_notation(id));
    std::set<std::string> advice;
    for (const ColumnClass& unsure :
         {alone("col7", cut), alone("col7", {"", "NULL", "-"}), alone("col7", {"A12345678"}),
          alone("手机号", made(Kind::kAddress, 40, random)), alone("name", {"太湖站"})}) {
        INFO(unsure.name << " " << kind_code(unsure.kind) << " " << unsure.confidence_basis_points);
        CHECK(needs_review(unsure));
        CHECK_FALSE(review_advice(unsure).en.empty());
        advice.insert(review_advice(unsure).zh);
    }
    CHECK(advice.size() == 4);
}

TEST_CASE("classify reasons: words for a missing value are no values", "[privacy][classify]") {
    INFO("seed " << kSeed);
    test::Random random(kSeed);
    std::vector<std::string> values = made(Kind::kMobile, 40, random);
    const ColumnClass before = alone("col7", values);
    for (const char* word : {"", " ", "NULL", "无", "/", "N/A", "\\N", "不详"}) {
        values.insert(values.end(), 40, word);
    }
    CHECK(alone("col7", values) == before);
    CHECK(before.sampled == 40);
}

TEST_CASE("classify reasons: values of any bytes get a class, a reason and three refusals at most",
          "[privacy][classify]") {
    INFO("seed " << kSeed);
    test::Random random(kSeed);
    constexpr const char* kPieces[] = {"0",  "1",  "9",    "X",    "x",  "E+17",   "-",
                                       ".",  "@",  "男",   "族",   "１", " ",      "'",
                                       "苏", "B",  "无",   "号",   "街", "320211", "19800101",
                                       "92", "91", "\xEF", "\xE8", "病", ":",      "000"};
    constexpr const char* kNames[] = {"col3", "姓名", "手机号", "金额",
                                      "uscc", "备注", "日期",   "name"};
    for (int i = 0; i < 20'000; ++i) {
        ColumnProfiler profiler(kNames[random() % std::size(kNames)], {});
        for (std::size_t rows = random() % 12; rows > 0; --rows) {
            std::string value;
            for (std::size_t size = random() % 12; size > 0; --size) {
                value += kPieces[random() % std::size(kPieces)];
            }
            profiler.add(value, rows);
        }
        const ColumnClass column = profiler.classify();
        REQUIRE(column.confidence_basis_points <= column.confidence_high_basis_points);
        REQUIRE(column.refused.size() <= 3);
        REQUIRE_FALSE(column.evidence.empty());
        REQUIRE(needs_review(column) != review_advice(column).en.empty());
    }
}
