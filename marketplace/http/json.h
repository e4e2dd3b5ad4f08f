#pragma once
/// Reading JSON that strangers sent, strictly. Source: RFC 8259, RFC 7493 (I-JSON).
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace pdx::http {

inline constexpr std::size_t kJsonDepthMax = 32;

/// Refuses an empty text, a byte order mark, bad UTF-8, duplicate member names, nesting deeper than
/// kJsonDepthMax, numbers that are not integers within 2^53-1, and anything after the value.
/// Throws: kMalformed "json.empty", "json.encoding", "json.syntax", "json.duplicate_name",
/// "json.too_deep" or "json.number", with the byte offset in the detail.
nlohmann::json parse_json(std::string_view text);

}  // namespace pdx::http
