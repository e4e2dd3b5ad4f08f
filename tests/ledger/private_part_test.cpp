#include "ledger/private_part.h"

#include <nlohmann/json.hpp>
#include <numeric>

#include "base/check.h"
#include "base/error.h"
#include "ledger/disclosure.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;
using nlohmann::json;
using test::must;

namespace {

Bytes counting_salt() {
    Bytes salt(kPrivateSaltBytes);
    std::iota(salt.begin(), salt.end(), std::uint8_t{0});
    return salt;
}

const PrivatePlace kFiled{std::string(test::kOrigin), "dispute.filed", "dispute",
                          "0190a1b2-0000-7000-8000-000000000002"};
const PrivateTexts kStatement{{"statement", "数据陈旧，\n与说明不符。"}};

/// A log whose entry 1 commits to the statement, and whose entry 0 commits to nothing.
struct Committed {
    test::SampleLog log;
    Disclosure disclosure{1, counting_salt(), kStatement};

    explicit Committed(const PrivatePlace& claimed = kFiled)
        : log(test::make_log(entries(claimed))) {}

    static std::vector<Bytes> entries(const PrivatePlace& claimed) {
        Entry entry = test::sample_entry(1);
        entry.kind = kFiled.kind;
        entry.entity_type = kFiled.entity_type;
        entry.entity_id = kFiled.entity_id;
        entry.body = json{
            {kPrivateCommitment,
             commit_private_part(counting_salt(), claimed, private_part_text(kStatement))
                 .hex()}}.dump();
        return {encode_entry(test::sample_entry(0)), encode_entry(entry)};
    }

    ReceiptResult receipt(std::uint64_t index = 1) {
        const auto proof = inclusion_proof(log.tiles, index, log.entries.size());
        auto result = verify_receipt(format_receipt(log.entries[index], index, proof, log.note),
                                     test::sample_signer().verifier());
        REQUIRE(result.ok());
        return result;
    }

    std::string code(std::uint64_t index = 1) {
        const auto refusal = check_disclosure(disclosure, receipt(index));
        return refusal ? std::string(refusal->code) : "";
    }
};

json disclosure_json() {
    return {{"index", 1},
            {"salt", to_hex(counting_salt())},
            {"private_part", {{"statement", "数据陈旧"}}},
            {"commitment", "is not looked at"}};
}

}  // namespace

// The two values were computed by another program, as: printf 'pdx/private-part/v1\n...{...}' |
// openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1e1f, with an LF after each of the words.
TEST_CASE("private part: the commitment is the one that openssl computes",
          "[ledger][private_part]") {
    const std::string part = private_part_text({{"bank_reference", "SIM-12345-7"}});
    CHECK(part == R"({"bank_reference":"SIM-12345-7"})");
    CHECK(commit_private_part(counting_salt(),
                              {"exchange.example/wuxi", "order.paid", "order",
                               "0190a1b2-0000-7000-8000-000000000001"},
                              part)
              .hex() == "66e609515b3868ea8b070b18b973538d40985eafc6a224b9b56549672d454253");
    PrivatePlace filed = kFiled;
    filed.log = "exchange.example/wuxi";
    CHECK(commit_private_part(counting_salt(), filed, private_part_text(kStatement)).hex() ==
          "3872187c3cbfe4698294f8c15515147968431f25253dd8f9b562e2b494578c3f");
}

