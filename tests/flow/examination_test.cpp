/// A table is examined over HTTP, by a program and in a browser, and nothing of it stays.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "marketplace/cli/commands.h"
#include "privacy/checksum.h"
#include "tests/flow/support/live_market.h"
#include "tests/flow/support/run_command.h"
#include "tests/support/browser.h"
#include "tests/support/catch.h"
#include "tests/support/tool.h"

using namespace pdx;
using nlohmann::json;
using test::HttpCall;
using test::LiveMarket;

namespace {

/// `count` persons with a number, a sex, a month of birth and a diagnosis.
std::string persons(int count) {
    std::string csv = "身份证号,性别,出生日期,诊断\n";
    for (int i = 0; i < count; ++i) {
        const std::string payload =
            "3202111980010" + std::to_string(1 + i % 9) + std::to_string(100 + i);
        csv += payload + *privacy::resident_id_check_digit(payload) + "," +
               (i % 2 == 0 ? "男" : "女") + ",1980-0" + std::to_string(1 + i % 3) + "-01," +
               (i % 5 == 0 ? "肺炎" : "高血压") + "\n";
    }
    return csv;
}

HttpCall table_call(const std::string& path, std::string body, std::string type = "text/csv") {
    return {.method = "POST",
            .path = "/api/v1/" + path,
            .body = std::move(body),
            .content_type = std::move(type)};
}

json examined(const LiveMarket& live, const std::string& path, const std::string& body) {
    const auto reply = live.market.as("provider").call(table_call(path, body));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return json::parse(reply.body);
}

}  // namespace

TEST_CASE("examination: the exchange says of a table what pdx scan and pdx risk say",
          "[flow][examination]") {
    const LiveMarket live;
    const std::string csv = persons(600);
    const std::string path = live.folder.file("persons.csv");
    std::ofstream(path, std::ios::binary) << csv;
    const std::uint64_t size = live.market.log_size();
    const std::size_t blobs = live.blobs();

    json told =
        json::parse(test::run_command(cli::add_scan_command, {"scan", path, "--json"}).printed);
    told.erase("file");
    const json found = examined(live, "scans", csv);
    CHECK(found == told);
    CHECK(found.at("records") == 600);
    CHECK(found.at("columns").at(0).at("class_text").at("zh") == "直接标识符");

    const json risk = examined(live, "risks?quasi=2,3&subject=1&sensitive=4&k_min=50&l_min=2", csv);
    const auto command = test::run_command(
        cli::add_risk_command, {"risk", path, "--qi", "性别,出生日期", "--subject", "身份证号",
                                "--sensitive", "诊断", "--k", "50", "--l", "2", "--json"});
    const json measured = json::parse(command.printed).at("table");
    for (const char* member : {"size_min", "subjects", "classes", "prosecutor_highest", "marketer",
                               "level", "accepted", "reasons", "sensitive", "sizes"}) {
        INFO(member);
        CHECK(risk.at(member) == measured.at(member));
    }
    CHECK(risk.at("quasi_identifiers") == json{"性别", "出生日期"});
    CHECK(risk.at("subject") == "身份证号");

    // Nothing is kept of it, and nobody's number is in an answer.
    CHECK(live.market.log_size() == size);
    CHECK(live.blobs() == blobs);
    for (const json& answer : {found, risk}) {
        CHECK(answer.dump().find("320211198001") == std::string::npos);
    }
    const std::string lines = "{\"a\":\"13800138000\"}\n{\"a\":\"13900139000\"}\n";
    const auto reply =
        live.market.as("buyer").call(table_call("scans", lines, "application/x-ndjson"));
    CHECK(json::parse(reply.body).at("records") == 2);
}

