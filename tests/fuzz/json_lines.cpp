#include "tests/fuzz/table.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

void json_lines(ByteView bytes) { check_table(privacy::TableFormat::kJsonLines, as_text(bytes)); }

}  // namespace pdx::fuzz
