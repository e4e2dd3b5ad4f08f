/// What a lying log, or whoever stands between, may send: each lie is refused, and for the right
/// reason, since a refusal for another reason would be luck.
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "ledger/demands.h"
#include "ledger/export.h"
#include "ledger/proof.h"
#include "ledger/verify.h"
#include "ledger/verify_command.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

constexpr std::uint64_t kSize = 300;
constexpr std::uint64_t kIndex = 41;

struct Honest {
    test::SampleLog log = test::make_log(kSize);
    NoteSigner signer = test::sample_signer();
    LogProof proof{.extra = log.entries[kIndex],
                   .index = kIndex,
                   .hashes = inclusion_proof(log.tiles, kIndex, kSize),
                   .checkpoint = log.note};

    std::string code(const LogProof& lie) const { return code(format_proof(lie)); }
    std::string code(const std::string& receipt) const {
        return std::string(verify_receipt(receipt, signer.verifier()).code());
    }
    /// A note that the log's true key signs, whatever it says.
    std::string sign(const std::string& text) const {
        return format_note({text, {signer.sign(text)}});
    }
    /// The honest receipt under another note.
    std::string under(const std::string& note) const {
        LogProof lie = proof;
        lie.checkpoint = note;
        return code(lie);
    }
};

std::string root_text(const Digest& root) { return to_base64(root.view()); }

/// A tree that parts from the honest one at `from`, of `size` entries.
test::SampleLog other_history(std::uint64_t size, std::uint64_t from) {
    std::vector<Bytes> entries;
    for (std::uint64_t i = 0; i < size; ++i) {
        Entry entry = test::sample_entry(i);
        if (i >= from) entry.actor = "forger";
        entries.push_back(encode_entry(entry));
    }
    return test::make_log(std::move(entries));
}

struct Judgement {
    VerifyExit exit;
    nlohmann::json json;
};

Judgement judge(std::vector<std::string> args) {
    args.insert(args.end(), {"--json", "--key", test::sample_signer().verifier().vkey()});
    const std::vector<std::string_view> views(args.begin(), args.end());
    std::ostringstream out;
    std::ostringstream err;
    const VerifyExit exit = run_verify(views, out, err, false);
    return {exit, nlohmann::json::parse(out.str(), nullptr, false)};
}

std::string receipt_code(const Judgement& outcome) {
    REQUIRE(outcome.exit == VerifyExit::kFailed);
    return outcome.json.at("receipts").at(0).at("code");
}

std::string log_code(const Judgement& outcome) {
    REQUIRE(outcome.exit == VerifyExit::kFailed);
    return outcome.json.at("faults").at(0).at("code");
}

}  // namespace

TEST_CASE("lying server: what is proven must be what is shown", "[ledger][lying]") {
    const Honest honest;
    REQUIRE(honest.code(honest.proof).empty());
    const std::string not_in_tree = "receipt.not_in_tree";

    // A swapped leaf: another entry of the same log, then an invented one.
    LogProof lie = honest.proof;
    lie.extra = honest.log.entries[kIndex + 1];
    REQUIRE(honest.code(lie) == not_in_tree);
    Entry invented = test::sample_entry(kIndex);
    invented.actor = "forger";
    lie.extra = encode_entry(invented);
    REQUIRE(honest.code(lie) == not_in_tree);
    lie.extra->clear();
    REQUIRE(honest.code(lie) == not_in_tree);
    // An inner node of the tree given out as an entry (second preimage without prefixes).
    Bytes node;
    for (const Digest& hash : {honest.proof.hashes[0], honest.proof.hashes[1]}) {
        node.insert(node.end(), hash.value.begin(), hash.value.end());
    }
    lie.extra = node;
    REQUIRE(honest.code(lie) == not_in_tree);

    // The right entry at the wrong place.
    for (const std::uint64_t index : {std::uint64_t{0}, kIndex - 1, kIndex + 1, kSize - 1}) {
        lie = honest.proof;
        lie.index = index;
        REQUIRE(honest.code(lie) == not_in_tree);
    }
    for (const std::uint64_t index : {kSize, kSize + 1, std::uint64_t{INT64_MAX}}) {
        lie = honest.proof;
        lie.index = index;
        REQUIRE(honest.code(lie) == "receipt.index_out_of_range");
    }
    lie = honest.proof;
    lie.extra.reset();
    REQUIRE(honest.code(lie) == "receipt.no_entry");
}

