#pragma once
/// Which person a value of a subject column names.
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "privacy/compiled_operation.h"

namespace pdx::privacy {

/// The spellings of one number (full-width digits, spaces, dashes, lower-case x) are one person, as
/// they are one pseudonym: whoever writes a number in many ways must not count as many. `buffer`
/// holds the result where it is not a part of the value. Empty where nobody is named.
inline std::string_view person_of(std::string_view value, std::string& buffer) {
    return one_spelling(trimmed(value), buffer);
}

}  // namespace pdx::privacy
