#include "marketplace/app/entry_guard.h"

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/check.h"
#include "ledger/kinds.h"
#include "privacy/checksum.h"
#include "privacy/detect.h"
#include "tests/support/catch.h"
#include "tests/support/sample_body.h"

using namespace pdx;
using app::EntryGuard;
using app::holds_personal_number;

namespace {

template <class Digit>
std::string completed(std::string payload, const Digit& digit) {
    payload += digit.value();
    return payload;
}

/// One valid number of each kind that can be written in ASCII.
std::map<std::string, std::string> personal_numbers() {
    const auto resident = [](const std::string& payload) {
        return completed(payload, privacy::resident_id_check_digit(payload));
    };
    const std::string organisation =
        completed("MADEMX01", privacy::org_code_check_digit("MADEMX01"));
    const std::string trader = "92320299" + organisation;
    std::string vin = "LSVAA49J?12049118";
    std::string without = vin;
    without.erase(8, 1);
    vin[8] = privacy::vin_check_digit(without).value();
    return {
        {"resident_id", resident("11010519491231002")},
        {"resident_id_digit", resident("32020019850715123")},
        {"resident_id_15", "320202850715123"},
        {"foreign_resident_id",
         completed("91310119800101001", privacy::mod11_2_check_digit("91310119800101001"))},
        {"mobile", "13812345678"},
        {"bank_card",
         completed("622202110000123456", privacy::luhn_check_digit("622202110000123456"))},
        {"sole_trader", completed(trader, privacy::uscc_check_digit(trader))},
        {"passport", "E12345678"},
        {"travel_permit", "H12345678"},
        {"student_roll", "G" + resident("32020019850715123")},
        {"imei", completed("86123456789012", privacy::imei_check_digit("86123456789012"))},
        {"vin", vin},
    };
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

/// Every way to write the number in some open format.
std::vector<std::string> disguises(const std::string& number) {
    return {number,
            lower(number),
            "_" + number,
            "id_" + number + "_x",
            "320200" + number + "/D000001C5",
            "pseudonym(" + lower(number) + ")",
            "keep_first_last(" + lower(number) + ",2)",
            lower(number) + "@1"};
}

std::string refusal_of(EntryGuard& guard, const ledger::Entry& entry) {
    try {
        guard.check(entry);
    } catch (const InvariantViolation& refusal) {
        return refusal.what();
    }
    return {};
}

}  // namespace

TEST_CASE("entry guard: every kind of number is found in every disguise", "[app][guard]") {
    for (const auto& [kind, number] : personal_numbers()) {
        INFO(kind << " " << number);
        for (const std::string& text : disguises(number)) {
            INFO(text);
            CHECK(holds_personal_number(text));
        }
        const bool begins_with_digit = number.front() >= '0' && number.front() <= '9';
        if (begins_with_digit && number.find_first_not_of("0123456789X") == std::string::npos) {
            CHECK(holds_personal_number("column" + number));
            CHECK(holds_personal_number("column" + number.substr(0, 6) + "_" + number.substr(6)));
        }
    }
}

TEST_CASE("entry guard: what columns, catalogs and operations are called is let through",
          "[app][guard]") {
    for (const std::string text : {"ent_name",
                                   "legal_rep_id_no",
                                   "reg_capital_fen",
                                   "arrears_fen",
                                   "f2026",
                                   "q1_2026_total",
                                   "year_2025_quarter_04",
                                   "gb_t_2260_2007",
                                   "iso_8601_date",
                                   "x20260301",
                                   "amount_00012",
                                   "320200WXSCJG/D000001C5",
                                   "320200WXSCJG/D00999912",
                                   "32020011320200MB1A2345X7/D000001C5",
                                   "keep_first_last(3,4)",
                                   "round_number(1000000,2)",
                                   "pseudonym(company_2025)",
                                   "drop",
                                   "cn-2025@1",
                                   "demo@1"}) {
        INFO(text);
        CHECK_FALSE(holds_personal_number(text));
    }
}

TEST_CASE("entry guard: a number planted at any open place of any kind is refused, and not told",
          "[app][guard]") {
    EntryGuard guard(ledger::kinds());
    std::size_t planted = 0;
    std::set<std::string> found;  // refused by the scan, not already by the format
    for (const ledger::KindSchema& schema : ledger::kinds().kinds()) {
        bodies::BodySampler counter(1, true);
        counter.plant = "x";
        counter.plant_at = 1'000'000;
        counter.object(schema.body);
        for (const auto& [kind, number] : personal_numbers()) {
            for (const std::string& text : disguises(number)) {
                for (std::size_t at = 0; at < counter.open_seen; ++at) {
                    bodies::BodySampler sampler(1, true);
                    sampler.plant = text;
                    sampler.plant_at = at;
                    const auto body = sampler.object(schema.body);
                    const std::string why =
                        refusal_of(guard, bodies::sample_entry_of(schema, body));
                    INFO(schema.kind << ", place " << at << ": " << text);
                    REQUIRE(!why.empty());
                    REQUIRE(why.find(number) == std::string::npos);
                    REQUIRE(why.find(schema.kind) != std::string::npos);
                    if (why.find("holds personal data") != std::string::npos) found.insert(kind);
                    ++planted;
                }
                ledger::Entry entry = bodies::sample_entry_of(
                    schema, bodies::BodySampler(1, true).object(schema.body));
                entry.rule = text;
                REQUIRE(!refusal_of(guard, entry).empty());
                entry.rule = "demo@1";
                entry.entity_id = text;
                REQUIRE(!refusal_of(guard, entry).empty());
            }
        }
    }
    CHECK(planted > 1'000);
    CHECK(found.size() == personal_numbers().size());
}

TEST_CASE("entry guard: valid bodies of every kind pass", "[app][guard]") {
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    EntryGuard guard(ledger::kinds());
    for (const ledger::KindSchema& schema : ledger::kinds().kinds()) {
        for (std::uint64_t round = 0; round < 20; ++round) {
            bodies::BodySampler sampler(seed + round, round == 0);
            const auto body = sampler.object(schema.body);
            CAPTURE(schema.kind, body.dump());
            REQUIRE(refusal_of(guard, bodies::sample_entry_of(schema, body)).empty());
        }
    }
}

TEST_CASE("entry guard: an unknown kind, another version and a free text are refused",
          "[app][guard]") {
    EntryGuard guard(ledger::kinds());
    const ledger::KindSchema& schema = *ledger::kinds().find("token.revoked", 1);
    ledger::Entry entry = bodies::sample_entry_of(schema, {{"tokens", 3}});
    CHECK(refusal_of(guard, entry).empty());
    entry.v = 2;
    CHECK(refusal_of(guard, entry).find("not in the table") != std::string::npos);
    entry.v = 1;
    entry.kind = "token.invented";
    CHECK(refusal_of(guard, entry).find("not in the table") != std::string::npos);
    entry = bodies::sample_entry_of(schema, {{"tokens", "three"}});
    CHECK(refusal_of(guard, entry).find("body.tokens") != std::string::npos);
    entry = bodies::sample_entry_of(schema, {{"tokens", 3}, {"note", "13812345678"}});
    CHECK(refusal_of(guard, entry).find("1381") == std::string::npos);
    CHECK(!refusal_of(guard, entry).empty());
}
