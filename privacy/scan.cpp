#include <algorithm>
#include <array>
#include <cstring>

#include "base/ascii.h"
#include "privacy/checksum.h"
#include "privacy/detect.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

enum CharacterClass : unsigned char { kOther = 0, kDigit = 1, kLetter = 2 };

constexpr std::array<unsigned char, 256> class_table() {
    std::array<unsigned char, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = kDigit;
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = kLetter;
    for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = kLetter;
    return table;
}
constexpr std::array<unsigned char, 256> kClass = class_table();

unsigned char class_of(char c) { return kClass[static_cast<unsigned char>(c)]; }
struct Run {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t digits = 0;
    std::size_t size() const { return end - begin; }
};

Run next_run(std::string_view text, std::size_t from) {
    Run run;
    while (from < text.size() && class_of(text[from]) == kOther) ++from;
    run.begin = from;
    for (; from < text.size(); ++from) {
        const unsigned char c = class_of(text[from]);
        if (c == kOther) break;
        run.digits += c & 1U;
    }
    run.end = from;
    return run;
}

/// "12.3" and "3.12": the run is part of a decimal number.
bool in_decimal(std::string_view text, const Run& run) {
    const bool before =
        run.begin >= 2 && text[run.begin - 1] == '.' && is_digit(text[run.begin - 2]);
    const bool after =
        run.end + 1 < text.size() && text[run.end] == '.' && is_digit(text[run.end + 1]);
    return before || after;
}

std::optional<Kind> kind_of_18(std::string_view run) {
    std::array<char, 18> plain{};
    std::transform(run.begin(), run.end(), plain.begin(), to_upper);
    const std::string_view text(plain.data(), plain.size());
    if (is_valid_resident_id(text)) return Kind::kResidentId;
    if (is_valid_foreign_resident_id(text)) return Kind::kForeignResidentId;
    if (text.starts_with("92") && is_valid_uscc(text)) return Kind::kSoleTraderCode;
    return std::nullopt;
}

std::optional<Kind> kind_of_run(std::string_view run, std::size_t digits) {
    switch (run.size()) {
        case 11:
            if (digits == 11 && is_valid_mobile(run)) return Kind::kMobile;
            return std::nullopt;
        case 13:
            if (digits == 13 && run.starts_with("86") && is_valid_mobile(run.substr(2))) {
                return Kind::kMobile;
            }
            return std::nullopt;
        case 15:
            if (digits != 15) return std::nullopt;
            if (run.starts_with("0086") && is_valid_mobile(run.substr(4))) return Kind::kMobile;
            break;
        case 18: {
            const auto kind = kind_of_18(run);
            if (kind) return kind;
            break;
        }
        case 19:
            if (digits == 18 && (run.front() == 'G' || run.front() == 'L') &&
                is_valid_resident_id(run.substr(1))) {
                return Kind::kStudentRoll;
            }
            break;
        default: break;
    }
    if (digits == run.size() && is_valid_bank_card(run)) return Kind::kBankCard;
    return std::nullopt;
}

bool is_local_character(char c) {
    return class_of(c) != kOther || c == '.' || c == '_' || c == '-' || c == '+';
}

std::optional<Finding> find_email(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos;
         at = text.find('@', at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && is_local_character(text[begin - 1])) --begin;
        std::size_t end = at + 1;
        while (end < text.size() &&
               (class_of(text[end]) != kOther || text[end] == '.' || text[end] == '-')) {
            ++end;
        }
        while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
        const std::string_view domain = text.substr(at + 1, end > at ? end - at - 1 : 0);
        const std::size_t dot = domain.rfind('.');
        if (begin == at || dot == std::string_view::npos || dot == 0) continue;
        const std::string_view top = domain.substr(dot + 1);
        const bool letters =
            std::all_of(top.begin(), top.end(), [](char c) { return class_of(c) == kLetter; });
        if (top.size() >= 2 && letters) return Finding{Kind::kEmail, begin, end - begin};
    }
    return std::nullopt;
}

/// A province character, a letter, an optional dot or space, and the rest of a plate.
std::optional<Finding> plate_at(std::string_view text, const Run& run) {
    if (run.begin < 3 || !is_plate_province(text.substr(run.begin - 3, 3))) return std::nullopt;
    Run tail = run;
    std::array<char, 8> plate{};
    std::size_t size = 0;
    if (run.size() == 1) {
        const std::string_view rest = text.substr(run.end);
        const std::size_t separator =
            rest.starts_with("·") || rest.starts_with("•")
                ? std::string_view("·").size() + (rest.starts_with("•") ? 1U : 0U)
                : (rest.starts_with(' ') || rest.starts_with('-') ? 1U : 0U);
        if (separator == 0) return std::nullopt;
        tail = next_run(text, run.end);
        if (tail.begin != run.end + separator) return std::nullopt;
        plate[size++] = to_upper(text[run.begin]);
    }
    if (size + tail.size() < 6 || size + tail.size() > 7) return std::nullopt;
    for (std::size_t i = tail.begin; i < tail.end; ++i) plate.at(size++) = to_upper(text[i]);
    const auto digits = std::count_if(plate.begin() + 1, plate.begin() + size, is_digit);
    const bool letters_fit = std::none_of(plate.begin(), plate.begin() + size,
                                          [](char c) { return c == 'I' || c == 'O'; });
    if (class_of(plate.front()) != kLetter || !letters_fit || digits < 3) return std::nullopt;
    return Finding{Kind::kPlate, run.begin - 3, tail.end - run.begin + 3};
}

