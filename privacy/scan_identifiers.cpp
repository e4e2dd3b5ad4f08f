#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string>

#include "privacy/checksum.h"
#include "privacy/plate.h"
#include "privacy/run_kind.h"
#include "privacy/scan_walk.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

/// 010 8501 2345 and 0510 8501 2345; with the country's code, behind a plus or two zeros, the area
/// code has no 0: +86-510-85012345.
bool is_landline_in_groups(std::span<const std::size_t> sizes, std::string_view digits,
                           char front) {
    if (!is_digit(digits.back())) return false;
    std::string number;
    if (digits.starts_with("0086") && sizes[0] == 4) {
        number = '0' + std::string(digits.substr(4));
    } else if (front == '+' && digits.starts_with("86") && sizes[0] == 2) {
        number = '0' + std::string(digits.substr(2));
    }
    if (!number.empty()) {
        sizes = sizes.subspan(1);
    } else if (sizes.size() == 3) {
        number = digits;
    }
    const bool whole = sizes.size() == 2 && sizes[1] >= 7;
    const bool halved = sizes.size() == 3 && sizes[1] >= 3 && sizes[1] <= 4 && sizes[2] == 4;
    return (whole || halved) && sizes[0] <= 4 && is_landline_digits(number) &&
           number.size() - (number[1] <= '2' ? 3 : 4) == sizes[1] + (halved ? sizes[2] : 0);
}

}  // namespace

/// "D2143569-X": the check character behind a dash.
bool ScanWalk::take_org_code(std::size_t begin) {
    constexpr std::size_t kSize = 8;
    if (count_digits(begin, begin + kSize) + 1 < kSize || is_alnum(at(begin + kSize + 2)))
        return false;
    std::string code(Capitals(text_.substr(begin, kSize)).view());
    code += to_upper(at(begin + kSize + 1));
    if (!is_valid_org_code(code)) return false;
    found(Kind::kOrgCode, begin, begin + kSize + 2);
    return true;
}

bool ScanWalk::take_ip(std::size_t begin) {
    if (before(begin) == '.') return false;
    std::size_t position = begin;
    int large = 0;
    for (int part = 0; part < 4; ++part) {
        const std::size_t size = digits_from(position);
        if (size == 0 || size > 3) return false;
        const int value = decimal_value(text_.substr(position, size));
        if (value > 255 || (size > 1 && text_[position] == '0')) return false;
        if (value >= 20) ++large;
        position += size;
        if (part < 3 && at(position++) != '.') return false;
    }
    if (is_alnum(at(position)) || (at(position) == '.' && is_digit(at(position + 1)))) return false;
    // 11.2.0.4 is a version; 10.x and x.x.x.x of one number are addresses.
    const std::string_view whole = text_.substr(begin, position - begin);
    const std::string_view first = whole.substr(0, whole.find('.'));
    const bool repeated =
        whole.size() == 7 && whole[0] == whole[2] && whole[2] == whole[4] && whole[4] == whole[6];
    if (large == 0 && first != "10" && !repeated) return false;
    found(Kind::kIpAddress, begin, position);
    return true;
}

bool ScanWalk::take_mac(std::size_t begin) {
    const char separator = at(begin + 2);
    constexpr std::size_t kSize = 17;
    if ((separator != ':' && separator != '-') || at(begin + 5) != separator ||
        begin + kSize > text_.size()) {
        return false;
    }
    for (std::size_t i = 0; i < kSize; ++i) {
        const char c = text_[begin + i];
        if (i % 3 == 2 ? c != separator : !is_hex(c)) return false;
    }
    if (is_alnum(at(begin + kSize)) || at(begin + kSize) == separator || before(begin) == separator)
        return false;
    found(Kind::kMacAddress, begin, begin + kSize);
    return true;
}

/// "aabb.ccdd.eeff", as routers write it. Without a letter it may be any three numbers.
bool ScanWalk::take_dotted_mac(std::size_t begin) {
    constexpr std::size_t kSize = 14;
    if (begin + kSize > text_.size() || before(begin) == '.') return false;
    const std::string_view whole = text_.substr(begin, kSize);
    if (!is_dotted_mac(whole) || is_alnum(at(begin + kSize)) || at(begin + kSize) == '.') {
        return false;
    }
    found(Kind::kMacAddress, begin, begin + kSize);
    return true;
}

