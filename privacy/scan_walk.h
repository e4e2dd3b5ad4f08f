#pragma once
/// One walk over one text, for scanner.h alone: runs of letters and digits are found as bits, 64
/// bytes at a time, and those that matter are looked at. scan_walk.cpp walks, scan_identifiers.cpp
/// looks at what is written with signs between.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "privacy/char_masks.h"
#include "privacy/run_kind.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

constexpr bool is_local_character(char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

constexpr std::uint64_t low_bits(std::size_t count) {
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Thread: not shared.
class ScanWalk {
public:
    ScanWalk(std::string_view text, std::vector<Finding>& findings)
        : text_(text),
          findings_(findings),
          own_(findings.size()) {}

    void run(MaskFunction mask);

private:
    /// Unit: blocks of one pass over the bytes; their masks stay in the nearest cache.
    static constexpr std::size_t kPassBlocks = 64;
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
    bool take_dotted_mac(std::size_t begin);
    bool take_hong_kong_id(std::size_t begin, std::size_t end);
    bool take_email(std::size_t at, std::size_t domain_end);
    bool take_plate(std::size_t begin);
    bool take_area_code(std::size_t begin, std::size_t end);
    bool take_groups(std::size_t begin, std::size_t end);
    void take_wide(std::size_t at);
    bool is_part_of_number(std::size_t at) const;
    void take_region(std::size_t begin);

    char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    char before(std::size_t position) const { return position > 0 ? text_[position - 1] : '\0'; }
    /// Whether WJ stands before, with which plates of the armed police begin.
    bool is_police(std::size_t position) const {
        return to_upper(before(position)) == 'J' && position > 1 &&
               to_upper(text_[position - 2]) == 'W';
    }
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

/// Requires: a run of kRunMax bytes at most that ends in the block that is being taken.
inline std::size_t ScanWalk::count_digits(std::size_t begin, std::size_t end) const {
    const std::size_t slot = begin / kMaskBlock + 1 - first_block_;
    const std::size_t shift = begin % kMaskBlock;
    std::uint64_t bits = masks_[slot].digit >> shift;
    if (shift + (end - begin) > kMaskBlock) bits |= masks_[slot + 1].digit << (kMaskBlock - shift);
    const std::uint64_t all = low_bits(end - begin);
    bits &= all;
    // Most are numbers, and to count bits is a call on the oldest processors of this kind.
    return bits == all ? end - begin : static_cast<std::size_t>(std::popcount(bits));
}

inline std::size_t ScanWalk::digits_from(std::size_t position) const {
    std::size_t count = 0;
    while (is_digit(at(position + count))) ++count;
    return count;
}

/// "12.3" and "3.12", but not "13800138000.0", which spreadsheets make of a number.
inline bool ScanWalk::in_decimal(std::size_t begin, std::size_t end) const {
    if (before(begin) == '.' && begin >= 2 && is_digit(text_[begin - 2])) return true;
    if (at(end) != '.' || !is_digit(at(end + 1))) return false;
    return at(end + 1) != '0' || is_alnum(at(end + 2));
}

inline void ScanWalk::found(Kind kind, std::size_t begin, std::size_t end) {
    // In place: a copy of what was just written has to wait for it.
    findings_.emplace_back(kind, begin, end - begin);
    done_ = end;
}

}  // namespace pdx::privacy
