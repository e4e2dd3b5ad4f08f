#include "base/json_text.h"

#include <cstdint>
#include <cstring>

namespace pdx {
namespace {

/// One byte of a string as it is written.
void append_json_character(std::string& out, char byte) {
    constexpr std::string_view kJsonHexDigits = "0123456789abcdef";
    switch (byte) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    const auto code = static_cast<unsigned char>(byte);
    if (code >= 0x20) {
        out += byte;
        return;
    }
    out += "\\u00";
    out += kJsonHexDigits[code >> 4U];
    out += kJsonHexDigits[code & 0x0FU];
}

}  // namespace

/// Eight bytes are looked at at once, since strings are most of an entry.
std::size_t plain_json_end(std::string_view text, std::size_t at) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighs = 0x8080808080808080U;
    // Non-zero when a byte of `word` is zero.
    const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
    for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t control = (word - kOnes * 0x20) & ~word;
        if (((word | control) & kHighs) != 0 || has_zero(word ^ (kOnes * '"')) != 0 ||
            has_zero(word ^ (kOnes * '\\')) != 0) {
            break;
        }
    }
    while (at < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
        ++at;
    }
    return at;
}

bool append_json_string(std::string& out, std::string_view text) {
    out += '"';
    bool ascii = true;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = plain_json_end(text, at);
        out += text.substr(at, end - at);
        if (end == text.size()) break;
        ascii = ascii && static_cast<unsigned char>(text[end]) < 0x80;
        append_json_character(out, text[end]);
        at = end + 1;
    }
    out += '"';
    return ascii;
}

std::string json_pointer_to(std::string pointer, std::string_view name) {
    pointer += '/';
    for (const char c : name) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

}  // namespace pdx
