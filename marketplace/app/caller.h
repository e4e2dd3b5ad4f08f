#pragma once
/// Who asks. Made by the authenticator at the edge; every service takes it as an argument.
#include "base/ids.h"
#include "marketplace/domain/permissions.h"

namespace pdx::app {

struct Caller {
    PartyId party;  ///< empty for the public
    domain::Role role = domain::Role::kAnonymous;
    bool anonymous = true;
};

/// The exchange itself: what time or a start demands, nobody asks for.
inline Caller system_caller() { return {{}, domain::Role::kExchangeAdmin, false}; }

}  // namespace pdx::app
