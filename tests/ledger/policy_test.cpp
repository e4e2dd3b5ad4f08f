#include "ledger/policy.h"

#include <algorithm>
#include <random>
#include <vector>

#include "base/check.h"
#include "ledger/cosignature.h"
#include "ledger/signer.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

CosignatureSigner witness(std::size_t number) {
    return {"witness.example/w" + std::to_string(number),
            test::must(SigningKey::from_seed(Bytes(32, static_cast<std::uint8_t>(100 + number))))};
}

std::string vkey(std::size_t number) { return witness(number).verifier().vkey(); }

std::string witness_line(std::size_t number) {
    return "witness w" + std::to_string(number) + ' ' + vkey(number) + '\n';
}

std::string log_line() { return "log " + test::sample_signer().verifier().vkey() + '\n'; }

std::string base(std::size_t witnesses) {
    std::string text = log_line();
    for (std::size_t i = 1; i <= witnesses; ++i) text += witness_line(i);
    return text;
}

Policy good(const std::string& text) {
    const auto parsed = parse_policy(text);
    if (const auto* fault = std::get_if<PolicyFault>(&parsed)) {
        FAIL("line " << fault->line << ": " << fault->reason);
    }
    return std::get<Policy>(parsed);
}

PolicyFault fault(const std::string& text) {
    const auto parsed = parse_policy(text);
    INFO(text);
    REQUIRE(std::holds_alternative<PolicyFault>(parsed));
    return std::get<PolicyFault>(parsed);
}

Checkpoint sample_checkpoint() { return {std::string(test::kOrigin), 7, sha256("root"), {}}; }

/// The log's note with cosignatures of these witnesses, at the times 1000, 1001, ...
std::string cosigned(const std::vector<std::size_t>& witnesses) {
    std::string note = sign_checkpoint(sample_checkpoint(), test::sample_signer());
    const std::string text = test::must(parse_note(note)).text;
    for (std::size_t i = 0; i < witnesses.size(); ++i) {
        note += format_note_signature(witness(witnesses[i]).sign(text, 1000 + i));
    }
    return note;
}

}  // namespace

TEST_CASE("policy: the example of the format reads as it says", "[ledger][policy]") {
    std::string text = log_line() + "\n";
    for (const std::size_t i : {1U, 2U, 3U}) {
        text += "witness X" + std::to_string(i) + " " + vkey(i) + "\n";
    }
    text += "group X-witnesses 2 X1 X2 X3\n";
    for (const std::size_t i : {1U, 2U, 3U}) {
        text += "witness Y" + std::to_string(i) + " " + vkey(3 + i) + "\n";
    }
    text +=
        "group Y-witnesses any Y1 Y2 Y3\n\ngroup X-and-Y all X-witnesses Y-witnesses\n"
        "quorum X-and-Y\n";
    const Policy policy = good(text);
    REQUIRE(policy.witnesses.size() == 6);
    REQUIRE(policy.groups.size() == 3);
    for (unsigned set = 0; set < 64; ++set) {
        std::vector<bool> flags;
        for (unsigned i = 0; i < 6; ++i) flags.push_back((set >> i & 1U) != 0);
        const int x = flags[0] + flags[1] + flags[2];
        const int y = flags[3] + flags[4] + flags[5];
        REQUIRE(policy.reached(flags) == (x >= 2 && y >= 1));
    }
    REQUIRE_THROWS_AS(policy.reached({true}), InvariantViolation);
}

