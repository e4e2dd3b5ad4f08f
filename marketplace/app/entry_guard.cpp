#include "marketplace/app/entry_guard.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "base/check.h"
#include "privacy/detect.h"
#include "privacy/scanner.h"

namespace pdx::app {
namespace {

using privacy::Kind;

/// The shortest of them is a passport: seven digits. A vehicle's number ends in at least four.
constexpr std::ptrdiff_t kDigitsMin = 4;

/// Kinds whose check digits or shape make chance small. Left out: codes of organisations, which are
/// not personal, and of which one word in eleven looks like one.
constexpr std::array kNumbers{Kind::kResidentId,     Kind::kResidentId15, Kind::kForeignResidentId,
                              Kind::kMobile,         Kind::kLandline,     Kind::kBankCard,
                              Kind::kSoleTraderCode, Kind::kPassport,     Kind::kTravelPermit,
                              Kind::kStudentRoll,    Kind::kImei};

bool is_personal_number(std::string_view text) {
    const privacy::KindSet kinds = privacy::detect_value(text);
    // One word of 17 letters in eleven has a vehicle's check character; its last four are digits.
    const bool vehicle =
        kinds.has(Kind::kVin) && text.size() == 17 && all_digits(text.substr(text.size() - 4));
    return vehicle || std::any_of(kNumbers.begin(), kNumbers.end(),
                                  [&](Kind kind) { return kinds.has(kind); });
}

/// Each longest run of letters and digits.
bool any_run_is_personal(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t begin = at;
        while (at < text.size() && is_alnum(text[at])) ++at;
        if (at > begin && is_personal_number(text.substr(begin, at - begin))) return true;
    }
    return false;
}

/// Each longest run of digits, also with the X that ends some resident IDs, whatever is beside it.
bool any_number_is_personal(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        if (at == begin) continue;
        if (is_personal_number(text.substr(begin, at - begin))) return true;
        const bool with_x = at < text.size() && (text[at] == 'X' || text[at] == 'x');
        if (with_x && is_personal_number(text.substr(begin, at + 1 - begin))) return true;
    }
    return false;
}

}  // namespace

bool holds_personal_number(std::string_view text) {
    if (std::count_if(text.begin(), text.end(), is_digit) < kDigitsMin) return false;
    if (privacy::find_identifier(text) || is_personal_number(text)) return true;
    // A catalog identifier has six digits of its area before what its owner chose.
    const std::size_t slash = text.find('/');
    constexpr std::size_t kArea = 6;
    if (slash != std::string_view::npos && slash > kArea &&
        holds_personal_number(text.substr(kArea, slash - kArea))) {
        return true;
    }
    if (any_run_is_personal(text) || any_number_is_personal(text)) return true;
    // A column can hardly be called by a number in groups, and a person's number can be hidden so.
    std::string joined(text);
    std::erase(joined, '_');
    return joined.size() != text.size() && any_number_is_personal(joined);
}

void EntryGuard::check(const ledger::Entry& entry) {
    const auto refuse = [&](std::string_view member, std::string_view why) {
        throw InvariantViolation("entry refused: kind " + entry.kind + " version " +
                                 std::to_string(entry.v) + ": " + std::string(member) + ": " +
                                 std::string(why));
    };
    const ledger::KindSchema* schema = kinds_->find(entry.kind, entry.v);
    if (schema == nullptr) refuse("kind", "not in the table of kinds");
    if (const auto fault = kinds_->check(*schema, entry, &open_))
        refuse(fault->member, fault->what);
    for (const ledger::OpenString& open : open_) {
        if (open.text == clean_rule_) continue;
        if (holds_personal_number(open.text)) refuse(open.member, "holds personal data");
    }
    clean_rule_ = entry.rule;
}

}  // namespace pdx::app
