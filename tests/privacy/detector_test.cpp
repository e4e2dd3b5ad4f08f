/// The text that tells which rules found what is personal, and its digest.
#include "privacy/detector.h"

#include <sstream>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "privacy/identifier_rules.h"
#include "privacy/kind.h"
#include "tests/support/catch.h"

using namespace pdx::privacy;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// The number that a line of the table's name says, and the lines of it that there are.
void check_number(const std::vector<std::string>& lines, const std::string& table,
                  const std::string& row) {
    std::size_t said = 0;
    std::size_t found = 0;
    for (const std::string& line : lines) {
        if (line.starts_with(table + " ")) said = std::stoul(line.substr(table.size() + 1));
        if (line.starts_with(row + " ")) ++found;
    }
    INFO(table);
    CHECK(said > 0);
    CHECK(said == found);
}

}  // namespace

TEST_CASE("detector: its digest is that of its text, which begins with the version",
          "[privacy][detector]") {
    const std::string text = detector_text();
    CHECK(text == detector_text());
    CHECK(detector_digest() == pdx::sha256(text));
    CHECK(&detector_digest() == &detector_digest());
    CHECK(text.starts_with("pdx-detector " + std::to_string(kDetectorVersion) + "\n"));
    CHECK(text.ends_with("\n"));
}

TEST_CASE("detector: every kind with its class and every rule is in the text",
          "[privacy][detector]") {
    const std::string text = detector_text();
    const std::vector<std::string> lines = lines_of(text);
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const Kind kind = static_cast<Kind>(i);
        const std::string line = "\nkind " + std::string(kind_code(kind)) + " " +
                                 std::string(sensitivity_code(default_sensitivity(kind))) + " ";
        INFO(line);
        CHECK(text.find(line) != std::string::npos);
    }
    for (const IdentifierRule& rule : kIdentifierRules) {
        const std::string line = "\nidentifier " + std::string(kind_code(rule.kind)) + " " +
                                 std::to_string(rule.share_min) + " " +
                                 std::to_string(rule.chance) + "\n";
        INFO(line);
        CHECK(text.find(line) != std::string::npos);
    }
    check_number(lines, "kinds", "kind");
    check_number(lines, "identifiers", "identifier");
    check_number(lines, "headers", "header");
    CHECK(text.find("\nheader chinese masked_id specific 遮蔽|脱敏|掩码\n") != std::string::npos);
    CHECK(text.find("\nheader english person_name generic _name_\n") != std::string::npos);
    CHECK(text.find("\nsurnames 王李张") != std::string::npos);
}
