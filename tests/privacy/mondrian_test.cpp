#include "privacy/mondrian.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "base/error.h"
#include "privacy/coded_column.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

struct MondrianTable {
    std::uint32_t columns = 1;
    std::vector<std::uint32_t> codes;
    std::vector<std::uint32_t> subjects;
    std::vector<std::uint32_t> sensitive;
    std::vector<std::uint32_t> sensitive_too;

    /// Sensitive values that nobody asks about.
    void fill() {
        sensitive.assign(codes.size(), 0);
        sensitive_too = sensitive;
    }
    MondrianInput input(std::uint32_t k, std::uint32_t l = 1) const {
        return {columns, codes, subjects, {sensitive, sensitive_too}, k, l};
    }
};

MondrianTable random_table(std::mt19937_64& random, std::size_t records, std::uint32_t columns) {
    MondrianTable table;
    table.columns = columns;
    const auto below = [&random](std::uint64_t n) {
        return static_cast<std::uint32_t>(random() % n);
    };
    for (std::size_t i = 0; i < records; ++i) {
        for (std::uint32_t c = 0; c < columns; ++c) {
            const std::uint32_t values = c % 3 == 0 ? 200'000 : c % 3 == 1 ? 2 : 40;
            table.codes.push_back(std::min(below(values), below(values)));
        }
        table.sensitive.push_back(below(4));
        table.sensitive_too.push_back(below(3) == 0 ? kNoValue : below(4));
    }
    return table;
}

/// What the header promises, by sets.
void check_boxes(const MondrianTable& table, const Mondrian& result, std::uint32_t k,
                 std::uint32_t l) {
    const std::size_t records = table.codes.size() / table.columns;
    REQUIRE(result.box_of.size() == records);
    REQUIRE(result.ranges.size() == std::size_t{result.boxes} * table.columns);
    std::vector<std::set<std::uint32_t>> persons(result.boxes);
    std::vector<std::set<std::uint32_t>> values(result.boxes);
    std::vector<std::set<std::uint32_t>> values_too(result.boxes);
    std::vector<CodeRange> spans(result.ranges.size(), {UINT32_MAX, 0});
    for (std::uint32_t i = 0; i < records; ++i) {
        const std::uint32_t box = result.box_of[i];
        REQUIRE(box < result.boxes);
        persons[box].insert(table.subjects.empty() ? i : table.subjects[i]);
        values[box].insert(table.sensitive[i]);
        if (table.sensitive_too[i] != kNoValue) values_too[box].insert(table.sensitive_too[i]);
        for (std::uint32_t c = 0; c < table.columns; ++c) {
            CodeRange& span = spans[std::size_t{box} * table.columns + c];
            span.low = std::min(span.low, table.codes[std::size_t{i} * table.columns + c]);
            span.high = std::max(span.high, table.codes[std::size_t{i} * table.columns + c]);
        }
    }
    CHECK(spans == result.ranges);
    for (std::uint32_t box = 0; box < result.boxes; ++box) {
        CHECK(persons[box].size() >= k);
        CHECK((l == 1 || values[box].size() >= l));
        CHECK((l == 1 || values_too[box].size() >= l));
    }
    // No two boxes overlap: in some column one ends before the other begins.
    for (std::uint32_t a = 0; a < result.boxes; ++a) {
        for (std::uint32_t b = 0; b < a; ++b) {
            bool apart = false;
            for (std::uint32_t c = 0; c < table.columns; ++c) {
                const CodeRange& x = result.ranges[std::size_t{a} * table.columns + c];
                const CodeRange& y = result.ranges[std::size_t{b} * table.columns + c];
                apart = apart || x.high < y.low || y.high < x.low;
            }
            CHECK(apart);
        }
    }
}

