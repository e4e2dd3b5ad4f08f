#include <algorithm>

#include "base/check.h"
#include "ledger/tile.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// The first byte says how many entries are asked for. What was cut makes up the bundle again.
void bundle(ByteView bytes) {
    if (bytes.empty()) return;
    const std::size_t count = bytes.front() + 1U;
    const ByteView rest = bytes.subspan(1);
    const auto decoded = ledger::decode_bundle(rest, count);
    PDX_CHECK(decoded.entries.size() <= count && decoded.end <= rest.size());
    Bytes again;
    for (const ledger::BundleEntry& entry : decoded.entries) {
        PDX_CHECK(entry.offset == again.size() + 2);
        ledger::append_to_bundle(again, entry.bytes);
    }
    PDX_CHECK(again.size() == decoded.end);
    PDX_CHECK(std::equal(again.begin(), again.end(), rest.begin()));
}

}  // namespace pdx::fuzz