TEST_CASE("policy: blanks, comments, URLs and foreign names are taken", "[ledger][policy]") {
    const Policy policy =
        good("# a comment with a key: log x\n \t# another\n\n \t \n\tlog \t" +
             test::sample_signer().verifier().vkey() + "  https://log.example/wuxi \t\n" +
             "witness 见证一\t" + vkey(1) + " https://witness.example/\n" + "witness any " +
             vkey(2) + "\nwitness \xff\xfe " + vkey(3) +
             "\ngroup all 2 见证一 any \xff\xfe\nquorum all\n# the end\n");
    REQUIRE(policy.logs.at(0).url == "https://log.example/wuxi");
    REQUIRE(policy.witnesses.at(0).name == "见证一");
    REQUIRE(policy.witnesses.at(0).url == "https://witness.example/");
    REQUIRE(policy.witnesses.at(1).url.empty());
    REQUIRE(policy.reached({true, true, false}));
    REQUIRE_FALSE(policy.reached({true, false, false}));
    // A quorum may be one witness, or none; groups outside it do not matter.
    REQUIRE(good(base(2) + "group g all w1 w2\nquorum w2\n").reached({false, true}));
    REQUIRE(good(base(2) + "group g all w1 w2\nquorum none\n").reached({false, false}));
    REQUIRE(good("quorum none\n").logs.empty());
    // Lines may follow the quorum.
    REQUIRE(good("quorum none\n" + base(1)).witnesses.size() == 1);
}

TEST_CASE("policy: a bad line is named by its number and reason", "[ledger][policy]") {
    const std::string three = base(3);  // four lines
    struct Case {
        std::string text;
        std::size_t line;
        std::string says;
    };
    const std::string x_key =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    for (const auto& [text, line, says] : std::vector<Case>{
             {"", 1, "no quorum"},
             {three, 5, "no quorum"},
             {"quorum none", 1, "newline"},
             {three + "quorum w1", 5, "newline"},
             {"quorum\n", 1, "a quorum line is"},
             {"quorum none none\n", 1, "a quorum line is"},
             {"quorum none\nquorum none\n", 2, "second quorum"},
             {"quorum w1\n" + three, 1, "\"w1\" is not defined above"},
             {"QUORUM none\n", 1, "none of log"},
             {"quorum none # comment\n", 1, "a quorum line is"},
             {"quorum none\r\n", 1, "control character"},
             {"quorum none\v\n", 1, "control character"},
             {std::string("quorum \0none\n", 13), 1, "control character"},
             {"quorum none\x7f\n", 1, "control character"},
             {"quorum\u00a0none\n", 1, "none of log"},
             {"log\n", 1, "a log line is"},
             {"log " + x_key + " url more\n", 1, "a log line is"},
             {"log example.com/foo\n", 1, "no verifier key"},
             {"log " + vkey(1) + "\n", 1, "witnesses use"},
             {log_line() + log_line(), 2, "another log line again"},
             {"witness w1\n", 1, "a witness line is"},
             {"witness w1 " + vkey(1) + " url more\n", 1, "a witness line is"},
             {"witness w1 nokey\n", 1, "no verifier key"},
             {"witness w1 " + x_key + "\n", 1, "without times"},
             {"witness none " + vkey(1) + "\n", 1, "taken by the format"},
             {three + "witness w1 " + vkey(4) + "\n", 5, "\"w1\" is defined twice"},
             {three + "witness w4 " + vkey(1) + "\n", 5, "another witness line again"},
             {three + "group w1 any w2\n", 5, "defined twice"},
             {three + "group none any w2\n", 5, "taken by the format"},
             {three + "group g any\n", 5, "a group line is"},
             {three + "group g any w9\n", 5, "\"w9\" is not defined above"},
             {three + "group g any none\n", 5, "\"none\" is not defined above"},
             {three + "group g any g\n", 5, "\"g\" is not defined above"},
             {three + "group g any w1 w1\n", 5, "a member already"},
             {three + "group g any w1\ngroup h any w1 w2\n", 6, "a member already"},
             {three + "group g 0 w1\n", 5, "neither any"},
             {three + "group g 2 w1\n", 5, "from 1 to 1"},
             {three + "group g 01 w1\n", 5, "neither any"},
             {three + "group g +1 w1\n", 5, "neither any"},
             {three + "group g -1 w1\n", 5, "neither any"},
             {three + "group g 1x w1\n", 5, "neither any"},
             {three + "group g ALL w1\n", 5, "neither any"},
             {three + "group g 18446744073709551617 w1\n", 5, "neither any"},
             {three + "quorum g\n", 5, "not defined above"},
             {std::string(kPolicyBytesMax + 1, '\n'), 1, "larger"},
         }) {
        const PolicyFault found = fault(text);
        INFO(found.reason);
        REQUIRE(found.line == line);
        REQUIRE(found.reason.find(says) != std::string::npos);
    }
}

