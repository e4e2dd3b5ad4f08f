#include "privacy/detector.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/crypto.h"
#include "privacy/detect.h"
#include "privacy/header.h"
#include "privacy/identifier_rules.h"
#include "privacy/kind.h"
#include "privacy/name_tables.h"
#include "privacy/pattern_set.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

void append_line(std::string& text, std::initializer_list<std::string_view> words) {
    std::string_view blank;
    for (const std::string_view word : words) {
        text.append(blank).append(word);
        blank = " ";
    }
    text.append("\n");
}

void append_kinds(std::string& text) {
    append_line(text, {"kinds", std::to_string(kKindCount)});
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const Kind kind = static_cast<Kind>(i);
        append_line(text, {"kind", kind_code(kind), sensitivity_code(default_sensitivity(kind)),
                           std::to_string(random_acceptance_ppm(kind))});
    }
}

void append_identifiers(std::string& text) {
    append_line(text, {"identifiers", std::to_string(kIdentifierRules.size())});
    for (const IdentifierRule& rule : kIdentifierRules) {
        append_line(text, {"identifier", kind_code(rule.kind), std::to_string(rule.share_min),
                           std::to_string(rule.chance)});
    }
    append_line(text, {"chances", std::to_string(kResidentIdChance), std::to_string(kUsccChance),
                       std::to_string(kSoleTraderChance)});
}

void append_headers(std::string& text) {
    const std::string rules = header_rules_text();
    const auto count = std::count(rules.begin(), rules.end(), '\n');
    append_line(text, {"headers", std::to_string(count)});
    text.append(rules);
}

void append_names(std::string& text) {
    text.append("surnames ").append(kSurnames);
    for (const std::string_view surname : kCompoundSurnames) text.append(" ").append(surname);
    text.append("\n");
    std::string traits;
    traits.reserve(2 * kHanCount);
    for (const CharTraits& one : kCharTraits) {
        traits += static_cast<char>(one.bits() >> 8U);
        traits += static_cast<char>(one.bits() & 0xFFU);
    }
    append_line(text, {"characters", std::to_string(kHanCount), sha256(traits).hex()});
}

}  // namespace

std::string detector_text() {
    std::string text;
    append_line(text, {"pdx-detector", std::to_string(kDetectorVersion)});
    append_kinds(text);
    append_identifiers(text);
    append_headers(text);
    append_names(text);
    return text;
}

const Digest& detector_digest() {
    static const Digest digest = sha256(detector_text());
    return digest;
}

Digest detector_digest(const PatternSet* patterns) {
    return patterns == nullptr ? detector_digest() : sha256(detector_text() + patterns->text());
}

}  // namespace pdx::privacy
