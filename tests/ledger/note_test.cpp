#include "ledger/note.h"

#include <vector>

#include "base/check.h"
#include "ledger/signer.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

// c2sp.org/signed-note, the example.
constexpr std::string_view kSpecKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kSpecNote =
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuw"
    "HjG1Yu72IneyaQM=\n";

// golang.org/x/mod/sumdb/note, the documentation's example and a second key of its tests.
constexpr std::string_view kPeterSecret =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr std::string_view kPeterKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kEnochKey =
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kPeterLine =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6K"
    "E6RyyBwJnAM=\n";
const std::string kEnochLine =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WW"
    "d1RvMc+QQ=\n";

NoteStatus status(std::string_view note, const std::vector<std::string_view>& vkeys) {
    std::vector<NoteVerifier> known;
    known.reserve(vkeys.size());
    for (const std::string_view vkey : vkeys)
        known.push_back(test::must(NoteVerifier::parse(vkey)));
    return open_note(note, known).status;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("note: the example of the specification verifies", "[ledger][note]") {
    REQUIRE(status(kSpecNote, {kSpecKey}) == NoteStatus::kVerified);
    const auto verifier = test::must(NoteVerifier::parse(kSpecKey));
    REQUIRE(verifier.name() == "example.com/foo");
    REQUIRE(verifier.key_id() == 0x530d903a);
    REQUIRE(verifier.vkey() == kSpecKey);
    REQUIRE(format_note(test::must(parse_note(kSpecNote))) == kSpecNote);
}

TEST_CASE("note: signing with Go's example key gives Go's signature", "[ledger][note]") {
    const auto signer = test::must(NoteSigner::parse(kPeterSecret));
    REQUIRE(signer.skey() == kPeterSecret);
    REQUIRE(signer.verifier().vkey() == kPeterKey);
    REQUIRE(format_note({kText, {signer.sign(kText)}}) == kText + '\n' + kPeterLine);
    for (const std::string_view bad :
         {"", "PRIVATE+KEY+",
          "PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
          "PRIVATE+KEY+PeterNeumann+c74f20a3+AQ==", "PRIVATE+KEY+PeterNeumann+c74f20a3+"}) {
        REQUIRE_FALSE(NoteSigner::parse(bad).has_value());
    }
}

TEST_CASE("note: unknown keys are ignored, a known one that fails refuses the note",
          "[ledger][note]") {
    const std::string both = kText + '\n' + kPeterLine + kEnochLine;
    REQUIRE(status(both, {kPeterKey, kEnochKey}) == NoteStatus::kVerified);
    REQUIRE(status(both, {kEnochKey}) == NoteStatus::kVerified);
    REQUIRE(status(both, {}) == NoteStatus::kUnknownKeys);
    REQUIRE(status(both, {kSpecKey}) == NoteStatus::kUnknownKeys);
    const std::string enoch_broken = replaced(both, "MNtCOXm2", "MNtCOXm3");
    REQUIRE(status(enoch_broken, {kPeterKey}) == NoteStatus::kVerified);
    REQUIRE(status(enoch_broken, {kPeterKey, kEnochKey}) == NoteStatus::kBadSignature);
    // The same name with another key id is another key.
    const std::string other_id = replaced(both, "PeterNeumann x0", "PeterNeumann y0");
    REQUIRE(status(other_id, {kPeterKey}) == NoteStatus::kUnknownKeys);
    const std::string other_name = replaced(both, "— Peter", "— Xeter");
    REQUIRE(status(other_name, {kPeterKey}) == NoteStatus::kUnknownKeys);
}

TEST_CASE("note: the last empty line divides text and signatures", "[ledger][note]") {
    const NoteSigner signer("log.example", SigningKey::generate());
    const std::string text = "one\n\ntwo\n\n\nthree\n";
    const std::string note = format_note({text, {signer.sign(text)}});
    REQUIRE(test::must(parse_note(note)).text == text);
    REQUIRE(status(note, {signer.verifier().vkey()}) == NoteStatus::kVerified);
}

TEST_CASE("note: control characters, bad UTF-8 and bad lines are refused", "[ledger][note]") {
    const std::string note = kText + '\n' + kPeterLine;
    REQUIRE(parse_note(note).has_value());
    for (const std::string& bad :
         {std::string(), kText, kText + '\n', note + '\n', note + "x",
          note.substr(0, note.size() - 1), replaced(note, "If you", "If\tyou"),
          replaced(note, "problem,\n", "problem,\r\n"), replaced(note, "If you", "If\xff you"),
          replaced(note, "If you", std::string_view("If\0you", 6)), replaced(note, "— P", "- P"),
          replaced(note, "— P", "—  P"), replaced(note, "AM=", "AM"), replaced(note, "AM=", "AN="),
          replaced(note, "Neumann ", "Neu+ann "), replaced(note, "Neumann ", "Neu\xC2\xA0nn "),
          kText + "\n— x \n", kText + "\n— x AAAAAA==\n", kText + "\n—  AAAAAAA=\n"}) {
        INFO(bad);
        REQUIRE_FALSE(parse_note(bad).has_value());
        REQUIRE(status(bad, {kPeterKey}) == NoteStatus::kMalformed);
    }
}

TEST_CASE("note: 17 and 100 signatures are read, 101 are not", "[ledger][note]") {
    const NoteSigner signer("log.example", SigningKey::generate());
    for (const std::size_t count : {17U, 100U, 101U}) {
        Note note{"text\n", {}};
        for (std::size_t i = 1; i < count; ++i) {
            note.signatures.push_back({"witness" + std::to_string(i), 7, Bytes(72, 9)});
        }
        note.signatures.push_back(signer.sign(note.text));
        const NoteStatus expected =
            count <= kNoteSignaturesMax ? NoteStatus::kVerified : NoteStatus::kMalformed;
        REQUIRE(status(format_note(note), {signer.verifier().vkey()}) == expected);
    }
}

TEST_CASE("note: a verifier key is read in exactly one form", "[ledger][note]") {
    // The base64 of both holds a '+' or a '/', so only the first two '+' divide.
    REQUIRE(NoteVerifier::parse("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"));
    for (const std::string_view bad :
         {"", "+", "++", "example.com/foo", "example.com/foo+530d903a",
          "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
          "example.com/foo +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/foo+530d903a+", "example.com/foo+530d903a+AQ=="}) {
        INFO(bad);
        REQUIRE_FALSE(NoteVerifier::parse(bad).has_value());
    }
    REQUIRE_THROWS_AS(NoteVerifier("a b", PublicKey{}), InvariantViolation);
}
