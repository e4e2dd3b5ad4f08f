#include "ledger/log_signers.h"

#include "base/check.h"
#include "tests/support/catch.h"

namespace pdx::ledger {
namespace {

const std::string kSm2Origin = "log.example/sm2";
const std::string kSm2Type = std::string("\xFF") + "pdx.example/sm2-sm3-checkpoint/v1";
const Checkpoint kSignedHead{kSm2Origin, 7, sha256("root"), {}};

struct SigningKeys {
    NoteSigner first{kSm2Origin, SigningKey::generate()};
    NoteSigner second{kSm2Origin, SigningKey::generate()};
    Sm2Signer sm2{kSm2Origin, Sm2SigningKey::generate()};
    NoteVerifier a = first.verifier();
    NoteVerifier b = second.verifier();
    NoteVerifier s = sm2.verifier();

    /// Lines of the keys named, in this order of adding.
    std::string sign(const std::string& names) {
        LogSigners signers(NoteSigner::parse(first.skey()).value());
        for (const char name : names) {
            if (name == 'b') signers.add(NoteSigner::parse(second.skey()).value());
            if (name == 's') {
                signers.add(
                    Sm2Signer(kSm2Origin, Sm2SigningKey::from_scalar(sm2_scalar.view()).value()));
            }
        }
        return signers.sign(kSignedHead);
    }

