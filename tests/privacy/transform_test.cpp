#include "privacy/transform.h"

#include <chrono>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "privacy/checksum.h"
#include "privacy/compiled_operation.h"
#include "privacy/detect.h"
#include "privacy/number_token.h"
#include "privacy/scanner.h"
#include "tests/privacy/support/column.h"
#include "tests/privacy/support/masked.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::test::column;
using pdx::test::mask;
using pdx::test::Masked;

namespace {

std::string apply(const ColumnClass& c, const Operation& operation, const std::string& value,
                  const std::string& contract = "C-1") {
    PlannedColumn planned;
    planned.column = c;
    planned.operation = operation;
    const Secret key = contract_key(as_bytes("root key of the test"), contract);
    CompiledOperation compiled(planned, key.view());
    Outcome outcome = Outcome::kPassed;
    return std::string(compiled.apply(value, outcome));
}

const std::vector<ColumnClass> kRegister{
    column("uscc", Kind::kUscc),        column("legal_rep", Kind::kPersonName),
    column("id_no", Kind::kResidentId), column("phone", Kind::kMobile),
    column("home", Kind::kHomeAddress), column("capital_fen", Kind::kAmount),
    column("est_date", Kind::kDate),    column("status", Kind::kCategory),
    column("note", Kind::kFreeText),    column("mail", Kind::kEmail)};

std::string register_csv(std::vector<std::string>& personal, int rows) {
    const unsigned seed = 5;
    std::mt19937 random(seed);
    std::string csv = "uscc,legal_rep,id_no,phone,home,capital_fen,est_date,status,note,mail\n";
    for (int i = 0; i < rows; ++i) {
        const std::string serial = std::to_string(100 + i);
        const std::string payload = "32029919900307" + serial;
        const std::string id = payload + *resident_id_check_digit(payload);
        const std::string phone = "138" + std::to_string(10'000'000 + random() % 89'999'999);
        const std::string name = "张" + std::string(i % 2 == 0 ? "建国" : "秀英");
        const std::string home = "江苏省无锡市滨湖区太湖大道" + serial + "号";
        const std::string mail = "u" + serial + "@example.com";
        personal.insert(personal.end(), {name, id, phone, home, mail});
        csv += "91350100M000100Y43," + name + "," + id + "," + phone + "," + home +
               ",10000000000,2020-05-06,存续,\"来电" + phone + "\n" + name + "\"," + mail + "\n";
    }
    return csv;
}

const std::vector<FieldRule> kEverything{
    {"uscc", Operation::pass()},
    {"legal_rep", Operation::pass()},
    {"id_no", Operation::pass()},
    {"phone", Operation::keep(3, 4)},
    {"home", Operation::pass()},
    {"capital_fen", Operation::pass()},
    {"est_date", Operation::of(OperationKind::kGeneraliseDateToYear)},
    {"status", Operation::pass()},
    {"note", Operation::pass()},
    {"mail", Operation::pass()}};

}  // namespace

TEST_CASE("operation: each does what its name says", "[privacy][operation]") {
    const ColumnClass text = column("x", Kind::kCategory);
    const ColumnClass id = column("x", Kind::kResidentId);
    CHECK(apply(text, Operation::pass(), " a ") == " a ");
    CHECK(apply(text, Operation::redact(), "a") == "***");
    CHECK(apply(text, Operation::redact(), "").empty());
    CHECK(apply(id, Operation::keep(3, 4), "11010519491231002X") == "110***********002X");
    CHECK(apply(id, Operation::keep(3, 4), "1234567890") == "**********");
    const ColumnClass name = column("x", Kind::kPersonName);
    CHECK(apply(name, Operation::keep(1, 0), "张三") == "张*");
    CHECK(apply(name, Operation::keep(1, 0), "欧阳娜娜") == "欧***");
    CHECK(apply(name, Operation::keep(1, 0), "张") == "*");
    const auto month = Operation::of(OperationKind::kGeneraliseDateToMonth);
    const auto year = Operation::of(OperationKind::kGeneraliseDateToYear);
    CHECK(apply(text, month, "2026-03-09") == "2026-03");
    CHECK(apply(text, month, "2026年12月1日") == "2026-12");
    CHECK(apply(text, month, "202603") == "2026-03");
    CHECK(apply(text, month, "2026") == "2026");
    CHECK(apply(text, year, "20260309") == "2026");
    CHECK(apply(text, year, "2026-03-09 08:00:01") == "2026");
    CHECK(apply(text, year, "张三").empty());
    CHECK(apply(text, Operation::of(OperationKind::kGeneraliseRegion), "320211") == "3202");
    CHECK(apply(text, Operation::of(OperationKind::kGeneraliseRegion), "张三").empty());
    const auto district = Operation::of(OperationKind::kGeneraliseAddress);
    CHECK(apply(text, district, "江苏省无锡市滨湖区太湖大道100号") == "江苏省无锡市滨湖区");
    CHECK(apply(text, district, "太湖大道100号").empty());
}

