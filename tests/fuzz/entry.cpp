#include "ledger/entry.h"

#include "base/check.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// An entry that can be read is written again byte for byte; one that cannot be is still canonical
/// or has a fault within it.
void entry(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto parsed = ledger::parse_entry(text);
    const bool canonical = ledger::is_canonical(text);
    PDX_CHECK(canonical == (parsed.reading != ledger::EntryReading::kNotCanonical));
    if (!canonical) PDX_CHECK(parsed.fault.offset <= text.size());
    if (parsed.reading != ledger::EntryReading::kRead || text.size() > ledger::kEntryBytesMax) {
        return;
    }
    const Bytes again = ledger::encode_entry(parsed.entry);
    PDX_CHECK(as_text(again) == text);
}

}  // namespace pdx::fuzz
