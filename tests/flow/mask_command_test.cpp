#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "privacy/checksum.h"
#include "tests/flow/support/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using nlohmann::json;

namespace {

const std::string kPersons =
    "姓名,身份证号,联系电话,注册资本\n"
    "张小明,11010519491231002X,13800138000,100\n"
    "欧阳娜,110105194912310038,13900139000,200\n";

/// A folder with a file of persons, and `pdx scan` and `pdx mask` on it.
class Desk {
public:
    Desk() { write("persons.csv", kPersons); }

    std::string path(const std::string& name) const { return folder_.file(name); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    std::string read(const std::string& name) const {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void suggest() const {
        test::run_command(cli::add_scan_command,
                          {"scan", path("persons.csv"), "--suggest-policy", path("p.json")});
    }
    std::string mask(const std::string& out, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{
            "mask", path("persons.csv"), "--policy", path("p.json"), "--out", path(out)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = test::run_command(cli::add_mask_command, arguments);
        CHECK(result.status == 0);
        return result.printed;
    }
    std::string refusal(const std::string& out, const std::vector<std::string>& more = {}) const {
        try {
            mask(out, more);
        } catch (const Error& error) {
            return error.code();
        }
        return {};
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
    }

private:
    test::TempFolder folder_;
};

}  // namespace

TEST_CASE("pdx mask: the suggested policy hides every person of the file", "[flow][mask]") {
    const Desk desk;
    desk.suggest();
    const json report = json::parse(desk.mask("out.csv", {"--json"}));
    const std::string out = desk.read("out.csv");
    CHECK(report.at("output_sha256") == sha256(out).hex());
    CHECK(report.at("input_sha256") == sha256(kPersons).hex());
    CHECK(report.at("rows_out") == 2);
    CHECK(out.find("张**") != std::string::npos);
    CHECK(out.find("p_") != std::string::npos);
    const std::string page = desk.mask("out2.csv", {"--lang", "zh"});
    for (const std::string& text : {out, report.dump(), page}) {
        for (const char* value : {"张小明", "欧阳娜", "11010519491231002X", "13800138000"}) {
            CHECK(text.find(value) == std::string::npos);
        }
    }
    CHECK(page.find("签字") != std::string::npos);
}

TEST_CASE("pdx mask: what waits for a person is named, and passes nowhere by itself",
          "[flow][mask]") {
    const Desk desk;
    std::string damaged = "姓名,身份证号,编号x\n";
    for (int i = 0; i < 60; ++i) damaged += "张小明,3.20299E+17,A" + std::to_string(i % 7) + "\n";
    desk.write("persons.csv", damaged);
    desk.suggest();
    const json report = json::parse(desk.mask("out.csv", {"--json"}));
    bool told = false;
    for (const json& one : report.at("unreviewed")) told = told || one.at("column") == "身份证号";
    CHECK(told);
    CHECK(desk.mask("out2.csv", {"--lang", "en"}).find("the digits are lost") != std::string::npos);
    const json policy = json::parse(desk.read("p.json"));
    for (const json& field : policy.at("fields")) {
        if (field.at("field") == "身份证号") CHECK(field.at("operation").at("kind") != "pass");
    }
}

TEST_CASE("pdx mask: a key file makes pseudonyms the same from file to file", "[flow][mask]") {
    const Desk desk;
    desk.suggest();
    desk.mask("one.csv", {"--key", desk.path("root.key")});
    desk.mask("two.csv", {"--key", desk.path("root.key")});
    desk.mask("other.csv", {"--key", desk.path("other.key")});
    desk.mask("none.csv");
    CHECK(desk.read("one.csv") == desk.read("two.csv"));
    CHECK(desk.read("one.csv") != desk.read("other.csv"));
    CHECK(desk.read("one.csv") != desk.read("none.csv"));
}

TEST_CASE("pdx mask: what fails leaves no file, what exists stays", "[flow][mask]") {
    const Desk desk;
    desk.suggest();
    const std::size_t before = desk.files();

    SECTION("an output that is there") {
        desk.write("out.csv", "mine");
        CHECK(desk.refusal("out.csv") == "file.exists");
        CHECK(desk.read("out.csv") == "mine");
        desk.mask("out.csv", {"--force"});
        CHECK(desk.read("out.csv") != "mine");
        return;
    }
    SECTION("an output that is read, too") {
        for (const char* name : {"persons.csv", "p.json"}) {
            const std::string text = desk.read(name);
            CHECK(desk.refusal(name, {"--force"}) == "file.same");
            CHECK(desk.read(name) == text);
        }
        std::filesystem::create_hard_link(desk.path("persons.csv"), desk.path("link.csv"));
        CHECK(desk.refusal("link.csv", {"--force"}) == "file.same");
        std::filesystem::remove(desk.path("link.csv"));
    }
    SECTION("an output that is a folder, or of another format") {
        CHECK(desk.refusal("", {"--force"}) == "file.folder");
        CHECK(desk.refusal("out.jsonl") == "file.format");
    }
    SECTION("a policy that is none") {
        desk.write("p.json", R"({"fields":[]})");
        CHECK(desk.refusal("out.csv") == "mask.policy");
    }
    SECTION("a policy for another file") {
        desk.write("persons.csv", "a,b\n1,2\n");
        CHECK(desk.refusal("out.csv") == "delivery.column_unclassified");
    }
    SECTION("a row without all its fields at the end") {
        desk.write("persons.csv", kPersons + "王五\n");
        CHECK(desk.refusal("out.csv") == "csv.ragged_row");
    }
    SECTION("a number of a person where none is expected") {
        desk.write("persons.csv", "金额,事项\n1,x\n2,致电13800138000\n");
        std::filesystem::remove(desk.path("p.json"));
        desk.write("p.json",
                   R"({"contract":"file","fields":[{"field":"金额","operation":{"kind":"pass"}},)"
                   R"({"field":"事项","operation":{"kind":"pass"}}],"format":"pdx-policy-1",)"
                   R"("policy":"p","version":1})");
        CHECK(desk.refusal("out.csv") == "delivery.personal_data_in_output");
    }
    CHECK(desk.files() == before);
}

TEST_CASE("pdx mask: a policy's steps, marks and canaries are taken, and pdx trace knows the copy",
          "[flow][mask]") {
    const Desk desk;
    std::string persons = "姓名,身份证号,出生日期,注册资本\n";
    for (int i = 0; i < 400; ++i) {
        const std::string payload =
            "3202111980010" + std::to_string(1 + i % 9) + std::to_string(100 + i);
        persons += "张小明," + payload + *privacy::resident_id_check_digit(payload) + ",1980-01-0" +
                   std::to_string(1 + i % 9) + "," + std::to_string(5'000 + i) + ".25\n";
    }
    desk.write("persons.csv", persons);
    const json policy{
        {"canaries",
         {{"columns",
           {{{"name", "姓名"}, {"choices", {"李雷", "韩梅"}}},
            {{"name", "身份证号"}, {"space", "320299"}},
            {{"name", "注册资本"}, {"decimals", 2}, {"least", 500'000}, {"most", 540'000}}}},
          {"rows", 3}}},
        {"contract", "C-1"},
        {"fields",
         {{{"field", "姓名"}, {"operation", {{"kind", "redact"}}}},
          {{"field", "身份证号"}, {"operation", {{"domain", "person"}, {"kind", "pseudonym"}}}},
          {{"field", "出生日期"}, {"operation", {{"kind", "pass"}}}},
          {{"field", "注册资本"}, {"operation", {{"kind", "pass"}}}}}},
        {"format", "pdx-policy-1"},
        {"marks",
         {{"columns", {{{"name", "注册资本"}, {"decimals", 2}}}},
          {"identities", {{"身份证号"}}},
          {"one_of", 2}}},
        {"policy", "p"},
        {"risk",
         {{"k_min", 300},
          {"small_share_max_basis_points", 0},
          {"subject", "身份证号"},
          {"steps",
           {{{"field", "出生日期"}, {"operation", {{"kind", "generalise_date_to_month"}}}}}}}},
        {"version", 1}};
    desk.write("p.json", policy.dump());
    const json report =
        json::parse(desk.mask("out.csv", {"--json", "--key", desk.path("root.key")}));
    CHECK(report.at("rows_out") == 400);
    CHECK(report.at("canaries") == 3);
    CHECK(report.at("generalisation_steps") == 1);
    CHECK(report.at("marks").at(0).at("carried") > 100);
    const std::string out = desk.read("out.csv");
    CHECK(std::count(out.begin(), out.end(), '\n') == 404);
    CHECK(out.find(",1980-01,") != std::string::npos);
    const std::string page =
        desk.mask("page.csv", {"--lang", "en", "--key", desk.path("root.key")});
    CHECK(page.find("Canary rows among the others: 3") != std::string::npos);
    CHECK(page.find("Generalised further by 1 steps") != std::string::npos);
    CHECK(desk.read("page.csv") == out);

    json cas = {{"root_key", desk.path("root.key")},
                {"contracts", {"C-0", "C-1", "C-2"}},
                {"pseudonyms", {{{"field", "身份证号"}, {"domain", "person"}}}},
                {"marks", policy.at("marks")},
                {"canaries", policy.at("canaries")}};
    cas["canaries"]["columns"] = {
        {{"name", "身份证号"}, {"kind", "resident_id"}, {"space", "320299"}}};
    desk.write("case.json", cas.dump());
    const auto traced = test::run_command(
        cli::add_trace_command,
        {"trace", desk.path("out.csv"), "--candidates", desk.path("case.json"), "--json"});
    const json found = json::parse(traced.printed);
    CHECK(found.at("named") == json{"C-1"});
    CHECK(found.at("evidence").at(0).at("canaries").at("hits") == 3);
    CHECK(found.at("evidence").at(0).at("contract") == "C-1");
    CHECK(found.at("evidence").at(0).at("marks").at("agreed") ==
          found.at("evidence").at(0).at("marks").at("looked"));
}

TEST_CASE("pdx mask: numbers of one's own are told, hidden, and never delivered", "[flow][mask]") {
    const Desk desk;
    desk.write("patterns.json", R"({"format":"pdx-patterns-1","patterns":[
        {"name":"housing_fund","label_zh":"公积金账号","label_en":"housing fund account",
         "class":"direct_identifier","value":"3202[0-9]{8}"}]})");
    std::string table = "f1,note\n";
    for (int i = 0; i < 30; ++i) {
        table += "3202" + std::to_string(10'000'000 + i * 7'919) + ",ok\n";
    }
    desk.write("persons.csv", table);
    const std::vector<std::string> with{"--patterns", desk.path("patterns.json")};
    test::run_command(cli::add_scan_command,
                      {"scan", desk.path("persons.csv"), "--suggest-policy", desk.path("p.json"),
                       "--patterns", desk.path("patterns.json")});
    desk.mask("out.csv", with);
    CHECK(desk.read("out.csv").find("3202") == std::string::npos);
    CHECK(desk.read("out.csv").find("p_") != std::string::npos);

    // What a policy would show of them is stopped, whatever the column was taken for.
    table = "f1,status\n";
    for (int i = 0; i < 60; ++i) table += "a,ok\n";
    desk.write("persons.csv", table + "a,320210000001\n");
    desk.write("p.json", R"({"format":"pdx-policy-1","policy":"P","version":1,"contract":"C",
        "fields":[{"field":"status","operation":{"kind":"pass"}}]})");
    const std::size_t files = desk.files();
    CHECK(desk.refusal("leak.csv", with) == "delivery.personal_data_in_output");
    CHECK(desk.files() == files);

    desk.write("patterns.json", R"({"format":"pdx-patterns-1","patterns":[
        {"name":"n","label_zh":"n","label_en":"n","class":"sensitive","value":"[0-9]+"}]})");
    CHECK(desk.refusal("leak.csv", with) == "patterns.form");
    CHECK(desk.refusal("leak.csv", {"--patterns", desk.path("none.json")}) == "file.unreadable");
    CHECK(desk.files() == files);
}
