#include "tests/fuzz/table.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

void csv(ByteView bytes) { check_table(privacy::TableFormat::kCsv, as_text(bytes)); }

}  // namespace pdx::fuzz
