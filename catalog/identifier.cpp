#include "catalog/identifier.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace pdx::catalog {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kAreaDigits = 6;
constexpr std::size_t kHolderCharactersMax = 18;
constexpr std::size_t kSerialDigits = 6;
constexpr std::size_t kTailCharacters = 1 + kSerialDigits + 2;  // kind, serial, check

bool is_kind(char letter) {
    switch (static_cast<ObjectKind>(letter)) {
        case ObjectKind::kStructured:
        case ObjectKind::kFile:
        case ObjectKind::kApi:
        case ObjectKind::kService:
        case ObjectKind::kProduct: return true;
    }
    return false;
}

}  // namespace

std::optional<std::string> check_characters(std::string_view payload) {
    constexpr unsigned kModulus = 1271;
    constexpr unsigned kRadix = 36;
    if (payload.empty()) {
        return std::nullopt;
    }
    unsigned remainder = 0;
    for (const char c : payload) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        remainder = (remainder + static_cast<unsigned>(value)) * kRadix % kModulus;
    }
    // The check value makes the whole congruent to 1: remainder * 36 + value = 1 (mod 1271).
    const unsigned value = (kModulus + 1 - remainder * kRadix % kModulus) % kModulus;
    return std::string{kAlphabet[value / kRadix], kAlphabet[value % kRadix]};
}

std::optional<CatalogIdentifier> CatalogIdentifier::make(std::string_view area,
                                                         std::string_view holder, ObjectKind kind,
                                                         std::uint32_t serial) {
    if (area.size() != kAreaDigits || !all_digits(area) || holder.empty() ||
        holder.size() > kHolderCharactersMax || serial == 0 || serial > kSerialMax ||
        !is_kind(static_cast<char>(kind))) {
        return std::nullopt;
    }
    const std::string digits = std::to_string(serial);
    const std::string head = std::string(area) + std::string(holder);
    const std::string tail = std::string(1, static_cast<char>(kind)) +
                             std::string(kSerialDigits - digits.size(), '0') + digits;
    const auto check = check_characters(head + tail);
    if (!check) {
        return std::nullopt;
    }
    return CatalogIdentifier(head + "/" + tail + *check);
}

std::optional<CatalogIdentifier> CatalogIdentifier::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash < kAreaDigits + 1 ||
        text.size() - slash - 1 != kTailCharacters) {
        return std::nullopt;
    }
    const std::string_view serial = text.substr(slash + 2, kSerialDigits);
    if (!all_digits(serial)) {
        return std::nullopt;
    }
    const auto made =
        make(text.substr(0, kAreaDigits), text.substr(kAreaDigits, slash - kAreaDigits),
             static_cast<ObjectKind>(text[slash + 1]),
             static_cast<std::uint32_t>(std::stoul(std::string(serial))));
    return made && made->text() == text ? made : std::nullopt;
}

}  // namespace pdx::catalog
