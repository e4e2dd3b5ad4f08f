#include "ledger/cosignature.h"

#include <vector>

#include "base/check.h"
#include "ledger/signer.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

// Made by another implementation (Python's cryptography) from the seed 00 01 ... 1f, over the
// checkpoint in the example of c2sp.org/tlog-cosignature.
constexpr std::string_view kVkey =
    "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
constexpr std::string_view kSkey =
    "PRIVATE+KEY+witness.example/w1+e75f6532+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
constexpr std::uint64_t kTime = 1679315147;
const std::string kText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const std::string kLine =
    "— witness.example/w1 "
    "519lMgAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CSDZVUIoS83rE1nFZsVE8YiWV6Ngr"
    "7lV8H6bdoBQGP/l73euDMQ9k+bBQ==\n";

NoteSignature line() { return test::must(parse_note_signatures(kLine)).at(0); }

}  // namespace

TEST_CASE("cosignature: another implementation's key and line verify", "[ledger][cosignature]") {
    const auto verifier = test::must(NoteVerifier::parse(kVkey));
    REQUIRE(verifier.name() == "witness.example/w1");
    REQUIRE(verifier.key_id() == 0xe75f6532);
    REQUIRE(verifier.key().type() == NoteKeyType::kEd25519Cosignature);
    REQUIRE(verifier.key().timestamped());
    REQUIRE_FALSE(verifier.key().signs_logs());
    REQUIRE(verifier.vkey() == kVkey);
    REQUIRE(verifier.verify(kText, line()));
    REQUIRE(cosignature_time(line().signature) == kTime);
    // transparency-dev/formats, a witness in the wild; note_cosigv1_test.go.
    const auto remora = test::must(NoteVerifier::parse(
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"));
    REQUIRE(remora.key().type() == NoteKeyType::kEd25519Cosignature);
}

TEST_CASE("cosignature: ours are the other implementation's bytes", "[ledger][cosignature]") {
    const auto signer = test::must(CosignatureSigner::parse(kSkey));
    REQUIRE(signer.skey() == kSkey);
    REQUIRE(signer.verifier().vkey() == kVkey);
    REQUIRE(format_note_signature(signer.sign(kText, kTime)) == kLine);
    REQUIRE_THROWS_AS(signer.sign(kText, std::uint64_t{1} << 63U), InvariantViolation);
    REQUIRE(signer.verifier().verify(kText, signer.sign(kText, INT64_MAX)));
    // A log's private key is not taken for a witness's, nor the other way about.
    REQUIRE_FALSE(
        CosignatureSigner::parse(
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
            .has_value());
    REQUIRE_FALSE(NoteSigner::parse(kSkey).has_value());
    for (std::size_t i = 0; i < kSkey.size(); ++i) {
        std::string changed(kSkey);
        changed[i] = static_cast<char>(changed[i] ^ 1);
        INFO(changed);
        REQUIRE_FALSE(CosignatureSigner::parse(changed).has_value());
    }
}

TEST_CASE("cosignature: every bit of time, signature and text counts", "[ledger][cosignature]") {
    const auto verifier = test::must(NoteVerifier::parse(kVkey));
    for (std::size_t i = 0; i < line().signature.size(); ++i) {
        NoteSignature changed = line();
        changed.signature[i] ^= 1U;
        REQUIRE_FALSE(verifier.verify(kText, changed));
    }
    for (std::size_t i = 0; i < kText.size(); ++i) {
        std::string changed = kText;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        REQUIRE_FALSE(verifier.verify(changed, line()));
    }
    for (std::size_t length = 0; length < line().signature.size(); ++length) {
        NoteSignature cut = line();
        cut.signature.resize(length);
        REQUIRE_FALSE(verifier.verify(kText, cut));
    }
    NoteSignature longer = line();
    longer.signature.push_back(0);
    REQUIRE_FALSE(verifier.verify(kText, longer));
}

TEST_CASE("cosignature: a time of 2^63 or more is none", "[ledger][cosignature]") {
    REQUIRE(cosignature_time(Bytes{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) == INT64_MAX);
    REQUIRE_FALSE(cosignature_time(Bytes{0x80, 0, 0, 0, 0, 0, 0, 0}).has_value());
    REQUIRE_FALSE(cosignature_time(Bytes(7, 0)).has_value());
    REQUIRE(cosignature_time(Bytes(8, 0)) == 0U);
}

TEST_CASE("cosignature: one key under the log type and the witness type is two",
          "[ledger][cosignature]") {
    const auto seed = test::must(SigningKey::from_seed(Bytes(32, 7)));
    const NoteVerifier plain("one.example", NoteKey::ed25519(seed.public_key()));
    const NoteVerifier timed("one.example", NoteKey::ed25519_cosignature(seed.public_key()));
    REQUIRE(plain.key_id() != timed.key_id());
    REQUIRE(std::ranges::equal(plain.key().public_key(), timed.key().public_key()));
    const CosignatureSigner signer("one.example", test::must(SigningKey::from_seed(Bytes(32, 7))));
    NoteSignature forged = signer.sign(kText, 0);
    forged.key_id = plain.key_id();
    REQUIRE_FALSE(plain.verify(kText, forged));
    forged.signature.erase(forged.signature.begin(), forged.signature.begin() + 8);
    // What it signs is the message with the label, never the bare text.
    REQUIRE_FALSE(plain.verify(kText, forged));
    REQUIRE(plain.verify(cosignature_message(0, kText), forged));
}

TEST_CASE("cosignature: an answer is signature lines and nothing else", "[ledger][cosignature]") {
    REQUIRE(test::must(parse_note_signatures(kLine + kLine)).size() == 2);
    for (const std::string& bad :
         {std::string(), std::string("\n"), kLine + "\n", "\n" + kLine, kLine + "x",
          kLine.substr(0, kLine.size() - 1), kText + "\n" + kLine, std::string("<html>\n"),
          std::string("— \n"), std::string("— w AAAAAA==\n")}) {
        INFO(bad);
        REQUIRE_FALSE(parse_note_signatures(bad).has_value());
    }
    std::string lines;
    for (std::size_t i = 0; i < kNoteSignaturesMax; ++i) lines += kLine;
    REQUIRE(parse_note_signatures(lines).has_value());
    REQUIRE_FALSE(parse_note_signatures(lines + kLine).has_value());
}

TEST_CASE("cosignature: a key blob of another type or length is no key", "[ledger][cosignature]") {
    for (unsigned type = 0; type <= 0xff; ++type) {
        for (const std::size_t length : {0U, 31U, 32U, 33U, 65U}) {
            Bytes blob(1 + length, 9);
            blob[0] = static_cast<std::uint8_t>(type);
            const auto key = NoteKey::from_bytes(blob);
            REQUIRE(key.has_value() == ((type == 1 || type == 4) && length == 32));
            if (key) REQUIRE(key->bytes() == blob);
        }
    }
    REQUIRE_FALSE(NoteKey::from_bytes({}).has_value());
}
