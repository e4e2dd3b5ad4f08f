#include "privacy/guard.h"

#include <random>
#include <string>
#include <vector>

#include "privacy/checksum.h"
#include "tests/privacy/support/column.h"
#include "tests/privacy/support/masked.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::test::column;
using pdx::test::mask;
using pdx::test::Masked;

TEST_CASE("guard: a late identifier in a harmless column stops the delivery", "[privacy][guard]") {
    const std::vector<ColumnClass> classes{column("status", Kind::kCategory)};
    for (const char* value :
         {"13800138000", "请联系138 0013 8000", "11010519491231002x", "6222029900000000002",
          "li.si@example.com", "苏B12345", "92320299MAXX00066Y", "１３８００１３８０００"}) {
        std::string csv = "status\n";
        for (int i = 0; i < 5'000; ++i) csv += "存续\n";
        const Masked masked = mask(csv + value + "\n", classes, {{"status", Operation::pass()}});
        INFO(value);
        CHECK(masked.code == "delivery.personal_data_in_output");
        CHECK(masked.pointer == "record 5001, column status");
        CHECK(masked.message.find(value) == std::string::npos);
    }
}

TEST_CASE("guard: numbers that look personal by chance pass, in excess they stop",
          "[privacy][guard]") {
    const unsigned seed = 8;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::string amounts = "fen\n";
    std::string phones = "fen\n";
    std::string codes = "fen\n";
    std::string serials = "fen\n";
    for (int i = 0; i < 50'000; ++i) {
        // Log-uniform amounts, most of them not round.
        const std::uint64_t scale = std::uint64_t{1} << (random() % 24);
        amounts += std::to_string(10'000'000'000ULL + random() % (scale * 4'000)) + "\n";
        codes +=
            "320299"
            "20260112" +
            std::to_string(1'000 + random() % 9'000) + "\n";
        serials +=
            "62" + std::to_string(10'000'000'000'000'000ULL + random() % 90'000'000'000ULL) + "\n";
        if (i < 40) phones += "138" + std::to_string(10'000'000 + random() % 89'999'999) + "\n";
    }
    const std::vector<FieldRule> rules{{"fen", Operation::pass()}};
    const std::vector<ColumnClass> amount{column("fen", Kind::kAmount)};
    const std::vector<ColumnClass> code{column("fen", Kind::kCode)};
    CHECK(mask(amounts, amount, rules).code.empty());
    CHECK(mask(codes, code, rules).code.empty());
    CHECK(mask(serials, code, rules).code.empty());
    CHECK(mask(phones, amount, rules).code == "delivery.personal_data_in_output");
    CHECK(mask("fen\na@b.cn\n", amount, rules).code == "delivery.personal_data_in_output");
    CHECK(mask("fen\n13800138000\n", amount, rules).code.empty());
    // Where chance makes few, one is enough, whatever else is a number there.
    for (const char* value :
         {"8613800138000", "13800138000 13900139000", "2024-01-01 13800138000"}) {
        INFO(value);
        CHECK(mask("fen\n" + std::string(value) + "\n", code, rules).code ==
              "delivery.personal_data_in_output");
    }
    std::string cards = "fen\n";
    for (int i = 0; i < 40; ++i) {
        const std::string payload = "9111241981080" + std::to_string(1'000 + i);
        cards += payload + mod11_2_check_digit(payload).value() + "\n";
    }
    CHECK(mask(cards, code, rules).code == "delivery.personal_data_in_output");
}
