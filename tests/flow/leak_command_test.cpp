/// `pdx trace --data`: a delivered file against the exchange that delivered it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "tests/flow/support/live_market.h"
#include "tests/flow/support/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using nlohmann::json;

namespace {

std::string refusal_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "trace");
    try {
        test::run_command(cli::add_trace_command, arguments);
    } catch (const Error& error) {
        return error.code();
    }
    return "printed";
}

}  // namespace

TEST_CASE("pdx trace --data: a running exchange names the buyer of a leaked file",
          "[flow][trace]") {
    const test::LiveMarket live;
    const std::string resource = live.market.draft_resource();
    live.market.upload(resource, test::SmallMarket::rows(600));
    const std::string leaked = live.finish_story(resource);
    const std::string path = live.folder.file("leaked.csv");
    std::ofstream(path, std::ios::binary) << leaked;
    const std::vector<std::string> command{"trace", path, "--data", live.settings.data.string()};
    const auto run = [&command](std::vector<std::string> more) {
        more.insert(more.begin(), command.begin(), command.end());
        const auto result = test::run_command(cli::add_trace_command, more);
        CHECK(result.status == 0);
        return result.printed;
    };
    const json report = json::parse(run({"--json"}));
    CHECK(report.at("verdict") == "named");
    CHECK(report.at("records") == 600);
    CHECK(report.at("deliveries") == 1);
    REQUIRE(report.at("contracts").size() == 1);
    const json& contract = report.at("contracts").at(0);
    CHECK(contract.at("operator_id") == live.market.party("operator"));
    CHECK(contract.at("deliveries").at(0).at("buyer_id") == live.market.party("buyer"));
    CHECK(contract.at("deliveries").at(0).at("order").at("exponent") > 6);
    const std::string english = run({"--lang", "en"});
    CHECK(english.find("VERDICT: the file comes from what was delivered under contract " +
                       contract.at("contract_id").get<std::string>()) != std::string::npos);
    CHECK(english.find("It is the copy of ") != std::string::npos);
    CHECK(run({"--lang", "zh"}).find("所得副本") != std::string::npos);
    // No report holds a value of the file.
    for (const std::string& text : {report.dump(), english}) {
        CHECK(text.find("p_") == std::string::npos);
    }

    const std::string other = live.folder.file("other.csv");
    std::ofstream(other, std::ios::binary) << "name,phone\n张三,13800138000\n";
    const auto innocent =
        test::run_command(cli::add_trace_command,
                          {"trace", other, "--data", live.settings.data.string(), "--lang", "en"});
    CHECK(innocent.printed.find("VERDICT: cannot tell") != std::string::npos);
}

TEST_CASE("pdx trace --data: marks and canaries that were granted name the buyer of a sorted file",
          "[flow][trace]") {
    const test::LiveMarket live;
    const test::SmallMarket& market = live.market;
    const std::string resource = market.draft_resource();
    market.upload(resource, test::SmallMarket::rows(900));
    market.submit(resource);
    market.pass_desk(resource);
    json canaries = json::array();
    const json rulings = test::SmallMarket::rulings();
    for (const json& field : rulings.at("fields")) {
        const std::string name = field.at("name");
        json column{{"name", name}, {"choices", {"其他"}}};
        if (name == "legal_rep_id_no") column = {{"name", name}, {"space", "320299"}};
        if (name == "uscc") column = {{"name", name}, {"space", "91320299"}};
        if (name == "est_date") column["choices"] = {"2015-03-01", "2016-04-01"};
        if (name == "reg_capital_fen") {
            column = {{"name", name}, {"least", 100'000'000}, {"most", 900'000'000}};
        }
        canaries.push_back(column);
    }
    const json marks{{"columns", {{{"name", "reg_capital_fen"}}}},
                     {"identities", {{"uscc"}, {"ent_name"}}},
                     {"one_of", 3}};
    const std::string contract = market.authorize(
        resource, {{"marks", marks}, {"canaries", {{"rows", 4}, {"columns", canaries}}}});
    const json seen = market.get("operator", "/contracts/" + contract);
    CHECK(seen.at("marks").at("one_of") == 3);
    CHECK(seen.at("canaries").at("rows") == 4);
    const std::string listing = market.list_product(contract);
    const json told = market.get("buyer", "/listings/" + listing).at("delivery");
    CHECK(told.at("canary_rows") == 4);
    CHECK(told.at("marked_columns").at(0).at("name") == "reg_capital_fen");
    CHECK(told.at("fields").size() == canaries.size());
    CHECK(told.dump().find("320299") == std::string::npos);
    const std::string order = market.order(listing);
    market.pay(order);
    const std::string delivery = market.deliver(order);
    const std::string copy =
        market.as("buyer").get("/api/v1/deliveries/" + delivery + "/content").body;

    std::istringstream in(copy);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    REQUIRE(lines.size() == 1 + 900 + 4);
    std::sort(lines.begin() + 1, lines.end());
    const std::string path = live.folder.file("sorted.csv");
    std::ofstream out(path, std::ios::binary);
    for (const std::string& line : lines) out << line << "\n";
    out.close();
    const std::vector<std::string> command{"trace", path, "--data", live.settings.data.string()};
    const auto run = [&command](std::vector<std::string> more) {
        more.insert(more.begin(), command.begin(), command.end());
        return test::run_command(cli::add_trace_command, more).printed;
    };
    const json found = json::parse(run({"--json"})).at("contracts").at(0).at("deliveries").at(0);
    CHECK(found.at("named") == true);
    CHECK(found.at("marks").at("looked") > 200);
    CHECK(found.at("marks").at("agreed") == found.at("marks").at("looked"));
    CHECK(found.at("canaries").at("exponent") > 6);
    CHECK(run({"--lang", "zh"}).find("诱饵：文件中出现") != std::string::npos);
    CHECK(run({"--lang", "en"}).find("marks: ") != std::string::npos);
    CHECK(run({"--lang", "en"}).find("its key is destroyed") == std::string::npos);

    // The contract ends, and with it its tokens; the buyer is named all the same.
    market.post("authority", "/contracts/" + contract + "/termination", {{"reason", "x"}}, 200);
    const json ended = json::parse(run({"--json"})).at("contracts").at(0);
    CHECK(ended.at("key_destroyed") == true);
    CHECK(ended.at("tokens").at("hits") == 0);
    CHECK(ended.at("deliveries").at(0).at("named") == true);
    CHECK(ended.at("deliveries").at(0).at("marks") == found.at("marks"));
    CHECK(ended.at("deliveries").at(0).at("canaries").at("hits") == 4);  // codes, as they are
    const std::string english = run({"--lang", "en"});
    CHECK(english.find("its key is destroyed: its pseudonyms and tokens cannot be weighed") !=
          std::string::npos);
    CHECK(english.find("It is the copy of ") != std::string::npos);
    CHECK(run({"--lang", "zh"}).find("密钥已销毁，无法再比对其假名与令牌") != std::string::npos);
}

TEST_CASE("pdx trace: what it is to compare with must be named and be there", "[flow][trace]") {
    const test::TempFolder folder;
    const std::string leak = folder.file("leak.csv");
    std::ofstream(leak) << "a\n1\n";
    CHECK(refusal_of({leak}) == "trace.against");
    CHECK(refusal_of({leak, "--data", folder.path().string()}) == "audit.database");
    CHECK_THROWS_AS(refusal_of({leak, "--data", "x", "--candidates", "y"}), CLI::ParseError);
}
