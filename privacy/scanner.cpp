#include "privacy/scanner.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>

#include "base/ascii.h"
#include "privacy/checksum.h"
#include "privacy/run_kind.h"
#include "privacy/utf8.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

/// Unit: blocks of one pass over the bytes; their masks stay in the nearest cache.
constexpr std::size_t kPassBlocks = 64;
/// Unit: bytes. What is as short is an identifier only by what stands about it.
constexpr std::size_t kShortRun = 8;
constexpr std::uint64_t low_bits(std::size_t count) {
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Bits of one block and of the one before it, moved up: bit i is that of `by` bytes earlier.
constexpr std::uint64_t earlier(std::uint64_t bits, std::uint64_t block_before, unsigned by) {
    return bits << by | block_before >> (64U - by);
}

/// What the byte behind a short run can make of it; char_masks.h knows these bytes, too.
enum Behind : std::uint8_t {
    kNothing = 0,
    kDot = 1,
    kColon = 2,
    kDash = 4,
    kSpace = 8,
    kClose = 16,
};

constexpr std::array<std::uint8_t, 256> behind_table() {
    std::array<std::uint8_t, 256> table{};
    table['.'] = kDot;
    table[':'] = kColon;
    table['-'] = kDash;
    table[' '] = kSpace;
    table[')'] = kClose;
    return table;
}
constexpr std::array<std::uint8_t, 256> kBehind = behind_table();

/// They name a person, and chance hardly makes them.
constexpr std::array kPersonal{
    Kind::kResidentId, Kind::kForeignResidentId, Kind::kMobile,     Kind::kBankCard, Kind::kEmail,
    Kind::kPlate,      Kind::kSoleTraderCode,    Kind::kStudentRoll};

constexpr bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

/// One walk over one text.
class Walk {
public:
    Walk(std::string_view text, std::vector<Finding>& findings)
        : text_(text),
          findings_(findings),
          own_(findings.size()) {}

    void run(MaskFunction mask);

private:
    /// What the next block has to know of the last one.
    struct Tail {
        std::uint64_t run = 0;
        std::uint64_t two = 0;  ///< ends of two bytes of a run, of four, of eight
        std::uint64_t four = 0;
        std::uint64_t eight = 0;
        std::uint64_t at = 0;
        std::uint64_t high = 0;
        bool is_marked = false;  ///< the open run matters, however short it is
    };

    void take_block(std::size_t block, const CharMasks& masks, Tail& tail);
    void take_run(std::size_t begin, std::size_t end);
    void take_short(std::size_t begin, std::size_t end);
    void take_long(std::size_t begin, std::size_t end, std::size_t digits);
    bool take_org_code(std::size_t begin);
    bool take_ip(std::size_t begin);
    bool take_ip6(std::size_t begin);
    bool take_mac(std::size_t begin);
    bool take_email(std::size_t at, std::size_t domain_end);
    bool take_plate(std::size_t begin, std::size_t end);
    bool take_groups(std::size_t begin, std::size_t end);
    void take_wide(std::size_t at);

    char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    char before(std::size_t position) const { return position > 0 ? text_[position - 1] : '\0'; }
    bool in_decimal(std::size_t begin, std::size_t end) const;
    std::size_t digits_from(std::size_t position) const;
    std::size_t count_digits(std::size_t begin, std::size_t end) const;
    void found(Kind kind, std::size_t begin, std::size_t end);

    std::string_view text_;
    std::vector<Finding>& findings_;
    std::size_t own_;                               ///< findings of this walk begin here
    std::size_t first_block_ = 0;                   ///< whose masks stand at masks_[1]
    std::array<CharMasks, kPassBlocks + 1> masks_;  ///< those of the block before stand first
    std::size_t begin_ = 0;                         ///< of the run that is open
    bool inside_ = false;
    std::size_t done_ = 0;       ///< up to here the text is a part of what was found
    std::size_t group_end_ = 0;  ///< of the last run of three digits and more
};

void Walk::run(MaskFunction mask) {
    masks_.back() = {};
    const std::size_t whole = text_.size() / kMaskBlock;
    Tail tail;
    for (std::size_t block = 0; block < whole; block += kPassBlocks) {
        const std::size_t count = std::min(kPassBlocks, whole - block);
        masks_.front() = masks_.back();
        first_block_ = block;
        mask(text_.data() + block * kMaskBlock, count, masks_.data() + 1);
        for (std::size_t i = 0; i < count; ++i) take_block(block + i, masks_[i + 1], tail);
        if (count < kPassBlocks) masks_.back() = masks_[count];
    }
    if (const std::size_t rest = text_.size() % kMaskBlock; rest > 0) {
        std::array<char, kMaskBlock> last{};
        std::memcpy(last.data(), text_.data() + whole * kMaskBlock, rest);
        masks_.front() = masks_.back();
        first_block_ = whole;
        mask(last.data(), 1, masks_.data() + 1);
        take_block(whole, masks_[1], tail);
    }
    if (inside_) take_run(begin_, text_.size());
}

/// Most runs are words and numbers that are short and have nothing about them: only the ends of
/// others are visited. A run matters that is long, that something of Behind follows, that stands
/// behind a '@', or, beginning with a letter, behind a character of several bytes.
void Walk::take_block(std::size_t block, const CharMasks& masks, Tail& tail) {
    const std::uint64_t run = masks.digit | masks.letter;
    const std::uint64_t after = earlier(run, tail.run, 1);
    const std::uint64_t starts = run & ~after;
    const std::uint64_t ends = after & ~run;
    const std::uint64_t two = run & after;
    const std::uint64_t four = two & earlier(two, tail.two, 2);
    const std::uint64_t eight = four & earlier(four, tail.four, 4);
    static_assert(kShortRun == 8);
    const std::uint64_t is_long = earlier(eight, tail.eight, 1) & earlier(run, tail.run, 9);
    const std::uint64_t marked = starts & (earlier(masks.at, tail.at, 1) |
                                           (earlier(masks.high, tail.high, 1) & masks.letter));
    // Added to its run, the bit of a start arrives where the run has ended.
    std::uint64_t arrived = 0;
    const bool is_marked =
        __builtin_add_overflow(run, marked | (tail.is_marked ? 1U : 0U), &arrived);
    std::uint64_t visits = ends & (is_long | masks.behind | arrived);
    const std::size_t base = block * kMaskBlock;
    const auto last_of = [](std::uint64_t bits) {
        return 63U - static_cast<std::size_t>(std::countl_zero(bits));
    };
    for (; visits != 0; visits &= visits - 1) {
        const auto end = static_cast<std::size_t>(std::countr_zero(visits));
        const std::uint64_t before_end = starts & low_bits(end);
        take_run(before_end != 0 ? base + last_of(before_end) : begin_, base + end);
    }
    inside_ = run >> 63U != 0;
    if (inside_ && starts != 0) begin_ = base + last_of(starts);
    tail = {run, two, four, eight, masks.at, masks.high, is_marked};
    for (std::uint64_t wide = masks.wide; wide != 0; wide &= wide - 1) {
        take_wide(base + static_cast<std::size_t>(std::countr_zero(wide)));
    }
}

/// Requires: a run of kRunMax bytes at most that ends in the block that is being taken.
std::size_t Walk::count_digits(std::size_t begin, std::size_t end) const {
    const std::size_t slot = begin / kMaskBlock + 1 - first_block_;
    const std::size_t shift = begin % kMaskBlock;
    std::uint64_t bits = masks_[slot].digit >> shift;
    if (shift + (end - begin) > kMaskBlock) bits |= masks_[slot + 1].digit << (kMaskBlock - shift);
    const std::uint64_t all = low_bits(end - begin);
    bits &= all;
    // Most are numbers, and to count bits is a call on the oldest processors of this kind.
    return bits == all ? end - begin : static_cast<std::size_t>(std::popcount(bits));
}

std::size_t Walk::digits_from(std::size_t position) const {
    std::size_t count = 0;
    while (is_digit(at(position + count))) ++count;
    return count;
}

/// "12.3" and "3.12", but not "13800138000.0", which spreadsheets make of a number.
bool Walk::in_decimal(std::size_t begin, std::size_t end) const {
    if (before(begin) == '.' && begin >= 2 && is_digit(text_[begin - 2])) return true;
    if (at(end) != '.' || !is_digit(at(end + 1))) return false;
    return at(end + 1) != '0' || is_alnum(at(end + 2));
}

void Walk::found(Kind kind, std::size_t begin, std::size_t end) {
    findings_.emplace_back(kind, begin,
                           end - begin);  // in place: a copy of what was just written waits
    done_ = end;
}

void Walk::take_run(std::size_t begin, std::size_t end) {
    if (begin < done_) return;
    const std::size_t size = end - begin;
    const char front = before(begin);
    if (front == '@' && take_email(begin - 1, end)) return;
    if (size <= kShortRun) {
        take_short(begin, end);
    } else if (size <= kRunMax) {
        take_long(begin, end, count_digits(begin, end));
    }
}

void Walk::take_short(std::size_t begin, std::size_t end) {
    const std::size_t size = end - begin;
    if (is_high(before(begin)) && is_letter(text_[begin]) && take_plate(begin, end)) return;
    const std::uint8_t behind = kBehind[static_cast<unsigned char>(at(end))];
    if (behind == 0 || !is_alnum(at(end + 1))) {
        if (behind == kColon && at(end + 1) == ':') take_ip6(begin);
        return;
    }
    if (behind == kDot) {
        if (size <= 3) take_ip(begin);
        return;
    }
    if (behind == kColon) {
        if (size <= 4 && !take_mac(begin)) take_ip6(begin);
        return;
    }
    if (behind == kDash && size == 2 && take_mac(begin)) return;
    if (behind == kDash && size == 8 && take_org_code(begin)) return;
    // Every way to write a number in groups has three digits in the second.
    if (size >= 2 && is_digit(at(end + 3)) && count_digits(begin, end) == size) {
        take_groups(begin, end);
    }
}

void Walk::take_long(std::size_t begin, std::size_t end, std::size_t digits) {
    if (digits < 4) return;
    const Kind kind = kind_of_run(text_.substr(begin, end - begin), digits);
    if (kind != Kind::kUnknown && !in_decimal(begin, end)) found(kind, begin, end);
}

/// "D2143569-X": the check character behind a dash.
bool Walk::take_org_code(std::size_t begin) {
    constexpr std::size_t kSize = 8;
    if (count_digits(begin, begin + kSize) + 1 < kSize || is_alnum(at(begin + kSize + 2)))
        return false;
    std::string code(Capitals(text_.substr(begin, kSize)).view());
    code += to_upper(at(begin + kSize + 1));
    if (!is_valid_org_code(code)) return false;
    found(Kind::kOrgCode, begin, begin + kSize + 2);
    return true;
}

bool Walk::take_ip(std::size_t begin) {
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

bool Walk::take_mac(std::size_t begin) {
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

/// Eight groups, or fewer about one "::"; only of the ranges that are in use, for "ab::cd" is a
/// name in C++ and 12:30:45 a time.
bool Walk::take_ip6(std::size_t begin) {
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

constexpr bool is_local_character(char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

bool Walk::take_email(std::size_t sign, std::size_t domain_end) {
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

bool is_plate_character(char c) {
    return is_digit(c) || (is_letter(c) && to_upper(c) != 'I' && to_upper(c) != 'O');
}

/// Source: GA 36-2018. The province's character, a letter, five characters, or six for new-energy
/// vehicles, or four and the character of a use. The run begins behind the province's character.
bool Walk::take_plate(std::size_t begin, std::size_t end) {
    constexpr std::size_t kHan = 3;
    if (begin < kHan || !is_letter(text_[begin])) return false;
    if (!is_plate_province(text_.substr(begin - kHan, kHan))) return false;
    std::size_t tail = begin + 1;
    if (end == tail) {
        const std::string_view rest = text_.substr(end);
        if (rest.starts_with("·"))
            tail += 2;
        else if (rest.starts_with("•"))
            tail += 3;
        else if (rest.starts_with(' ') || rest.starts_with('-'))
            tail += 1;
        else
            return false;
        end = tail;
        while (end < text_.size() && is_alnum(text_[end])) ++end;
    }
    const std::string_view serial = text_.substr(tail, end - tail);
    if (serial.size() < 4 || serial.size() > 6) return false;
    if (!is_plate_character(text_[begin]) ||
        !std::all_of(serial.begin(), serial.end(), [](char c) { return is_plate_character(c); })) {
        return false;
    }
    const auto digits =
        std::count_if(serial.begin(), serial.end(), [](char c) { return is_digit(c); });
    if (serial.size() == 4) {
        constexpr std::array<std::string_view, 5> kUses{"学", "警", "挂", "港", "澳"};
        const std::string_view rest = text_.substr(end);
        const bool used = std::any_of(kUses.begin(), kUses.end(),
                                      [&](auto use) { return rest.starts_with(use); });
        if (!used || digits < 2) return false;
        end += kHan;
    } else if (digits < 3) {
        return false;
    }
    found(Kind::kPlate, begin - kHan, end);
    return true;
}

/// Numbers in groups of one separator: 3-4-4, 86-3-4-4, 6-8-4, 6-4-4-4, 6-6-6, 4-4-4-4 and longer,
/// and an area code before a telephone number. `begin` to `end` are the digits of the first group.
bool Walk::take_groups(std::size_t begin, std::size_t end) {
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

/// A full-width digit or sign: reads what belongs to it as ASCII.
void Walk::take_wide(std::size_t at_wide) {
    constexpr std::size_t kRegionMax = 256;
    if (at_wide < done_) return;
    const char sign = half_width(text_, at_wide);
    if (!is_digit(sign) && sign != '@' && to_upper(sign) != 'X') return;
    const auto joins = [](char c) {
        return is_local_character(c) || c == '@' || c == ' ' || c == ':';
    };
    std::size_t begin = at_wide;
    while (begin > 0 && at_wide - begin < kRegionMax && joins(text_[begin - 1])) --begin;
    std::string plain;
    std::vector<std::size_t> places;
    std::size_t end = begin;
    while (end < text_.size() && plain.size() < kRegionMax) {
        const char wide = half_width(text_, end);
        const char c = wide != 0 ? wide : text_[end];
        if (!joins(c)) break;
        plain += c;
        places.push_back(end);
        end += wide != 0 ? 3U : 1U;
    }
    places.push_back(end);
    std::vector<Finding> inside;
    Walk(plain, inside).run(mask_portable);
    // What is wide from here on has been read, also where nothing was found.
    for (const Finding& one : inside) {
        const std::size_t from = places[one.begin];
        const std::size_t to = places[one.begin + one.size];
        while (findings_.size() > own_ && findings_.back().begin + findings_.back().size > from) {
            findings_.pop_back();
        }
        findings_.push_back({one.kind, from, to - from});
    }
    done_ = std::max(done_, end);
}

}  // namespace

void scan(std::string_view text, std::vector<Finding>& findings, MaskFunction mask) {
    Walk(text, findings).run(mask);
}

bool is_personal(Kind kind) {
    return std::find(kPersonal.begin(), kPersonal.end(), kind) != kPersonal.end();
}

std::optional<Finding> find_identifier(std::string_view text) {
    constexpr std::size_t kShortest = 6;  // a@b.cn
    if (text.size() < kShortest) return std::nullopt;
    std::vector<Finding> findings;
    scan(text, findings);
    for (const Finding& finding : findings) {
        if (is_personal(finding.kind)) return finding;
    }
    return std::nullopt;
}

}  // namespace pdx::privacy
