#pragma once
/// The formats of ledger/entry_schema.h, one text each. Internal to ledger/.
#include <optional>
#include <string_view>

#include "ledger/entry_schema.h"

namespace pdx::ledger {

/// The format of this name; words, objects and lists have none.
std::optional<FieldType> parse_field_type(std::string_view name);

/// `raw`: what stands between the quotes of a canonical JSON string. No format has a character that
/// would be escaped, so an escape matches none.
bool matches_format(FieldType type, std::string_view raw);

}  // namespace pdx::ledger
