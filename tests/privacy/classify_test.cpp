#include "privacy/classify.h"

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/checksum.h"
#include "privacy/column_profiler.h"
#include "privacy/csv.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

ColumnClass classify(const std::string& name, const std::vector<std::string>& values,
                     const DeclaredColumn& declared = {}) {
    ColumnProfiler profiler(name, declared);
    std::uint64_t row = 0;
    for (const std::string& value : values) profiler.add(value, row++);
    return profiler.classify();
}

template <class Make>
std::vector<std::string> many(std::size_t count, Make make) {
    const unsigned seed = 12;
    std::mt19937 random(seed);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(make(random));
    return values;
}

std::string digits(std::mt19937& random, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random() % 10);
    return text;
}

std::string pick(std::mt19937& random, const std::vector<std::string>& from) {
    return from[random() % from.size()];
}

std::string resident_id(std::mt19937& random) {
    std::string payload = "320299" + std::to_string(1950 + random() % 60) + "0" +
                          std::to_string(1 + random() % 9) + std::to_string(10 + random() % 18) +
                          digits(random, 3);
    return payload + *resident_id_check_digit(payload);
}

std::string uscc(std::mt19937& random, const std::string& kind) {
    const std::string organisation = "MAXX" + digits(random, 4);
    const std::string payload =
        kind + "320299" + organisation + *org_code_check_digit(organisation);
    return payload + *uscc_check_digit(payload);
}