TEST_CASE("examination: what cannot be examined is refused with the reason, and leaves nothing",
          "[flow][examination]") {
    const LiveMarket live;
    const std::string csv = persons(20);
    const std::vector<test::Refused> refused{
        {"nobody", "", table_call("scans", csv), 401, "token.missing"},
        {"no rows", "buyer", table_call("scans", ""), 422, "csv.empty"},
        {"ragged", "buyer", table_call("scans", "a,b\n1\n"), 422, "csv.ragged_row"},
        {"a spreadsheet", "buyer", table_call("risks", "PK\x03\x04\x14 and more of it"), 415,
         "encoding.binary"},
        {"no header", "buyer", table_call("scans", "13800138000,张三\n13900139000,李四\n"), 422,
         "csv.header_is_data"},
        {"column 0", "buyer", table_call("risks?quasi=0", csv), 422, "query.invalid"},
        {"words", "buyer", table_call("risks?quasi=2,x", csv), 422, "query.invalid"},
        {"a comma too many", "buyer", table_call("risks?quasi=2,", csv), 422, "query.invalid"},
        {"two subjects", "buyer", table_call("risks?subject=1,2", csv), 422, "query.invalid"},
        {"no such column", "buyer", table_call("risks?quasi=5", csv), 422, "risk.column_missing"},
        {"twice", "buyer", table_call("risks?quasi=2,2", csv), 422, "risk.column_twice"},
        {"k of nobody", "buyer", table_call("risks?quasi=2&k_min=0", csv), 422, "query.invalid"},
        {"no quasi-identifiers", "buyer", table_call("risks", "a\nx\ny\n"), 422,
         "risk.no_quasi_identifiers"}};
    for (const test::Refused& one : refused) {
        INFO(one.name);
        test::check_refused(live, one);
    }
}

TEST_CASE("examination: a browser shows the report, the risk and a refusal in plain words",
          "[flow][examination][web]") {
    if (test::is_left_out("chromium")) return;
    const LiveMarket live;
    // The page as it is served, but for the policy: the script below works the page as a hand
    // would. It comes from a file, so that its requests are allowed to leave for the exchange.
    const auto served = live.market.as("").get("/scan");
    REQUIRE(served.status == 200);
    CHECK(served.headers.at("content-security-policy").find("connect-src 'self'") !=
          std::string::npos);
    const auto shown = [&](const std::string& table, const std::string& token,
                           const std::string& language) {
        std::string page = served.body;
        const std::size_t meta = page.find("<meta http-equiv");
        page.replace(
            meta, page.find('>', meta) + 1 - meta,
            "<base href=\"http://127.0.0.1:" + std::to_string(live.exchange.port()) + "/\">");
        const json given{{"table", table}, {"token", token}, {"language", language}};
        page.insert(page.rfind("</body>"), R"(<script>(async () => {
            const given = )" + given.dump() + R"(, $ = id => document.getElementById(id);
            const until = async done => {
              for (let i = 0; i < 200 && !done(); ++i) await new Promise(go => setTimeout(go, 50));
            };
            if (document.documentElement.lang !== given.language) $('language').click();
            const files = new DataTransfer();
            files.items.add(new File([given.table], 'persons.csv'));
            $('file').files = files.files;
            $('token').value = given.token;
            $('form').requestSubmit();
            await until(() => !$('ask').hidden || $('message').textContent);
            if ($('ask').hidden) return;
            $('k').value = 50;
            $('ask').requestSubmit();
            await until(() => $('risk').textContent || $('message').textContent);
          })();</script>)");
        const std::string path = live.folder.file("page.html");
        std::ofstream(path, std::ios::binary) << page;
        return test::dump_dom(live.folder.path() / "profile", "file://" + path,
                              {"--disable-web-security"});
    };
    const std::string chinese = shown(persons(600), live.market.token("provider"), "zh-CN");
    CHECK(chinese.find("这份数据表含个人信息：1 列可直接识别个人") != std::string::npos);
    CHECK(chinese.find("居民身份证号码") != std::string::npos);
    CHECK(chinese.find("重标识风险") != std::string::npos);
    const std::string figures = test::between(chinese, "id=\"risk\"", "</section>");
    CHECK(figures.find("100（") == std::string::npos);
    CHECK(figures.find("最小一组的人数") != std::string::npos);
    CHECK(figures.find(">100<") != std::string::npos);  // 600 persons, two sexes, three months
    for (const char* section : {"id=\"result\"", "id=\"risk\""}) {
        CHECK(test::between(chinese, section, "</section>").find("3202111980") ==
              std::string::npos);
    }

    const std::string english = shown("a,b\n1\n", live.market.token("provider"), "en");
    CHECK(test::between(english, "id=\"message\"", "</div>").find("csv.ragged_row") !=
          std::string::npos);
    const std::string unknown = shown(persons(3), "nonsense", "en");
    CHECK(test::between(unknown, "id=\"message\"", "</div>")
              .find("The access token is unknown or has expired") != std::string::npos);
}
