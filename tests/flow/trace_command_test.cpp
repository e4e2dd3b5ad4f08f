#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/key_file.h"
#include "privacy/canary.h"
#include "privacy/compiled_operation.h"
#include "privacy/fingerprint.h"
#include "tests/flow/support/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using nlohmann::json;

namespace {

/// What `pdx trace` prints.
std::string run_trace(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "trace");
    const auto result = test::run_command(cli::add_trace_command, std::move(arguments));
    CHECK(result.status == 0);
    return result.printed;
}

std::string trace_refusal(const std::vector<std::string>& arguments) {
    try {
        run_trace(arguments);
    } catch (const Error& error) {
        return error.code();
    }
    return "printed";
}

const privacy::MarkPlan kLeakMarks{.columns = {{.name = "amount", .decimals = 2}},
                                   .identities = {{"id_no"}, {"amount"}},
                                   .one_of = 2};

/// A copy delivered under C-2, an exchange's root key and the files that go with them.
class LeakFiles {
public:
    LeakFiles() : root_(Bytes(32, 7)) {
        cli::create_secret(path("root.key"), root_, nullptr);
        const Secret rows = privacy::mark_rows_key(root_.view());
        cli::create_secret(path("rows.key"), rows, nullptr);
        for (const char* contract : {"C-1", "C-2", "C-3"}) {
            const Secret key = privacy::contract_key(root_.view(), contract);
            cli::create_secret(path(std::string(contract) + ".key"), key, nullptr);
        }
        write("known.csv", "id_no,name\n11010519491231002X,somebody\n");
        write_leak();
        write_case(plain_case());
    }

    std::string path(const std::string& name) const { return folder_.file(name); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    void write_case(const json& text) const { write("case.json", text.dump()); }
    json plain_case() const {
        return {{"root_key", "root.key"},
                {"contracts", {"C-1", "C-2", "C-3"}},
                {"pseudonyms", {{{"field", "id_no"}, {"domain", "person"}}}},
                {"marks",
                 {{"one_of", 2},
                  {"columns", {{{"name", "amount"}, {"decimals", 2}, {"way", "nearest"}}}},
                  {"identities", {{"id_no"}, {"amount"}}}}}};
    }
    std::vector<std::string> command(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {path("leak.csv"), "--candidates", path("case.json")});
        return more;
    }
    json found(std::vector<std::string> more = {}) const {
        more.emplace_back("--json");
        return json::parse(run_trace(command(std::move(more))));
    }

private:
    void write_leak() {
        const Secret rows = privacy::mark_rows_key(root_.view());
        const Secret key = privacy::contract_key(root_.view(), "C-2");
        privacy::PlannedColumn planned;
        planned.operation = privacy::Operation::pseudonym("person");
        privacy::CompiledOperation operation(planned, key.view());
        const std::vector<std::string_view> header{"id_no", "amount"};
        privacy::RowMarker marker(kLeakMarks, header, rows.view(), key.view());
        std::string text = "id_no,amount\r\n";
        for (int i = 0; i < 400; ++i) {
            privacy::Outcome outcome = privacy::Outcome::kEmpty;
            const std::string id = i == 17 ? "11010519491231002x" : "person " + std::to_string(i);
            const std::string amount = std::to_string(1'000 + 7 * i) + ".50";
            std::vector<std::string_view> fields{operation.apply(id, outcome), amount};
            marker.mark(fields);
            text += std::string(fields[0]) + "," + std::string(fields[1]) + "\r\n";
        }
        write("leak.csv", text);
    }

    test::TempFolder folder_;
    Secret root_;
};

}  // namespace

