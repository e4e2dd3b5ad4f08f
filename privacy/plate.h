#pragma once
/// Number plates of vehicles, for a value and for a text. Source: GA 36-2018; plates of the armed
/// police begin with WJ. Plates of the army and of embassies have no province and are not known.
#include <cstddef>
#include <string_view>

namespace pdx::privacy {

/// The bytes of the plate with which the text begins, or 0. Letters of both cases, with a dot, a
/// dash or a space before or behind the letter of the office or without. What follows must be no
/// letter and no digit.
std::size_t plate_size(std::string_view text);

}  // namespace pdx::privacy