std::string code_of(const MondrianInput& input) {
    try {
        generalise(input);
        return "";
    } catch (const Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE("mondrian: every box has k persons and l values, and boxes do not overlap",
          "[privacy][mondrian]") {
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        std::mt19937_64 random(seed);
        const auto columns = static_cast<std::uint32_t>(1 + random() % (seed % 10 == 0 ? 62 : 10));
        const std::size_t records = 30 + random() % 300;
        MondrianTable table = random_table(random, records, columns);
        const auto k = static_cast<std::uint32_t>(1 + random() % 7);
        const auto l = static_cast<std::uint32_t>(1 + random() % 2);
        if (seed % 2 == 0) {
            for (std::size_t i = 0; i < records; ++i) {
                table.subjects.push_back(static_cast<std::uint32_t>(random() % (records / 3)));
            }
        }
        CAPTURE(seed, columns, records, k, l);
        const Mondrian result = generalise(table.input(k, l));
        check_boxes(table, result, k, l);
        const Mondrian again = generalise(table.input(k, l));
        CHECK(again.box_of == result.box_of);
        CHECK(again.ranges == result.ranges);
    }
}

TEST_CASE("mondrian: different records are cut until 2k - 1 are left", "[privacy][mondrian]") {
    for (const std::uint32_t k : {1U, 2U, 5U, 64U}) {
        MondrianTable table;
        for (std::uint32_t i = 0; i < 1000; ++i) table.codes.push_back(i * 7 % 1000);
        table.fill();
        const Mondrian result = generalise(table.input(k));
        check_boxes(table, result, k, 1);
        std::map<std::uint32_t, std::uint32_t> sizes;
        for (const std::uint32_t box : result.box_of) ++sizes[box];
        for (const auto& [box, size] : sizes) CHECK(size < 2 * k);
    }
}

TEST_CASE("mondrian: what cannot be cut stays whole", "[privacy][mondrian]") {
    MondrianTable equal;
    equal.codes.assign(100, 3);
    equal.fill();
    CHECK(generalise(equal.input(5)).boxes == 1);
    // A heavy value beside a light one: no side may be short of k.
    MondrianTable heavy;
    heavy.codes.assign(96, 0);
    heavy.codes.insert(heavy.codes.end(), 4, 1);
    heavy.fill();
    CHECK(generalise(heavy.input(5)).boxes == 1);
    CHECK(generalise(heavy.input(4)).boxes == 2);
    // A hundred records of one person are one person.
    MondrianTable person;
    for (std::uint32_t i = 0; i < 100; ++i) {
        person.codes.push_back(i);
        person.subjects.push_back(i < 98 ? 0 : i);
    }
    person.fill();
    CHECK(generalise(person.input(3)).boxes == 1);
}

TEST_CASE("mondrian: a table of fewer than k persons is refused", "[privacy][mondrian]") {
    MondrianTable table;
    CHECK(code_of(table.input(1)) == "risk.too_few_persons");
    table.codes = {1, 2, 3, 4};
    table.sensitive = {7, 7, 7, 7};
    table.sensitive_too = {0, 1, 2, 3};
    CHECK(code_of(table.input(5)) == "risk.too_few_persons");
    CHECK(code_of(table.input(4)).empty());
    CHECK(code_of(table.input(2, 2)) == "risk.too_few_persons");
    table.subjects = {0, 0, 1, 1};
    CHECK(code_of(table.input(3)) == "risk.too_few_persons");
    CHECK(code_of(table.input(2)).empty());
}

namespace {

std::string range_of(ValueForm form, const std::vector<std::string>& values, std::uint32_t low,
                     std::uint32_t high) {
    MemoryBudget budget(1U << 20U);
    CodedColumn column(form, budget);
    for (const std::string& value : values) column.add(value);
    column.finish();
    return column.range_text({low, high});
}

}  // namespace

TEST_CASE("coded column: values are numbered in their order", "[privacy][mondrian]") {
    MemoryBudget budget(1U << 20U);
    CodedColumn column(ValueForm::kNumber, budget);
    const std::vector<std::string> values{"10", "9", "", "-1", "9.5", "9"};
    std::vector<std::uint32_t> added;
    for (const std::string& value : values) added.push_back(column.add(value));
    column.finish();
    std::vector<std::uint32_t> codes;
    for (const std::uint32_t one : added) codes.push_back(column.code(one));
    CHECK(codes == std::vector<std::uint32_t>{4, 2, 0, 1, 3, 2});
    CHECK(column.form() == ValueForm::kNumber);
}

TEST_CASE("coded column: a range reads as its form says", "[privacy][mondrian]") {
    using Form = ValueForm;
    const std::vector<std::string> ages{"9", "20", "29", "-3", ""};
    CHECK(range_of(Form::kNumber, ages, 3, 4) == "20-29");
    CHECK(range_of(Form::kNumber, ages, 1, 2) == "-3..9");
    CHECK(range_of(Form::kNumber, ages, 2, 2) == "9");
    CHECK(range_of(Form::kNumber, ages, 0, 0).empty());
    CHECK(range_of(Form::kNumber, ages, 0, 2) == "*");
    CHECK(range_of(Form::kDate, {"2022", "2020", "2021"}, 0, 2) == "2020..2022");
    CHECK(range_of(Form::kDate, {"2020-01-02", "2020-01-31"}, 0, 1) == "2020-01-02..2020-01-31");
    CHECK(range_of(Form::kCode, {"320205", "320211", "320282"}, 0, 1) == "3202**");
    CHECK(range_of(Form::kCode, {"320205", "320211", "110101"}, 0, 2) == "*");
    CHECK(range_of(Form::kCode, {"J1", "J18.9x"}, 0, 1) == "J1****");
    CHECK(range_of(Form::kCategory, {"b", "a", "c"}, 0, 1) == "{a,b}");
    CHECK(range_of(Form::kCategory, {"a,b", "c"}, 0, 1) == "*");
    const std::vector<std::string> nine{"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    CHECK(range_of(Form::kCategory, nine, 0, 7) == "{a,b,c,d,e,f,g,h}");
    CHECK(range_of(Form::kCategory, nine, 0, 8) == "*");
}

TEST_CASE("coded column: values that do not fit make it one of categories", "[privacy][mondrian]") {
    using Form = ValueForm;
    CHECK(range_of(Form::kNumber, {"1", "2", "many"}, 0, 1) == "{1,2}");
    CHECK(range_of(Form::kDate, {"2020", "2020-01"}, 0, 1) == "{2020,2020-01}");
    CHECK(range_of(Form::kDate, {"20200101", "2020/1/1"}, 0, 1) == "{2020/1/1,20200101}");
    CHECK(range_of(Form::kCode, {"锡山", "锡东"}, 0, 1).starts_with("{"));
    MemoryBudget budget(1000);
    CodedColumn column(Form::kNumber, budget);
    try {
        for (int i = 0; i < 1000; ++i) column.add(std::to_string(i));
        FAIL("kept");
    } catch (const Error& error) {
        CHECK(error.code() == "risk.too_large");
    }
}