TEST_CASE("pdx trace: pseudonyms and marks name the contract, and no value is shown",
          "[flow][trace]") {
    const LeakFiles leak;
    const json report = leak.found({"--known", leak.path("known.csv")});
    CHECK(report.at("verdict") == "named");
    CHECK(report.at("named") == json{"C-2"});
    CHECK(report.at("records") == 400);
    CHECK(report.at("pseudonyms") == 400);
    CHECK(report.at("identities") == 2);
    CHECK(report.at("limit_exponent") == 6);
    const json& best = report.at("evidence").at(0);
    CHECK(best.at("contract") == "C-2");
    CHECK(best.at("pseudonyms") == json{{"made", 1}, {"hits", 1}, {"exponent", 35}});
    CHECK(best.at("marks").at("agreed") == best.at("marks").at("looked"));
    CHECK(best.at("marks").at("looked") > 200);
    CHECK(report.at("evidence").at(1).at("named") == false);
    std::ostringstream bytes;
    bytes << std::ifstream(leak.path("leak.csv"), std::ios::binary).rdbuf();
    CHECK(report.at("leak").at("sha256") == sha256(bytes.str()).hex());

    const std::string english = run_trace(leak.command({"--lang", "en"}));
    CHECK(english.find("VERDICT: the file comes from the copy") != std::string::npos);
    CHECK(english.find(sha256(bytes.str()).hex()) != std::string::npos);
    const std::string chinese =
        run_trace(leak.command({"--known", leak.path("known.csv"), "--lang", "zh"}));
    CHECK(chinese.find("结论：该文件出自") != std::string::npos);
    for (const std::string& text : {report.dump(), english, chinese}) {
        CHECK(text.find("11010519491231002") == std::string::npos);
        CHECK(text.find("p_") == std::string::npos);
        CHECK(text.find("1000.5") == std::string::npos);
        CHECK(text.find("0707070707") == std::string::npos);
    }
}

TEST_CASE("pdx trace: what proves nothing is said to prove nothing", "[flow][trace]") {
    const LeakFiles leak;
    json other = leak.plain_case();
    other["contracts"] = {"C-1", "C-3"};
    leak.write_case(other);
    const json report = leak.found({"--known", leak.path("known.csv")});
    CHECK(report.at("verdict") == "cannot_tell");
    CHECK(report.at("named") == json::array());
    CHECK(run_trace(leak.command({"--lang", "en"})).find("VERDICT: cannot tell") !=
          std::string::npos);
    CHECK(run_trace(leak.command({"--lang", "zh"})).find("结论：无法判定") != std::string::npos);
}

