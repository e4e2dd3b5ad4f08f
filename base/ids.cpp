#include "base/ids.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"

namespace pdx {

bool is_uuid7(std::string_view text) {
    if (text.size() != 36) return false;
    // Without a branch for each character: an audit of a log asks this of a third of its bytes.
    unsigned wrong = 0;
    for (const char c : text) {
        const auto digit = static_cast<unsigned>(c - '0') <= 9U;
        const auto letter = static_cast<unsigned>(c - 'a') <= 5U;
        wrong += static_cast<unsigned>(!digit & !letter);
    }
    const bool dashes = text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
    const char variant = text[19];
    return wrong == 4 && dashes && text[14] == '7' &&
           (variant == '8' || variant == '9' || variant == 'a' || variant == 'b');
}

std::string RandomIdSource::next(Timestamp now) {
    std::array<std::uint8_t, 16> bytes{};
    PDX_CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    {
        const std::lock_guard lock(mutex_);
        const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.micros / 1000));
        if (ms > last_ms_) {
            last_ms_ = ms;
            counter_ = bytes[6] & 0x07U;  // leaves room to count up within the millisecond
        } else if (++counter_ > 0xFFFU) {
            ++last_ms_;
            counter_ = 0;
        }
        for (std::size_t i = 0; i < 6; ++i) {
            bytes[i] = static_cast<std::uint8_t>(last_ms_ >> (40U - 8U * i));
        }
        bytes[6] = static_cast<std::uint8_t>(0x70U | (counter_ >> 8U));
        bytes[7] = static_cast<std::uint8_t>(counter_);
    }
    bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));
    std::string text = to_hex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
    return text;
}

}  // namespace pdx
