#include "ledger/field_format.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "ledger/note.h"

namespace pdx::ledger {
namespace {

constexpr auto kNames = std::to_array<std::pair<std::string_view, FieldType>>({
    {"id", FieldType::kId},
    {"id_or_empty", FieldType::kIdOrEmpty},
    {"digest", FieldType::kDigest},
    {"commitment", FieldType::kCommitment},
    {"money", FieldType::kMoney},
    {"count", FieldType::kCount},
    {"integer", FieldType::kInteger},
    {"boolean", FieldType::kBoolean},
    {"date", FieldType::kDate},
    {"timestamp", FieldType::kTimestamp},
    {"code", FieldType::kCode},
    {"rule", FieldType::kRule},
    {"public_key", FieldType::kPublicKey},
    {"signature", FieldType::kSignature},
    {"account", FieldType::kAccount},
    {"registration_code", FieldType::kRegistrationCode},
    {"registration_code_or_empty", FieldType::kRegistrationCodeOrEmpty},
    {"verifier_key", FieldType::kVerifierKey},
    {"key_id", FieldType::kKeyId},
    {"field_name", FieldType::kFieldName},
    {"catalog_identifier", FieldType::kCatalogIdentifier},
    {"operation", FieldType::kOperation},
});

/// Unit: bytes.
constexpr std::size_t kCodeMax = 64;
constexpr std::size_t kIdentifierMax = 64;

bool is_word_character(char c) { return is_lower(c) || c == '_'; }
template <class Accepts>
bool all(std::string_view text, Accepts accepts) {
    return std::all_of(text.begin(), text.end(), accepts);
}

/// 1 for what is no lower-case hex digit. An audit of a log asks this of most of its bytes.
constexpr auto kNotHex = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const bool hex = (i >= '0' && i <= '9') || (i >= 'a' && i <= 'f');
        table[i] = hex ? 0 : 1;
    }
    return table;
}();

bool is_hex(std::string_view raw) {
    unsigned wrong = 0;
    for (const char c : raw) wrong |= kNotHex[static_cast<unsigned char>(c)];
    return wrong == 0;
}

bool is_hex_digest(std::string_view raw) { return raw.size() == 2 * Digest::kSize && is_hex(raw); }

/// 0 to 2^63 - 1, without leading zeros.
bool is_decimal(std::string_view raw) {
    constexpr std::string_view kMax = "9223372036854775807";
    if (raw.empty() || raw.size() > kMax.size() || !all(raw, is_digit)) return false;
    if (raw.front() == '0') return raw.size() == 1;
    return raw.size() < kMax.size() || raw <= kMax;
}

bool is_date(std::string_view raw) {
    const auto date = Date::parse(raw);
    return date && date->iso() == raw;
}

bool is_timestamp(std::string_view raw) {
    const auto time = Timestamp::parse(raw);
    return time && time->rfc3339() == raw;
}

/// With so few digits that no number of a person fits.
bool is_code(std::string_view raw) {
    constexpr std::ptrdiff_t kDigitsMax = 3;
    if (raw.empty() || raw.size() > kCodeMax || raw.front() == '.' || raw.back() == '.') {
        return false;
    }
    return raw.find("..") == std::string_view::npos &&
           std::count_if(raw.begin(), raw.end(), is_digit) <= kDigitsMax &&
           all(raw, [](char c) { return is_word_character(c) || is_digit(c) || c == '.'; });
}

bool is_rule(std::string_view raw) {
    const std::size_t at = raw.find('@');
    if (at == std::string_view::npos || at == 0 || at > kCodeMax) return false;
    const std::string_view version = raw.substr(at + 1);
    return all(raw.substr(0, at),
               [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; }) &&
           !version.empty() && version.size() <= 9 && all(version, is_digit);
}

bool is_base64_of(std::string_view raw, std::size_t bytes) {
    if (raw.size() != (bytes + 2) / 3 * 4) return false;
    const auto decoded = from_base64(raw);
    return decoded && decoded->size() == bytes;
}