TEST_CASE("pdx trace: keys of single contracts do instead of the root key", "[flow][trace]") {
    const LeakFiles leak;
    json single = leak.plain_case();
    single.erase("root_key");
    single["rows_key"] = "rows.key";
    single["contracts"] = json::array();
    for (const std::string contract : {"C-1", "C-2", "C-3"}) {
        single["contracts"].push_back({{"contract", contract}, {"key", contract + ".key"}});
    }
    leak.write_case(single);
    CHECK(leak.found({"--known", leak.path("known.csv")}).at("named") == json{"C-2"});
    std::filesystem::permissions(leak.path("C-2.key"), std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    CHECK(trace_refusal(leak.command()) == "key_file.mode");
}

TEST_CASE("pdx trace: columns that are called otherwise are mapped", "[flow][trace]") {
    const LeakFiles leak;
    std::ostringstream text;
    text << std::ifstream(leak.path("leak.csv"), std::ios::binary).rdbuf();
    leak.write("leak.csv", "who,money" + text.str().substr(text.str().find("\r\n")));
    CHECK(leak.found().at("verdict") == "cannot_tell");
    CHECK(leak.found({"--known", leak.path("known.csv")}).at("named") == json{"C-2"});
    CHECK(leak.found({"--map", "money=amount"}).at("identities") == 1);
    const json report =
        json::parse(run_trace({"--candidates", leak.path("case.json"), "--json", "--map",
                               "money=amount", "--map", "who=id_no", leak.path("leak.csv")}));
    CHECK(report.at("identities") == 2);
    CHECK(report.at("named") == json{"C-2"});
    for (const char* wrong : {"money", "sum=amount", "money=", "money=who"}) {
        CHECK(trace_refusal(leak.command({"--map", wrong})) == "trace.map");
    }
}

TEST_CASE("pdx trace: canaries are told by the plan that made them", "[flow][trace]") {
    const LeakFiles leak;
    json plan = leak.plain_case();
    plan["canaries"] = {
        {"rows", 3},
        {"columns",
         {{{"name", "firm"}, {"kind", "uscc"}, {"space", "91320299"}},
          {{"name", "town"}, {"kind", "category"}, {"choices", {"a", "b"}}},
          {{"name", "sum"}, {"kind", "amount"}, {"least", 1}, {"most", 9}, {"decimals", 2}}}}};
    plan.erase("marks");
    leak.write_case(plan);
    const privacy::CanaryPlan canaries{
        .columns =
            {{.name = "firm", .kind = privacy::Kind::kUscc, .space = "91320299"},
             {.name = "town", .choices = {"a", "b"}},
             {.name = "sum", .kind = privacy::Kind::kAmount, .least = 1, .most = 9, .decimals = 2}},
        .rows = 3};
    const Secret key = privacy::contract_key(Bytes(32, 7), "C-3");
    const auto rows = privacy::make_canaries(canaries, key.view());
    leak.write("leak.csv", "firm\n" + rows[0][0] + "\n" + rows[1][0] + "\n");
    const json report = leak.found();
    CHECK(report.at("named") == json{"C-3"});
    CHECK(report.at("codes") == 2);
    CHECK(report.at("evidence").at(0).at("canaries").at("hits") == 2);
}

TEST_CASE("pdx trace: a candidates file of another form is refused with the member",
          "[flow][trace]") {
    const LeakFiles leak;
    const auto refused = [&leak](const std::string& pointer, const std::string& text) {
        leak.write("case.json", text);
        try {
            run_trace(leak.command());
        } catch (const Error& error) {
            const bool of_plan = pointer.starts_with("/marks") || pointer.starts_with("/canaries");
            CHECK(error.code() == (of_plan ? "fingerprint.form" : "trace.candidates_file"));
            CHECK(error.detail().pointer == pointer);
            return;
        }
        FAIL("read: " << text);
    };
    refused("", "{");
    refused("", "[]");
    const auto changed = [&](const std::string& pointer, const json& value,
                             const std::string& named) {
        json text = leak.plain_case();
        text[json::json_pointer(pointer)] = value;
        refused(named, text.dump());
    };
    changed("/secret", "abc", "/secret");
    changed("/root_key", 5, "/root_key");
    changed("/contracts", "C-1", "/contracts");
    changed("/contracts/0", 1, "/contracts/0");
    changed("/contracts/0", {{"contract", "C-1"}, {"hex", "00"}}, "/contracts/0/hex");
    changed("/pseudonyms/0", {{"domain", "x"}}, "/pseudonyms/0/field");
    changed("/marks", 1, "/marks");
    changed("/marks/one_of", -1, "/marks/one_of");
    changed("/marks/one_of", 1.5, "/marks/one_of");
    changed("/marks/columns/0/way", "down", "/marks/columns/0/way");
    changed("/marks/columns/0/step", 18446744073709551615U, "/marks/columns/0/step");
    changed("/marks/identities/0", "id_no", "/marks/identities/0");
    changed("/marks/identities/0/0", 1, "/marks/identities/0/0");
    changed("/canaries", {{"columns", {{{"name", "a"}, {"kind", "martian"}}}}},
            "/canaries/columns/0/kind");
    json text = leak.plain_case();
    text.erase("contracts");
    refused("/contracts", text.dump());
    text = leak.plain_case();
    text.erase("root_key");
    refused("/rows_key", text.dump());
    text.erase("marks");
    refused("/root_key", text.dump());
}

TEST_CASE("pdx trace: files that are not there or hold nothing of use are named", "[flow][trace]") {
    const LeakFiles leak;
    CHECK(trace_refusal({leak.path("none.csv"), "--candidates", leak.path("case.json")}) ==
          "file.unreadable");
    CHECK(trace_refusal({leak.path("leak.csv"), "--candidates", leak.path("none.json")}) ==
          "file.unreadable");
    leak.write("other.csv", "town\nx\n");
    CHECK(trace_refusal(leak.command({"--known", leak.path("other.csv")})) == "trace.known");
    json text = leak.plain_case();
    text.erase("marks");
    text.erase("pseudonyms");
    leak.write_case(text);
    CHECK(trace_refusal(leak.command()) == "trace.plan");
    // Without fields every column of the known persons is one, each in a domain of its own.
    CHECK(leak.found({"--known", leak.path("known.csv")}).at("verdict") == "cannot_tell");
    text["contracts"] = {"C-1", "C-1"};
    leak.write_case(text);
    CHECK(trace_refusal(leak.command({"--known", leak.path("known.csv")})) == "trace.candidates");
    leak.write("leak.csv", "a,b\n1\n");
    CHECK(trace_refusal(leak.command({"--known", leak.path("known.csv")})) == "csv.ragged_row");
}
