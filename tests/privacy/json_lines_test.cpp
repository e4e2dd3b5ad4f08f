#include "privacy/json_lines.h"

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/file_mask.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

using Table = std::vector<std::vector<std::string>>;

Table read_lines(std::string_view text, std::size_t piece, CsvLimits limits = {}) {
    Table table;
    JsonLinesReader reader(limits, [&table](const CsvRecord& record) {
        CHECK(record.number == table.size());
        table.emplace_back(record.fields.begin(), record.fields.end());
    });
    for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
    reader.finish();
    CHECK(reader.records() + 1 == table.size());
    return table;
}

std::string line_fault(std::string_view text, CsvLimits limits = {}) {
    try {
        read_lines(text, text.size(), limits);
    } catch (const Error& error) {
        // Where it is, and nothing that stands in the file.
        CHECK(error.text().en.starts_with("Line "));
        CHECK(error.text().en.find("secret") == std::string::npos);
        return error.code() + " " + error.detail().pointer;
    }
    return {};
}

TEST_CASE("json lines: members become columns, whatever their order and however the bytes come",
          "[privacy][json]") {
    const std::string text =
        "{\"姓名\":\"张\\u4e09\",\"age\":37,\"ok\":true,\"note\":null}\n"
        "\n"
        "  {\"note\":\"a\\nb\",\"ok\":false,\"age\":1.10105E+17}  \r\n"
        "{ }\n"
        "{\"age\":123456789012345678901234567890}";
    const Table table{{"姓名", "age", "ok", "note"},
                      {"张三", "37", "true", ""},
                      {"", "1.10105E+17", "false", "a\nb"},
                      {"", "", "", ""},
                      {"", "123456789012345678901234567890", "", ""}};
    for (std::size_t piece = 1; piece <= text.size(); ++piece)
        CHECK(read_lines(text, piece) == table);
}

TEST_CASE("json lines: what would shift or hide a value ends the file", "[privacy][json]") {
    CHECK(line_fault("") == "json_lines.empty line 2");
    CHECK(line_fault("\n\n") == "json_lines.empty line 4");
    CHECK(line_fault("{}") == "json_lines.empty line 1");
    CHECK(line_fault("{\"a\":1}\n[1]") == "json_lines.not_object line 2");
    CHECK(line_fault("\"secret\"") == "json_lines.not_object line 1");
    CHECK(line_fault("{\"a\":1}\n{\"a\":{\"secret\":1}}") == "json_lines.nested line 2");
    CHECK(line_fault("{\"a\":[]}") == "json_lines.nested line 1");
    CHECK(line_fault("{\"\":1}") == "json_lines.member_empty line 1");
    CHECK(line_fault("{\"a\":1,\"a\":2}") == "json_lines.member_duplicate line 1");
    CHECK(line_fault("{\"a\":1}\n{\"a\":1,\"\\u0061\":2}") == "json_lines.member_duplicate line 2");
    CHECK(line_fault("{\"a\":1}\n{\"b\":1}") == "json_lines.member_unknown line 2");
    CHECK(line_fault("{\"a\":\"x\\u0000y\"}") == "json_lines.nul_byte line 1");
    for (const char* wrong :
         {"{\"a\":1", "{\"a\"}", "{\"a\":secret}", "{\"a\":1}{\"a\":2}", "{\"a\":1} x",
          "{\"a\":01}", "{\"a\":1x}", "{\"a\":tru}", "{\"a\":nul}", "{\"a\":\"\xff\"}",
          "{\"a\":\"\t\"}", "{'a':1}", "{\"a\":1,}", "{\"a\":\"\\ud800\"}"}) {
        INFO(wrong);
        CHECK(line_fault(wrong) == "json_lines.syntax line 1");
    }
    for (const std::string& nul : {std::string(1, '\0'), std::string("{\"a\":1}\0", 8)}) {
        CHECK(line_fault("{\"a\":1}\n" + nul + "\n") == "json_lines.syntax line 2");
    }
    const CsvLimits small{.columns_max = 2, .field_bytes_max = 4, .record_bytes_max = 40};
    CHECK(line_fault("{\"a\":1,\"b\":2,\"c\":3}", small) == "json_lines.too_many_members line 1");
    CHECK(line_fault("{\"a\":\"12345\"}", small) == "json_lines.field_too_large line 1");
    CHECK(line_fault("{\"a\":1}\n{" + std::string(40, ' ') + "}", small) ==
          "json_lines.line_too_large line 2");
}

TEST_CASE("json lines: what is written reads as it was", "[privacy][json]") {
    const unsigned seed = 20'261'126;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> pieces{"a", "\"", "\\", "\n", "张", "\x01", "𠮷", ",", " ", "/"};
    Table table{{"x", "名\"称", "z"}};
    std::string text;
    JsonLinesWriter writer([&text](std::string_view block) { text += block; });
    const auto write = [&writer](const std::vector<std::string>& row) {
        writer.write(std::vector<std::string_view>(row.begin(), row.end()));
    };
    write(table[0]);
    for (int i = 0; i < 5'000; ++i) {
        std::vector<std::string> row(3);
        for (std::string& value : row) {
            for (std::size_t n = random() % 8; n > 0; --n)
                value += pieces[random() % pieces.size()];
        }
        write(row);
        table.push_back(row);
    }
    writer.finish();
    CHECK(read_lines(text, 1'000) == table);
    const auto second = nlohmann::json::parse(text.substr(0, text.find('\n')));
    CHECK(second.at("名\"称") == table[1][1]);
}

TEST_CASE("json lines: a file is masked as a table is", "[privacy][json][mask]") {
    const Policy policy{"P", 1, "C", {{"name", Operation::keep(1, 0)}, {"n", Operation::pass()}}};
    std::string out;
    FileMask mask(policy,
                  {test::column("name", Kind::kPersonName), test::column("n", Kind::kAmount)},
                  as_bytes("key"), [&out](std::string_view block) { out += block; },
                  {.format = TableFormat::kJsonLines});
    mask.feed("{\"name\":\"张三丰\",\"n\":7}\n{\"n\":8}\n");
    const FileMaskReport report = mask.finish();
    CHECK(out == "{\"name\":\"张**\",\"n\":\"7\"}\n{\"name\":\"\",\"n\":\"8\"}\n");
    CHECK(report.masked.rows_out == 2);
}

}  // namespace
}  // namespace pdx::privacy
