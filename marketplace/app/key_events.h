#pragma once
/// The entries of a ledger that name its own keys.
#include <optional>
#include <string>

#include "ledger/key_history.h"
#include "marketplace/app/writer.h"
#include "sql/sql.h"

namespace pdx::app {

/// What the stored entries say of the log's keys; nullopt when they name none, as in a log that
/// still signs with the key that it began with.
/// Throws: LedgerViolation when they do not follow from each other.
std::optional<ledger::KeyHistory> read_key_history(sql::Connection& db, const std::string& origin);

/// Appends the entry. Requires: the event follows (KeyHistory::apply()).
Outcome record_key_event(Writer& writer, const ledger::KeyEvent& event);

}  // namespace pdx::app
