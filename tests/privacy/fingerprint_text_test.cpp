#include "privacy/fingerprint_text.h"

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using nlohmann::json;

namespace {

const std::string kMarksText =
    R"({"columns":[{"decimals":2,"name":"金额","step":1,"way":"nearest"},)"
    R"({"decimals":0,"name":"area","step":100,"way":"up"}],)"
    R"("identities":[["id_no"],["金额","town"]],"one_of":10})";
const std::string kCanariesText =
    R"({"columns":[{"kind":"resident_id","name":"id_no","space":"320299"},)"
    R"({"choices":["梁溪","锡山"],"name":"town"},)"
    R"({"decimals":2,"kind":"amount","least":-5,"most":9000,"name":"金额"},)"
    R"({"name":"born"}],"rows":7})";

std::string pointer_of(const std::string& text, bool marks) {
    try {
        if (marks) {
            read_mark_plan(json::parse(text), "/marks");
        } else {
            read_canary_plan(json::parse(text), "/canaries");
        }
    } catch (const Error& error) {
        return error.code() + " " + error.detail().pointer;
    }
    return "taken";
}

/// The text with one place changed, as the refusal names it.
std::string changed(const std::string& text, const std::string& pointer, const json& value) {
    json all = json::parse(text);
    all[json::json_pointer(pointer)] = value;
    return pointer_of(all.dump(), text == kMarksText);
}

}  // namespace

TEST_CASE("fingerprint: marks and canaries have one text each", "[privacy][fingerprint]") {
    std::string text;
    append_mark_plan(text, read_mark_plan(json::parse(kMarksText), "/marks"));
    CHECK(text == kMarksText);
    text.clear();
    append_canary_plan(text, read_canary_plan(json::parse(kCanariesText), "/canaries"));
    CHECK(text == kCanariesText);
}

TEST_CASE("fingerprint: what is left out has its default", "[privacy][fingerprint]") {
    const MarkPlan marks =
        read_mark_plan(json::parse(R"({"columns":[{"name":"a"}],"identities":[["a"]]})"), "");
    CHECK(marks == MarkPlan{.columns = {{.name = "a"}}, .identities = {{"a"}}, .one_of = 10});
    const CanaryPlan canaries = read_canary_plan(json::parse(R"({"columns":[{"name":"a"}]})"), "");
    CHECK(canaries == CanaryPlan{{{.name = "a"}}, 5});
}

TEST_CASE("fingerprint: a wrong member is pointed at", "[privacy][fingerprint]") {
    CHECK(changed(kMarksText, "/columns/0/way", "down") == "fingerprint.form /marks/columns/0/way");
    CHECK(changed(kMarksText, "/columns/0/step", "1") == "fingerprint.form /marks/columns/0/step");
    CHECK(changed(kMarksText, "/columns/0/step", 18446744073709551615U) ==
          "fingerprint.form /marks/columns/0/step");
    CHECK(changed(kMarksText, "/columns/0/step", 0) == "mark.settings 金额");
    CHECK(changed(kMarksText, "/one_of", -1) == "fingerprint.form /marks/one_of");
    CHECK(changed(kMarksText, "/one_of", 4294967296) == "fingerprint.form /marks/one_of");
    CHECK(changed(kMarksText, "/identities/1/0", 3) == "fingerprint.form /marks/identities/1/0");
    CHECK(changed(kMarksText, "/identities/1", "x") == "fingerprint.form /marks/identities/1");
    CHECK(changed(kMarksText, "/identities/0/0", "area") == "mark.identity area");
    CHECK(changed(kMarksText, "/unknown", 1) == "fingerprint.form /marks/unknown");
    CHECK(changed(kCanariesText, "/columns/0/kind", "martian") ==
          "fingerprint.form /canaries/columns/0/kind");
    CHECK(changed(kCanariesText, "/columns/0/space", "32029") == "canary.settings id_no");
    CHECK(changed(kCanariesText, "/columns/1/choices/0", 1) ==
          "fingerprint.form /canaries/columns/1/choices/0");
    CHECK(changed(kCanariesText, "/columns/1/name", "id_no") == "canary.settings id_no");
    CHECK(changed(kCanariesText, "/columns/2/least", 9001) == "canary.settings 金额");
    CHECK(changed(kCanariesText, "/rows", 0) == "canary.settings ");
    CHECK(pointer_of("[]", true) == "fingerprint.form /marks");
    CHECK(pointer_of("{}", true) == "fingerprint.form /marks/columns");
    CHECK(pointer_of("null", false) == "fingerprint.form /canaries");
}
