#include <vector>

#include "base/check.h"
#include "privacy/scanner.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// Findings ascend and lie in the text, every machine finds the same, and an end of line behind the
/// text changes nothing.
void scan(ByteView bytes) {
    std::string text(as_text(bytes));
    std::vector<privacy::Finding> found;
    privacy::scan(text, found);
    std::size_t end = 0;
    for (const privacy::Finding& one : found) {
        PDX_CHECK(one.size > 0 && one.begin >= end);
        end = one.begin + one.size;
    }
    PDX_CHECK(end <= text.size());
    std::vector<privacy::Finding> again;
    privacy::scan(text, again, privacy::mask_portable);
    PDX_CHECK(again == found);
    again.clear();
    text += '\n';
    privacy::scan(text, again);
    PDX_CHECK(again == found);
}

}  // namespace pdx::fuzz
