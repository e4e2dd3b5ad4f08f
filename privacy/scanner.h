#pragma once
/// Finds identifiers in text of any length: resident IDs of 18 and 15 digits, permanent residence
/// cards, passports, travel permits, mobile and landline numbers, bank cards, unified social credit
/// codes, organisation codes, plates, VINs, IMEI, IMSI, ICCID, MEID, e-mail, IP and MAC addresses,
/// student rolls. By run, length, shape and check digit; no regular expression is involved.
///
/// An identifier stands alone, is glued to Chinese text, or is written in groups (138-0013-8000);
/// its neighbours are no ASCII letter or digit, and it is no part of a decimal number. Full-width
/// letters and digits count as their ASCII forms, and dashes and spaces of typography, too. Where
/// several kinds fit, the one that chance explains least is named. Source of the formats: GB 11643,
/// GB 32100, GB 11714, GA 36, GB 16735, ISO/IEC 7812, ITU-T E.118 and E.212.
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "privacy/char_masks.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// An identifier inside a text.
struct Finding {
    Kind kind = Kind::kUnknown;
    std::size_t begin = 0;  ///< Unit: bytes
    std::size_t size = 0;   ///< Unit: bytes

    bool operator==(const Finding&) const = default;
};

/// Appends what is found, in the order of the text; no two overlap. A text that is read in pieces
/// is cut where no identifier can be, at an end of line. Never throws but std::bad_alloc.
void scan(std::string_view text, std::vector<Finding>& findings, MaskFunction mask = mask_best());

/// Whether it names a person and is hardly chance: resident IDs, permanent residence cards, mobile
/// numbers, bank cards, e-mail addresses, plates, codes of sole traders, student rolls.
bool is_personal(Kind kind);

/// The first that is_personal(). No allocation for a text without any identifier.
std::optional<Finding> find_identifier(std::string_view text);

}  // namespace pdx::privacy
