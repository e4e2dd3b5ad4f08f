#include "privacy/csv.h"

#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

using Table = std::vector<std::vector<std::string>>;

Table read(const std::string& text, std::size_t chunk, CsvLimits limits = {}) {
    Table table;
    CsvReader reader(limits, [&](const CsvRecord& record) {
        CHECK(record.number == table.size());
        table.emplace_back(record.fields.begin(), record.fields.end());
    });
    for (std::size_t i = 0; i < text.size(); i += chunk) {
        reader.feed(std::string_view(text).substr(i, chunk));
    }
    reader.finish();
    CHECK(reader.records() + 1 == table.size());
    return table;
}

/// The error's code, with every chunk size that matters; "" when the text is accepted.
Error refusal(const std::string& text, CsvLimits limits = {}) {
    std::vector<Error> errors;
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, text.size() + 1}) {
        try {
            read(text, chunk, limits);
        } catch (const Error& error) {
            errors.push_back(error);
        }
    }
    REQUIRE(errors.size() == 3);
    CHECK(errors[0].code() == errors[2].code());
    CHECK(errors[1].code() == errors[2].code());
    CHECK(errors[0].detail().pointer == errors[2].detail().pointer);
    return errors[2];
}

}  // namespace

TEST_CASE("csv: what RFC 4180 allows is read", "[privacy][csv]") {
    struct Case {
        std::string text;
        Table table;
    };
    const std::vector<Case> cases{
        {"a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
        {"a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
        {"\xEF\xBB\xBF"
         "a,b\n1,2\n",
         {{"a", "b"}, {"1", "2"}}},
        {"a\n\"\"\n", {{"a"}, {""}}},
        {"a,b\n,\n", {{"a", "b"}, {"", ""}}},
        {"a,b\n,", {{"a", "b"}, {"", ""}}},
        {"a,b\n\"x,\r\ny\",\"say \"\"hi\"\"\"\n", {{"a", "b"}, {"x,\r\ny", "say \"hi\""}}},
        {"名称,值\n\"无锡\n市\",七\n", {{"名称", "值"}, {"无锡\n市", "七"}}},
        {"a,b\n x , y \n", {{"a", "b"}, {" x ", " y "}}},
        {"a,b", {{"a", "b"}}},
        {"a,b\n1,\"\"", {{"a", "b"}, {"1", ""}}},
    };
    for (const Case& row : cases) {
        for (std::size_t chunk = 1; chunk <= row.text.size(); ++chunk) {
            INFO(row.text << " in chunks of " << chunk);
            CHECK(read(row.text, chunk) == row.table);
        }
    }
}

TEST_CASE("csv: every irregularity is refused with its place and without the value",
          "[privacy][csv]") {
    using std::string_literals::operator""s;
    struct Case {
        std::string text;
        std::string code;
        std::string pointer;
    };
    const std::vector<Case> cases{
        {"", "csv.empty", "line 1, header, column 1"},
        {"\xEF\xBB\xBF", "csv.empty", "line 1, header, column 1"},
        {"姓名;电话\n1;2\n", "csv.separator", "line 1, header, column 1"},
        {"a\tb\n1\t2\n", "csv.separator", "line 1, header, column 1"},
        {"{\"a\":1}\n", "csv.is_json", "line 1, header, column 1"},
        {"[{\"a\":1}]", "csv.is_json", "line 1, header, column 1"},
        {"[\n  {\n", "csv.is_json", "line 1, header, column 1"},
        {"a\"b\n", "csv.stray_quote", "line 1, header, column 1"},
        {"a,b\n1,2\n13800138000\n", "csv.ragged_row", "line 3, record 2, column 1"},
        {"a,b\n1,2,13800138000\n", "csv.ragged_row", "line 2, record 1, column 3"},
        {"a,b\n1,2\n\n", "csv.ragged_row", "line 3, record 2, column 1"},
        {"a,b\n1,x\0y\n"s, "csv.nul_byte", "line 2, record 1, column 2"},
        {"a,b\n1,\"x\0y\"\n"s, "csv.nul_byte", "line 2, record 1, column 2"},
        {"a,b\n\xFF,2\n", "csv.invalid_utf8", "line 2, record 1, column 1"},
        {"a,b\n1,\xE6\x97\n", "csv.invalid_utf8", "line 2, record 1, column 2"},
        {"a,b\n\xE6\x97,\xA0\n", "csv.invalid_utf8", "line 2, record 1, column 1"},
        {"a,b\n1,x\"y\n", "csv.stray_quote", "line 2, record 1, column 2"},
        {"a,b\n1,\"x\"y\n", "csv.stray_quote", "line 2, record 1, column 2"},
        {"a,b\n\"x\ny\",\"13800138000\n", "csv.unclosed_quote", "line 2, record 1, column 2"},
        {"a,b\n1,2\r3,4\n", "csv.bare_carriage_return", "line 2, record 1, column 2"},
        {"a,b\n1,2\r", "csv.bare_carriage_return", "line 2, record 1, column 2"},
        {"a,,c\n", "csv.header_name_empty", "line 1, header, column 2"},
        {"a, a\n", "csv.header_name_duplicate", "line 1, header, column 2"},
        {"\"a\",a\n", "csv.header_name_duplicate", "line 1, header, column 2"},
    };
    for (const Case& row : cases) {
        INFO(row.code);
        const Error error = refusal(row.text);
        CHECK(error.code() == row.code);
        CHECK(error.kind() == ErrorKind::kInvalid);
        CHECK(error.detail().pointer == row.pointer);
        CHECK(error.text().en.find("13800138000") == std::string::npos);
        CHECK_FALSE(error.text().zh.empty());
    }
}

TEST_CASE("csv: limits are refused before the input is held", "[privacy][csv]") {
    std::string header = "c0";
    for (int i = 1; i < 10'000; ++i) header += ",c" + std::to_string(i);
    CHECK(refusal(header + "\n").code() == "csv.too_many_columns");
    CHECK(refusal(header + "\n").kind() == ErrorKind::kTooLarge);
    const CsvLimits wide{
        .columns_max = 10'000, .field_bytes_max = 100, .record_bytes_max = 1 << 20};
    CHECK(read(header + "\n", 777, wide).front().size() == 10'000);

    const CsvLimits small{.columns_max = 4, .field_bytes_max = 8, .record_bytes_max = 20};
    CHECK(refusal("a,b\n123456789,\n", small).code() == "csv.field_too_large");
    CHECK(refusal("a,b\n\"123456789\",\n", small).code() == "csv.field_too_large");
    CHECK(refusal("a,b,c\n12345678,12345678,12345678\n", small).code() == "csv.record_too_large");
    CHECK(read("a,b\n12345678,12345678\n", 5, small).size() == 2);

    // A line of 100 MB: refused after the first blocks, whatever comes behind them.
    for (const char* quote : {"", "\""}) {
        CsvReader reader({}, [](const CsvRecord&) {});
        reader.feed(std::string("a,b\n") + quote);
        const std::string block(1 << 16, 'x');
        std::size_t fed = 0;
        std::string code;
        for (; fed < 100'000'000 && code.empty(); fed += block.size()) {
            try {
                reader.feed(block);
            } catch (const Error& error) {
                code = error.code();
            }
        }
        CHECK(code == "csv.field_too_large");
        CHECK(fed <= (2 << 20));
        CHECK_THROWS(reader.feed("x"));
        CHECK_THROWS(reader.finish());
    }
}

TEST_CASE("csv: any division of the input gives the same records", "[privacy][csv][property]") {
    const unsigned seed = 4180;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> pieces{"a",    "\"", "\"\"", ",", "\n",
                                          "\r\n", "无", "x y",  "7", ""};
    for (int round = 0; round < 300; ++round) {
        Table table(1 + random() % 6);
        const std::size_t width = 1 + random() % 4;
        std::string text;
        CsvWriter writer([&](std::string_view block) { text += block; });
        for (std::size_t row = 0; row < table.size(); ++row) {
            for (std::size_t column = 0; column < width; ++column) {
                std::string value = row == 0 ? "h" + std::to_string(column) : "";
                for (unsigned i = 0; row != 0 && i < random() % 5; ++i) {
                    value += pieces[random() % pieces.size()];
                }
                table[row].push_back(value);
            }
            const std::vector<std::string_view> views(table[row].begin(), table[row].end());
            writer.write(views);
        }
        writer.finish();
        INFO(text);
        Table split;
        CsvReader reader({}, [&](const CsvRecord& record) {
            split.emplace_back(record.fields.begin(), record.fields.end());
        });
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t size = 1 + random() % 7;
            reader.feed(std::string_view(text).substr(i, size));
            i += size;
        }
        reader.finish();
        CHECK(split == table);
        CHECK(read(text, text.size()) == table);
    }
}

TEST_CASE("csv: random bytes are read or refused and never crash", "[privacy][csv][property]") {
    const unsigned seed = 99;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string alphabet = "a,\"\n\r\xE6\x97\xA0";
    for (int round = 0; round < 3'000; ++round) {
        std::string text(random() % 30, 'x');
        for (char& c : text) c = alphabet[random() % alphabet.size()];
        std::vector<std::string> codes;
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{4}, std::size_t{64}}) {
            std::string outcome;
            CsvReader reader({}, [&](const CsvRecord& record) {
                for (const auto field : record.fields) outcome += std::string(field) + "|";
            });
            try {
                for (std::size_t i = 0; i < text.size(); i += chunk) {
                    reader.feed(std::string_view(text).substr(i, chunk));
                }
                reader.finish();
            } catch (const Error& error) {
                outcome += error.code();
            }
            codes.push_back(outcome);
        }
        CHECK(codes[0] == codes[1]);
        CHECK(codes[0] == codes[2]);
    }
}

TEST_CASE("csv: formulas and Chinese leave as they came", "[privacy][csv]") {
    std::string out;
    append_csv_field(out, "=1+2");
    out += '|';
    append_csv_field(out, "无锡,\"市\"");
    CHECK(out == "=1+2|\"无锡,\"\"市\"\"\"");
}
