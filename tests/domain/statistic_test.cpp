#include "marketplace/domain/statistic.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;

TEST_CASE("statistic: what was answered once is never answered anew", "[domain][statistic]") {
    check_machine<StatisticState, StatisticEvent>("statistic", "reserved",
                                                  {
                                                      {"reserved", "answer>answered"},
                                                      {"answered", ""},
                                                  });
}
