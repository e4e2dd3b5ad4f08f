#pragma once
/// An exchange in this process with a small market on it, and what must hold when it refuses
/// something: a plain problem+json, and nothing half-written.
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "marketplace/cli/exchange.h"
#include "tests/support/small_market.h"
#include "tests/support/temp_folder.h"

namespace pdx::test {

struct LiveMarket {
    LiveMarket();

    TempFolder folder;
    cli::Settings settings;
    cli::Exchange exchange;
    SmallMarket market;

    /// Files in the blob store, uploads in progress included.
    std::size_t blobs() const;
    /// Takes what was uploaded last through the whole story to a settled order: the proof that
    /// nothing that came before did any harm. Returns: the delivered file.
    std::string finish_story(const std::string& resource) const;
};

/// A request that must be refused.
struct Refused {
    std::string name;
    std::string alias;
    HttpCall call;
    int status;
    std::string code;
    std::string state = {};  ///< that refused, where there is one
};

HttpCall post_call(const std::string& path, const json& body = json::object());

/// The answer is RFC 9457 with this status and code, and the request id of the header.
/// Returns: the problem.
json check_problem(const RawReply& reply, int status, const std::string& code);

/// Sends it, checks the problem, and that the ledger, the blobs and the thing at `watched` (read
/// as the one who may) are what they were. Returns: the problem.
json check_refused(const LiveMarket& live, const Refused& refused,
                   const std::optional<std::pair<std::string, std::string>>& watched = {});

}  // namespace pdx::test
