#pragma once
/// One statement for many rows: on a server database a round trip for all of them instead of one
/// for each. Its text is put together by the compiler, so that it stays one of a file's statements.
#include <array>
#include <cstddef>
#include <iterator>
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

/// An INSERT of `kCount` rows, and the same of one row for those that are left over.
/// `kHead`: up to VALUES; `kRow`: the marks of one row in parentheses.
template <const std::string_view& kHead, const std::string_view& kRow, std::size_t kCount>
struct InsertMany {
    static constexpr auto kOneText = repeat<kHead, kRow, 1>();
    static constexpr auto kManyText = repeat<kHead, kRow, kCount>();

    Query one;
    Query many;

    constexpr InsertMany(std::string_view name_of_one, std::string_view name_of_many)
        : one{name_of_one, kOneText.view()},
          many{name_of_many, kManyText.view()} {}

    /// `bind` appends the values of one item.
    template <class Items, class Bind>
    void run(Connection& connection, const Items& items, const Bind& bind) const {
        std::vector<Parameter> values;
        auto item = std::begin(items);
        for (std::size_t left = std::size(items); left > 0;) {
            const std::size_t rows = left >= kCount ? kCount : 1;
            values.clear();
            for (std::size_t i = 0; i < rows; ++i) bind(*item++, values);
            connection.execute(rows == kCount ? many : one, values);
            left -= rows;
        }
    }
};

}  // namespace pdx::sql
