#include "privacy/run_kind.h"

#include "privacy/checksum.h"

namespace pdx::privacy {
namespace {

Kind kind_of_card(std::string_view digits) {
    if (is_valid_bank_card(digits)) return Kind::kBankCard;
    return Kind::kUnknown;
}

/// Capitals and digits.
Kind kind_of_capitals_18(std::string_view text, std::size_t digits) {
    if (digits >= 17) {
        if (is_valid_resident_id(text)) return Kind::kResidentId;
        if (is_valid_foreign_resident_id(text)) return Kind::kForeignResidentId;
    }
    if (is_valid_uscc(text)) {
        return text[0] == '9' && text[1] == '2' ? Kind::kSoleTraderCode : Kind::kUscc;
    }
    return digits == 18 ? kind_of_card(text) : Kind::kUnknown;
}

Kind kind_of_18(std::string_view run, std::size_t digits) {
    return digits == run.size() ? kind_of_capitals_18(run, digits)
                                : kind_of_capitals_18(Capitals(run).view(), digits);
}

/// Source: ITU-T E.118; issuers in mainland China have 8986.
bool is_iccid(std::string_view digits) {
    return digits.starts_with("8986") && (digits.size() == 19 ? is_valid_luhn(digits) : true);
}

Kind kind_of_15(std::string_view run) {
    if (run.starts_with("0086") && is_valid_mobile(run.substr(4))) return Kind::kMobile;
    if (is_valid_imei(run)) return Kind::kImei;
    if (is_valid_bank_card(run)) return Kind::kBankCard;
    if (run.starts_with("460") && run[3] <= '2') return Kind::kImsi;
    if (is_valid_resident_id_15(run)) return Kind::kResidentId15;
    return Kind::kUnknown;
}

Kind kind_of_digits(std::string_view run) {
    switch (run.size()) {
        case 9: return is_valid_org_code(run) ? Kind::kOrgCode : Kind::kUnknown;
        case 10: return is_landline_digits(run) ? Kind::kLandline : Kind::kUnknown;
        case 12:
            if (is_landline_digits(run)) return Kind::kLandline;
            // As it is dialled from another city.
            if (run[0] == '0' && is_valid_mobile(run.substr(1))) return Kind::kMobile;
            return Kind::kUnknown;
        case 11:
            if (is_valid_mobile(run)) return Kind::kMobile;
            if (is_landline_digits(run)) return Kind::kLandline;
            return Kind::kUnknown;
        case 13:
            if (run.starts_with("86") && is_valid_mobile(run.substr(2))) return Kind::kMobile;
            return Kind::kUnknown;
        case 15: return kind_of_15(run);
        case 16:
        case 17: return kind_of_card(run);
        case 18: return kind_of_18(run, run.size());
        case 19:
            if (is_iccid(run)) return Kind::kIccid;
            return kind_of_card(run);
        case 20:
            if (is_iccid(run)) return Kind::kIccid;
            return is_disability_card(run) ? Kind::kResidentId : Kind::kUnknown;
        default: return Kind::kUnknown;
    }
}

/// Passports and permits: a letter or two, then digits. Nothing but the shape speaks for them.
Kind kind_of_document(std::string_view text, std::size_t digits) {
    const char first = text[0];
    if (text.size() == 9 && digits == 8) {
        if (first == 'E' || first == 'G' || first == 'D' || first == 'S' || first == 'P') {
            return Kind::kPassport;
        }
        if (first == 'H' || first == 'M' || first == 'C' || first == 'W' || first == 'L' ||
            first == 'T') {
            return Kind::kTravelPermit;
        }
    }
    if (text.size() == 9 && digits == 7 && is_letter(text[1]) && text[1] != 'I' && text[1] != 'O') {
        if (first == 'E' || text.starts_with("DE") || text.starts_with("SE") ||
            text.starts_with("PE")) {
            return Kind::kPassport;
        }
        if (first == 'C') return Kind::kTravelPermit;
    }
    if (text.size() == 11 && digits == 10 && (first == 'H' || first == 'M')) {
        return Kind::kTravelPermit;
    }
    return Kind::kUnknown;
}

/// At least one letter.
Kind kind_of_mixed(std::string_view run, std::size_t digits) {
    switch (run.size()) {
        case 9:
        case 11: {
            if (digits < 7) return Kind::kUnknown;
            const Capitals capitals(run);
            const std::string_view text = capitals.view();
            if (!is_letter(text[0])) {
                return text.size() == 9 && is_valid_org_code(text) ? Kind::kOrgCode
                                                                   : Kind::kUnknown;
            }
            const auto document = kind_of_document(text, digits);
            if (document != Kind::kUnknown) return document;
            return text.size() == 9 && is_valid_org_code(text) ? Kind::kOrgCode : Kind::kUnknown;
        }
        case 10:
            if (digits != 9) return Kind::kUnknown;
            return is_valid_taiwan_id(Capitals(run).view()) ? Kind::kTaiwanId : Kind::kUnknown;
        case 14: {
            const bool hex = std::all_of(run.begin(), run.end(), is_hex);
            if (hex && is_letter(run[0]) && digits >= 4) return Kind::kMeid;
            return Kind::kUnknown;
        }
        case 15: {
            // The permanent residence card until 2023: nation, region, serial.
            const bool card =
                digits == 12 && is_letter(run[0]) && is_letter(run[1]) && is_letter(run[2]);
            if (card) return Kind::kForeignResidentId;
            return Kind::kUnknown;
        }
        case 17: {
            if (digits < 5) return Kind::kUnknown;
            const Capitals capitals(run);
            if (is_valid_vin(capitals.view())) return Kind::kVin;
            return Kind::kUnknown;
        }
        case 18: return kind_of_18(run, digits);
        case 19: {
            if (digits < 17) return Kind::kUnknown;
            const Capitals capitals(run);
            const std::string_view text = capitals.view();
            const bool roll =
                (text[0] == 'G' || text[0] == 'L') && is_valid_resident_id(text.substr(1));
            if (roll) return Kind::kStudentRoll;
            return Kind::kUnknown;
        }
        case 20: {
            if (digits != 19 || !is_digit(run[18]) || !is_digit(run[19])) return Kind::kUnknown;
            return is_disability_card(Capitals(run).view()) ? Kind::kResidentId : Kind::kUnknown;
        }
        default: return Kind::kUnknown;
    }
}

}  // namespace

bool is_dotted_mac(std::string_view text) {
    constexpr std::size_t kSize = 14;
    if (text.size() != kSize || text[4] != '.' || text[9] != '.') return false;
    bool letter = false;
    for (std::size_t i = 0; i < kSize; ++i) {
        if (i % 5 == 4) continue;
        if (!is_hex(text[i])) return false;
        letter = letter || is_letter(text[i]);
    }
    return letter;
}

bool is_landline_digits(std::string_view digits) {
    if (digits.size() < 10 || digits[0] != '0') return false;
    const bool short_area = digits[1] == '1' || digits[1] == '2';
    if (short_area ? digits[1] == '1' && digits[2] != '0' : digits[1] < '3') return false;
    const std::size_t local = digits.size() - (short_area ? 3 : 4);
    return (local == 7 || local == 8) && digits[digits.size() - local] >= '2' &&
           digits[digits.size() - local] <= '8';
}

Kind kind_of_run(std::string_view run, std::size_t digits) {
    return digits == run.size() ? kind_of_digits(run) : kind_of_mixed(run, digits);
}

}  // namespace pdx::privacy