TEST_CASE("lying server: a proof is neither cut, lengthened, reordered nor altered",
          "[ledger][lying]") {
    const Honest honest;
    const Proof hashes = honest.proof.hashes;
    const auto code = [&](Proof lie) {
        LogProof proof = honest.proof;
        proof.hashes = std::move(lie);
        return honest.code(proof);
    };
    for (std::size_t kept = 0; kept < hashes.size(); ++kept) {
        REQUIRE(code({hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(kept)}) ==
                "receipt.not_in_tree");
        REQUIRE(code({hashes.end() - static_cast<std::ptrdiff_t>(kept), hashes.end()}) ==
                "receipt.not_in_tree");
        Proof lie = hashes;
        lie[kept].value[kept % Digest::kSize] ^= 1;
        REQUIRE(code(lie) == "receipt.not_in_tree");
        lie = hashes;
        std::swap(lie[kept], lie[(kept + 1) % lie.size()]);
        REQUIRE(code(lie) == "receipt.not_in_tree");
    }
    Proof longer = hashes;
    while (longer.size() < kProofHashesMax) {
        longer.push_back(hashes.back());
        REQUIRE(code(longer) == "receipt.not_in_tree");
    }
    longer.push_back(hashes.back());
    const auto result =
        verify_receipt(format_proof({honest.proof.extra, kIndex, longer, honest.log.note}),
                       honest.signer.verifier());
    REQUIRE(result.code() == "receipt.malformed");
    REQUIRE(result.reason.find("line 67: more than 63 hashes") != std::string::npos);
}

TEST_CASE("lying server: fields that do not belong make a receipt malformed", "[ledger][lying]") {
    const Honest honest;
    const std::string text = format_proof(honest.proof);
    const std::size_t first = text.find('\n') + 1;
    const std::size_t second = text.find('\n', first) + 1;
    const std::size_t third = text.find('\n', second) + 1;
    const auto with = [&](std::size_t at, const std::string& line) {
        std::string lie = text;
        return lie.insert(at, line);
    };
    for (const std::string& lie :
         {with(0, "\n"), with(0, "\xEF\xBB\xBF"), with(first, "extra QUFB\n"),
          with(second, "extra QUFB\n"), with(second, "index 3\n"), with(third, "index 3\n"),
          with(third, "leaf QUFB\n"), with(third, "QUFB\n"), with(second - 1, " "),
          with(second - 1, "\r"), with(third - 1, " "), text.substr(0, third), std::string(),
          text.substr(0, first), text.substr(second)}) {
        INFO(lie);
        // Without the extra line the index is read; then there is no entry.
        REQUIRE(honest.code(lie) == "receipt.malformed");
    }
    for (const std::string index : {"-1", "+41", "041", "41.0", "9223372036854775808",
                                    "18446744073709551657", "99999999999999999999999", "", " 41"}) {
        std::string lie = text;
        lie.replace(second, third - second, "index " + index + "\n");
        INFO(index);
        REQUIRE(honest.code(lie) == "receipt.malformed");
    }
    // Behind the checkpoint's signatures there is nothing.
    REQUIRE(honest.code(text + "x") == "checkpoint.malformed_note");
    REQUIRE(honest.code(text + "\n") == "checkpoint.malformed_note");
}

