#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "tests/flow/support/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

/// What `pdx scan` prints.
std::string run_scan(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "scan");
    const auto result = test::run_command(cli::add_scan_command, std::move(arguments));
    CHECK(result.status == 0);
    return result.printed;
}

/// A file with persons; its values are in no report.
class PersonsFile {
public:
    PersonsFile() {
        std::ofstream(path(), std::ios::binary)
            << "姓名,身份证号,联系电话\n张小明,11010519491231002X,13800138000\n";
    }
    std::string path() const { return folder_.file("persons.csv"); }

private:
    test::TempFolder folder_;
};

}  // namespace

TEST_CASE("pdx scan: the report names kinds and counts and shows no value", "[flow][scan]") {
    const PersonsFile file;
    const auto report = nlohmann::json::parse(run_scan({file.path(), "--json"}));
    CHECK(report.at("records") == 1);
    CHECK(report.at("columns").at(1).at("kind") == "resident_id");
    CHECK(report.at("columns").at(1).at("found") == nlohmann::json{{"resident_id", 1}});
    CHECK(report.at("columns").at(2).at("class") == "direct_identifier");
    for (const std::string& text : {report.dump(), run_scan({file.path(), "--lang", "en"}),
                                    run_scan({file.path(), "--lang", "zh"})}) {
        CHECK(text.find("13800138000") == std::string::npos);
        CHECK(text.find("11010519491231002X") == std::string::npos);
        CHECK(text.find("张小明") == std::string::npos);
    }
    CHECK(run_scan({file.path(), "--lang", "en"}).find("mobile number 1") != std::string::npos);
    CHECK(run_scan({file.path(), "--lang", "zh"}).find("手机号码 1") != std::string::npos);
}

TEST_CASE("pdx scan: what is unsure is listed for a person, with what was refused and why",
          "[flow][scan]") {
    const test::TempFolder folder;
    const std::string path = folder.file("serials.csv");
    {
        std::ofstream file(path, std::ios::binary);
        file << "col7,身份证号\n";
        for (int i = 0; i < 50; ++i)
            file << 12210000000 + i * 98'765'432LL << ",11010519491231002X\n";
    }
    const auto report = nlohmann::json::parse(run_scan({path, "--json"}));
    const auto& serials = report.at("columns").at(0);
    CHECK(serials.at("class") == "unknown");
    CHECK(serials.at("review") == true);
    CHECK(serials.at("refused").at(0).at("kind") == "mobile");
    CHECK(serials.at("refused").at(0).at("code") == "chance_explains");
    CHECK(serials.at("refused").at(0).at("chance_basis_points") == 5'413);
    CHECK(report.at("columns").at(1).at("review") == false);
    CHECK(report.at("columns").at(1).at("confidence_basis_points").get<int>() > 9'000);
    const std::string english = run_scan({path, "--lang", "en"});
    const std::size_t review = english.find("To be reviewed by a person:");
    REQUIRE(review != std::string::npos);
    CHECK(english.find("col7", review) != std::string::npos);
    CHECK(english.find("身份证号", review) == std::string::npos);
    CHECK(english.find("not mobile number: ") != std::string::npos);
    CHECK(run_scan({path, "--lang", "zh"}).find("待人工复核") != std::string::npos);
}

TEST_CASE("pdx scan: a file that is not there, and no table, are named", "[flow][scan]") {
    const PersonsFile file;
    try {
        run_scan({file.path() + "x"});
        FAIL("read");
    } catch (const Error& error) {
        CHECK(error.code() == "file.unreadable");
    }
    std::ofstream(file.path(), std::ios::binary) << "a,b\n1\n";
    try {
        run_scan({file.path()});
        FAIL("read");
    } catch (const Error& error) {
        CHECK(error.code() == "csv.ragged_row");
    }
}
