#pragma once
/// How both drivers report failures, in one place, so that a caller cannot tell them apart. The
/// context names the statement and the server's code; never a bound value, which may be personal.
#include <string>

#include "base/error.h"

namespace pdx::sql {

/// kConflict "database.duplicate": a unique key exists already.
Error duplicate_key(std::string context);
/// kBusy "database.busy": locked, deadlocked or unreachable; the same command may be tried again.
Error database_busy(std::string context);

}  // namespace pdx::sql
