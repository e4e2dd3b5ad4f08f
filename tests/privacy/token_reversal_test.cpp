#include "privacy/token_reversal.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "privacy/checksum.h"
#include "privacy/compiled_operation.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

PlannedColumn token_column(const std::string& name, Kind kind, const std::string& domain = {}) {
    PlannedColumn planned;
    planned.column.name = name;
    planned.column.kind = kind;
    planned.column.sensitivity = Sensitivity::kDirectIdentifier;
    planned.operation = Operation::token(domain);
    return planned;
}

std::string mobile_of(unsigned number) {
    std::string text = std::to_string(number);
    return "138" + std::string(8 - text.size(), '0') + text;
}

std::string resident_of(unsigned number) {
    std::string id = "32021119800101" + std::to_string(100 + number);
    id += resident_id_check_digit(id).value();
    return id;
}

/// What the masker makes of a value.
std::string masked(const PlannedColumn& planned, const Secret& key, Cryptography cryptography,
                   std::string_view value) {
    CompiledOperation operation(planned, key.view(), cryptography);
    auto outcome = pdx::privacy::Outcome::kEmpty;
    return std::string(operation.apply(value, outcome));
}

}  // namespace

TEST_CASE("token reversal: what was masked comes back, in the order that was asked",
          "[privacy][token]") {
    const Secret key = contract_key(as_bytes("root"), "C-1");
    for (const Cryptography cryptography :
         {Cryptography::kInternational, Cryptography::kCommercial}) {
        for (const std::string& domain : {std::string(), std::string("persons")}) {
            for (const Kind kind : {Kind::kMobile, Kind::kResidentId}) {
                const PlannedColumn planned = token_column("who", kind, domain);
                std::vector<std::string> numbers;
                std::vector<std::string> tokens;
                for (unsigned i = 0; i < 50; ++i) {
                    numbers.push_back(kind == Kind::kMobile ? mobile_of(i) : resident_of(i));
                    tokens.push_back(masked(planned, key, cryptography, numbers.back()));
                }
                tokens.push_back(tokens.front());  // asked twice
                TokenReversal reversal(planned, key.view(), cryptography, tokens);
                CHECK_FALSE(reversal.is_done());
                for (auto one = numbers.rbegin(); one != numbers.rend(); ++one) reversal.see(*one);
                CHECK(reversal.is_done());
                for (std::size_t i = 0; i < numbers.size(); ++i) {
                    CHECK(reversal.numbers()[i] == numbers[i]);
                }
                CHECK(reversal.numbers().back() == numbers.front());
            }
        }
    }
}

TEST_CASE("token reversal: every spelling that the masker reads is seen", "[privacy][token]") {
    const Secret key = contract_key(as_bytes("root"), "C-1");
    const PlannedColumn planned = token_column("mobile", Kind::kMobile);
    const std::string number = mobile_of(7);
    const std::string token = masked(planned, key, Cryptography::kInternational, number);
    for (const char* spelling : {"13800000007", " 13800000007 ", "138 0000 0007", "138-0000-0007",
                                 "１３８０００００００７", "'13800000007"}) {
        INFO(spelling);
        REQUIRE(masked(planned, key, Cryptography::kInternational, spelling) == token);
        TokenReversal reversal(planned, key.view(), Cryptography::kInternational,
                               std::vector{token});
        reversal.see(spelling);
        CHECK(reversal.numbers().front() == number);
    }
}

TEST_CASE("token reversal: a number that the source does not show is not told",
          "[privacy][token]") {
    const unsigned seed = 20'261'127;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const Secret key = contract_key(as_bytes("root"), "C-1");
    const PlannedColumn planned = token_column("mobile", Kind::kMobile);
    std::vector<std::string> tokens;
    for (int i = 0; i < 1'000; ++i) {
        tokens.push_back(masked(planned, key, Cryptography::kInternational,
                                mobile_of(static_cast<unsigned>(random() % 100'000'000))));
    }
    const Secret other = contract_key(as_bytes("root"), "C-2");
    const NumberToken theirs = number_token_of(planned, other.view(), Cryptography::kInternational);
    const auto decrypted = std::count_if(tokens.begin(), tokens.end(), [&](const auto& token) {
        return theirs.decode(token).has_value();
    });
    CHECK(decrypted > 450);  // decrypting alone would name somebody for more than half of them
    TokenReversal reversal(planned, other.view(), Cryptography::kInternational, tokens);
    CHECK_FALSE(reversal.is_done());
    for (unsigned i = 0; i < 20'000; ++i) reversal.see(mobile_of(i));
    for (const auto& number : reversal.numbers()) CHECK_FALSE(number.has_value());

    // Another field, another domain, another kind, another cipher of the same contract.
    const std::string token = masked(planned, key, Cryptography::kInternational, mobile_of(5));
    for (const PlannedColumn& foreign :
         {token_column("other", Kind::kMobile), token_column("mobile", Kind::kMobile, "d"),
          token_column("mobile", Kind::kResidentId), token_column("mobile", Kind::kBankCard)}) {
        TokenReversal none(foreign, key.view(), Cryptography::kInternational, std::vector{token});
        none.see(mobile_of(5));
        CHECK_FALSE(none.numbers().front().has_value());
    }
    TokenReversal commercial(planned, key.view(), Cryptography::kCommercial, std::vector{token});
    commercial.see(mobile_of(5));
    CHECK_FALSE(commercial.numbers().front().has_value());
}

TEST_CASE("token reversal: what is no token has no number", "[privacy][token]") {
    const Secret key = contract_key(as_bytes("root"), "C-1");
    const PlannedColumn planned = token_column("mobile", Kind::kMobile);
    const std::vector<std::string> tokens{"", "13800000007", "p_abcdefghijklmnopqrstuvwxyz",
                                          "1200000000000", "120000000000X"};
    TokenReversal reversal(planned, key.view(), Cryptography::kInternational, tokens);
    for (unsigned i = 0; i < 100; ++i) reversal.see(mobile_of(i));
    reversal.see("");
    for (const auto& number : reversal.numbers()) CHECK_FALSE(number.has_value());
    TokenReversal empty(planned, key.view(), Cryptography::kInternational, {});
    CHECK(empty.is_done());
    CHECK(empty.numbers().empty());
}

}  // namespace pdx::privacy