/// "A123456(3)": `begin` to `end` is the check character.
bool ScanWalk::take_hong_kong_id(std::size_t begin, std::size_t end) {
    constexpr std::size_t kDigits = 6;
    if (end - begin != 1 || before(begin) != '(' || begin < kDigits + 2) return false;
    std::size_t from = begin - 1 - kDigits;
    for (int letters = 0; letters < 2 && from > done_ && is_letter(text_[from - 1]); ++letters) {
        --from;
    }
    const std::size_t letters = begin - 1 - kDigits - from;
    if (letters == 0 || from < done_ || is_alnum(before(from))) return false;
    std::string number(Capitals(text_.substr(from, letters + kDigits)).view());
    number += to_upper(text_[begin]);
    if (!is_valid_hong_kong_id(number)) return false;
    found(Kind::kHongKongId, from, end + 1);
    return true;
}

/// Eight groups, or fewer about one "::"; only of the ranges that are in use, for "ab::cd" is a
/// name in C++ and 12:30:45 a time.
bool ScanWalk::take_ip6(std::size_t begin) {
    if (before(begin) == ':') return false;
    std::size_t position = begin;
    std::size_t groups = 0;
    bool gap = false;
    for (;;) {
        std::size_t size = 0;
        while (is_hex(at(position + size))) ++size;
        if (size == 0 || size > 4) break;
        ++groups;
        position += size;
        if (groups == 8 || at(position) != ':') break;
        if (at(position + 1) == ':') {
            if (gap) return false;
            gap = true;
            position += 2;
        } else if (is_hex(at(position + 1))) {
            ++position;
        } else {
            break;
        }
    }
    if (is_alnum(at(position)) || groups > 8 || (gap ? groups == 8 : groups != 8)) return false;
    const Capitals first(text_.substr(begin, std::min<std::size_t>(4, position - begin)));
    const std::string_view head = first.view();
    const bool global = head[0] == '2' || head[0] == '3';
    const bool local = head.starts_with("FE8") || head.starts_with("FC") || head.starts_with("FD");
    if ((!global && !local) || head.find(':') != std::string_view::npos) return false;
    found(Kind::kIpAddress, begin, position);
    return true;
}

bool ScanWalk::take_email(std::size_t sign, std::size_t domain_end) {
    std::size_t begin = sign;
    while (begin > 0 && sign - begin < 64 && is_local_character(text_[begin - 1])) --begin;
    while (begin < sign && (text_[begin] == '.' || text_[begin] == '-')) ++begin;
    if (begin == sign) return false;
    std::size_t end = domain_end;
    while ((at(end) == '.' || at(end) == '-') && is_alnum(at(end + 1))) {
        ++end;
        while (is_alnum(at(end))) ++end;
    }
    const std::string_view domain = text_.substr(sign + 1, end - sign - 1);
    const std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view top = domain.substr(dot + 1);
    if (top.size() < 2 || !all_letters(top)) return false;
    // 13800138000@139.com is an address, not a number with something behind it.
    while (findings_.size() > own_ && findings_.back().begin + findings_.back().size > begin) {
        findings_.pop_back();
    }
    found(Kind::kEmail, begin, end);
    return true;
}

/// `begin`: of the province's character, or of WJ.
bool ScanWalk::take_plate(std::size_t begin) {
    if (begin < done_ || (is_alnum(text_[begin]) && is_alnum(before(begin)))) return false;
    const std::size_t size = plate_size(text_.substr(begin));
    if (size == 0) return false;
    found(Kind::kPlate, begin, begin + size);
    return true;
}

