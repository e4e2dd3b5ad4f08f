#include "privacy/scan_walk.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "privacy/run_kind.h"
#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

/// Unit: bytes. What is as short is an identifier only by what stands about it.
constexpr std::size_t kShortRun = 8;
/// Bits of one block and of the one before it, moved up: bit i is that of `by` bytes earlier.
constexpr std::uint64_t earlier(std::uint64_t bits, std::uint64_t block_before, unsigned by) {
    return bits << by | block_before >> (64U - by);
}

/// What the byte behind a short run can make of it: a bit for each of kBehindCharacters, in order.
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
    for (std::size_t i = 0; i < kBehindCharacters.size(); ++i) {
        table[static_cast<unsigned char>(kBehindCharacters[i])] =
            static_cast<std::uint8_t>(1U << i);
    }
    return table;
}
constexpr std::array<std::uint8_t, 256> kBehind = behind_table();
static_assert(kBehind['.'] == kDot && kBehind[':'] == kColon && kBehind['-'] == kDash &&
              kBehind[' '] == kSpace && kBehind[')'] == kClose);

/// What can stand inside an identifier or between its parts.
constexpr bool is_joining(char c) {
    return is_local_character(c) || c == '@' || c == ' ' || c == ':' || c == '(' || c == ')';
}

constexpr bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

