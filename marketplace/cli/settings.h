#pragma once
/// Every setting of the exchange: name, unit, default.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace pdx::cli {

struct Settings {
    std::filesystem::path data = "data";  ///< keys, blobs, and the embedded database
    std::string database;                 ///< URL; empty: the embedded database in `data`
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;                       ///< 0: any free port
    std::string origin = "pdx.example/ledger/main";  ///< name of the log and of its key
    std::string rules = "cn-2025";                   ///< rule profile for new decisions
    std::size_t connections_max = 1024;
    std::size_t readers_max = 16;  ///< database connections for reads
    /// tlog-policy file: this log's witnesses and their quorum; empty: none.
    std::filesystem::path policy;
    /// Serve the newest checkpoint even where the policy's quorum has not seen it yet.
    bool publish_unwitnessed = false;
    std::chrono::milliseconds witness_interval{1'000};  ///< between two checkpoints shown
    /// Pause after each piece of the background check of the ledger; 0: no such check.
    std::chrono::milliseconds patrol_pause{100};
    bool readable_log = false;  ///< access log for a person instead of JSON lines
    bool quiet_log = false;     ///< no access log at all
};

}  // namespace pdx::cli
