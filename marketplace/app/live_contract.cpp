#include "marketplace/app/live_contract.h"

#include "base/error.h"

namespace pdx::app {

store::Contract require_live(sql::Connection& db, const ContractId& id, Timestamp now) {
    auto contract = store::find_contract(db, id);
    if (!contract) throw not_found("contract");
    domain::check_live(contract->facts(), now);
    return *std::move(contract);
}

}  // namespace pdx::app
