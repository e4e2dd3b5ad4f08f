#include "marketplace/domain/settlement.h"

namespace pdx::domain {

static_assert(is_well_formed(machine_of(SettlementState{})));

}  // namespace pdx::domain
