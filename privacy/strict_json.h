#pragma once
/// JSON whose bytes are hashed elsewhere, read so that it means one thing: nlohmann/json accepts a
/// member twice without a word, and here it does not.
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace pdx::privacy {

/// Null for text that is no JSON, is nested deeper than `depth_max`, or has a member twice.
nlohmann::json parse_strict_json(std::string_view text, int depth_max);
/// The line, from 1, at which the text stops being JSON; 0 when it is JSON.
std::size_t line_of_json_fault(std::string_view text);

}  // namespace pdx::privacy