TEST_CASE("private part: every bit of salt, place and text counts", "[ledger][private_part]") {
    const std::string part = private_part_text(kStatement);
    const Digest commitment = commit_private_part(counting_salt(), kFiled, part);
    for (std::size_t i = 0; i < kPrivateSaltBytes; ++i) {
        Bytes salt = counting_salt();
        salt[i] ^= 0x80U;
        CHECK(commit_private_part(salt, kFiled, part) != commitment);
    }
    for (std::string PrivatePlace::*word : {&PrivatePlace::log, &PrivatePlace::kind,
                                            &PrivatePlace::entity_type, &PrivatePlace::entity_id}) {
        PrivatePlace place = kFiled;
        (place.*word) += "x";
        CHECK(commit_private_part(counting_salt(), place, part) != commitment);
        place.*word = "";
        CHECK(commit_private_part(counting_salt(), place, part) != commitment);
        place.*word = "a\nb";
        CHECK_THROWS_AS(commit_private_part(counting_salt(), place, part), InvariantViolation);
    }
    // A letter that moves from one word to the next.
    PrivatePlace shifted = kFiled;
    shifted.kind += "d";
    shifted.entity_type = "ispute";
    CHECK(commit_private_part(counting_salt(), shifted, part) != commitment);
    CHECK(commit_private_part(counting_salt(), kFiled, part + " ") != commitment);
    // HMAC pads a short key with zeros: another salt would open the same commitment.
    Bytes longer = counting_salt();
    longer.push_back(0);
    CHECK_THROWS_AS(commit_private_part(longer, kFiled, part), InvariantViolation);
    CHECK_THROWS_AS(commit_private_part(Bytes(31), kFiled, part), InvariantViolation);
}

TEST_CASE("private part: texts have one form, and names are plain", "[ledger][private_part]") {
    const PrivateTexts two{{"b", "\t"}, {"a", ""}};
    CHECK(private_part_text(two) == R"({"a":"","b":"\t"})");
    CHECK(must(parse_private_part(private_part_text(two))) == two);
    for (const char* other : {"", "{}", "[]", "null", R"({"a":1})", R"({"a":null})", R"({"a": ""})",
                              R"({"b":"","a":""})", R"({"a":"","a":""})", R"({"A":""})",
                              R"({"a":{"b":""}})", R"({"a":""} )"}) {
        INFO(other);
        CHECK_FALSE(parse_private_part(other).has_value());
    }
    CHECK_THROWS_AS(private_part_text({}), InvariantViolation);
    CHECK_THROWS_AS(private_part_text({{"a b", ""}}), InvariantViolation);
    CHECK_THROWS_AS(private_part_text({{std::string(65, 'a'), ""}}), InvariantViolation);
    CHECK_THROWS_AS(private_part_text({{"a", "\xff"}}), Error);
}

TEST_CASE("disclosure: the right salt and texts hold, and say what for", "[ledger][disclosure]") {
    Committed committed;
    DisclosedEntry entry;
    CHECK_FALSE(check_disclosure(committed.disclosure, committed.receipt(), &entry).has_value());
    CHECK(entry.place == kFiled);
    CHECK(committed.code().empty());
}

TEST_CASE("disclosure: whoever changes anything is found out", "[ledger][disclosure]") {
    Committed committed;
    SECTION("the words") {
        committed.disclosure.texts["statement"] += "。";
        CHECK(committed.code() == "disclosure.not_committed");
    }
    SECTION("one word more") {
        committed.disclosure.texts["answer"] = "";
        CHECK(committed.code() == "disclosure.not_committed");
    }
    SECTION("the name of the text") {
        committed.disclosure.texts = {{"answer", kStatement.at("statement")}};
        CHECK(committed.code() == "disclosure.not_committed");
    }
    SECTION("the salt") {
        committed.disclosure.salt[31] ^= 1U;
        CHECK(committed.code() == "disclosure.not_committed");
    }
    SECTION("the entry: its receipt is of another one") {
        CHECK(committed.code(0) == "disclosure.other_entry");
        committed.disclosure.index = 0;
        CHECK(committed.code(1) == "disclosure.other_entry");
        CHECK(committed.code(0) == "disclosure.no_commitment");
    }
}