TEST_CASE("policy: one public key under two names is a duplicate", "[ledger][policy]") {
    const auto key = test::must(SigningKey::from_seed(Bytes(32, 101)));  // that of w1
    const NoteVerifier renamed("other.example", NoteKey::ed25519_cosignature(key.public_key()));
    REQUIRE(fault(base(1) + "witness w2 " + renamed.vkey() + "\n").line == 3);
    const NoteVerifier log("other.example", key.public_key());
    const NoteVerifier same_log("third.example", key.public_key());
    REQUIRE(fault("log " + log.vkey() + "\nlog " + same_log.vkey() + "\n").line == 2);
}

TEST_CASE("policy: 64 of each are read, more are refused", "[ledger][policy]") {
    std::string text = base(kPolicyItemsMax);
    for (std::size_t i = 1; i < kPolicyItemsMax; ++i) {
        const NoteVerifier log("log" + std::to_string(i) + ".example",
                               SigningKey::generate().public_key());
        text += "log " + log.vkey() + "\n";
    }
    std::string groups;
    for (std::size_t i = 1; i <= kPolicyItemsMax; ++i) {
        const std::string number = std::to_string(i);
        groups += "group g" + number + " all w" + number;
        if (i > 1) groups += " g" + std::to_string(i - 1);
        groups += "\n";
    }
    const Policy policy = good(text + groups + "quorum g64\n");
    REQUIRE(policy.groups.size() == kPolicyItemsMax);
    std::vector<bool> flags(kPolicyItemsMax, true);
    REQUIRE(policy.reached(flags));
    for (std::size_t i = 0; i < flags.size(); ++i) {
        flags[i] = false;
        REQUIRE_FALSE(policy.reached(flags));
        flags[i] = true;
    }
    REQUIRE(fault(text + groups + "group more any g64\n").reason ==
            "more groups than are supported");
    REQUIRE(fault(text + witness_line(65)).reason == "more witnesses than are supported");
    REQUIRE(fault(text + "log " + NoteVerifier("l", PublicKey{}).vkey() + "\n").reason ==
            "more logs than are supported");
}

TEST_CASE("policy: a checkpoint is judged by log, witnesses and quorum", "[ledger][policy]") {
    const Policy policy = good(base(3) + "group g 2 w1 w2 w3\nquorum g\n");
    const auto judge = [&](const std::string& note) { return evaluate_policy(note, policy); };
    const auto verdict = judge(cosigned({3, 1}));
    REQUIRE(verdict.ok());
    REQUIRE(verdict.checkpoint == sample_checkpoint());
    REQUIRE(verdict.times == std::vector<std::optional<std::uint64_t>>{1001, std::nullopt, 1000});
    REQUIRE(verdict.witnessed == 2);
    REQUIRE(describe(verdict) == "witnessed 2 of 3, quorum reached");

    const auto alone = judge(cosigned({}));
    REQUIRE(alone.status == CheckpointStatus::kVerified);
    REQUIRE_FALSE(alone.ok());
    REQUIRE(describe(alone) == "witnessed 0 of 3, quorum not reached");
    // The same witness twice is one witness; a stranger is none.
    const auto twice = judge(cosigned({2, 2, 9}));
    REQUIRE(twice.witnessed == 1);
    REQUIRE(twice.times.at(1) == 1000U);
    REQUIRE_FALSE(twice.quorum);
}

