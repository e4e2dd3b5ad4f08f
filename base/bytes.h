#pragma once
/// Bytes, 32-byte digests, and their text forms. Decoders are strict: one text form per value.
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pdx {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// A SHA-256 value. Never used for a truncated or keyed hash without saying so.
struct Digest {
    static constexpr std::size_t kSize = 32;
    std::array<std::uint8_t, kSize> value{};

    auto operator<=>(const Digest&) const = default;
    ByteView view() const { return value; }
    /// Shape: 64 lower-case hex digits.
    std::string hex() const;
    static std::optional<Digest> from_hex(std::string_view text);
    static std::optional<Digest> from_bytes(ByteView bytes);
};

/// The bytes of a text; valid as long as the text is.
ByteView as_bytes(std::string_view text);
/// The same bytes as text; valid as long as the bytes are.
std::string_view as_text(ByteView bytes);

/// Shape: lower case.
std::string to_hex(ByteView bytes);
/// Either case is accepted; an odd length or another character is not.
std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 section 4, with padding.
std::string to_base64(ByteView bytes);
/// Padding required, unused bits zero, no white space: from_base64(to_base64(x)) is the only text.
std::optional<Bytes> from_base64(std::string_view text);

/// True when the bytes are well-formed UTF-8 (RFC 3629: no overlongs, no surrogates).
bool is_utf8(std::string_view text);

}  // namespace pdx
