#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/cli/commands.h"
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
