#pragma once
/// A refusal as text, so that a repeated request is refused with the same words.
#include <string>
#include <string_view>

#include "base/error.h"

namespace pdx::app {

std::string refusal_text(const Error& error);
/// Throws: InvariantViolation when the text is not one that refusal_text wrote.
Error parse_refusal(std::string_view text);

}  // namespace pdx::app
