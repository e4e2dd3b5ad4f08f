#include "privacy/detect.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/ascii.h"
#include "privacy/checksum.h"
#include "privacy/plate.h"
#include "privacy/run_kind.h"
#include "privacy/scanner.h"
#include "privacy/utf8.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kIdentifierBytesMax = 64;

bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    const auto local_character = [](char c) {
        return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
    };
    const std::string_view local = text.substr(0, at);
    if (!std::all_of(local.begin(), local.end(), local_character)) return false;
    const std::string_view domain = text.substr(at + 1);
    const std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    const std::string_view top = domain.substr(dot + 1);
    return top.size() >= 2 && all_letters(top) &&
           std::all_of(domain.begin(), domain.end(),
                       [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
}

bool is_landline(std::string_view text) {
    std::string digits;
    if (text.starts_with("+86") || text.starts_with("0086")) {
        text.remove_prefix(text.front() == '+' ? 3 : 4);
        if (text.starts_with(' ') || text.starts_with('-')) text.remove_prefix(1);
        if (!text.starts_with('0')) digits = "0";
    } else if (text.starts_with('(')) {
        text.remove_prefix(1);
    }
    if (text.size() < 9 || (digits.empty() && text.front() != '0')) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_digit(c)) {
            digits += c;
        } else if ((c != '-' && c != ' ' && c != '(' && c != ')') || digits.size() > 12) {
            return false;
        }
    }
    // Area codes: 010, 02x, and 03xx to 09xx; the subscriber's number begins with 2 to 8.
    const std::size_t area = digits[1] <= '2' ? 3 : 4;
    if (digits[1] == '0' || (digits[1] == '1' && digits[2] != '0')) return false;
    if (digits.size() < area + 7 || digits.size() > area + 12) return false;
    return digits[area] >= '2' && digits[area] <= '8' &&
           (digits.size() <= area + 8 || text.rfind('-') > area);
}

bool is_ip_address(std::string_view text) {
    int parts = 0;
    while (!text.empty()) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        const std::string_view part = text.substr(0, dot);
        if (part.empty() || part.size() > 3 || !all_digits(part) || decimal_value(part) > 255) {
            return false;
        }
        ++parts;
        if (dot + 1 == text.size()) return false;
        text.remove_prefix(std::min(dot + 1, text.size()));
    }
    return parts == 4;
}

/// By the scanner's rule.
bool is_ip6_address(std::string_view text) {
    constexpr std::size_t kLongest = 39;
    const auto fits = [](char c) { return is_hex(c) || c == ':'; };
    if (text.size() > kLongest || std::count(text.begin(), text.end(), ':') < 2 ||
        !std::all_of(text.begin(), text.end(), fits)) {
        return false;
    }
    std::vector<Finding> findings;
    scan(text, findings);
    return findings == std::vector<Finding>{{Kind::kIpAddress, 0, text.size()}};
}

bool is_mac_address(std::string_view text) {
    if (is_dotted_mac(text)) return true;
    if (text.size() != 17 || (text[2] != ':' && text[2] != '-')) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i % 3 == 2 ? text[i] != text[2] : !is_hex(text[i])) return false;
    }
    return true;
}

/// "A123456(3)".
bool is_hong_kong_id_in_brackets(std::string_view text) {
    if (text.size() < 10 || text.size() > 11 || !text.ends_with(')') ||
        text[text.size() - 3] != '(') {
        return false;
    }
    std::string number(text.substr(0, text.size() - 3));
    number += text[text.size() - 2];
    return is_valid_hong_kong_id(Capitals(number).view());
}

/// "军字第0123456号", with the service, the rank or the command before it.
bool is_military_id(std::string_view text) {
    constexpr std::string_view kIssuers = "军兵士文武警海空南北沈兰成济广";
    constexpr std::size_t kCharacter = 3;
    constexpr std::string_view kWord = "字第";
    constexpr std::string_view kEnd = "号";
    if (text.size() < kCharacter + kWord.size() + kEnd.size() || !text.ends_with(kEnd))
        return false;
    const std::size_t issuer = kIssuers.find(text.substr(0, kCharacter));
    if (issuer == std::string_view::npos || issuer % kCharacter != 0) return false;
    text.remove_prefix(kCharacter);
    if (!text.starts_with(kWord)) return false;
    text.remove_prefix(kWord.size());
    text.remove_suffix(kEnd.size());
    return text.size() >= 4 && text.size() <= 8 && all_digits(text);
}

bool is_number(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    if (text.empty() || text.size() > 30 || !is_digit(text.front())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_digit(c) || c == '.' || c == ','; }) &&
           std::count(text.begin(), text.end(), '.') <= 1;
}

void add_digit_kinds(std::string_view digits, KindSet& kinds) {
    std::string_view mobile = digits;
    if (mobile.starts_with("0086")) mobile.remove_prefix(4);
    if (mobile.size() == 13 && mobile.starts_with("86")) mobile.remove_prefix(2);
    if (mobile.size() == 12 && mobile.front() == '0') mobile.remove_prefix(1);
    if (is_valid_mobile(mobile)) kinds.add(Kind::kMobile);
    if (is_valid_bank_card(digits)) kinds.add(Kind::kBankCard);
    if (is_valid_resident_id_15(digits)) kinds.add(Kind::kResidentId15);
    if (is_valid_imei(digits)) kinds.add(Kind::kImei);
    if (digits.size() == 6 && is_valid_resident_id_15(std::string(digits) + "000101000")) {
        kinds.add(Kind::kRegion);
    }
}

