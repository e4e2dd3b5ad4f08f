#pragma once
/// Who sees an application, a contract, a token reversal, a product: as order_access.h.
#include "marketplace/app/caller.h"
#include "marketplace/app/oversight.h"
#include "marketplace/store/application_store.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/product_store.h"
#include "marketplace/store/token_reversal_store.h"

namespace pdx::app {

inline bool may_read(const Caller& caller, const store::Application& application) {
    return caller.party == application.operator_id || caller.party == application.provider_id ||
           supervises(caller);
}

inline bool may_read(const Caller& caller, const store::Contract& contract) {
    return caller.party == contract.operator_id || caller.party == contract.provider_id ||
           caller.party == contract.authority_id || reads_everything(caller);
}

inline bool may_read(const Caller& caller, const store::TokenReversal& reversal) {
    return caller.party == reversal.operator_id || caller.party == reversal.provider_id ||
           caller.party == reversal.authority_id || reads_everything(caller);
}

/// A registered product is everybody's to read.
inline bool may_read(const Caller& caller, const store::Product& product) {
    return product.state == domain::ProductState::kRegistered ||
           caller.party == product.operator_id || supervises(caller);
}

}  // namespace pdx::app
