#pragma once
/// Who reads what is not theirs: the same two answers for every noun.
#include "marketplace/app/caller.h"

namespace pdx::app {

/// Auditors and the administrator of the exchange read everything.
inline bool reads_everything(const Caller& caller) {
    return domain::permitted(caller.role, domain::Permission::kReadEverything) ||
           domain::permitted(caller.role, domain::Permission::kRegisterParty);
}

/// The data authority too, where it decides: applications and products.
inline bool supervises(const Caller& caller) {
    return reads_everything(caller) ||
           domain::permitted(caller.role, domain::Permission::kDecideAccess);
}

}  // namespace pdx::app
