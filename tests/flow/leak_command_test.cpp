/// `pdx trace --data`: a delivered file against the exchange that delivered it.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
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

TEST_CASE("pdx trace: what it is to compare with must be named and be there", "[flow][trace]") {
    const test::TempFolder folder;
    const std::string leak = folder.file("leak.csv");
    std::ofstream(leak) << "a\n1\n";
    CHECK(refusal_of({leak}) == "trace.against");
    CHECK(refusal_of({leak, "--data", folder.path().string()}) == "audit.database");
    CHECK_THROWS_AS(refusal_of({leak, "--data", "x", "--candidates", "y"}), CLI::ParseError);
}
