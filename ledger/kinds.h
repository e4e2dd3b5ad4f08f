#pragma once
/// The one table of all kinds of entries that this exchange appends, with their schemas. To add a
/// kind, write a line in ledger/kinds.cpp; a body that changes is a new version beside the old one.
/// What is not in the table is not appended; a reader that meets it cannot interpret it.
#include <string>
#include <string_view>

#include "ledger/entry_schema.h"

namespace pdx::ledger {

/// The table as it is written: what docs/LEDGER_FORMAT.md holds, word for word.
std::string_view kinds_text();
/// Thread: any.
const KindTable& kinds();
/// The table for other programs. Shape: {"words":{name:[..]},"objects":{name:{member:
/// {"optional":..,"type":..}}},"kinds":[{"kind":..,"v":..,"entity":[..],"body":{..}}]}
std::string kinds_json();

}  // namespace pdx::ledger
