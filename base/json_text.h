#pragma once
/// JSON strings as RFC 8785 writes them: one text per value. Pointers into JSON.
#include <cstddef>
#include <string>
#include <string_view>

namespace pdx {

/// Appends the string in quotes. Requires: UTF-8, or the caller refuses what is not; false says
/// that a byte above 0x7F was among it.
/// Source: RFC 8785 section 3.2.2.2.
bool append_json_string(std::string& out, std::string_view text);

/// Where the run of bytes from `at` on ends that stand for themselves in a string: printable ASCII
/// but quote and backslash.
std::size_t plain_json_end(std::string_view text, std::size_t at);

/// The pointer to a member of the object at `pointer`, or to an element by its number.
/// Source: RFC 6901 section 3.
std::string json_pointer_to(std::string pointer, std::string_view name);

}  // namespace pdx