/// Numbers in groups of one separator: 3-4-4, 86-3-4-4, 6-8-4, 6-4-4-4, 6-6-6, 4-4-4-4 and longer,
/// and an area code before a telephone number. `begin` to `end` are the digits of the first group.
bool ScanWalk::take_groups(std::size_t begin, std::size_t end) {
    constexpr std::size_t kGroupsMax = 6;
    const char separator = text_[end];
    // "138" of "4500 138 0013 8000" may be in the middle of another number.
    const bool behind_group = before(begin) == separator && begin - 1 == group_end_;
    if (end - begin >= 3 || text_.substr(begin, 2) == "86") group_end_ = end;
    if (behind_group) return false;
    std::array<std::size_t, kGroupsMax> sizes{};
    std::array<char, kGroupedMax> number{};
    std::size_t count = 0;
    std::size_t total = 0;
    std::size_t position = begin;
    for (;;) {
        const std::size_t size = digits_from(position);
        if (size == 0 || count == kGroupsMax || total + size + 1 > kGroupedMax) return false;
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(position), size,
                    number.begin() + static_cast<std::ptrdiff_t>(total));
        sizes.at(count++) = size;
        total += size;
        position += size;
        if (to_upper(at(position)) == 'X' && !is_alnum(at(position + 1))) {
            number.at(total++) = 'X';
            ++sizes.at(count - 1);
            ++position;
            break;
        }
        if (is_alnum(at(position))) return false;
        const bool more = at(position) == separator && is_digit(at(position + 1));
        if (!more) break;
        ++position;
    }
    const std::span<const std::size_t> groups(sizes.data(), count);
    const auto is = [&](std::initializer_list<std::size_t> lengths) {
        return std::equal(groups.begin(), groups.end(), lengths.begin(), lengths.end());
    };
    const std::string_view text(number.data(), total);
    Kind kind = Kind::kUnknown;
    if (is({3, 4, 4}) || is({2, 3, 4, 4}) || is({4, 3, 4, 4}) || is({2, 11}) || is({4, 11})) {
        kind = kind_of_run(text, total);
        if (kind != Kind::kMobile) kind = Kind::kUnknown;
    } else if (is({6, 8, 4}) || is({6, 4, 4, 4}) || is({6, 6, 6})) {
        kind = kind_of_run(text, total - (text.back() == 'X' ? 1U : 0U));
    } else if (is({4, 4, 4, 4}) || is({4, 4, 4, 4, 3}) || is({6, 13})) {
        if (is_valid_bank_card(text)) kind = Kind::kBankCard;
    }
    if (kind == Kind::kUnknown && is_landline_in_groups(groups, text, before(begin))) {
        kind = Kind::kLandline;
    }
    const bool telephone = count >= 2 && count <= 3 && (sizes[0] == 3 || sizes[0] == 4) &&
                           (count == 2 || sizes[2] <= 6);
    if (kind == Kind::kUnknown && telephone &&
        is_landline_digits(text.substr(0, sizes[0] + sizes[1]))) {
        kind = Kind::kLandline;
        if (separator == ')' && before(begin) == '(') --begin;
    }
    if (kind == Kind::kUnknown || in_decimal(begin, position)) return false;
    found(kind, begin, position);
    return true;
}

/// "(0510) 85012345", "(010)8501-2345": begins behind the bracket.
bool ScanWalk::take_area_code(std::size_t begin, std::size_t end) {
    if (before(begin) != '(' || begin - 1 < done_ || end - begin > 4 ||
        count_digits(begin, end) != end - begin) {
        return false;
    }
    std::size_t position = end + 1;
    if (at(position) == ' ' || at(position) == '-') ++position;
    std::string number(text_.substr(begin, end - begin));
    for (int part = 0; part < 2; ++part) {
        const std::size_t size = digits_from(position);
        number += text_.substr(position, std::min(size, kGroupedMax));
        position += size;
        const bool more = size <= 4 && (at(position) == ' ' || at(position) == '-');
        if (!more || !is_digit(at(position + 1))) break;
        if (part == 0) ++position;
    }
    if (!is_landline_digits(number)) return false;
    constexpr std::size_t kExtensionMax = 6;
    const std::size_t extension = at(position) == '-' ? digits_from(position + 1) : 0;
    if (extension > kExtensionMax) return false;
    if (extension > 0) position += extension + 1;
    if (is_alnum(at(position)) || in_decimal(begin, position)) return false;
    found(Kind::kLandline, begin - 1, position);
    return true;
}

}  // namespace pdx::privacy
