#include "marketplace/domain/settlement.h"

#include "tests/domain/support/machines.h"

using namespace pdx::domain;
using pdx::domain::testing::check_machine;

TEST_CASE("settlement: every state takes exactly the events of the table", "[domain][settlement]") {
    check_machine<SettlementState, SettlementEvent>(
        "settlement", "calculated",
        {
            {"calculated", "confirm>confirmed reverse>reversed"},
            {"confirmed", "instruct>instructed reverse>reversed"},
            {"instructed", "pay>paid fail>failed"},
            {"paid", "reverse>reversed"},
            {"failed", "retry>instructed reverse>reversed"},
            {"reversed", ""},
        });
}
