#pragma once
/// RFC 8785 (JCS) for the entries of the ledger: one byte string per value, so that a hash of the
/// bytes is a hash of the value. Narrower than the RFC where nlohmann::json and JCS would part
/// (design D4): member names are ASCII, numbers are integers with |n| <= 2^53 - 1, nesting is
/// at most 32 containers deep. Within that subset the output is byte for byte that of the RFC.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace pdx::ledger {

/// Unit: nested containers; `{}` is 1 deep.
inline constexpr unsigned kJsonDepthMax = 32;
/// 2^53 - 1: the largest integer that every JSON reader keeps exactly.
inline constexpr std::int64_t kJsonIntegerMax = 9'007'199'254'740'991;

/// Source: RFC 8785 section 3.2.
/// Throws: Error kInvalid "json.not_canonical" for a value outside the subset or bad UTF-8.
std::string canonical_json(const nlohmann::json& value);

/// Appends the string in quotes. Requires: well-formed UTF-8 (checked).
/// Throws: Error kInvalid "json.not_canonical".
void append_canonical_string(std::string& out, std::string_view text);

/// Why a text is not canonical, and where.
struct CanonicalFault {
    std::size_t offset = 0;  ///< Unit: bytes from the start of the text
    std::string_view what;   ///< a literal: lives as long as the program
};

/// Reads the text strictly: duplicate or unsorted names, white space, other escapes, numbers in
/// another form, depth and trailing bytes are faults. Ensures: no fault exactly when
/// canonical_json(parse(bytes)) == bytes.
std::optional<CanonicalFault> canonical_fault(std::string_view bytes);
bool is_canonical(std::string_view bytes);

}  // namespace pdx::ledger