void ScanWalk::run(MaskFunction mask) {
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
void ScanWalk::take_block(std::size_t block, const CharMasks& masks, Tail& tail) {
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
    const std::uint64_t visits = ends & (is_long | masks.behind | arrived);
    const std::uint64_t wide = masks.wide | (masks.high & after);
    const std::size_t base = block * kMaskBlock;
    const auto last_of = [](std::uint64_t bits) {
        return 63U - static_cast<std::size_t>(std::countl_zero(bits));
    };
    for (std::uint64_t places = visits | wide; places != 0; places &= places - 1) {
        const auto place = static_cast<std::size_t>(std::countr_zero(places));
        if ((visits >> place & 1U) != 0) {
            const std::uint64_t before_end = starts & low_bits(place);
            take_run(before_end != 0 ? base + last_of(before_end) : begin_, base + place);
        }
        if ((wide >> place & 1U) != 0) take_wide(base + place);
    }
    inside_ = run >> 63U != 0;
    if (inside_ && starts != 0) begin_ = base + last_of(starts);
    tail = {run, two, four, eight, masks.at, masks.high, is_marked};
}

void ScanWalk::take_run(std::size_t begin, std::size_t end) {
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

void ScanWalk::take_short(std::size_t begin, std::size_t end) {
    const std::size_t size = end - begin;
    if (is_high(before(begin)) && is_letter(text_[begin]) && begin >= 3 && take_plate(begin - 3)) {
        return;
    }
    if (size == 2 && is_police(end) && take_plate(begin)) return;
    const std::uint8_t behind = kBehind[static_cast<unsigned char>(at(end))];
    if (behind == kClose && (take_hong_kong_id(begin, end) || take_area_code(begin, end))) return;
    if (behind == 0 || !is_alnum(at(end + 1))) {
        if (behind == kColon && at(end + 1) == ':') take_ip6(begin);
        return;
    }
    if (behind == kDot) {
        if (size <= 3) take_ip(begin);
        if (size == 4) take_dotted_mac(begin);
        return;
    }
    if (behind == kColon) {
        if (size <= 4 && !take_mac(begin)) take_ip6(begin);
        return;
    }
    if (behind == kDash && size == 2 && take_mac(begin)) return;
    if (behind == kDash && size == 8 && take_org_code(begin)) return;
    // Every way to write a number in groups has three digits in the second, but for +86 10.
    if (size >= 2 && (is_digit(at(end + 3)) || text_.substr(begin, size).ends_with("86")) &&
        count_digits(begin, end) == size) {
        take_groups(begin, end);
    }
}

void ScanWalk::take_long(std::size_t begin, std::size_t end, std::size_t digits) {
    if (digits < 4) return;
    const Kind kind = kind_of_run(text_.substr(begin, end - begin), digits);
    if (kind != Kind::kUnknown && !in_decimal(begin, end)) found(kind, begin, end);
}

/// A full-width character, or one of several bytes behind a letter or digit.
void ScanWalk::take_wide(std::size_t at_wide) {
    constexpr std::size_t kBackMax = 256;  // no identifier has as much before a wide character
    if (at_wide < done_) return;
    if (is_police(at_wide) && take_plate(at_wide - 2)) return;
    if (!is_part_of_number(at_wide)) return;
    std::size_t begin = at_wide;
    while (begin > 0 && at_wide - begin < kBackMax && is_joining(text_[begin - 1])) --begin;
    // What was cut off is longer than all that can be a part.
    if (at_wide - begin == kBackMax) {
        while (begin < at_wide && is_alnum(text_[begin])) ++begin;
    }
    take_region(begin);
}

/// A wide digit, X or @, or a sign of typography that joins digits: 138－0013－8000, （0510）8501.
bool ScanWalk::is_part_of_number(std::size_t at_wide) const {
    const PlainSign wide = plain_sign(text_, at_wide);
    if (wide.size == 0) return false;
    if (is_digit(wide.sign) || wide.sign == '@' || to_upper(wide.sign) == 'X') return true;
    const std::size_t next = at_wide + wide.size;
    const PlainSign behind = plain_sign(text_, next);
    const char follows = behind.size != 0 ? behind.sign : at(next);
    const bool checks = wide.sign == '(' && to_upper(follows) == 'A' && is_digit(before(at_wide));
    if (wide.sign == '(' || wide.sign == '+') return is_digit(follows) || checks;
    return is_digit(before(at_wide)) && is_alnum(follows) &&
           (wide.sign == '\0' || is_joining(wide.sign));
}

/// Reads from here on, as ASCII, what can belong together. What is longer than one piece is read in
/// pieces that overlap by more than an identifier has: each finds what begins in its own part and
/// sees as much on both sides.
void ScanWalk::take_region(std::size_t begin) {
    constexpr std::size_t kPieceMax = 4'096;
    constexpr std::size_t kOverlap = 512;
    std::string plain;
    std::vector<std::size_t> places;
    std::vector<Finding> inside;
    std::size_t end = begin;
    for (std::size_t own = begin;;) {
        plain.clear();
        places.clear();
        inside.clear();
        while (end < text_.size() && plain.size() < kPieceMax) {
            const PlainSign wide = plain_sign(text_, end);
            const char c = wide.size != 0 ? wide.sign : text_[end];
            const bool nothing = wide.size != 0 && c == '\0';
            if (!nothing && !is_joining(c)) break;
            if (!nothing) {
                plain += c;
                places.push_back(end);
            }
            end += std::max<std::size_t>(wide.size, 1);
        }
        const bool whole = plain.size() < kPieceMax;
        const std::size_t next_own = whole ? end : places[kPieceMax - kOverlap];
        ScanWalk(plain, inside).run(mask_portable);
        for (const Finding& one : inside) {
            const std::size_t from = places[one.begin];
            const std::size_t last = places[one.begin + one.size - 1];
            const std::size_t to = last + std::max<std::size_t>(plain_sign(text_, last).size, 1);
            if (from < own || from >= next_own) continue;
            while (findings_.size() > own_ && findings_.back().begin + findings_.back().size > from)
                findings_.pop_back();
            findings_.push_back({one.kind, from, to - from});
            own = to;
        }
        if (whole) break;
        own = std::max(own, next_own);
        end = places[kPieceMax - 2 * kOverlap];
    }
    // All of it has been read, also where nothing was found.
    done_ = std::max(done_, end);
}

}  // namespace pdx::privacy
