#include "marketplace/domain/statistic.h"

namespace pdx::domain {

static_assert(is_well_formed(machine_of(StatisticState{})));

}  // namespace pdx::domain
