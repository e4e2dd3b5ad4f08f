#include "ledger/verify_command.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "ledger/cosignature.h"
#include "ledger/export.h"
#include "ledger/private_part.h"
#include "ledger/proof.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
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

TEST_CASE("verify command: a disclosure is checked against its receipt",
          "[ledger][verify_command]") {
    const Bytes salt(kPrivateSaltBytes, 5);
    const PrivateTexts texts{{"statement", "陈旧"}};
    Entry entry = test::sample_entry(1);
    entry.body = json{
        {kPrivateCommitment,
         commit_private_part(salt, {entry.log, entry.kind, entry.entity_type, entry.entity_id},
                             private_part_text(texts))
             .hex()}}.dump();
    auto log = test::make_log({encode_entry(test::sample_entry(0)), encode_entry(entry)});
    const test::TempFolder folder;
    const std::string key = test::sample_signer().verifier().vkey();
    const std::string tree = folder.path() / "log";
    export_log(log.tiles, 2, log.note, tree);
    const auto receipt = [&](std::uint64_t index) {
        return format_receipt(log.entries[index], index, inclusion_proof(log.tiles, index, 2),
                              log.note);
    };
    json told{{"index", 1},
              {"salt", to_hex(salt)},
              {"private_part", texts},
              {"receipt", {{"proof", receipt(1)}}}};
    const std::string file = folder.path() / "disclosure.json";
    const std::string mine = folder.path() / "mine.tlog-proof";
    const std::string other = folder.path() / "other.tlog-proof";
    test::write_text(file, told.dump(2));
    test::write_text(mine, receipt(1));
    test::write_text(other, receipt(0));
    const auto code = [&](const std::vector<std::string>& more) {
        std::vector<std::string> args{"disclosure", file, "--json", "--key", key};
        args.insert(args.end(), more.begin(), more.end());
        const Outcome outcome = run(args);
        const json shown = json::parse(outcome.out);
        CHECK((outcome.exit == VerifyExit::kOk) == (shown["ok"] == true));
        if (outcome.exit != VerifyExit::kOk) CHECK(outcome.exit == VerifyExit::kFailed);
        return shown["disclosures"][0].value("code", "");
    };

    const Outcome good = run({"disclosure", file, "--key", key});
    CHECK(good.exit == VerifyExit::kOk);
    CHECK(good.out.find("entry 1 of exchange.example/test") != std::string::npos);
    CHECK(good.out.find("committed to statement") != std::string::npos);
    const json shown = json::parse(run({"disclosure", file, "--json", "--key", key}).out);
    CHECK(shown["disclosures"][0]["texts"] == json::array({"statement"}));
    CHECK(shown["disclosures"][0]["entity"] == json{{"type", "order"}, {"id", "o1"}});
    // The texts are private: they are not printed again.
    CHECK((good.out + shown.dump()).find("陈旧") == std::string::npos);

    CHECK(code({"--receipt", mine}).empty());
    CHECK(code({"--receipt", mine, "--log", tree}).empty());
    CHECK(code({"--receipt", other}) == "disclosure.other_entry");
    CHECK(code({"--receipt", folder.path() / "absent"}) == "receipt.unreadable");
    CHECK(code({"--min-size", "3"}) == "checkpoint.rollback");
    CHECK(run({"disclosure", file, file, "--receipt", mine, "--key", key}).exit ==
          VerifyExit::kUsage);
    CHECK(run({"receipt", mine, "--receipt", mine, "--key", key}).exit == VerifyExit::kUsage);
    CHECK(run({"disclosure", "--key", key}).exit == VerifyExit::kUsage);
    CHECK(run({"disclosure", file}).exit == VerifyExit::kUsage);
    const std::string stranger = test::sample_signer("other.example/log").verifier().vkey();
    const json unknown = json::parse(run({"disclosure", file, "--json", "--key", stranger}).out);
    CHECK(unknown["disclosures"][0]["code"] == "checkpoint.unknown_key");

    told["private_part"]["statement"] = "新鲜";
    test::write_text(file, told.dump());
    CHECK(code({}) == "disclosure.not_committed");
    told["private_part"] = nullptr;
    test::write_text(file, told.dump());
    CHECK(code({}) == "disclosure.malformed");
    told["private_part"] = texts;
    told.erase("receipt");
    test::write_text(file, told.dump());
    CHECK(code({}) == "receipt.absent");
    CHECK(code({"--receipt", mine}).empty());
    const Outcome absent = run({"disclosure", folder.path() / "absent", "--key", key});
    CHECK(absent.exit == VerifyExit::kFailed);
    CHECK(absent.out.find("[disclosure.unreadable]") != std::string::npos);
}

