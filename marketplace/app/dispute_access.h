#pragma once
/// Who sees what of a dispute: as order_access.h.
#include "marketplace/app/caller.h"
#include "marketplace/app/oversight.h"
#include "marketplace/store/dispute_store.h"

namespace pdx::app {

inline bool is_party_of(const Caller& caller, const store::Dispute& dispute) {
    return !caller.party.empty() &&
           (caller.party == dispute.claimant_id || caller.party == dispute.respondent_id);
}

/// Arbitrators read every dispute.
inline bool reads_disputes(const Caller& caller) {
    return reads_everything(caller) ||
           domain::permitted(caller.role, domain::Permission::kDecideDispute);
}

}  // namespace pdx::app