TEST_CASE("policy: a line by a known key that fails refuses the note", "[ledger][policy]") {
    const Policy policy = good(base(3) + "quorum none\n");
    Note note = test::must(parse_note(cosigned({1, 2, 9})));
    for (std::size_t line = 0; line < note.signatures.size(); ++line) {
        Note broken = note;
        broken.signatures[line].signature.back() ^= 1U;
        const auto verdict = evaluate_policy(format_note(broken), policy);
        const bool stranger = line == 3;
        REQUIRE(verdict.status ==
                (stranger ? CheckpointStatus::kVerified : CheckpointStatus::kBadSignature));
        REQUIRE(verdict.witnessed == (stranger ? 2 : 0));
        REQUIRE(verdict.quorum == stranger);
    }
    // A good line does not outweigh a bad one by the same key.
    Note both = note;
    both.signatures.push_back(both.signatures[1]);
    both.signatures.back().signature[20] ^= 1U;
    REQUIRE(evaluate_policy(format_note(both), policy).status == CheckpointStatus::kBadSignature);
}

TEST_CASE("policy: witnesses alone do not speak for the log", "[ledger][policy]") {
    const Policy policy = good(base(3) + "quorum w1\n");
    Note note = test::must(parse_note(cosigned({1, 2, 3})));
    note.signatures.erase(note.signatures.begin());
    const auto verdict = evaluate_policy(format_note(note), policy);
    REQUIRE(verdict.status == CheckpointStatus::kUnknownKeys);
    REQUIRE_FALSE(verdict.ok());
    REQUIRE(verdict.witnessed == 0);
    REQUIRE(std::count(verdict.times.begin(), verdict.times.end(), std::nullopt) == 3);
    REQUIRE(evaluate_policy("", policy).status == CheckpointStatus::kMalformedNote);
}

TEST_CASE("policy: any of several logs may have signed, each for itself", "[ledger][policy]") {
    const NoteSigner other("log.other", test::must(SigningKey::from_seed(Bytes(32, 77))));
    const Policy policy =
        good(log_line() + "log " + other.verifier().vkey() + "\n" + "quorum none\n");
    REQUIRE(evaluate_policy(cosigned({}), policy).ok());
    Checkpoint theirs = sample_checkpoint();
    theirs.origin = "log.other";
    REQUIRE(evaluate_policy(sign_checkpoint(theirs, other), policy).ok());
    // The other log's key does not speak for ours.
    const std::string text = format_checkpoint(sample_checkpoint());
    REQUIRE(evaluate_policy(format_note({text, {other.sign(text)}}), policy).status ==
            CheckpointStatus::kOtherOrigin);
    // Both signed: the one that may speak decides.
    const std::string both =
        format_note({text, {other.sign(text), test::sample_signer().sign(text)}});
    REQUIRE(evaluate_policy(both, policy).ok());
    // Keys given from elsewhere stand in for the policy's.
    const Policy no_logs = good("quorum none\n");
    REQUIRE(evaluate_policy(cosigned({}), no_logs).status == CheckpointStatus::kUnknownKeys);
    const std::vector<NoteVerifier> keys{test::sample_signer().verifier()};
    REQUIRE(evaluate_policy(cosigned({}), no_logs, keys).ok());
    REQUIRE(evaluate_policy(sign_checkpoint(theirs, other), policy, keys).status ==
            CheckpointStatus::kUnknownKeys);
}

TEST_CASE("policy: reading does not fail on noise", "[ledger][policy][property]") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string text = base(3) + "group g 2 w1 w2 w3\nquorum g\n";
    for (int round = 0; round < 2000; ++round) {
        std::string changed = text;
        for (unsigned i = 0; i <= random() % 3; ++i) {
            changed[random() % changed.size()] = static_cast<char>(random());
        }
        changed.resize(changed.size() - random() % 3 * (random() % changed.size()) / 3);
        const auto parsed = parse_policy(changed);
        if (const auto* policy = std::get_if<Policy>(&parsed)) {
            for (const PolicyGroup& group : policy->groups) {
                REQUIRE(group.threshold >= 1);
                REQUIRE(group.threshold <= group.members.size());
            }
        } else {
            REQUIRE(std::get<PolicyFault>(parsed).line >= 1);
            REQUIRE_FALSE(std::get<PolicyFault>(parsed).reason.empty());
        }
    }
}
