#pragma once
/// The witness's own route table (c2sp.org/tlog-witness): it runs beside no exchange, as a partner
/// institution does for another city's ledger.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/witness.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// What the routes need. Thread: called from every connection's thread.
struct WitnessOperations {
    std::string vkey;
    std::function<ledger::WitnessAnswer(std::string_view body)> add_checkpoint;
    std::function<std::optional<std::string>(std::string_view log_id)> checkpoint;
};

std::vector<Route> witness_routes(const WitnessOperations& operations);

}  // namespace pdx::http
