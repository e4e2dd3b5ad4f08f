#include "privacy/checksum.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx::privacy;

namespace {

nlohmann::json vectors() {
    std::ifstream file(pdx::test::source_folder() / "tests/privacy/data/identifier_vectors.json");
    REQUIRE(file.good());
    return nlohmann::json::parse(file);
}

template <class Check>
void all(const nlohmann::json& texts, bool expected, Check check) {
    REQUIRE_FALSE(texts.empty());
    for (const std::string text : texts) {
        INFO(text);
        CHECK(check(text) == expected);
    }
}

/// Every other character at every position of the check digit must fail.
template <class Check>
void only_one_check_digit(const std::string& valid, std::size_t position, Check check) {
    int accepted = 0;
    for (const char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        std::string changed = valid;
        changed[position] = c;
        accepted += check(changed) ? 1 : 0;
    }
    INFO(valid);
    CHECK(accepted == 1);
}

}  // namespace

TEST_CASE("checksum: the published vectors hold", "[privacy][checksum]") {
    const auto json = vectors();
    all(json["uscc_valid"], true, is_valid_uscc);
    all(json["uscc_invalid"], false, is_valid_uscc);
    all(json["citizen_id_valid"], true, is_valid_resident_id);
    all(json["citizen_id_invalid"], false, is_valid_resident_id);
    all(json["org_code_valid"], true, is_valid_org_code);
    all(json["luhn_card_valid"], true, is_valid_bank_card);
    all(json["imei_valid"], true, is_valid_imei);
    all(json["vin_valid"], true, is_valid_vin);
    for (const auto& row : json["iso7064_mod1271_36"]) {
        const std::string payload = row["payload"];
        const std::string check = row["check"];
        CHECK(mod1271_36_check_digits(payload) == check);
        CHECK(is_valid_mod1271_36(payload + check));
    }
}

TEST_CASE("checksum: exactly one check character is right", "[privacy][checksum]") {
    only_one_check_digit("11010519491231002X", 17, is_valid_resident_id);
    only_one_check_digit("91350100M000100Y43", 17, is_valid_uscc);
    CHECK_FALSE(is_valid_uscc("000279085371178156"));  // both check digits hold, the authority not
    only_one_check_digit("D2143569X", 8, is_valid_org_code);
    only_one_check_digit("6222029900000000002", 18, is_valid_bank_card);
    only_one_check_digit("860000000000009", 14, is_valid_imei);
    only_one_check_digit("LSVAA4183E2000001", 8, is_valid_vin);
    CHECK(vin_check_digit("LSVAA418E2000001") == '3');
    CHECK(resident_id_check_digit("11010519491231002") == 'X');
    CHECK(uscc_check_digit("91350100M000100Y4") == '3');
    CHECK(org_code_check_digit("D2143569") == 'X');
    CHECK(luhn_check_digit("622202990000000000") == '2');
    CHECK(imei_check_digit("86000000000000") == '9');
    CHECK(mod11_2_check_digit("0794") == '0');
    CHECK(is_valid_mod11_2("07940"));
}

TEST_CASE("checksum: date, province and length belong to a resident ID", "[privacy][checksum]") {
    const auto with_check = [](const std::string& payload) {
        return payload + resident_id_check_digit(payload).value_or('?');
    };
    CHECK(is_valid_resident_id(with_check("32029919900307000")));
    CHECK_FALSE(is_valid_resident_id(with_check("32029919900231000")));
    CHECK_FALSE(is_valid_resident_id(with_check("32029919000229000")));
    CHECK(is_valid_resident_id(with_check("32029920000229000")));
    CHECK_FALSE(is_valid_resident_id(with_check("99029919900307000")));
    CHECK_FALSE(is_valid_resident_id("32029919900307000"));
    CHECK_FALSE(is_valid_resident_id(""));
    CHECK(is_valid_resident_id_15("320299900307000"));
    CHECK_FALSE(is_valid_resident_id_15("320299901307000"));
    CHECK_FALSE(is_valid_resident_id_15("32029990030700"));
    CHECK(is_valid_foreign_resident_id(with_check("91111119900307000")));
}

TEST_CASE("checksum: mobile numbers lie in issued segments", "[privacy][checksum]") {
    for (const char* valid : {"13800138000", "14500000000", "15912345678", "16612345678",
                              "17000000000", "17400123456", "19912345678"}) {
        INFO(valid);
        CHECK(is_valid_mobile(valid));
    }
    for (const char* wrong : {"12800138000", "14100000000", "15412345678", "17450000000",
                              "1380013800", "138001380000", "1380013800a", ""}) {
        INFO(wrong);
        CHECK_FALSE(is_valid_mobile(wrong));
    }
}

TEST_CASE("checksum: no text makes a validator fail", "[privacy][checksum]") {
    const unsigned seed = 20260301;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    int resident_ids = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random() % 24, '\0');
        for (char& c : text) c = static_cast<char>(random() & 0xFFU);
        (void)is_valid_uscc(text);
        (void)is_valid_vin(text);
        (void)is_valid_mod1271_36(text);
        (void)is_valid_bank_card(text);
        (void)is_valid_mobile(text);
        for (char& c : text) c = static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
        text.resize(18, '7');
        resident_ids += is_valid_resident_id(text) ? 1 : 0;
    }
    CHECK(resident_ids <= 10);
}

TEST_CASE("checksum: each check digit is what its standard says, digit by digit",
          "[privacy][checksum][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 20'000; ++round) {
        std::string payload;
        const std::size_t size = 1 + random() % 40;
        while (payload.size() < size) payload += static_cast<char>('0' + random() % 10);
        // ISO/IEC 7812-1: from the right every second digit counts twice, its two digits apart.
        int luhn = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const int digit = payload[size - 1 - i] - '0';
            const int counted = i % 2 == 0 ? 2 * digit : digit;
            luhn += counted / 10 + counted % 10;
        }
        REQUIRE(luhn_check_digit(payload) == static_cast<char>('0' + (10 - luhn % 10) % 10));
        // ISO 7064 MOD 11-2: with the check character the sum of digit times power is 1.
        const char check = mod11_2_check_digit(payload).value();
        int sum = check == 'X' ? 10 : check - '0';
        int power = 1;
        for (std::size_t i = 0; i < size; ++i) {
            power = power * 2 % 11;
            sum += (payload[size - 1 - i] - '0') * power;
        }
        REQUIRE(sum % 11 == 1);
        payload[random() % size] = 'A';
        REQUIRE_FALSE(luhn_check_digit(payload).has_value());
        REQUIRE_FALSE(mod11_2_check_digit(payload).has_value());
    }
}
