#pragma once
/// The short form of a privacy operation, as people ask for it, sources rule on it and contracts
/// state it: pass, redact, drop, pseudonym, pseudonym(uscc), keep_first_last(3,4),
/// round_number(1000), round_number(1,2), generalise_region... One text per operation.
#include <optional>
#include <string>
#include <string_view>

#include "privacy/policy.h"

namespace pdx::app {

/// Unit: bytes; the width of application_field.operation.
inline constexpr std::size_t kOperationTextMax = 200;

std::string operation_text(const privacy::Operation& operation);
/// Ensures: operation_text(result) == text.
std::optional<privacy::Operation> parse_operation(std::string_view text);

}  // namespace pdx::app
