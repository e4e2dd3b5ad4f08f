#include "ledger/tile.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/check.h"

namespace pdx::ledger {
namespace {

constexpr std::uint64_t kGroup = 1'000;
constexpr std::size_t kEntryMax = 65'535;
constexpr unsigned kPathLevelMax = 63;

bool consume(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// A decimal number without leading zeros, at most `limit`.
std::optional<unsigned> parse_small(std::string_view text, unsigned limit) {
    unsigned value = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (text.empty() || !is_digit(text[0]) || result.ec != std::errc{} || result.ptr != end ||
        value > limit || (text[0] == '0' && text.size() > 1)) {
        return std::nullopt;
    }
    return value;
}

/// Groups of three digits, all but the last with an x before them; consumes them.
std::optional<std::uint64_t> consume_index(std::string_view& text) {
    std::uint64_t value = 0;
    for (bool first = true;; first = false) {
        const bool more = consume(text, "x");
        if (text.size() < 3) return std::nullopt;
        std::uint64_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            if (!is_digit(text[i])) return std::nullopt;
            group = group * 10 + static_cast<std::uint64_t>(text[i] - '0');
        }
        text.remove_prefix(3);
        if (first && more && group == 0) return std::nullopt;
        if (value > (INT64_MAX - group) / kGroup) return std::nullopt;
        value = value * kGroup + group;
        if (!more) return value;
        if (!consume(text, "/")) return std::nullopt;
    }
}

}  // namespace

std::string format_tile_path(const TilePath& path) {
    const auto digits = [](std::uint64_t group) {
        const std::string text = std::to_string(group + kGroup);
        return text.substr(1);
    };
    std::string index = digits(path.index % kGroup);
    for (std::uint64_t rest = path.index / kGroup; rest != 0; rest /= kGroup) {
        index.insert(0, 'x' + digits(rest % kGroup) + '/');
    }
    std::string text = "tile/";
    text += path.is_bundle ? "entries" : std::to_string(path.level);
    text += '/' + index;
    if (path.width != kTileWidth) text += ".p/" + std::to_string(path.width);
    return text;
}

std::optional<TilePath> parse_tile_path(std::string_view text) {
    if (!consume(text, "tile/")) return std::nullopt;
    TilePath path;
    if (consume(text, "entries/")) {
        path.is_bundle = true;
    } else {
        const std::size_t slash = text.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        const auto level = parse_small(text.substr(0, slash), kPathLevelMax);
        if (!level) return std::nullopt;
        path.level = *level;
        text.remove_prefix(slash + 1);
    }
    const auto index = consume_index(text);
    if (!index) return std::nullopt;
    path.index = *index;
    if (text.empty()) return path;
    if (!consume(text, ".p/")) return std::nullopt;
    const auto width = parse_small(text, kTileWidth - 1);
    if (!width || *width == 0) return std::nullopt;
    path.width = *width;
    return path;
}

std::uint64_t full_tile_count(std::uint64_t size, unsigned level) {
    return level + 1 >= kTileLevels ? 0 : size >> (kTileHeight * (level + 1));
}

unsigned partial_tile_width(std::uint64_t size, unsigned level) {
    if (level >= kTileLevels) return 0;
    return static_cast<unsigned>((size >> (kTileHeight * level)) % kTileWidth);
}

unsigned tile_width(std::uint64_t size, unsigned level, std::uint64_t index) {
    const std::uint64_t full = full_tile_count(size, level);
    if (index < full) return kTileWidth;
    return index == full ? partial_tile_width(size, level) : 0;
}

Digest tile_hash(ByteView tile, std::size_t position) {
    PDX_CHECK(tile.size() / Digest::kSize > position);
    const ByteView bytes = tile.subspan(position * Digest::kSize, Digest::kSize);
    Digest hash;
    std::copy(bytes.begin(), bytes.end(), hash.value.begin());
    return hash;
}

void append_to_bundle(Bytes& bundle, ByteView entry) {
    PDX_CHECK(entry.size() <= kEntryMax);
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8U));
    bundle.push_back(static_cast<std::uint8_t>(entry.size() & 0xFFU));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
}

DecodedBundle decode_bundle(ByteView bundle, std::size_t count) {
    DecodedBundle decoded;
    decoded.entries.reserve(count);
    while (decoded.entries.size() < count) {
        const ByteView rest = bundle.subspan(decoded.end);
        if (rest.size() < 2) return decoded;
        const std::size_t length = static_cast<std::size_t>(rest[0]) * 256U + rest[1];
        if (rest.size() - 2 < length) return decoded;
        decoded.entries.push_back({decoded.end + 2, rest.subspan(2, length)});
        decoded.end += 2 + length;
    }
    return decoded;
}

}  // namespace pdx::ledger
