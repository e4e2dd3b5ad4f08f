#pragma once
/// Looks a std::string key up by std::string_view, without a copy.
#include <functional>
#include <string_view>

namespace pdx::sql {

struct TextHash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

}  // namespace pdx::sql