void add_run_kinds(std::string_view run, KindSet& kinds) {
    if (all_digits(run)) add_digit_kinds(run, kinds);
    if (is_valid_resident_id(run) || is_disability_card(run)) kinds.add(Kind::kResidentId);
    if (is_valid_foreign_resident_id(run)) kinds.add(Kind::kForeignResidentId);
    if (is_valid_uscc(run)) {
        kinds.add(run.starts_with("92") ? Kind::kSoleTraderCode : Kind::kUscc);
    }
    if (is_valid_org_code(run)) kinds.add(Kind::kOrgCode);
    if (is_valid_hong_kong_id(run)) kinds.add(Kind::kHongKongId);
    if (is_valid_taiwan_id(run)) kinds.add(Kind::kTaiwanId);
    const bool letters = std::any_of(run.begin(), run.end(), [](char c) { return is_letter(c); });
    if (letters && is_valid_vin(run)) kinds.add(Kind::kVin);
    if (run.size() == 19 && (run.front() == 'G' || run.front() == 'L') &&
        is_valid_resident_id(run.substr(1))) {
        kinds.add(Kind::kStudentRoll);
    }
    if (run.size() == 9 && all_digits(run.substr(2))) {
        const char first = run.front();
        if ((first == 'E' || first == 'G') && run[1] != 'I' && run[1] != 'O') {
            kinds.add(Kind::kPassport);
        }
        if ((first == 'H' || first == 'M' || first == 'C') && is_digit(run[1])) {
            kinds.add(Kind::kTravelPermit);
        }
    }
}

/// What detect_value() gives for digits alone, without looking for anything else.
void add_kinds_of_digits(std::string_view value, std::string_view run, KindSet& kinds) {
    if (is_number(value)) kinds.add(Kind::kMeasure);
    if (is_landline(value)) kinds.add(Kind::kLandline);
    if (parse_day(value)) {
        kinds.add(Kind::kDate);
    } else if (!run.empty()) {
        add_run_kinds(run, kinds);
    }
}

/// As plain_sign() has it, the first `size_max` bytes of it at least where it is longer.
std::string in_ascii(std::string_view value, std::size_t size_max) {
    value = trimmed(value);
    std::string plain;
    for (std::size_t i = 0; i < value.size() && plain.size() < size_max;) {
        const PlainSign wide = plain_sign(value, i);
        if (wide.size == 0) {
            plain += value[i++];
        } else {
            if (wide.sign != '\0') plain += wide.sign;
            i += wide.size;
        }
    }
    return plain;
}

/// The value in which telephone numbers and addresses of the net are looked for.
std::string_view in_one_width(std::string_view value, std::string& buffer) {
    constexpr std::size_t kBytesMax = 256;
    const auto of_signs = [](char c) {
        return c == '\xEF' || c == '\xE2' || c == '\xC2' || c == '\xE3';
    };
    if (value.size() > kBytesMax || std::none_of(value.begin(), value.end(), of_signs))
        return value;
    buffer = in_ascii(value, kBytesMax);
    return buffer;
}

}  // namespace

std::string normalise_identifier(std::string_view value) {
    const std::string plain = in_ascii(value, kIdentifierBytesMax + 1);
    std::string_view inner = trimmed(plain);
    if (inner.starts_with('\'')) inner.remove_prefix(1);
    if (inner.size() > kIdentifierBytesMax) return {};
    std::string text;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const bool separator = inner[i] == ' ' || inner[i] == '-';
        const bool inside =
            i > 0 && i + 1 < inner.size() && is_alnum(inner[i - 1]) && is_alnum(inner[i + 1]);
        if (!separator || !inside) text += to_upper(inner[i]);
    }
    if (text.starts_with('+')) text.erase(0, 1);
    return text;
}

std::optional<Day> parse_day(std::string_view value) {
    const std::string_view text = trimmed(value);
    if (text.size() < 8 || !is_digit(text.front())) return std::nullopt;
    std::array<int, 3> parts{};
    std::size_t i = 0;
    const bool packed = text.size() >= 8 && all_digits(text.substr(0, 8));
    if (packed) {
        if (text.size() != 8 && text.size() != 14) return std::nullopt;
        parts = {decimal_value(text.substr(0, 4)), decimal_value(text.substr(4, 2)),
                 decimal_value(text.substr(6, 2))};
        if (!all_digits(text) || !is_calendar_day(parts[0], parts[1], parts[2])) {
            return std::nullopt;
        }
        return Day{parts[0], parts[1], parts[2]};
    }
    for (std::size_t part = 0; part < parts.size(); ++part) {
        const std::size_t begin = i;
        while (i < text.size() && is_digit(text[i])) ++i;
        const std::size_t size = i - begin;
        if (part == 0 ? size != 4 : size < 1 || size > 2) return std::nullopt;
        parts.at(part) = decimal_value(text.substr(begin, size));
        if (part == 2) break;
        if (i == text.size()) return std::nullopt;
        if (text[i] == '-' || text[i] == '/' || text[i] == '.') {
            ++i;
        } else if (text.substr(i).starts_with(part == 0 ? "年" : "月")) {
            i += 3;
        } else {
            return std::nullopt;
        }
    }
    if (text.substr(i).starts_with("日")) i += 3;
    const std::string_view rest = text.substr(i);
    const bool time = rest.empty() || ((rest.front() == ' ' || rest.front() == 'T') &&
                                       rest.find(':') != std::string_view::npos);
    if (!time || !is_calendar_day(parts[0], parts[1], parts[2])) return std::nullopt;
    return Day{parts[0], parts[1], parts[2]};
}

