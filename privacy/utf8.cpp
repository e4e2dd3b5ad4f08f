#include "privacy/utf8.h"

#include <simdjson.h>
#include <cstdint>

#include "base/ascii.h"

namespace pdx::privacy {
namespace {

unsigned byte_at(std::string_view text, std::size_t position) {
    return static_cast<unsigned char>(text[position]);
}

struct Sequence {
    std::size_t length = 0;  ///< 0: not a leading byte
    unsigned second_low = 0x80;
    unsigned second_high = 0xBF;
};

/// RFC 3629 section 4: the second byte's range depends on the first.
Sequence sequence_of(unsigned lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return {2};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead >= 0xE1 && lead <= 0xEF) return {3};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead >= 0xF1 && lead <= 0xF3) return {4};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return {0};
}

}  // namespace

Utf8Scan scan_utf8(std::string_view text) {
    // Nearly every text is well-formed; only what is not is read byte by byte, for the place.
    if (simdjson::validate_utf8(text.data(), text.size())) return {text.size(), false};
    std::size_t position = 0;
    while (position < text.size()) {
        if (text.size() - position >= kEightBytes && is_ascii(text.substr(position, kEightBytes))) {
            position += kEightBytes;
            continue;
        }
        const unsigned lead = byte_at(text, position);
        if (lead < 0x80) {
            ++position;
            continue;
        }
        // Nearly all Chinese text is three-byte sequences of these leads: one test for them.
        if (lead >= 0xE1 && lead <= 0xEC && text.size() - position >= 3 &&
            (byte_at(text, position + 1) & 0xC0U) == 0x80 &&
            (byte_at(text, position + 2) & 0xC0U) == 0x80) {
            position += 3;
            continue;
        }
        const Sequence sequence = sequence_of(lead);
        if (sequence.length == 0) return {position, false};
        for (std::size_t i = 1; i < sequence.length; ++i) {
            if (position + i == text.size()) return {position, true};
            const unsigned next = byte_at(text, position + i);
            const unsigned low = i == 1 ? sequence.second_low : 0x80;
            const unsigned high = i == 1 ? sequence.second_high : 0xBF;
            if (next < low || next > high) return {position, false};
        }
        position += sequence.length;
    }
    return {position, false};
}

char32_t next_code_point(std::string_view text, std::size_t& position) {
    const unsigned lead = byte_at(text, position);
    if (lead < 0x80) {
        ++position;
        return lead;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : 2);
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && position + i < text.size(); ++i) {
        value = (value << 6U) | (byte_at(text, position + i) & 0x3FU);
    }
    position += length;
    return value;
}

bool is_han(char32_t code_point) {
    return (code_point >= 0x4E00 && code_point <= 0x9FFF) ||
           (code_point >= 0x3400 && code_point <= 0x4DBF) ||
           (code_point >= 0x20000 && code_point <= 0x323AF);
}

}  // namespace pdx::privacy
