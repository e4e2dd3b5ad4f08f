#pragma once
/// Chinese words that tell names, addresses and organisations from other text.
#include <string_view>

namespace pdx::privacy {

/// The word of two to four Han characters begins with a common surname and does not end like a
/// place, an office or a thing; or it is a name of a minority with the middle dot.
bool looks_like_person_name(std::string_view text);

/// Ends like a company, an office, a school or another organisation.
bool looks_like_organisation(std::string_view text);

/// kNone: no address. kArea: province to street or village. kDoor: with a house number or closer.
enum class AddressPrecision { kNone, kArea, kDoor };
AddressPrecision address_precision(std::string_view text);

/// The part of an address up to its district or county; empty when it names none.
std::string_view address_district(std::string_view text);

/// "京", "津", ... "新": the first character of a civil plate.
bool is_plate_province(std::string_view character);

}  // namespace pdx::privacy