TEST_CASE("disclosure: a commitment that was copied from another entry opens nothing",
          "[ledger][disclosure]") {
    // The log itself lies: it puts the commitment of one dispute, or of one kind, log or type,
    // into the entry of another, to pass one party's words off as somebody else's.
    for (std::string PrivatePlace::*word : {&PrivatePlace::log, &PrivatePlace::kind,
                                            &PrivatePlace::entity_type, &PrivatePlace::entity_id}) {
        PrivatePlace other = kFiled;
        (other.*word).back() = '7';
        Committed copied(other);
        CHECK(copied.code() == "disclosure.not_committed");
    }
}

TEST_CASE("disclosure: an entry that commits in another form commits to nothing",
          "[ledger][disclosure]") {
    for (const char* body : {"{}", R"({"private_commitment":null})", R"({"private_commitment":7})",
                             R"({"private_commitment":"abc"})", R"({"private_commitment":["00"]})",
                             R"({"other":{"private_commitment":"00"}})"}) {
        Entry entry = test::sample_entry(1);
        entry.body = body;
        Committed committed;
        committed.log = test::make_log({encode_entry(test::sample_entry(0)), encode_entry(entry)});
        INFO(body);
        CHECK(committed.code() == "disclosure.no_commitment");
    }
    // Canonical JSON that is no entry.
    Committed committed;
    const std::string_view odd = R"({"body":{"private_commitment":"00"}})";
    committed.log = test::make_log(
        {encode_entry(test::sample_entry(0)), Bytes(as_bytes(odd).begin(), as_bytes(odd).end())});
    CHECK(committed.code() == "disclosure.no_commitment");
}

TEST_CASE("disclosure: it rests on a receipt that was verified", "[ledger][disclosure]") {
    Committed committed;
    ReceiptResult forged = committed.receipt();
    forged.status = ReceiptStatus::kNotInTree;
    CHECK_THROWS_AS(check_disclosure(committed.disclosure, forged), InvariantViolation);
}

TEST_CASE("disclosure: a file that could be read in two ways is refused", "[ledger][disclosure]") {
    const Disclosure read = must(parse_disclosure(disclosure_json().dump()));
    CHECK(read == Disclosure{1, counting_salt(), {{"statement", "数据陈旧"}}});
    CHECK(must(parse_disclosure(disclosure_json().dump(4))) == read);

    const std::string good = disclosure_json().dump();
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string file = good;
        file.replace(file.find(from), from.size(), to);
        return file;
    };
    const std::string salt = to_hex(counting_salt());
    std::vector<std::string> refused{
        "", "[]", "{}", good + "x", good.substr(1),
        // Twice: some readers show the first, others the last.
        with(R"("index":1)", R"("index":1,"index":2)"),
        with(R"({"statement":)", R"({"statement":"x","statement":)"),
        with("\"salt\"", "\"salt\":\"" + salt + "\",\"salt\""),
        with("\"statement\"", "\"\\u0073tatement\":\"x\",\"statement\""),
        with("\"index\":1", "\"index\":-1"), with("\"index\":1", "\"index\":1.0"),
        with("\"index\":1", "\"index\":\"1\""), with(salt, salt.substr(2)), with(salt, salt + "00"),
        with(salt, "0G" + salt.substr(2)), with(salt, "0A" + salt.substr(2)),
        with("\"数据陈旧\"", "7"), with("\"数据陈旧\"", "null"), with("statement", "Statement"),
        with("statement", "")};
    for (const char* member : {"index", "salt", "private_part"}) {
        json told = disclosure_json();
        told.erase(member);
        refused.push_back(told.dump());
        told[member] = nullptr;
        refused.push_back(told.dump());
        told[member] = json::array();
        refused.push_back(told.dump());
    }
    for (const std::string& file : refused) {
        INFO(file);
        std::string_view fault;
        CHECK_FALSE(parse_disclosure(file, &fault).has_value());
        CHECK_FALSE(fault.empty());
    }
    std::string_view fault;
    json erased = disclosure_json();
    erased["salt"] = nullptr;
    erased["private_part"] = nullptr;
    CHECK_FALSE(parse_disclosure(erased.dump(), &fault).has_value());
    CHECK(fault == "the private part has been erased");
}
