#pragma once
/// One statement for many rows: on a server database a round trip for all of them instead of one
/// for each. Its text is put together by the compiler, so that it stays one of a file's statements.
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "sql/sql.h"

namespace pdx::sql {

template <std::size_t kSize>
struct StaticText {
    std::array<char, kSize> bytes{};
    constexpr std::string_view view() const { return {bytes.data(), kSize}; }
};

inline constexpr std::string_view kNothing;

/// Ensures: head, `item` `kCount` times with ", " between, tail.
template <const std::string_view& kHead, const std::string_view& kItem, std::size_t kCount,
          const std::string_view& kTail = kNothing>
constexpr auto repeat() {
    constexpr std::string_view kComma = ", ";
    StaticText<kHead.size() + kCount*(kItem.size() + kComma.size()) - kComma.size() + kTail.size()>
        text;
    std::size_t at = 0;
    const auto append = [&](std::string_view part) {
        for (const char byte : part) text.bytes[at++] = byte;
    };
    append(kHead);
    for (std::size_t i = 0; i < kCount; ++i) {
        if (i > 0) append(kComma);
        append(kItem);
    }
    append(kTail);
    return text;
}

/// Runs `many` for each `rows` items and `one` for each that is left over. `bind` appends the
/// values of one item.
template <class Item, class Bind>
void run_many(Connection& connection, const Query& one, const Query& many, std::size_t rows,
              std::span<Item> items, const Bind& bind) {
    std::vector<Parameter> values;
    for (std::size_t at = 0; at < items.size();) {
        const bool enough = items.size() - at >= rows;
        values.clear();
        for (std::size_t i = 0; i < (enough ? rows : 1); ++i) bind(items[at++], values);
        connection.execute(enough ? many : one, values);
    }
}

}  // namespace pdx::sql
