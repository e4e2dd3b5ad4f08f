#pragma once
/// A leaked table against all that a test's exchange delivered.
#include <string>

#include "marketplace/app/leak_trace.h"
#include "tests/app/support/trade.h"

namespace pdx::test {

/// A contract or delivery is named when chance accuses an innocent with 10^-6 at most.
app::LeakTrace traced(Trade& trade, const std::string& csv);

}  // namespace pdx::test