    Secret sm2_scalar;
    SigningKeys() {
        Sm2SigningKey key = Sm2SigningKey::generate();
        sm2_scalar = key.scalar();
        sm2 = Sm2Signer(kSm2Origin, std::move(key));
        s = sm2.verifier();
    }
};

CheckpointStatus opened_status(const std::string& note, std::vector<NoteVerifier> known) {
    return open_checkpoint(note, known).status;
}

TEST_CASE("sm2 line: its key is known by the standard formula", "[ledger][sm2]") {
    const SigningKeys keys;
    const Bytes& point = keys.s.key().bytes();
    CHECK(as_text(point).starts_with(kSm2Type));
    REQUIRE(point.size() == kSm2Type.size() + Sm2PublicKey::kSize);
    Sha256 hasher;
    const Digest id = hasher.update(kSm2Origin).update("\n").update(point).finish();
    CHECK(format_key_id(keys.s.key_id()) == id.hex().substr(0, 8));
    const auto again = NoteVerifier::parse(keys.s.vkey());
    REQUIRE(again);
    CHECK(again->vkey() == keys.s.vkey());
    CHECK(again->key().type() == NoteKeyType::kSm2Sm3);
    // Another identifier is another type, and none that is known.
    for (std::size_t at = 0; at < kSm2Type.size(); ++at) {
        Bytes other = point;
        other[at] ^= 1U;
        CHECK_FALSE(NoteKey::from_bytes(other));
    }
    CHECK_FALSE(NoteKey::from_bytes(ByteView(point).first(point.size() - 1)));
}

TEST_CASE("sm2 line: whoever does not know it skips it, and the first line stays Ed25519",
          "[ledger][sm2]") {
    SigningKeys keys;
    const std::string note = keys.sign("s");
    const auto parsed = parse_note(note);
    REQUIRE(parsed);
    REQUIRE(parsed->signatures.size() == 2);
    CHECK(parsed->signatures[0].key_id == keys.a.key_id());
    CHECK(parsed->signatures[0].signature.size() == 64);
    CHECK(parsed->signatures[1].key_id == keys.s.key_id());
    CHECK(parsed->signatures[1].signature.size() == 64);
    CHECK(parsed->text == format_checkpoint(kSignedHead));
    CHECK(opened_status(note, {keys.a}) == CheckpointStatus::kVerified);
    CHECK(opened_status(note, {keys.s}) == CheckpointStatus::kVerified);
    CHECK(opened_status(note, {keys.a, keys.s}) == CheckpointStatus::kVerified);
    CHECK(opened_status(note, {SigningKeys().s}) == CheckpointStatus::kUnknownKeys);
    // The key under another name is another key.
    const NoteVerifier renamed("log.example/other", keys.s.key());
    CHECK(opened_status(note, {renamed}) == CheckpointStatus::kUnknownKeys);
}

TEST_CASE("sm2 line: what is signed is the label and the text", "[ledger][sm2]") {
    SigningKeys keys;
    const std::string text = format_checkpoint(kSignedHead);
    const Sm2SigningKey key = Sm2SigningKey::from_scalar(keys.sm2_scalar.view()).value();
    const auto line = [&](const std::string& message) {
        const Signature signature = key.sign(as_bytes(message));
        return format_note(
            {text, {{kSm2Origin, keys.s.key_id(), Bytes(signature.begin(), signature.end())}}});
    };
    CHECK(opened_status(line("pdx.example/sm2-sm3-checkpoint/v1\n" + text), {keys.s}) ==
          CheckpointStatus::kVerified);
    for (const std::string& message : {text, "pdx.example/sm2-sm3-checkpoint/v2\n" + text,
                                       "\n" + text, "pdx.example/sm2-sm3-checkpoint/v1" + text,
                                       std::string("pdx.example/sm2-sm3-checkpoint/v1\n")}) {
        CHECK(opened_status(line(message), {keys.s}) == CheckpointStatus::kBadSignature);
    }
}

TEST_CASE("sm2 line: a bit that is changed refuses the note for who knows the key",
          "[ledger][sm2]") {
    SigningKeys keys;
    const auto good = parse_note(keys.sign("s"));
    REQUIRE(good);
    for (std::size_t bit = 0; bit < std::size_t{64} * 8; bit += 3) {
        Note note = *good;
        note.signatures[1].signature[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const std::string bytes = format_note(note);
        REQUIRE(opened_status(bytes, {keys.s}) == CheckpointStatus::kBadSignature);
        REQUIRE(opened_status(bytes, {keys.a, keys.s}) == CheckpointStatus::kBadSignature);
        REQUIRE(opened_status(bytes, {keys.a}) == CheckpointStatus::kVerified);
    }
    Note other = *good;
    other.text = format_checkpoint({kSm2Origin, 8, kSignedHead.root, {}});
    CHECK(opened_status(format_note(other), {keys.s}) == CheckpointStatus::kBadSignature);
    for (const std::size_t size : {1U, 63U, 65U}) {
        Note cut = *good;
        cut.signatures[1].signature.resize(size);
        CHECK(opened_status(format_note(cut), {keys.s}) == CheckpointStatus::kBadSignature);
    }
}

TEST_CASE("log signers: any known key suffices, and a bad line of a known one refuses",
          "[ledger][rotation]") {
    SigningKeys keys;
    const std::string both = keys.sign("sb");
    const auto note = parse_note(both);
    REQUIRE(note);
    REQUIRE(note->signatures.size() == 3);
    CHECK(note->signatures[0].key_id == keys.a.key_id());
    CHECK(note->signatures[1].key_id == keys.b.key_id());
    CHECK(note->signatures[2].key_id == keys.s.key_id());
    const NoteVerifier stranger(kSm2Origin, SigningKey::generate().public_key());
    const std::vector<NoteVerifier> three{keys.a, keys.b, keys.s};
    for (unsigned known = 0; known < 8; ++known) {
        std::vector<NoteVerifier> some{stranger};
        for (std::size_t i = 0; i < 3; ++i) {
            if ((known >> i & 1U) != 0) some.push_back(three[i]);
        }
        CHECK(opened_status(both, some) ==
              (known == 0 ? CheckpointStatus::kUnknownKeys : CheckpointStatus::kVerified));
        for (std::size_t bad = 0; bad < 3; ++bad) {
            Note changed = *note;
            changed.signatures[bad].signature[10] ^= 1U;
            const CheckpointStatus expected = known == 0 ? CheckpointStatus::kUnknownKeys
                                              : (known >> bad & 1U) != 0
                                                  ? CheckpointStatus::kBadSignature
                                                  : CheckpointStatus::kVerified;
            CHECK(opened_status(format_note(changed), some) == expected);
        }
    }
    CHECK(opened_status(both, {}) == CheckpointStatus::kUnknownKeys);
}

TEST_CASE("log signers: keys of another name do not sign", "[ledger][rotation]") {
    LogSigners signers(NoteSigner(kSm2Origin, SigningKey::generate()));
    CHECK_THROWS_AS(signers.add(NoteSigner("log.example/other", SigningKey::generate())),
                    InvariantViolation);
    CHECK_THROWS_AS(signers.add(Sm2Signer("log.example/other", Sm2SigningKey::generate())),
                    InvariantViolation);
    CHECK_THROWS_AS(signers.sign({"log.example/other", 1, kSignedHead.root, {}}),
                    InvariantViolation);
    CHECK(signers.verifiers().size() == 1);
}

}  // namespace
}  // namespace pdx::ledger
