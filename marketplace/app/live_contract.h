#pragma once
/// The one question before anything is done under a contract.
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/store/contract_store.h"
#include "sql/sql.h"

namespace pdx::app {

/// The contract, which is in force and within its term. Use the transaction's connection and time
/// in a command, so that nothing comes between the question and the act.
/// Throws: not_found("contract"); kConflict `contract.not_live`.
store::Contract require_live(sql::Connection& db, const ContractId& id, Timestamp now);

}  // namespace pdx::app
