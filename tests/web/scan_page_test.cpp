/// The page that examines a table: what its policy lets it do, and what its report says on paper.
#include <nlohmann/json.hpp>
#include <string>

#include "tests/ledger/support/log_fixture.h"
#include "tests/support/browser.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/tool.h"

using namespace pdx;

TEST_CASE("scan page: its policy allows its own script and style, and requests to its own origin",
          "[web]") {
    const std::string page =
        test::read_text(test::source_folder() / "marketplace/http/web/scan.html");
    const std::string policy =
        test::between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    CHECK(policy.starts_with("default-src 'none'; connect-src 'self'; script-src 'sha256-"));
    CHECK(policy.ends_with("'; base-uri 'none'; form-action 'none'"));
    CHECK(test::names_its_own_parts(page, policy));
    for (const std::string word :
         {" src=", "url(", "@import", "innerHTML", "eval(", "style=\"", "onclick", "localStorage",
          "sessionStorage", "cookie", "http://", "https://"}) {
        INFO(word);
        CHECK(page.find(word) == std::string::npos);
    }
    CHECK(test::between(page, " href=\"", "\"") == "/");
    CHECK(page.find(" href=") == page.rfind(" href="));
}

namespace {

/// Answers the two questions of the page in place of an exchange.
std::string stand_in() {
    const auto words = [](const char* text) { return nlohmann::json{{"zh", text}, {"en", text}}; };
    const nlohmann::json column{{"name", "mobile"},
                                {"class", "direct_identifier"},
                                {"class_text", words("direct")},
                                {"kind", "mobile"},
                                {"kind_text", words("mobile")},
                                {"confidence_basis_points", 9'000},
                                {"confidence_high_basis_points", 10'000},
                                {"review", false},
                                {"found", nlohmann::json::object()},
                                {"evidence", {{{"text", words("the reason")}}}},
                                {"refused", nlohmann::json::array()},
                                {"sensitive_category", "financial_account"},
                                {"sensitive_category_text", words("financial account")},
                                {"values", 1}};
    const nlohmann::json scan{{"columns", {column}},
                              {"records", 1},
                              {"bytes", 2},
                              {"encoding", "UTF-8"},
                              {"sensitivity_profile_text", words("GB/T 45574-2025")},
                              {"sha256", "00ff"}};
    const nlohmann::json share{{"basis_points", 0}, {"numerator", 0}, {"denominator", 1}};
    const nlohmann::json risk{{"quasi_identifiers", {"mobile"}},
                              {"subject", nullptr},
                              {"subjects", 1},
                              {"size_min", 1},
                              {"small_subjects", 0},
                              {"unique_classes", 0},
                              {"prosecutor_highest", share},
                              {"journalist_highest", share},
                              {"marketer", share},
                              {"level", 1},
                              {"level_text", words("level")},
                              {"sensitive", nlohmann::json::array()},
                              {"accepted", true},
                              {"reasons", nlohmann::json::array()}};
    return "const answers = " + nlohmann::json{{"scans", scan}, {"risks", risk}}.dump() + R"(;
        class StandIn {
          constructor() { this.upload = {}; }
          open(method, path) { this.path = path; }
          setRequestHeader() {}
          send() {
            this.status = 200;
            this.responseText = JSON.stringify(answers[this.path.includes('scans') ? 'scans' : 'risks']);
            this.onload();
          }
        }
        XMLHttpRequest = StandIn;)";
}

/// The page with a report, after `steps`, which may use `$` and add to `said`.
std::string page_after(const std::string& language, const std::string& steps) {
    std::string page = test::read_text(test::source_folder() / "marketplace/http/web/scan.html");
    const std::size_t meta = page.find("<meta http-equiv");
    page.erase(meta, page.find('\n', meta) - meta);
    page.insert(page.rfind("</body>"), "<script>{ " + stand_in() + R"(
        const $ = id => document.getElementById(id), said = [];
        const files = new DataTransfer();
        files.items.add(new File(['a'], 'persons.csv'));
        $('file').files = files.files;
        $('token').value = 'token';
        $('form').requestSubmit();
        )" + steps + R"(
        const out = document.createElement('p'); out.id = 'said';
        out.textContent = said.join(' '); document.body.append(out); }</script>)");
    const test::TempFolder folder;
    test::write_text(folder.path() / "page.html", page);
    return test::dump_dom(folder.path() / "profile",
                          "file://" + (folder.path() / "page.html").string() + "#lang=" + language);
}

}  // namespace

TEST_CASE("scan page: every reason is printed, and closed again afterwards", "[web]") {
    if (test::is_left_out("chromium")) return;
    const std::string shown = page_after("en", R"(
        const open = () => said.push(Array.from(document.querySelectorAll('details'), one => one.open).join());
        $('result').append(document.createElement('details'));
        document.querySelectorAll('details')[1].open = true;
        open();
        for (const event of ['beforeprint', 'beforeprint', 'afterprint']) { window.dispatchEvent(new Event(event)); open(); })");
    CHECK(test::between(shown, "<p id=\"said\">", "</p>") ==
          "false,true true,true true,true false,true");
}

TEST_CASE("scan page: its report says when, where and within which limits, and counts one as one",
          "[web]") {
    if (test::is_left_out("chromium")) return;
    const std::string shown = page_after("en", R"(
        $('role1').value = 'quasi';
        $('k').value = 7; $('l').value = 3;
        $('ask').requestSubmit();
        $('k').value = 8;
        said.push(new Date().toISOString().slice(0, 4));
        said.push($('home').getAttribute('href'), $('home').hidden);
        $('language').click();
        said.push($('home').getAttribute('href'));)");
    const std::string said = test::between(shown, "<p id=\"said\">", "</p>");
    CHECK(said.substr(4) == " /?lang=en false /?lang=zh-CN");
    const std::string reading = test::between(shown, "id=\"reading\"", "</p>");
    CHECK(reading.find(said.substr(0, 4) + "-") != std::string::npos);
    CHECK(reading.find("Exchange: ") != std::string::npos);
    CHECK(shown.find("Sensitive personal information: ") != std::string::npos);
    CHECK(shown.find("sensitive by ") != std::string::npos);
    CHECK(shown.find("GB/T 45574-2025") != std::string::npos);
    CHECK(shown.find("Within the limits that you set (k = 7, l = 3).") != std::string::npos);
    CHECK(shown.find("在所填限值（k = 7, l = 3）之内。") != std::string::npos);
    CHECK(shown.find("1 column identifies persons, 0 are sensitive or free text, "
                     "0 are quasi-identifiers.") != std::string::npos);
    for (const char* one : {">1 value<", ">1 record · <", ">2 bytes · <"}) {
        INFO(one);
        CHECK(shown.find(one) != std::string::npos);
    }
}