TEST_CASE("lying server: a checkpoint counts only under the log's very key", "[ledger][lying]") {
    const Honest honest;
    const std::string text = format_checkpoint(honest.log.checkpoint);
    const NoteSignature good = honest.signer.sign(text);
    const auto code = [&](const NoteSignature& signature) {
        return honest.under(format_note({text, {signature}}));
    };
    REQUIRE(code(good).empty());
    // The same name with another id, by an honest other key and by a forged id.
    const NoteSigner stranger(std::string(test::kOrigin), SigningKey::generate());
    REQUIRE(code(stranger.sign(text)) == "checkpoint.unknown_key");
    NoteSignature lie = good;
    lie.key_id ^= 1;
    REQUIRE(code(lie) == "checkpoint.unknown_key");
    // The same id with another name.
    for (const std::string name : {"exchange.example/tes", "exchange.example/test/",
                                   "Exchange.example/test", "exchange.example/t\xD0\xB5st"}) {
        lie = good;
        lie.name = name;
        REQUIRE(code(lie) == "checkpoint.unknown_key");
    }
    // Name and id of the log over a signature by another key.
    lie = stranger.sign(text);
    lie.key_id = good.key_id;
    REQUIRE(code(lie) == "checkpoint.bad_signature");
    for (std::size_t bit = 0; bit < good.signature.size() * 8; ++bit) {
        lie = good;
        lie.signature[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE(code(lie) == "checkpoint.bad_signature");
    }
    for (const std::size_t length : {std::size_t{1}, std::size_t{63}, std::size_t{65}}) {
        lie = good;
        lie.signature.resize(length);
        REQUIRE(code(lie) == "checkpoint.bad_signature");
    }
    // S + L is the same number to a careless verifier.
    lie = good;
    constexpr std::uint8_t kOrder[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                         0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                         0,    0,    0,    0,    0,    0,    0,    0,
                                         0,    0,    0,    0,    0,    0,    0,    0x10};
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        carry += static_cast<unsigned>(lie.signature[32 + i]) + kOrder[i];
        lie.signature[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8U;
    }
    REQUIRE(code(lie) == "checkpoint.bad_signature");
    // A good line does not excuse a bad one of the same key.
    NoteSignature flipped = good;
    flipped.signature[0] ^= 1;
    REQUIRE(honest.under(format_note({text, {good, flipped}})) == "checkpoint.bad_signature");
    // With two keys given, the other may have signed, but not under this origin.
    const NoteSigner other = test::sample_signer("other.example");
    const std::vector<NoteVerifier> keys{honest.signer.verifier(), other.verifier()};
    LogProof proof = honest.proof;
    proof.checkpoint = format_note({text, {other.sign(text)}});
    REQUIRE(verify_receipt(format_proof(proof), keys).code() == "checkpoint.other_origin");
    proof.checkpoint = format_note({text, {other.sign(text), good}});
    REQUIRE(verify_receipt(format_proof(proof), keys).ok());
}

TEST_CASE("lying server: a signed text must be a checkpoint of this tree", "[ledger][lying]") {
    const Honest honest;
    const std::string origin(test::kOrigin);
    const std::string root = root_text(honest.log.checkpoint.root);
    const auto text = [&](const std::string& size, const std::string& hash) {
        return honest.under(honest.sign(origin + "\n" + size + "\n" + hash + "\n"));
    };
    REQUIRE(text("300", root).empty());
    // Another root, another size, the root of a smaller size.
    Digest wrong = honest.log.checkpoint.root;
    wrong.value[31] ^= 1;
    REQUIRE(text("300", root_text(wrong)) == "receipt.not_in_tree");
    REQUIRE(text("300", root_text(Digest{})) == "receipt.not_in_tree");
    auto smaller = test::make_log(kSize - 1);
    REQUIRE(text("300", root_text(smaller.checkpoint.root)) == "receipt.not_in_tree");
    // A path fixes the size only so far: 257 to 512 leaves have paths of one shape for index 41.
    for (const std::string size : {"42", "128", "256", "513", "9223372036854775807"}) {
        INFO(size);
        REQUIRE(text(size, root) == "receipt.not_in_tree");
    }
    REQUIRE(text("41", root) == "receipt.index_out_of_range");
    REQUIRE(text("0", root) == "receipt.index_out_of_range");
    for (const std::string size :
         {"0300", "+300", "-300", "300 ", " 300", "3e2", "0x12c", "", "9223372036854775808",
          "18446744073709551916", "99999999999999999999999999"}) {
        INFO(size);
        REQUIRE(text(size, root) == "checkpoint.malformed_text");
    }
    for (const std::string& hash : {root.substr(0, 40), root + "AAAA", root.substr(0, 43),
                                    std::string("AAAA"), std::string(), root + " "}) {
        INFO(hash);
        REQUIRE(text("300", hash) == "checkpoint.malformed_text");
    }
    REQUIRE(honest.under(honest.sign("other.example\n300\n" + root + "\n")) ==
            "checkpoint.other_origin");
    REQUIRE(honest.under(honest.sign(origin + "\n300\n")) == "checkpoint.malformed_text");
    // Extension lines are read, an empty one is not.
    REQUIRE(text("300", root + "\nextension").empty());
    REQUIRE(text("300", root + "\n\nextension") == "checkpoint.malformed_text");
}

TEST_CASE("lying server: an older checkpoint than one seen is refused", "[ledger][lying]") {
    const Honest honest;
    const test::TempFolder folder;
    const auto tree = folder.path() / "log";
    auto log = test::make_log(kSize);
    export_log(log.tiles, kSize, log.note, tree);
    const std::string receipt = folder.path() / "a.tlog-proof";
    test::write_text(receipt, format_proof(honest.proof));
    const std::string seen = folder.path() / "seen";
    test::write_text(seen, test::make_log(kSize + 1).note);

    REQUIRE(receipt_code(judge({"receipt", receipt, "--seen", seen})) == "checkpoint.rollback");
    REQUIRE(receipt_code(judge({"receipt", receipt, "--min-size", "301"})) ==
            "checkpoint.rollback");
    REQUIRE(judge({"receipt", receipt, "--min-size", "300"}).exit == VerifyExit::kOk);
    REQUIRE(log_code(judge({"log", tree, "--seen", seen})) == "checkpoint.rollback");
    REQUIRE(log_code(judge({"log", tree, "--min-size=301"})) == "checkpoint.rollback");
    test::write_text(seen, test::make_log(kSize - 43).note);
    REQUIRE(judge({"log", tree, "--seen", seen, "--min-size=300"}).exit == VerifyExit::kOk);
    // What is seen must itself be signed, or it could be used to refuse the truth.
    test::write_text(seen, honest.sign("other.example\n300\n" + root_text(Digest{}) + "\n"));
    REQUIRE(judge({"log", tree, "--seen", seen}).exit == VerifyExit::kUsage);
    REQUIRE(judge({"log", tree, "--seen", receipt}).exit == VerifyExit::kUsage);
    REQUIRE(judge({"log", tree, "--seen", folder.path() / "absent"}).exit == VerifyExit::kUsage);
    REQUIRE(judge({"log", tree, "--min-size", "x"}).exit == VerifyExit::kUsage);
}

TEST_CASE("lying server: two signed histories are a fork, at one size and across sizes",
          "[ledger][lying]") {
    const Honest honest;
    const test::TempFolder folder;
    const auto tree = folder.path() / "log";
    auto log = test::make_log(kSize);
    export_log(log.tiles, kSize, log.note, tree);
    const std::string seen = folder.path() / "seen";
    const std::string receipt = folder.path() / "a.tlog-proof";
    test::write_text(receipt, format_proof(honest.proof));
    REQUIRE(judge({"receipt", receipt, "--log", tree}).exit == VerifyExit::kOk);

    for (const std::uint64_t size : {kSize, kSize - 1, std::uint64_t{256}, std::uint64_t{1}}) {
        INFO(size);
        auto fork = other_history(size, size - 1);
        test::write_text(seen, fork.note);
        REQUIRE(log_code(judge({"log", tree, "--seen", seen})) == "checkpoint.fork");
        // The receipt of the forked history holds by itself, and not beside the log.
        test::write_text(
            folder.path() / "forked",
            format_receipt(fork.entries[0], 0, inclusion_proof(fork.tiles, 0, size), fork.note));
        REQUIRE(judge({"receipt", folder.path() / "forked"}).exit == VerifyExit::kOk);
        REQUIRE(receipt_code(judge({"receipt", folder.path() / "forked", "--log", tree})) ==
                "checkpoint.fork");
        // An honest earlier checkpoint is none.
        test::write_text(seen, test::make_log(size).note);
        REQUIRE(judge({"log", tree, "--seen", seen}).exit == VerifyExit::kOk);
    }
    test::write_text(seen, other_history(kSize, 3).note);
    REQUIRE(receipt_code(judge({"receipt", receipt, "--seen", seen})) == "checkpoint.fork");
    // A receipt of a later tree cannot be compared with an earlier log.
    auto later = test::make_log(kSize + 1);
    test::write_text(receipt,
                     format_receipt(later.entries[5], 5, inclusion_proof(later.tiles, 5, kSize + 1),
                                    later.note));
    REQUIRE(receipt_code(judge({"receipt", receipt, "--log", tree})) == "log.behind");
}

TEST_CASE("lying server: a log that does not fit is no witness for a receipt", "[ledger][lying]") {
    const test::TempFolder folder;
    const auto tree = folder.path() / "log";
    auto log = test::make_log(kSize);
    export_log(log.tiles, kSize, log.note, tree);
    auto early = test::make_log(std::uint64_t{290});
    const std::string receipt = folder.path() / "a.tlog-proof";
    test::write_text(receipt, format_receipt(early.entries[7], 7,
                                             inclusion_proof(early.tiles, 7, 290), early.note));
    REQUIRE(judge({"receipt", receipt, "--log", tree}).exit == VerifyExit::kOk);
    const auto tile = tree / "tile/0/001.p/44";
    const std::string text = test::read_text(tile);
    std::filesystem::remove(tile);
    REQUIRE(receipt_code(judge({"receipt", receipt, "--log", tree})) == "log.incomplete");
    test::write_text(tile, text.substr(1));
    REQUIRE(receipt_code(judge({"receipt", receipt, "--log", tree})) == "log.incomplete");
    test::write_text(tile, std::string(text.size(), 'x'));
    REQUIRE(receipt_code(judge({"receipt", receipt, "--log", tree})) == "checkpoint.fork");
    // Without a checkpoint by the key there is no log to compare with.
    test::write_text(tree / "checkpoint", "nonsense");
    REQUIRE(judge({"receipt", receipt, "--log", tree}).exit == VerifyExit::kOther);
    REQUIRE(judge({"log", tree, "--log", tree}).exit == VerifyExit::kUsage);
}

TEST_CASE("lying server: every refusal of a checkpoint has a code of its own", "[ledger][lying]") {
    const test::TempFolder folder;
    const auto tree = folder.path() / "log";
    auto log = test::make_log(std::uint64_t{3});
    export_log(log.tiles, 3, log.note, tree);
    const NoteSigner stranger(std::string(test::kOrigin), SigningKey::generate());
    const Honest honest;
    std::string flipped = log.note;
    const std::size_t digit = flipped.find("\n3\n") + 1;
    flipped[digit] = '4';
    for (const auto& [note, code] : std::vector<std::pair<std::string, std::string>>{
             {"", "checkpoint.malformed_note"},
             {flipped, "checkpoint.bad_signature"},
             {sign_checkpoint(log.checkpoint, stranger), "checkpoint.unknown_key"},
             {honest.sign("nonsense\n"), "checkpoint.malformed_text"},
             {honest.sign("other.example\n3\n" + root_text(log.checkpoint.root) + "\n"),
              "checkpoint.other_origin"},
             {honest.sign(std::string(test::kOrigin) + "\n3\n" + root_text(Digest{}) + "\n"),
              "log.root"}}) {
        INFO(note);
        test::write_text(tree / "checkpoint", note);
        REQUIRE(log_code(judge({"log", tree})) == code);
    }
    std::filesystem::remove(tree / "checkpoint");
    REQUIRE(log_code(judge({"log", tree})) == "checkpoint.absent");
}