TEST_CASE("verify command: a policy asks for witnesses", "[ledger][verify_command]") {
    auto log = test::make_log(std::uint64_t{5});
    const test::TempFolder folder;
    const std::string tree = folder.path() / "log";
    const std::string file = folder.path() / "a.tlog-proof";
    const std::string policy = folder.path() / "policy";
    const CosignatureSigner first("first.example", SigningKey::generate());
    const CosignatureSigner second("second.example", SigningKey::generate());
    const auto write_policy = [&](const std::string& quorum) {
        test::write_text(policy, "log " + test::sample_signer().verifier().vkey() + "\nwitness a " +
                                     first.verifier().vkey() + "\nwitness b " +
                                     second.verifier().vkey() + "\n" + quorum);
    };
    const auto witnessed = [&](const std::vector<NoteSignature>& cosignatures) {
        Note note = test::must(parse_note(log.note));
        note.signatures.insert(note.signatures.end(), cosignatures.begin(), cosignatures.end());
        const std::string text = format_note(note);
        export_log(log.tiles, 5, log.note, tree);
        test::write_text(tree + "/checkpoint", text);
        test::write_text(file,
                         format_receipt(log.entries[2], 2, inclusion_proof(log.tiles, 2, 5), text));
    };
    const std::string text = test::must(parse_note(log.note)).text;
    const NoteSignature one = first.sign(text, 1'772'352'000);
    const NoteSignature two = second.sign(text, 1'772'352'001);
    const std::string both = "group both all a b\nquorum both\n";

    write_policy(both);
    witnessed({one, two});
    const Outcome good = run({"receipt", file, "--policy", policy});
    REQUIRE(good.exit == VerifyExit::kOk);
    REQUIRE(good.out.find("witnessed 2 of 2") != std::string::npos);
    const json whole = json::parse(run({"log", tree, "--policy", policy, "--json"}).out);
    REQUIRE(whole["ok"] == true);
    REQUIRE(whole["policy"]["witnessed"] == 2);
    REQUIRE(whole["policy"]["witnesses"][1]["time"] == 1'772'352'001);

    witnessed({one});
    const json lacking = json::parse(run({"receipt", file, "--policy", policy, "--json"}).out);
    REQUIRE(lacking["receipts"][0]["code"] == "checkpoint.not_witnessed");
    REQUIRE(lacking["receipts"][0]["policy"]["witnessed"] == 1);
    const Outcome folder_lacks = run({"log", tree, "--policy", policy});
    REQUIRE(folder_lacks.exit == VerifyExit::kFailed);
    REQUIRE(folder_lacks.out.find("witnessed 1 of 2") != std::string::npos);
    write_policy("quorum a\n");
    REQUIRE(run({"receipt", file, "--policy", policy}).exit == VerifyExit::kOk);

    // A line under a witness's name that it did not write spoils the note.
    NoteSignature forged = two;
    forged.signature.back() ^= 1;
    witnessed({one, forged});
    const json spoilt = json::parse(run({"receipt", file, "--policy", policy, "--json"}).out);
    REQUIRE(spoilt["receipts"][0]["code"] == "checkpoint.bad_signature");

    REQUIRE(run({"policy", policy}).exit == VerifyExit::kOk);
    REQUIRE(json::parse(run({"policy", policy, "--json"}).out)["witnesses"].size() == 2);
    write_policy("quorum nobody\n");
    const Outcome wrong = run({"policy", policy});
    REQUIRE(wrong.exit == VerifyExit::kFailed);
    REQUIRE(wrong.out.find("line 4") != std::string::npos);
    REQUIRE(run({"receipt", file, "--policy", policy}).exit == VerifyExit::kUsage);
}

TEST_CASE("verify command: a key file holds every key of a log whose key is being replaced",
          "[ledger][verify_command]") {
    const auto log = test::make_log(std::uint64_t{3});
    const test::TempFolder folder;
    auto tiles = log.tiles;
    const std::string receipt = folder.path() / "r.tlog-proof";
    test::write_text(receipt,
                     format_receipt(log.entries[1], 1, inclusion_proof(tiles, 1, 3), log.note));
    const NoteSigner next(std::string(test::kOrigin),
                          SigningKey::from_seed(Bytes(SigningKey::kSeedSize, 9)).value());
    const std::string other = next.verifier().vkey();
    const std::string ours = test::sample_signer().verifier().vkey();
    const std::string file = folder.path() / "ledger.vkey";
    for (const std::string& text : {other + "\n" + ours + "\n", ours + "\r\n\r\n" + other}) {
        test::write_text(file, text);
        CHECK(run({"receipt", receipt, "--key", "@" + file}).exit == VerifyExit::kOk);
    }
    test::write_text(file, other + "\n");
    CHECK(run({"receipt", receipt, "--key", "@" + file}).exit == VerifyExit::kFailed);
    for (const std::string& text : {ours + "\nnonsense\n", std::string("\n"), std::string()}) {
        test::write_text(file, text);
        CHECK(run({"receipt", receipt, "--key", "@" + file}).exit == VerifyExit::kUsage);
    }
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
