#include "ledger/verify_command.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "ledger/export.h"
#include "ledger/proof.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;
using nlohmann::json;

namespace {

struct Outcome {
    VerifyExit exit;
    std::string out;
    std::string err;
};

Outcome run(const std::vector<std::string>& args, bool show_progress = false) {
    const std::vector<std::string_view> views(args.begin(), args.end());
    std::ostringstream out;
    std::ostringstream err;
    const VerifyExit exit = run_verify(views, out, err, show_progress);
    return {exit, out.str(), err.str()};
}

}  // namespace

TEST_CASE("verify command: receipts and logs give the documented exit status",
          "[ledger][verify_command]") {
    auto log = test::make_log(std::uint64_t{5});
    const test::TempFolder folder;
    const auto tree = folder.path() / "log";
    export_log(log.tiles, 5, log.note, tree);
    const std::string receipt =
        format_receipt(log.entries[2], 2, inclusion_proof(log.tiles, 2, 5), log.note);
    const std::string proof_file = folder.path() / "a.tlog-proof";
    const std::string answer_file = folder.path() / "answer.json";
    const std::string key_file = folder.path() / "key";
    const std::string key = test::sample_signer().verifier().vkey();
    test::write_text(proof_file, receipt);
    test::write_text(answer_file, json{{"receipt", {{"proof", receipt}}}}.dump());
    test::write_text(key_file, key + "\n");

    const Outcome both = run({"receipt", proof_file, answer_file, "--key", "@" + key_file});
    REQUIRE(both.exit == VerifyExit::kOk);
    REQUIRE(both.out.find("entry 2 of exchange.example/test, size 5") != std::string::npos);
    const json receipts = json::parse(run({"--json", "receipt", proof_file, "--key=" + key}).out);
    REQUIRE(receipts["ok"] == true);
    REQUIRE(receipts["receipts"][0]["entry"]["kind"] == "order.created");

    const Outcome whole = run({"log", tree, "--key", key}, true);
    REQUIRE(whole.exit == VerifyExit::kOk);
    REQUIRE(whole.err.find("100% of 5 entries") != std::string::npos);
    const json report = json::parse(run({"log", tree, "--key", key, "--json"}).out);
    REQUIRE(report["ok"] == true);
    REQUIRE(report["entries"] == 5);
    REQUIRE(report["faults"].empty());

    test::write_text(proof_file, receipt + "x");
    test::write_text(tree / "odd\x1b\xff", "");
    const Outcome failed = run({"receipt", proof_file, answer_file, "--key", key});
    REQUIRE(failed.exit == VerifyExit::kFailed);
    REQUIRE(failed.out.find("FAILED  " + proof_file) != std::string::npos);
    const Outcome extra = run({"log", tree, "--key", key, "--json"});
    REQUIRE(extra.exit == VerifyExit::kFailed);
    REQUIRE(json::parse(extra.out)["faults"][0]["check"] == "file");
    const Outcome plain = run({"log", tree, "--key", key});
    REQUIRE(plain.out.find('\x1b') == std::string::npos);
    REQUIRE(run({"receipt", folder.path() / "absent", "--key", key}).exit == VerifyExit::kFailed);
    REQUIRE(run({"log", folder.path() / "absent", "--key", key}).exit == VerifyExit::kOther);
}

TEST_CASE("verify command: wrong usage says what is missing", "[ledger][verify_command]") {
    const std::string key = test::sample_signer().verifier().vkey();
    for (const std::vector<std::string>& args :
         std::vector<std::vector<std::string>>{{},
                                               {"receipt"},
                                               {"log", "a", "b", "--key", key},
                                               {"log", "a"},
                                               {"log", "a", "--key"},
                                               {"log", "a", "--key", "nonsense"},
                                               {"log", "a", "--key", "@/absent"},
                                               {"log", "a", "--key", key, "--unknown"},
                                               {"audit", "a", "--key", key}}) {
        const Outcome outcome = run(args);
        REQUIRE(outcome.exit == VerifyExit::kUsage);
        REQUIRE(outcome.out.empty());
        REQUIRE_FALSE(outcome.err.empty());
    }
    const Outcome help = run({"--help"});
    REQUIRE(help.exit == VerifyExit::kOk);
    REQUIRE(help.out.find("Examples:") != std::string::npos);
}
