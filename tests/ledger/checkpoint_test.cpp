#include "ledger/checkpoint.h"

#include "base/check.h"
#include "base/crypto.h"
#include "ledger/merkle.h"
#include "ledger/signer.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

const std::string kRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

}  // namespace

TEST_CASE("checkpoint: the empty tree has the published text", "[ledger][checkpoint]") {
    const Checkpoint empty{"exchange.example/wuxi", 0, empty_root(), {}};
    const std::string text = "exchange.example/wuxi\n0\n" + kRoot + "\n";
    REQUIRE(format_checkpoint(empty) == text);
    REQUIRE(parse_checkpoint(text) == empty);
}

TEST_CASE("checkpoint: sizes have one decimal form below 2^63", "[ledger][checkpoint]") {
    const auto parsed = [](const std::string& size) {
        return parse_checkpoint("o\n" + size + "\n" + kRoot + "\n");
    };
    REQUIRE(parsed("9223372036854775807")->size == 9'223'372'036'854'775'807ULL);
    REQUIRE(parsed("70000")->size == 70'000);
    for (const std::string size : {"00", "01", "-1", "-0", "+1", "1 ", " 1", "1x", "0x1", "1e3",
                                   "9223372036854775808", "18446744073709551616"}) {
        INFO(size);
        REQUIRE_FALSE(parsed(size).has_value());
    }
}

TEST_CASE("checkpoint: other lines are refused, extension lines are kept", "[ledger][checkpoint]") {
    const std::string text = "o\n1\n" + kRoot + "\n";
    REQUIRE(parse_checkpoint(text + "ext 1\next 2\n")->extensions ==
            std::vector<std::string>{"ext 1", "ext 2"});
    for (const std::string& bad :
         {std::string(), std::string("o\n"), std::string("o\n1\n"), "\n1\n" + kRoot + "\n",
          "o\n\n" + kRoot + "\n", "o\n1\n" + kRoot, text + "\n", text + "ext", text + "ext\n\n",
          "o\n1\n" + kRoot.substr(0, 43) + "\n", "o\n1\n" + kRoot + "A\n",
          std::string("o\n1\nAA==\n"), std::string(256, 'o') + "\n1\n" + kRoot + "\n"}) {
        INFO(bad);
        REQUIRE_FALSE(parse_checkpoint(bad).has_value());
    }
    const Checkpoint extended{"o", 1, empty_root(), {"ext"}};
    REQUIRE_THROWS_AS(format_checkpoint(extended), InvariantViolation);
}

TEST_CASE("checkpoint: it opens with the log's key and no other", "[ledger][checkpoint]") {
    const NoteSigner signer("log.example", SigningKey::generate());
    const NoteSigner other("log.example", SigningKey::generate());
    const Checkpoint checkpoint{"log.example", 5, sha256("x"), {}};
    const std::string note = sign_checkpoint(checkpoint, signer);
    const OpenedCheckpoint opened = open_checkpoint(note, signer.verifier());
    REQUIRE(opened.status == CheckpointStatus::kVerified);
    REQUIRE(opened.checkpoint == checkpoint);
    REQUIRE(open_checkpoint(note, other.verifier()).status == CheckpointStatus::kUnknownKeys);
    REQUIRE(open_checkpoint("", signer.verifier()).status == CheckpointStatus::kMalformedNote);
    const auto signed_text = [&](const std::string& text) {
        return open_checkpoint(format_note({text, {signer.sign(text)}}), signer.verifier());
    };
    REQUIRE(signed_text("log.example\n5\n").status == CheckpointStatus::kMalformedText);
    REQUIRE(signed_text("other.example\n5\n" + kRoot + "\n").status ==
            CheckpointStatus::kOtherOrigin);
    REQUIRE(signed_text("log.example\n5\n" + kRoot + "\next\n").status ==
            CheckpointStatus::kVerified);
    for (std::size_t i = 0; i < note.size(); ++i) {
        std::string changed = note;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        REQUIRE(open_checkpoint(changed, signer.verifier()).status != CheckpointStatus::kVerified);
    }
    REQUIRE_THROWS_AS(sign_checkpoint({"other.example", 0, empty_root(), {}}, signer),
                      InvariantViolation);
}
