#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "marketplace/app/risk_table.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/file_feed.h"
#include "privacy/csv.h"
#include "tests/flow/support/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

test::CommandResult run_risk(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "risk");
    return test::run_command(cli::add_risk_command, std::move(arguments));
}

std::string refusal_of(const std::vector<std::string>& arguments) {
    try {
        run_risk(arguments);
        return "";
    } catch (const Error& error) {
        return error.code();
    }
}

std::vector<std::vector<std::string>> read_csv(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::vector<std::vector<std::string>> rows;
    privacy::CsvReader reader({}, [&rows](const privacy::CsvRecord& record) {
        rows.emplace_back(record.fields.begin(), record.fields.end());
    });
    reader.feed(text);
    reader.finish();
    return rows;
}

/// Patients of a city: 200 persons with two visits each.
class VisitsFile {
public:
    VisitsFile() {
        constexpr std::uint64_t kSeed = 8;
        std::mt19937_64 random(kSeed);
        std::ofstream out(path(), std::ios::binary);
        out << "个人标识,性别,年龄,地区代码,诊断代码\n";
        const char* const codes[] = {"J18.9", "I10.x", "E11.9", "K29.5"};
        for (int visit = 0; visit < 400; ++visit) {
            const int person = visit % 200;
            out << "p_" << std::string(24, static_cast<char>('a' + person % 26))
                << static_cast<char>('a' + person / 26) << "a," << (person % 2 == 0 ? "男" : "女")
                << ',' << 20 + person * 7 % 60 << ",32020" << 2 + person * 11 % 7 << ','
                << codes[random() % 4] << '\n';
        }
    }
    std::string path() const { return folder_.file("visits.csv"); }
    std::string out() const { return folder_.file("out.csv"); }
    std::vector<std::string> with(std::vector<std::string> more) const {
        more.insert(more.begin(), path());
        return more;
    }

private:
    test::TempFolder folder_;
};

const std::vector<std::string> kNamed{"--qi",     "性别,年龄,地区代码", "--subject",
                                      "个人标识", "--sensitive",        "诊断代码"};

std::vector<std::string> named(std::vector<std::string> more) {
    more.insert(more.begin(), kNamed.begin(), kNamed.end());
    return more;
}

}  // namespace

TEST_CASE("pdx risk: figures count persons, and the report shows no value", "[flow][risk]") {
    const VisitsFile file;
    const auto run = run_risk(file.with(named({"--json"})));
    CHECK(run.status == cli::kExitRisk);
    const auto report = nlohmann::json::parse(run.printed);
    const auto& table = report.at("table");
    CHECK(table.at("records") == 400);
    CHECK(table.at("subjects") == 200);
    CHECK(table.at("size_min").get<int>() < 5);
    CHECK(table.at("accepted") == false);
    CHECK(table.at("level") == 2);
    CHECK(table.at("reasons").at(0).at("code") == "risk.k_small");
    CHECK(report.at("quasi_identifiers_by_class") == false);
    CHECK_FALSE(std::filesystem::exists(file.out()));
    for (const char* language : {"en", "zh"}) {
        const std::string page = run_risk(file.with(named({"--lang", language}))).printed;
        for (const char* value : {"男", "J18.9", "320202", "p_aaaa"}) {
            CHECK(page.find(value) == std::string::npos);
            CHECK(run.printed.find(value) == std::string::npos);
        }
        CHECK(page.find("GB/T 42460-2023") != std::string::npos);
        CHECK(page.find("risk.k_small") != std::string::npos);
        CHECK(page.find("____") != std::string::npos);
    }
}

TEST_CASE("pdx risk: without --qi the columns are those of the classification, and it says so",
          "[flow][risk]") {
    const VisitsFile file;
    const auto report = nlohmann::json::parse(run_risk(file.with({"--json"})).printed);
    CHECK(report.at("quasi_identifiers_by_class") == true);
    const auto& names = report.at("quasi_identifiers");
    CHECK(std::find(names.begin(), names.end(), "性别") != names.end());
    CHECK(std::find(names.begin(), names.end(), "年龄") != names.end());
    // The column of persons was not named as such, so it identifies them.
    CHECK(report.at("table").at("direct_columns") == 1);
    CHECK(report.at("table").at("level") == 1);
    CHECK(run_risk(file.with({"--lang", "zh"})).printed.find("按自动分类") != std::string::npos);
}