TEST_CASE("operation: bounds, bands and chapters hide what is rare", "[privacy][operation]") {
    const ColumnClass text = column("x", Kind::kAge);
    const Operation bounds = Operation::bound(-105, 1'000, 1);
    CHECK(apply(text, bounds, "-10.6") == "-10.5");
    CHECK(apply(text, bounds, "-10.5") == "-10.5");
    CHECK(apply(text, bounds, "99.99") == "99.99");
    CHECK(apply(text, bounds, "100.01") == "100.0");
    CHECK(apply(text, bounds, "12,5").empty());
    const Operation band = Operation::age_band(5);
    CHECK(apply(text, band, "0") == "0-4");
    CHECK(apply(text, band, "37") == "35-39");
    CHECK(apply(text, band, "89") == "85-89");
    CHECK(apply(text, band, "90") == "90+");
    CHECK(apply(text, band, "121") == "90+");
    CHECK(apply(text, Operation::age_band(20), "85") == "80+");
    for (const char* wrong : {"-1", "151", "3.5", "old"}) CHECK(apply(text, band, wrong).empty());
    const auto chapter = Operation::of(OperationKind::kGeneraliseDiagnosis);
    CHECK(apply(text, chapter, "J45.901") == "J00-J99");
    CHECK(apply(text, chapter, "D48") == "C00-D48");
    CHECK(apply(text, chapter, "D50.0") == "D50-D89");
    CHECK(apply(text, chapter, "H60") == "H60-H95");
    CHECK(apply(text, chapter, "T98.3") == "S00-T98");
    for (const char* wrong : {"D49", "X", "哮喘", "j45", "J4"}) {
        CHECK(apply(text, chapter, wrong).empty());
    }
}

TEST_CASE("operation: dates of one person move together and never stay", "[privacy][operation]") {
    const auto shift = [](const std::string& value, const std::string& person,
                          const std::string& contract, std::int64_t days) {
        PlannedColumn planned;
        planned.column = column("x", Kind::kDate);
        planned.operation = Operation::shift_date(days, "person");
        const Secret key = contract_key(as_bytes("root key of the test"), contract);
        CompiledOperation compiled(planned, key.view());
        Outcome outcome = Outcome::kPassed;
        return std::string(compiled.apply(value, outcome, person));
    };
    using std::chrono::sys_days;
    const auto day_of = [](const std::string& text) {
        const Day day = parse_day(text).value();
        return sys_days{std::chrono::year{day.year} / day.month / day.day};
    };
    std::set<std::int64_t> moves;
    bool contracts_differ = false;
    for (int i = 0; i < 2'000; ++i) {
        const std::string person = "p" + std::to_string(i);
        const std::string first = shift("2024-02-28", person, "C-1", 30);
        const std::int64_t move = (day_of(first) - day_of("2024-02-28")).count();
        moves.insert(move);
        CHECK(day_of(shift("20231231", person, "C-1", 30)) - day_of("2023-12-31") ==
              std::chrono::days{move});
        contracts_differ = contracts_differ || shift("2024-02-28", person, "C-2", 30) != first;
    }
    CHECK(moves.size() == 60);  // each of 1 to 30 days, either way
    CHECK(*moves.begin() == -30);
    CHECK(*moves.rbegin() == 30);
    CHECK_FALSE(moves.contains(0));
    CHECK(contracts_differ);
    CHECK(shift("2024-02-28", "", "C-1", 30).empty());  // whose it is must be known
    CHECK(shift("soon", "p", "C-1", 30).empty());
}

TEST_CASE("mask: commercial cryptography gives other pseudonyms, as steady", "[privacy][mask]") {
    Policy policy{"P", 1, "C-1", {{"id_no", Operation::pseudonym("person")}}};
    const auto pseudonym = [&policy] {
        std::string text;
        Masker masker(policy, {column("id_no", Kind::kResidentId)}, as_bytes("a key of the test"),
                      [&text](std::string_view block) { text += block; });
        CsvReader reader({}, [&masker](const CsvRecord& record) { masker.add(record); });
        reader.feed("id_no\n11010519491231002X\n11010519491231002x\n");
        reader.finish();
        masker.finish();
        const std::size_t first = text.find("p_");
        const std::size_t second = text.find("p_", first + 1);
        CHECK(text.substr(first, 28) == text.substr(second, 28));
        return text.substr(first, 28);
    };
    const std::string international = pseudonym();
    policy.cryptography = Cryptography::kCommercial;
    CHECK(pseudonym() != international);
    CHECK(parse_policy(policy_text(policy)) == policy);
    CHECK(policy_hash(policy) != policy_hash({"P", 1, "C-1", policy.rules}));
}

TEST_CASE("operation: a token is of one person in every spelling, and of nobody else",
          "[privacy][operation]") {
    const ColumnClass id = column("x", Kind::kResidentId);
    const Operation token = Operation::token("person");
    const std::string made = apply(id, token, "11010519491231002X");
    CHECK(number_token_kind(made) == Kind::kResidentId);
    for (const char* spelling :
         {"11010519491231002x", "110105 19491231 002X", " 11010519491231002X"}) {
        CHECK(apply(id, token, spelling) == made);
    }
    CHECK(apply(id, token, "11010519491231002X", "C-2") != made);
    CHECK(apply(id, Operation::token("other"), "11010519491231002X") != made);
    CHECK(apply(id, token, "110105194912310021").empty());  // no resident ID: blanked
    CHECK(is_permitted(id, token));
    CHECK_FALSE(is_permitted(column("x", Kind::kEmail), token));
    CHECK(effective_operation(column("x", Kind::kEmail), token) == Operation::redact());
}

TEST_CASE("mask: a row's number is that of the output, whatever the order", "[privacy][mask]") {
    class Memory final : public RowSpill {
    public:
        void append(std::size_t, std::string_view) override { FAIL("spilled"); }
        std::string take(std::size_t) override { return {}; }
    };
    const Policy policy{"P",
                        1,
                        "C",
                        {{"no", Operation::of(OperationKind::kRowNumber)},
                         {"id_no", Operation::pseudonym()},
                         {"x", Operation::pass()}}};
    const std::vector<ColumnClass> classes{
        column("no", Kind::kCode), column("id_no", Kind::kResidentId), column("x", Kind::kAmount)};
    const auto run = [&](std::optional<RowOrder> order) {
        std::string text;
        Masker masker(policy, classes, as_bytes("key"),
                      [&text](std::string_view block) { text += block; }, {.order = order});
        CsvReader reader({}, [&masker](const CsvRecord& record) { masker.add(record); });
        reader.feed("no,id_no,x\n");
        for (int i = 0; i < 50; ++i) {
            reader.feed(std::to_string(900 + i) + ",11010519491231002X," + std::to_string(i) +
                        "\n");
        }
        reader.finish();
        CHECK(masker.finish().rows_out == 50);
        std::vector<std::string> lines;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        return lines;
    };
    const auto plain = run(std::nullopt);
    Memory memory;
    const auto shuffled = run(RowOrder{as_bytes("order"), {}, &memory});
    REQUIRE(shuffled.size() == plain.size());
    CHECK(shuffled != plain);
    for (std::size_t i = 1; i < plain.size(); ++i) {
        CHECK(plain[i].starts_with(std::to_string(i) + ","));
        CHECK(shuffled[i].starts_with(std::to_string(i) + ","));
    }
}

TEST_CASE("mask: a date moves with the person whom the policy names", "[privacy][mask]") {
    const std::vector<ColumnClass> classes{column("id_no", Kind::kResidentId),
                                           column("admitted", Kind::kDate),
                                           column("released", Kind::kDate)};
    const std::vector<FieldRule> rules{{"admitted", Operation::shift_date(300, "id_no")},
                                       {"released", Operation::shift_date(300, "id_no")}};
    const Masked masked =
        mask("id_no,admitted,released\n11010519491231002X,2024-01-01,2024-01-11\n", classes, rules);
    REQUIRE(masked.code.empty());
    const std::string row = masked.text.substr(masked.text.find('\n') + 1);
    const Day from = parse_day(row.substr(0, 10)).value();
    const Day to = parse_day(row.substr(11, 10)).value();
    using std::chrono::sys_days;
    const auto days = [](const Day& day) {
        return sys_days{std::chrono::year{day.year} / day.month / day.day};
    };
    CHECK(days(to) - days(from) == std::chrono::days{10});
    CHECK(row.substr(0, 10) != "2024-01-01");
    const Masked spelled = mask(
        "id_no,admitted,released\n"
        "11010519491231002x,2024-01-01,2024-01-11\n"
        "110105 19491231 002X,2024-01-01,2024-01-11\n",
        classes, rules);
    CHECK(spelled.text == "admitted,released\r\n" + row + row);

    const Masked missing = mask("id_no,admitted,released\n", classes,
                                {{"admitted", Operation::shift_date(300, "nobody")}});
    CHECK(missing.code == "delivery.field_missing");
    CHECK(missing.pointer == "nobody");
}

TEST_CASE("operation: rounding goes down and never through floating point",
          "[privacy][operation]") {
    const ColumnClass number = column("x", Kind::kMeasure);
    CHECK(apply(number, Operation::round(100), "1299") == "1200");
    CHECK(apply(number, Operation::round(100), "99") == "0");
    CHECK(apply(number, Operation::round(100), "-1") == "-100");
    CHECK(apply(number, Operation::round(1, 2), "120.301663") == "120.30");
    CHECK(apply(number, Operation::round(5, 1), "7.44") == "7.0");
    CHECK(apply(number, Operation::round(5, 1), "7.5") == "7.5");
    CHECK(apply(number, Operation::round(1, 2), "-0.001") == "-0.01");
    CHECK(apply(number, Operation::round(1'000), "999999999999999") == "999999999999000");
    for (const char* wrong : {"9999999999999999", "1e5", "1,000", "张三", ".5", "1.2.3", "-"}) {
        INFO(wrong);
        CHECK(apply(number, Operation::round(10), wrong).empty());
    }
}

TEST_CASE("pseudonym: spellings share one, contracts and domains share none",
          "[privacy][pseudonym]") {
    const ColumnClass id = column("id_no", Kind::kResidentId);
    const auto person = Operation::pseudonym("person");
    const std::string token = apply(id, person, "11010519491231002X");
    CHECK(token.size() == 28);
    CHECK(token.starts_with("p_"));
    CHECK(apply(id, person, "11010519491231002x") == token);
    CHECK(apply(id, person, " 110105 19491231 002X") == token);
    CHECK(apply(id, person, "１１０１０５１９４９１２３１００２Ｘ") == token);
    CHECK(apply(column("other", Kind::kResidentId), person, "11010519491231002X") == token);
    CHECK(apply(id, Operation::pseudonym(), "11010519491231002X") != token);
    CHECK(apply(id, Operation::pseudonym("phone"), "11010519491231002X") != token);
    CHECK(apply(id, person, "11010519491231002X", "C-2") != token);
    CHECK(apply(id, person, "").empty());
    // The scanner takes no pseudonym for an identifier.
    for (int i = 0; i < 20'000; ++i) {
        const std::string value = apply(id, person, std::to_string(i));
        INFO(value);
        REQUIRE_FALSE(find_identifier(value));
        REQUIRE(detect_value(value).empty());
    }
}

TEST_CASE("masker: the output holds no value of a personal column", "[privacy][masker]") {
    std::vector<std::string> personal;
    const std::string csv = register_csv(personal, 200);
    const Masked masked = mask(csv, kRegister, kEverything);
    REQUIRE(masked.code.empty());
    for (const std::string& value : personal) {
        INFO(value);
        CHECK(masked.text.find(value) == std::string::npos);
    }
    CHECK(masked.text.starts_with(
        "uscc,legal_rep,id_no,phone,home,capital_fen,est_date,status,mail\r\n"
        "91350100M000100Y43,张**,p_"));
    CHECK(masked.text.find(",江苏省无锡市滨湖区,10000000000,2020,存续,***\r\n") !=
          std::string::npos);
    CHECK(masked.report.rows_in == 200);
    CHECK(masked.report.rows_out == 200);
    CHECK(masked.report.bytes_out == masked.text.size());
    CHECK(masked.report.output_digest == sha256(masked.text));
    REQUIRE(masked.report.columns.size() == 10);
    CHECK(masked.report.columns[1].masked == 200);
    CHECK(masked.report.columns[1].replaced);
    CHECK(masked.report.columns[5].passed == 200);
    CHECK(masked.report.columns[8].operation == Operation::drop());
}

TEST_CASE("masker: a field that leaves the policy leaves the output", "[privacy][masker]") {
    std::vector<std::string> personal;
    const std::string csv = register_csv(personal, 20);
    for (std::size_t i = 0; i < kEverything.size(); ++i) {
        std::vector<FieldRule> rules = kEverything;
        const std::string field = rules[i].field;
        rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(i));
        const Masked masked = mask(csv, kRegister, rules);
        INFO(field);
        REQUIRE(masked.code.empty());
        const std::string header = "," + masked.text.substr(0, masked.text.find('\r')) + ",";
        CHECK(header.find("," + field + ",") == std::string::npos);
    }
}

TEST_CASE("masker: two contracts share no pseudonym", "[privacy][masker]") {
    std::vector<std::string> personal;
    const std::string csv = register_csv(personal, 300);
    const std::vector<FieldRule> rules{{"id_no", Operation::pseudonym("person")},
                                       {"phone", Operation::pseudonym("phone")}};
    std::set<std::string> first;
    const auto collect = [](const std::string& text, const auto& take) {
        CsvReader reader({}, [&](const CsvRecord& record) {
            if (record.number == 0) return;
            for (const auto field : record.fields) take(std::string(field));
        });
        reader.feed(text);
        reader.finish();
    };
    const Masked one = mask(csv, kRegister, rules, "C-1");
    const Masked two = mask(csv, kRegister, rules, "C-2");
    collect(one.text, [&](const std::string& token) { first.insert(token); });
    CHECK(first.size() == 600);
    collect(two.text, [&](const std::string& token) { CHECK(first.count(token) == 0); });
    CHECK(mask(csv, kRegister, rules, "C-1").text == one.text);
}

TEST_CASE("masker: it fails closed", "[privacy][masker]") {
    const std::vector<ColumnClass> classes{column("status", Kind::kCategory),
                                           column("odd", Kind::kUnknown)};
    CHECK(mask("status,odd\na,b\n", classes, {{"odd", Operation::pass()}}).code ==
          "delivery.column_unclassified");
    CHECK(mask("status\na\n", classes, {{"status", Operation::pass()}}).code ==
          "delivery.columns_changed");
    CHECK(mask("odd,status\nb,a\n", classes, {{"status", Operation::pass()}}).code ==
          "delivery.columns_changed");
    CHECK(mask("status,odd\na\n", classes, {{"status", Operation::pass()}}).code ==
          "csv.ragged_row");
    // After a fault nothing can be finished.
    const Secret key = contract_key(as_bytes("root"), "C");
    Masker masker(
        {.id = "P", .version = 1, .contract_id = "C", .rules = {{"status", Operation::pass()}}},
        classes, key.view(), [](std::string_view) {});
    CHECK_THROWS(masker.finish());
    const std::vector<std::string_view> header{"status", "odd"};
    const std::vector<std::string_view> row{"电话13800138000", ""};
    masker.add({0, 1, header});
    masker.add({1, 2, row});  // looked at with others, before anything is finished
    CHECK_THROWS_AS(masker.finish(), Error);
    CHECK_THROWS(masker.finish());
    CHECK_THROWS(masker.add({2, 3, header}));
    // Nor after a fault of the sink.
    Masker broken(
        {.id = "P", .version = 1, .contract_id = "C", .rules = {{"status", Operation::pass()}}},
        classes, key.view(), [](std::string_view) { throw std::runtime_error("full"); });
    broken.add({0, 1, header});
    CHECK_THROWS(broken.finish());
    CHECK_THROWS(broken.finish());
}
