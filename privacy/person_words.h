#pragma once
/// Words that are said of persons and of nothing else, and words that stand where a value is
/// missing. A column of such words tells what it is without any header.
#include <optional>
#include <string_view>

#include "privacy/kind.h"

namespace pdx::privacy {

/// Sex, ethnicity (the 56 of the national list), marital and political status and religion,
/// schooling, blood group and disability, diagnoses by their last character or by the shape of an
/// ICD-10 code with a decimal (J18.9). Requires: no spaces at the ends.
std::optional<Kind> kind_of_person_word(std::string_view value);

/// NULL, N/A, -, /, 无, 不详 and the like. Requires: no spaces at the ends. True of an empty text.
bool is_missing_word(std::string_view value);

}  // namespace pdx::privacy