/// Numbers written in groups: 3-4-4, 6-8-4, 6-4-4-4, 6-6-6, 4-4-4-4 and longer.
class Groups {
public:
    /// The groups that end with this run; forgets them when the chain is broken.
    std::optional<Finding> add(std::string_view text, const Run& run) {
        const bool chained =
            size_ > 0 && run.begin == end_ + 1 && (text[end_] == ' ' || text[end_] == '-');
        if (!chained) {
            size_ = 0;
            count_ = 0;
        }
        const bool tail_x = run.digits + 1 == run.size() && to_upper(text[run.end - 1]) == 'X';
        if ((run.digits != run.size() && !tail_x) || size_ + run.size() > digits_.size()) {
            size_ = 0;
            count_ = 0;
            return std::nullopt;
        }
        if (count_ == 0) begin_ = run.begin;
        for (std::size_t i = run.begin; i < run.end; ++i) digits_.at(size_++) = text[i];
        if (count_ < lengths_.size()) lengths_.at(count_) = run.size();
        ++count_;
        end_ = run.end;
        if (count_ < 2 || !is_grouping()) return std::nullopt;
        const std::string_view number(digits_.data(), size_);
        const auto kind = kind_of_run(number, size_ - (tail_x ? 1U : 0U));
        if (!kind) return std::nullopt;
        return Finding{*kind, begin_, end_ - begin_};
    }

private:
    bool is_grouping() const {
        const auto is = [this](std::initializer_list<std::size_t> lengths) {
            return lengths.size() == count_ &&
                   std::equal(lengths.begin(), lengths.end(), lengths_.begin());
        };
        return is({3, 4, 4}) || is({2, 3, 4, 4}) || is({6, 8, 4}) || is({6, 4, 4, 4}) ||
               is({6, 6, 6}) || is({4, 4, 4, 4}) || is({4, 4, 4, 4, 3}) || is({2, 11});
    }

    std::array<char, 24> digits_{};
    std::array<std::size_t, 6> lengths_{};
    std::size_t size_ = 0;
    std::size_t count_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

std::optional<Finding> find_ascii(std::string_view text) {
    Groups groups;
    for (Run run = next_run(text, 0); run.size() > 0; run = next_run(text, run.end)) {
        if (run.size() >= 11 && run.digits >= 7 && !in_decimal(text, run)) {
            if (const auto kind = kind_of_run(text.substr(run.begin, run.size()), run.digits)) {
                return Finding{*kind, run.begin, run.size()};
            }
        }
        if (run.size() <= 7 && class_of(text[run.begin]) == kLetter) {
            if (const auto plate = plate_at(text, run)) return plate;
        }
        if (run.digits >= 2) {
            if (const auto grouped = groups.add(text, run)) return grouped;
        }
    }
    return std::memchr(text.data(), '@', text.size()) != nullptr ? find_email(text) : std::nullopt;
}

/// Every identifier has three digits or an '@', plain or full-width (U+FFxx begins with EF). Most
/// Chinese cells have none, and this loop is all they cost.
bool may_hold_identifier(std::string_view text) {
    constexpr unsigned kDigits = 3;
    unsigned digits = 0;
    for (const char c : text) {
        digits += is_digit(c) ? 1U : 0U;
        digits += c == '@' || c == '\xEF' ? kDigits : 0U;
    }
    return digits >= kDigits;
}

/// Full-width letters, digits and signs as ASCII; everything else as it is.
std::string half_width_copy(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [text, i](std::size_t offset) {
            return static_cast<unsigned>(static_cast<unsigned char>(text[i + offset]));
        };
        if (i + 3 <= text.size() && byte(0) == 0xEF && (byte(1) == 0xBC || byte(1) == 0xBD)) {
            const unsigned low = (byte(1) - 0xBCU) * 64U + byte(2) - 0x80U;
            if (low >= 1 && low <= 94) {
                out += static_cast<char>(low + 0x20);
                i += 3;
                continue;
            }
        }
        out += text[i++];
    }
    return out;
}

}  // namespace

std::optional<Finding> find_identifier(std::string_view text) {
    constexpr std::size_t kShortest = 6;  // a@b.cn
    if (text.size() < kShortest || !may_hold_identifier(text)) return std::nullopt;
    if (const auto finding = find_ascii(text)) return finding;
    for (std::size_t at = text.find('\xEF'); at != std::string_view::npos && at + 2 < text.size();
         at = text.find('\xEF', at + 1)) {
        // U+FF10..U+FF5A: only a full-width digit, letter or '@' can begin something hidden.
        const auto second = static_cast<unsigned char>(text[at + 1]);
        const auto third = static_cast<unsigned char>(text[at + 2]);
        if ((second == 0xBC && third >= 0x90) || second == 0xBD) {
            return find_ascii(half_width_copy(text));
        }
    }
    return std::nullopt;
}

}  // namespace pdx::privacy
