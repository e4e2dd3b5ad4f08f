#pragma once
/// Every setting of the exchange: name, unit, default.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ledger/note.h"
#include "ledger/rollback_gate.h"

namespace pdx::cli {

struct Settings {
    std::filesystem::path data = "data";  ///< keys, blobs, and the embedded database
    std::string database;                 ///< URL; empty: the embedded database in `data`
    std::filesystem::path key_file;       ///< opens the sealed keys; empty: a passphrase does
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;                       ///< 0: any free port
    std::string origin = "pdx.example/ledger/main";  ///< name of the log and of its key
    std::string rules = "cn-2025";                   ///< rule profile for new decisions
    bool sm2 = false;                                ///< checkpoints carry an SM2 line, too
    std::filesystem::path export_folder;  ///< static copy of the log to compare with; may be empty
    /// What the witnesses saw of this log, asked before the first signature. Only what is verified
    /// against the given keys of the log (every key that it ever had) or told by a trusted witness.
    std::function<std::vector<ledger::SeenHead>(std::span<const ledger::NoteVerifier> log_keys)>
        witness_heads;
    std::size_t connections_max = 1024;
    std::size_t readers_max = 16;  ///< database connections for reads
    std::string patterns;  ///< file of numbers of its own that the exchange looks for; may be empty
    /// Of one delivery, from its request until it is published.
    std::chrono::minutes delivery_time_max{60};
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