TEST_CASE("pdx risk: the generalised file has k persons and l values in each class",
          "[flow][risk]") {
    for (const std::string k : {"2", "5", "20"}) {
        const VisitsFile file;
        CAPTURE(k);
        const auto run = run_risk(
            file.with(named({"--k", k, "--l", "2", "--generalise", file.out(), "--json"})));
        CHECK(run.status == 0);
        const auto report = nlohmann::json::parse(run.printed);
        CHECK(report.at("accepted") == true);
        CHECK(report.at("generalised").at("size_min").get<int>() >= std::stoi(k));
        CHECK(report.at("generalised").at("level") == (k == "20" ? 3 : 2));

        const auto before = read_csv(file.path());
        const auto after = read_csv(file.out());
        REQUIRE(after.size() == before.size());
        CHECK(after[0] == std::vector<std::string>{"性别", "年龄", "地区代码", "诊断代码"});
        std::map<std::vector<std::string>, std::set<std::string>> persons;
        std::map<std::vector<std::string>, std::set<std::string>> values;
        for (std::size_t i = 1; i < after.size(); ++i) {
            const std::vector<std::string> box(after[i].begin(), after[i].begin() + 3);
            persons[box].insert(before[i][0]);
            values[box].insert(after[i][3]);
            CHECK(after[i][3] == before[i][4]);
            // The range holds the value.
            const std::string& age = after[i][1];
            const std::size_t dash = age.find('-');
            CHECK(std::stoi(age) <= std::stoi(before[i][2]));
            CHECK(std::stoi(dash == std::string::npos ? age : age.substr(dash + 1)) >=
                  std::stoi(before[i][2]));
        }
        CHECK(persons.size() > 1);
        for (const auto& [box, who] : persons) CHECK(who.size() >= std::stoul(k));
        for (const auto& [box, what] : values) CHECK(what.size() >= 2);
        // The same input gives the same file.
        const std::string again = file.out() + "2";
        run_risk(file.with(named({"--k", k, "--l", "2", "--generalise", again, "--json"})));
        CHECK(read_csv(again) == after);
    }
}

TEST_CASE("pdx risk: a generalised file above the limits is not written", "[flow][risk]") {
    const VisitsFile file;
    const auto run =
        run_risk(file.with(named({"--t", "0", "--generalise", file.out(), "--lang", "en"})));
    CHECK(run.status == cli::kExitRisk);
    CHECK(run.printed.find("Nothing was written") != std::string::npos);
    CHECK(run.printed.find("risk.t_large") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(file.out()));
    CHECK_FALSE(std::filesystem::exists(file.out() + ".part"));
    // Nor one of fewer persons than k.
    CHECK(refusal_of(file.with(named({"--k", "201", "--generalise", file.out()}))) ==
          "risk.too_few_persons");
    CHECK_FALSE(std::filesystem::exists(file.out()));
}

TEST_CASE("pdx risk: what cannot be measured is refused by name", "[flow][risk]") {
    const VisitsFile file;
    CHECK(refusal_of({file.path() + "x"}) == "file.unreadable");
    CHECK(refusal_of(file.with({"--qi", "年龄,籍贯"})) == "risk.column_missing");
    CHECK(refusal_of(file.with({"--qi", "年龄,年龄"})) == "risk.column_twice");
    CHECK(refusal_of(file.with({"--qi", "年龄", "--subject", "年龄"})) == "risk.column_twice");
    CHECK(refusal_of(file.with({"--qi", "年龄", "--generalise", file.path()})) == "file.exists");
    std::ofstream(file.path(), std::ios::binary) << "金额\n1.50\n2.50\n";
    CHECK(refusal_of({file.path()}) == "risk.no_quasi_identifiers");
    std::string wide = "c0";
    std::string row = "1";
    std::string names = "c0";
    for (int i = 1; i < 63; ++i) {
        wide += ",c" + std::to_string(i);
        row += ",1";
    }
    std::ofstream(file.path(), std::ios::binary) << wide << "\n" << row << "\n";
    CHECK(refusal_of({file.path(), "--qi", wide}) == "risk.too_many_columns");
    // More different values than the memory holds.
    {
        std::ofstream out(file.path(), std::ios::binary);
        out << "年龄\n";
        for (int i = 0; i < 60'000; ++i) out << i << "\n";
    }
    CHECK(refusal_of({file.path(), "--qi", "年龄", "--memory-mb", "1"}) == "risk.too_large");
}

TEST_CASE("pdx risk: a file that changes while it is read is refused", "[flow][risk]") {
    const VisitsFile file;
    try {
        cli::read_records(file.path(), "Reading", Digest{}, [](const privacy::CsvRecord&) {});
        FAIL("read");
    } catch (const Error& error) {
        CHECK(error.code() == "file.changed");
    }
}