std::string_view run_of(std::string_view value, std::string& buffer) {
    bool plain = value.size() <= kIdentifierBytesMax;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (is_digit(c) || is_upper(c)) continue;
        plain = false;
        if (is_lower(c) || c == ' ' || c == '-' || (i == 0 && (c == '\'' || c == '+'))) continue;
        const PlainSign wide = plain_sign(value, i);
        if (wide.size == 0) return {};
        i += wide.size - 1;
    }
    if (plain) return value;
    buffer = normalise_identifier(value);
    return buffer;
}

KindSet detect_value(std::string_view value) {
    value = trimmed(value);
    std::string buffer;
    return detect_value(value, run_of(value, buffer));
}

KindSet detect_value(std::string_view value, std::string_view run) {
    KindSet kinds;
    if (value.empty()) return kinds;
    if (all_digits(value)) {
        add_kinds_of_digits(value, run, kinds);
        return kinds;
    }
    if (parse_day(value)) kinds.add(Kind::kDate);
    if (is_number(value)) kinds.add(Kind::kMeasure);
    std::string buffer;
    const std::string_view narrow = in_one_width(value, buffer);
    if (is_landline(narrow)) kinds.add(Kind::kLandline);
    if (is_ip_address(narrow) || is_ip6_address(narrow)) kinds.add(Kind::kIpAddress);
    if (is_mac_address(narrow)) kinds.add(Kind::kMacAddress);
    if (is_email(narrow)) kinds.add(Kind::kEmail);
    if (is_hong_kong_id_in_brackets(narrow)) kinds.add(Kind::kHongKongId);
    if (plate_size(value) == value.size()) kinds.add(Kind::kPlate);
    const bool decimal = value.find('.') != std::string_view::npos;
    const bool plain =
        !run.empty() && std::all_of(run.begin(), run.end(), [](char c) { return is_alnum(c); });
    if (!decimal && !kinds.has(Kind::kDate) && plain) add_run_kinds(run, kinds);
    const bool ascii = std::all_of(value.begin(), value.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return kinds;
    if (is_military_id(value)) kinds.add(Kind::kMilitaryId);
    if (looks_like_person_name(value)) kinds.add(Kind::kPersonName);
    if (looks_like_organisation(value)) kinds.add(Kind::kOrganisationName);
    if (address_precision(value) != AddressPrecision::kNone) kinds.add(Kind::kAddress);
    return kinds;
}

std::optional<Kind> strongest_kind(const KindSet& kinds) {
    constexpr std::array kOrder{Kind::kResidentId,
                                Kind::kForeignResidentId,
                                Kind::kStudentRoll,
                                Kind::kEmail,
                                Kind::kSoleTraderCode,
                                Kind::kUscc,
                                Kind::kPlate,
                                Kind::kBankCard,
                                Kind::kMobile,
                                Kind::kVin,
                                Kind::kMacAddress,
                                Kind::kIpAddress,
                                Kind::kLandline,
                                Kind::kImei,
                                Kind::kResidentId15,
                                Kind::kPassport,
                                Kind::kTravelPermit,
                                Kind::kMilitaryId,
                                Kind::kTaiwanId,
                                Kind::kHongKongId,
                                Kind::kOrganisationName,
                                Kind::kAddress,
                                Kind::kPersonName,
                                Kind::kOrgCode,
                                Kind::kDate,
                                Kind::kRegion,
                                Kind::kMeasure};
    for (const Kind kind : kOrder) {
        if (kinds.has(kind)) return kind;
    }
    return std::nullopt;
}

int random_acceptance_ppm(Kind kind) {
    switch (kind) {
        case Kind::kResidentId: return 15;
        case Kind::kForeignResidentId: return 5;
        case Kind::kResidentId15: return 13'000;
        case Kind::kMobile: return 55'000;
        case Kind::kBankCard: return 2'000;
        case Kind::kUscc:
        case Kind::kSoleTraderCode: return 2'933;
        case Kind::kOrgCode:
        case Kind::kHongKongId:
        case Kind::kVin: return 90'909;
        case Kind::kTaiwanId: return 40'000;
        case Kind::kImei: return 5'000;
        case Kind::kDate: return 470;
        default: return 0;
    }
}

}  // namespace pdx::privacy