bool is_account(std::string_view raw) {
    const std::size_t colon = raw.find(':');
    const std::string_view kind = raw.substr(0, colon);
    if (kind.empty() || kind.size() > kCodeMax || !all(kind, is_word_character)) return false;
    return colon == std::string_view::npos || is_uuid7(raw.substr(colon + 1));
}

/// `shape`: 0 stands for a digit, A for a digit or an upper-case letter, all else for itself.
bool has_shape(std::string_view raw, std::string_view shape) {
    if (raw.size() != shape.size()) return false;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const char c = raw[i];
        if (shape[i] == '0' ? !is_digit(c)
                            : (shape[i] == 'A' ? !is_digit(c) && !is_upper(c) : c != shape[i])) {
            return false;
        }
    }
    return true;
}

bool is_field_name(std::string_view raw) {
    return !raw.empty() && raw.size() <= kIdentifierMax && !is_digit(raw.front()) &&
           all(raw, [](char c) { return is_alnum(c) || c == '_'; });
}

/// Six digits and 1 to 18 characters, a kind, six digits and two check characters.
bool is_catalog_identifier(std::string_view raw) {
    const std::size_t slash = raw.find('/');
    if (slash == std::string_view::npos || slash < 7 || slash > 24) return false;
    const auto upper_or_digit = [](char c) { return is_digit(c) || is_upper(c); };
    const std::string_view tail = raw.substr(slash + 1);
    return all(raw.substr(0, 6), is_digit) && all(raw.substr(6, slash - 6), upper_or_digit) &&
           !tail.empty() && is_upper(tail.front()) && has_shape(tail.substr(1), "000000AA");
}

bool is_operation(std::string_view raw) {
    const std::size_t open = raw.find('(');
    const std::string_view word = raw.substr(0, open);
    if (word.empty() || raw.size() > 2 * kIdentifierMax || !all(word, is_word_character)) {
        return false;
    }
    if (open == std::string_view::npos) return true;
    const std::string_view inner = raw.substr(open + 1);
    return inner.size() >= 2 && inner.back() == ')' &&
           all(inner.substr(0, inner.size() - 1),
               [](char c) { return is_word_character(c) || is_digit(c) || c == ',' || c == '-'; });
}

bool is_registration_code(std::string_view raw) {
    return has_shape(raw, "LX-000000-0000-000000-AA");
}

}  // namespace

std::optional<FieldType> parse_field_type(std::string_view name) {
    for (const auto& [known, type] : kNames) {
        if (known == name) return type;
    }
    return std::nullopt;
}

bool is_open(FieldType type) {
    return type == FieldType::kRule || type == FieldType::kFieldName ||
           type == FieldType::kCatalogIdentifier || type == FieldType::kOperation;
}

bool matches_format(FieldType type, std::string_view raw) {
    switch (type) {
        case FieldType::kId: return is_uuid7(raw);
        case FieldType::kIdOrEmpty: return raw.empty() || is_uuid7(raw);
        case FieldType::kDigest:
        case FieldType::kCommitment: return is_hex_digest(raw);
        case FieldType::kMoney:
        case FieldType::kCount: return is_decimal(raw);
        case FieldType::kDate: return is_date(raw);
        case FieldType::kTimestamp: return is_timestamp(raw);
        case FieldType::kCode: return is_code(raw);
        case FieldType::kRule: return is_rule(raw);
        case FieldType::kPublicKey: return is_base64_of(raw, 32);
        case FieldType::kSignature: return is_base64_of(raw, 64);
        case FieldType::kAccount: return is_account(raw);
        case FieldType::kRegistrationCode: return is_registration_code(raw);
        case FieldType::kRegistrationCodeOrEmpty: return raw.empty() || is_registration_code(raw);
        case FieldType::kVerifierKey: return NoteVerifier::parse(raw).has_value();
        case FieldType::kKeyId: return raw.size() == 8 && is_hex(raw);
        case FieldType::kFieldName: return is_field_name(raw);
        case FieldType::kCatalogIdentifier: return is_catalog_identifier(raw);
        case FieldType::kOperation: return is_operation(raw);
        case FieldType::kInteger:
        case FieldType::kBoolean:
        case FieldType::kWord:
        case FieldType::kObject:
        case FieldType::kList: return false;
    }
    return false;
}

}  // namespace pdx::ledger
