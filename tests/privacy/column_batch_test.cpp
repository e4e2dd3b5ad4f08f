#include "privacy/column_batch.h"

#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/compiled_operation.h"
#include "privacy/csv.h"
#include "privacy/guard.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

using test::column;

PlannedColumn planned(Kind kind, const Operation& operation) {
    PlannedColumn plan;
    plan.column = column("x", kind);
    plan.operation = operation;
    return plan;
}

TEST_CASE("column batch: values are what was added, and bytes belong to one of them",
          "[privacy][batch]") {
    ColumnBatch batch;
    CHECK(batch.size() == 0);
    batch.add("ab");
    batch.add("");
    batch.open().append("c\nd");
    batch.close();
    REQUIRE(batch.size() == 3);
    CHECK(batch[0] == "ab");
    CHECK(batch[1].empty());
    CHECK(batch[2] == "c\nd");
    CHECK(batch.text() == "ab\n\nc\nd\n");
    const std::vector<std::size_t> owners{0, 0, 0, 1, 2, 2, 2, 2};
    for (std::size_t i = 0; i < owners.size(); ++i) CHECK(batch.index_of(i) == owners[i]);
    batch.clear();
    CHECK(batch.size() == 0);
    CHECK(batch.text().empty());
}

TEST_CASE("operation: many values at once become what each becomes alone",
          "[privacy][operation][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> pool{"",
                                        " ",
                                        "11010519491231002X",
                                        "110105 19491231 002x",
                                        "110105194912310021",
                                        "13800138000",
                                        "138 0013 8000",
                                        "１３８００１３８０００",
                                        "6222029900000000002",
                                        "6222 0299 0000 0000 002",
                                        "4111111111111111",
                                        "2026-03-05",
                                        "20260305",
                                        "320211",
                                        "江苏省无锡市滨湖区太湖大道1号",
                                        "J45.901",
                                        "-12.50",
                                        "37",
                                        "张小明",
                                        "市民张伟来电13800138000。",
                                        "x"};
    for (const auto& [kind, text] : std::vector<std::pair<Kind, const char*>>{
             {Kind::kResidentId, "token"},
             {Kind::kMobile, "token"},
             {Kind::kBankCard, "token(card)"},
             {Kind::kMobile, "pseudonym"},
             {Kind::kMobile, "keep_first_last(3,4)"},
             {Kind::kDate, "generalise_date_to_month"},
             {Kind::kDate, "shift_date(30,id_no)"},
             {Kind::kAddress, "generalise_address_to_district"},
             {Kind::kDiagnosis, "generalise_diagnosis"},
             {Kind::kRegion, "generalise_region"},
             {Kind::kMeasure, "round_number(5,1)"},
             {Kind::kMeasure, "bound_number(-5,20)"},
             {Kind::kAge, "age_band(5)"},
             {Kind::kFreeText, "mask_text"},
             {Kind::kCategory, "redact"},
             {Kind::kCategory, "row_number"},
             {Kind::kCategory, "pass"}}) {
        const auto plan = planned(kind, parse_operation(text).value());
        CompiledOperation many(plan, as_bytes("a key of the test"));
        CompiledOperation alone(plan, as_bytes("a key of the test"));
        ColumnBatch out;
        for (int round = 0; round < 20; ++round) {
            std::vector<std::string_view> values;
            std::vector<std::string_view> subjects;
            for (unsigned i = 0; i < random() % 90; ++i) {
                values.emplace_back(pool[random() % pool.size()]);
                subjects.emplace_back(pool[random() % pool.size()]);
            }
            OutcomeCounts counts{};
            many.apply(values, subjects, out, counts);
            REQUIRE(out.size() == values.size());
            OutcomeCounts expected{};
            for (std::size_t i = 0; i < values.size(); ++i) {
                INFO(text << " of " << values[i]);
                Outcome outcome = Outcome::kUnreadable;
                CHECK(out[i] == alone.apply(values[i], outcome, subjects[i]));
                ++expected.at(static_cast<std::size_t>(outcome));
            }
            CHECK(counts == expected);
        }
        CHECK(many.text_counts() == alone.text_counts());
    }
}

TEST_CASE("guard: what is found is named by its record, among numbers too", "[privacy][guard]") {
    for (const Kind kind : {Kind::kAmount, Kind::kCategory}) {
        OutputGuard guard({planned(kind, Operation::pass())});
        ColumnBatch values;
        for (int i = 0; i < 10; ++i) values.add(i % 2 == 0 ? "123456789012" : "12.50");
        CHECK_NOTHROW(guard.check(0, values, 1));
        values.add("a@b.cn");
        values.add("12.50");
        try {
            guard.check(0, values, 701);
            FAIL("it passed");
        } catch (const Error& error) {
            CHECK(error.detail().pointer == "record 711, column x");
            CHECK(error.detail().rule == "email");
        }
    }
}

TEST_CASE("csv: of many blocks, those with quotes read back as those without", "[privacy][csv]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (const std::size_t width : {std::size_t{1}, std::size_t{3}}) {
        std::vector<std::vector<std::string>> table;
        std::string text;
        std::size_t blocks = 0;
        CsvWriter writer([&](std::string_view block) {
            text += block;
            ++blocks;
        });
        for (std::size_t row = 0; row < 12'000; ++row) {
            std::vector<std::string> fields(width, "滨湖区太湖街道" + std::to_string(row));
            if (row == 0) fields = {"a", "b", "c"};
            fields.resize(width);
            // Some blocks have none.
            if (row % 8'000 > 5'000 && random() % 50 == 0) {
                fields[random() % width] =
                    std::vector<std::string>{"\"", "a,b", "x\r\ny", "", "\n"}[random() % 5];
            }
            table.push_back(fields);
            const std::vector<std::string_view> views(fields.begin(), fields.end());
            writer.write(views);
        }
        writer.finish();
        CHECK(blocks > 3);
        std::size_t row = 0;
        CsvReader reader({}, [&](const CsvRecord& record) {
            REQUIRE(row < table.size());
            const std::vector<std::string> fields(record.fields.begin(), record.fields.end());
            REQUIRE(fields == table[row]);
            ++row;
        });
        reader.feed(text);
        reader.finish();
        CHECK(row == table.size());
    }
}

}  // namespace
}  // namespace pdx::privacy