std::string person(std::mt19937& random) {
    return pick(random, {"张", "王", "李", "陈", "周", "吴", "钱", "欧阳"}) +
           pick(random, {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊"}) +
           pick(random, {"", "华", "明", "英", "杰", "涛", "超", "霞"});
}

std::string mobile(std::mt19937& random) { return "138" + digits(random, 8); }

struct SeedField {
    std::string asset;
    std::string name;
    std::string label;
    Sensitivity declared = Sensitivity::kUnknown;
};

std::vector<SeedField> seed_fields() {
    std::ifstream file(test::source_folder() / "tests/privacy/data/seed_fields.csv");
    std::stringstream text;
    text << file.rdbuf();
    std::vector<SeedField> fields;
    CsvReader reader({}, [&](const CsvRecord& record) {
        if (record.number == 0) return;
        fields.push_back({std::string(record.fields[0]), std::string(record.fields[1]),
                          std::string(record.fields[2]),
                          parse_declared_class(record.fields[3]).value()});
    });
    reader.feed(text.str());
    reader.finish();
    return fields;
}

}  // namespace

TEST_CASE("classify: values decide where the header says nothing", "[privacy][classify]") {
    struct Case {
        Kind kind;
        Sensitivity sensitivity;
        std::vector<std::string> values;
    };
    using S = Sensitivity;
    const std::size_t n = 400;
    const std::vector<Case> cases{
        {Kind::kResidentId, S::kDirectIdentifier, many(n, resident_id)},
        {Kind::kMobile, S::kDirectIdentifier, many(n, mobile)},
        {Kind::kPersonName, S::kDirectIdentifier, many(n, person)},
        {Kind::kUscc, S::kNonPersonal, many(n, [](auto& r) { return uscc(r, "91"); })},
        {Kind::kSoleTraderCode, S::kDirectIdentifier,
         many(n, [](auto& r) { return uscc(r, r() % 20 == 0 ? "92" : "91"); })},
        {Kind::kEmail, S::kDirectIdentifier,
         many(n, [](auto& r) { return "u" + digits(r, 6) + "@example.com"; })},
        {Kind::kPlate, S::kDirectIdentifier, many(n, [](auto& r) { return "苏B" + digits(r, 5); })},
        {Kind::kBankCard, S::kDirectIdentifier,
         many(n,
              [](auto& r) {
                  const std::string payload = "622202" + digits(r, 12);
                  return payload + *luhn_check_digit(payload);
              })},
        {Kind::kAddress, S::kQuasiIdentifier,
         many(n, [](auto& r) { return "江苏省无锡市滨湖区太湖大道" + digits(r, 3) + "号"; })},
        {Kind::kOrganisationName, S::kNonPersonal,
         many(n, [](auto& r) { return "无锡" + person(r) + "科技有限公司"; })},
        {Kind::kSex, S::kQuasiIdentifier, many(n, [](auto& r) { return r() % 2 ? "男" : "女"; })},
        {Kind::kMeasure, S::kNonPersonal,
         many(n, [](auto& r) { return std::to_string(r() % 5000) + "." + digits(r, 2); })},
        {Kind::kCategory, S::kNonPersonal,
         many(n,
              [](auto& r) {
                  return pick(r, {"存续", "注销", "吊销", "迁出"});
              })},
        {Kind::kDate, S::kQuasiIdentifier,
         many(n, [](auto& r) { return "19" + std::to_string(50 + r() % 50) + "-03-12"; })},
        {Kind::kCoordinate, S::kQuasiIdentifier,
         many(n, [](auto& r) { return "120." + digits(r, 6); })},
        {Kind::kFreeText, S::kFreeText,
         many(n,
              [](auto& r) {
                  return "群众反映" + person(r) + "家楼道堆物，联系电话" + mobile(r) +
                         "，请尽快处理。";
              })},
        {Kind::kUnknown, S::kUnknown, many(n, [](auto& r) { return "A" + digits(r, 9); })},
        {Kind::kUnknown, S::kUnknown, many(n, [](auto& r) { return "32" + digits(r, 10); })},
    };
    for (const Case& row : cases) {
        const ColumnClass column = classify("col7", row.values);
        INFO(kind_code(row.kind) << " as " << kind_code(column.kind));
        CHECK(column.kind == row.kind);
        CHECK(column.sensitivity == row.sensitivity);
        REQUIRE_FALSE(column.evidence.empty());
        for (const Evidence& evidence : column.evidence) {
            CHECK_FALSE(describe(evidence).zh.empty());
        }
    }
}

TEST_CASE("classify: chance hits do not make numbers personal", "[privacy][classify]") {
    const std::size_t n = 2'000;
    // Eleven digits as Benford gives them: a sixth looks like mobile numbers.
    const auto amounts = many(n, [](auto& r) {
        return std::to_string(10'000'000'000ULL + r() % 20 * 1'000'000'000ULL + r() % 900'000'000);
    });
    CHECK(classify("reg_capital_fen", amounts, {"注册资本(分)", {}}).kind == Kind::kAmount);
    // Region, day and serial: one in eleven has the right check digit.
    const auto codes = many(n, [](auto& r) {
        return "320299"
               "20260112" +
               digits(r, 4);
    });
    const ColumnClass code = classify("doc_no", codes, {"决定文书号", {}});
    CHECK(code.kind == Kind::kCode);
    CHECK(code.sensitivity == Sensitivity::kNonPersonal);
    const auto serials = many(n, [](auto& r) { return "1" + digits(r, 18); });
    CHECK(classify("order_no", serials, {"订单编号", {}}).sensitivity == Sensitivity::kNonPersonal);
}

TEST_CASE("classify: the same column is found whatever its spelling and header",
          "[privacy][classify]") {
    const auto plain = many(200, resident_id);
    auto spaced = plain;
    for (auto& value : spaced) value.insert(14, " ").insert(6, " ");
    for (const char* header : {"col1", "身份证号", "sfzh", "idCard", "ID_NO", "备注", "doc_no"}) {
        INFO(header);
        CHECK(classify(header, plain).kind == Kind::kResidentId);
        CHECK(classify(header, spaced).kind == Kind::kResidentId);
    }
}

TEST_CASE("classify: a header that names an identifier is obeyed", "[privacy][classify]") {
    for (const char* header : {"sfzh", "xm", "lxdh", "姓名", "联系电话", "contactPhone", "家庭住址",
                               "email", "车牌号", "银行卡号", "学籍号", "wechat"}) {
        INFO(header);
        CHECK(classify(header, {}).sensitivity == Sensitivity::kDirectIdentifier);
        CHECK(classify(header, {"?", "-", "n/a"}).sensitivity == Sensitivity::kDirectIdentifier);
    }
    CHECK(classify("mystery", {}).sensitivity == Sensitivity::kUnknown);
}

TEST_CASE("classify: a declaration only makes stricter", "[privacy][classify]") {
    using S = Sensitivity;
    const auto ids = many(50, resident_id);
    const auto status = many(50, [](auto& r) { return pick(r, {"存续", "注销"}); });
    const auto opaque = many(50, [](auto& r) { return "A" + digits(r, 9); });
    CHECK(classify("x", ids, {"", S::kNonPersonal}).sensitivity == S::kDirectIdentifier);
    CHECK(classify("status", status, {"", S::kSensitive}).sensitivity == S::kSensitive);
    CHECK(classify("status", status, {"", S::kNonPersonal}).sensitivity == S::kNonPersonal);
    CHECK(classify("x", opaque, {"", S::kNonPersonal}).sensitivity == S::kUnknown);
    CHECK(classify("x", opaque, {"", S::kDirectIdentifier}).sensitivity == S::kDirectIdentifier);
}

TEST_CASE("classify: one identifier inside text makes a column free text", "[privacy][classify]") {
    auto values = many(300, [](auto& r) { return pick(r, {"正常", "待核实", "已办结"}); });
    values.push_back("电话13800138000");
    const ColumnClass column = classify("处理状态", values);
    CHECK(column.sensitivity == Sensitivity::kFreeText);
}

TEST_CASE("classify: every direct identifier of the seed catalogue is found by its name",
          "[privacy][classify]") {
    const auto fields = seed_fields();
    REQUIRE(fields.size() == 201);
    int direct = 0;
    for (const SeedField& field : fields) {
        const ColumnClass column = classify(field.name, {}, {field.label, {}});
        INFO(field.asset << " " << field.name << " " << field.label << " -> "
                         << kind_code(column.kind));
        if (field.declared == Sensitivity::kDirectIdentifier && field.name != "uscc") {
            ++direct;
            CHECK(column.sensitivity == Sensitivity::kDirectIdentifier);
            // The header alone, as a file without dictionary has it.
            const Sensitivity bare = classify(field.label, {}).sensitivity;
            CHECK(bare == Sensitivity::kDirectIdentifier);
        }
        CHECK(column.sensitivity != Sensitivity::kUnknown);
        const ColumnClass declared = classify(field.name, {}, {field.label, field.declared});
        CHECK(declared.sensitivity >= field.declared);
    }
    CHECK(direct == 25);
}

TEST_CASE("classify: a table is sampled with bounded effort and its header is no data",
          "[privacy][classify]") {
    const std::vector<std::string_view> header{"xm", "n"};
    TableProfiler table(header, {}, 42);
    std::mt19937 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const std::string name = person(random);
        const std::vector<std::string_view> fields{name, "7"};
        table.add(fields);
    }
    CHECK(table.rows() == 100'000);
    CHECK(table.sampled() > 8'000);
    CHECK(table.sampled() < 20'000);
    const auto classes = table.classify();
    REQUIRE(classes.size() == 2);
    CHECK(classes[0].kind == Kind::kPersonName);

    const std::vector<std::string_view> data{"张三", "13800138000"};
    try {
        TableProfiler wrong(data, {}, 42);
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.code() == "csv.header_is_data");
        CHECK(error.text().en.find("13800138000") == std::string::npos);
    }
}
