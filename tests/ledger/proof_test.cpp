#include "ledger/proof.h"

#include <nlohmann/json.hpp>

#include "tests/ledger/support/log_fixture.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

std::string receipt_of(test::SampleLog& log, std::uint64_t index) {
    return format_receipt(log.entries[index], index,
                          inclusion_proof(log.tiles, index, log.checkpoint.size), log.note);
}

ReceiptStatus status_of(std::string_view text) {
    return verify_receipt(text, test::sample_signer().verifier()).status;
}

}  // namespace

TEST_CASE("proof: the text is the one of the specification", "[ledger][proof]") {
    const Digest hash = empty_root();
    const std::string line = to_base64(hash.view()) + '\n';
    const LogProof proof{Bytes{'h', 'i'}, 10, {hash, hash}, "checkpoint\n"};
    const std::string text =
        "c2sp.org/tlog-proof@v1\nextra aGk=\nindex 10\n" + line + line + "\ncheckpoint\n";
    REQUIRE(format_proof(proof) == text);
    REQUIRE(parse_proof(text) == proof);
    const LogProof bare{std::nullopt, 0, {}, "c\n"};
    REQUIRE(format_proof(bare) == "c2sp.org/tlog-proof@v1\nindex 0\n\nc\n");
    REQUIRE(parse_proof(format_proof(bare)) == bare);
    for (const std::string& bad :
         {std::string(), std::string("c2sp.org/tlog-proof@v1\n"),
          std::string("c2sp.org/tlog-proof@v2\nindex 0\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\nindex 00\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\nindex -1\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\nindex 1\nAA==\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\nindex 1\n") + line,
          std::string("c2sp.org/tlog-proof@v1\nindex 1\nextra aGk=\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\nextra !!\nindex 1\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\nextra aGk=\nextra aGk=\nindex 1\n\nc\n"),
          std::string("c2sp.org/tlog-proof@v1\r\nindex 1\r\n\r\nc\n")}) {
        INFO(bad);
        REQUIRE_FALSE(parse_proof(bad).has_value());
    }
    LogProof longest{std::nullopt, 1, Proof(63, hash), "c\n"};
    REQUIRE(parse_proof(format_proof(longest)).has_value());
    longest.hashes.push_back(hash);
    REQUIRE_FALSE(parse_proof(format_proof(longest)).has_value());
}

TEST_CASE("proof: the receipt of every entry verifies", "[ledger][proof]") {
    for (const std::uint64_t size : {1U, 2U, 7U, 300U}) {
        auto log = test::make_log(size);
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto result =
                verify_receipt(receipt_of(log, index), test::sample_signer().verifier());
            REQUIRE(result.ok());
            REQUIRE(result.index == index);
            REQUIRE(result.entry == log.entries[index]);
            REQUIRE(result.checkpoint == log.checkpoint);
        }
    }
}

TEST_CASE("proof: no receipt survives the change of any byte", "[ledger][proof]") {
    auto log = test::make_log(std::uint64_t{7});
    const std::string receipt = receipt_of(log, 3);
    for (std::size_t i = 0; i < receipt.size(); ++i) {
        for (const char mask : {'\x01', '\x20', '\x7f'}) {
            std::string changed = receipt;
            changed[i] = static_cast<char>(changed[i] ^ mask);
            const auto result = verify_receipt(changed, test::sample_signer().verifier());
            REQUIRE_FALSE(result.ok());
            REQUIRE_FALSE(result.reason.empty());
        }
        REQUIRE(status_of(receipt.substr(0, i)) != ReceiptStatus::kVerified);
    }
    REQUIRE(status_of(receipt + "x") == ReceiptStatus::kBadCheckpoint);
}

TEST_CASE("proof: each refusal says what failed", "[ledger][proof]") {
    auto log = test::make_log(std::uint64_t{7});
    const auto good = *parse_proof(receipt_of(log, 3));
    const auto with = [&](auto change) {
        LogProof proof = good;
        change(proof);
        return status_of(format_proof(proof));
    };
    REQUIRE(with([](LogProof&) {}) == ReceiptStatus::kVerified);
    REQUIRE(status_of("nonsense") == ReceiptStatus::kMalformed);
    REQUIRE(with([](LogProof& p) { p.extra.reset(); }) == ReceiptStatus::kNoEntry);
    REQUIRE(with([](LogProof& p) { p.index = 7; }) == ReceiptStatus::kIndexOutOfRange);
    REQUIRE(with([](LogProof& p) { p.index = 2; }) == ReceiptStatus::kNotInTree);
    REQUIRE(with([](LogProof& p) { p.hashes.pop_back(); }) == ReceiptStatus::kNotInTree);
    REQUIRE(with([&](LogProof& p) { p.extra = log.entries[4]; }) == ReceiptStatus::kNotInTree);
    REQUIRE(with([](LogProof& p) { p.checkpoint = "x"; }) == ReceiptStatus::kBadCheckpoint);
    auto odd = test::make_log({Bytes{'{', ' ', '}'}});
    REQUIRE(status_of(receipt_of(odd, 0)) == ReceiptStatus::kEntryNotCanonical);
    const NoteSigner other(std::string(test::kOrigin), SigningKey::generate());
    const auto result = verify_receipt(receipt_of(log, 3), other.verifier());
    REQUIRE(result.status == ReceiptStatus::kBadCheckpoint);
    REQUIRE(result.checkpoint_status == CheckpointStatus::kUnknownKeys);
}
