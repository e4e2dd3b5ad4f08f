#pragma once
/// The composition root of a witness that runs alone: its key, its database, its routes.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "ledger/witness.h"

namespace pdx::cli {

struct WitnessSettings {
    std::filesystem::path data = "witness";  ///< key and embedded database
    std::string database;                    ///< URL; empty: the embedded database in `data`
    std::string name;                        ///< of the witness's key, for good
    std::string address = "127.0.0.1";
    std::uint16_t port = 8090;  ///< 0: any free port
    std::size_t connections_max = 256;
    ledger::WitnessedLogs logs;
    bool readable_log = false;
    bool quiet_log = false;
    std::filesystem::path key_file;  ///< opens the sealed key; empty: a passphrase does
};

class WitnessServer {
public:
    /// Opens or creates folder and key, and listens.
    /// Throws: Error kConflict "witness.other_name" when the folder's key has another name;
    /// kInvalid "witness.name", "witness.no_logs"; what storage and server throw.
    explicit WitnessServer(const WitnessSettings& settings);
    ~WitnessServer();
    WitnessServer(const WitnessServer&) = delete;
    WitnessServer& operator=(const WitnessServer&) = delete;

    std::uint16_t port() const;
    const std::string& vkey() const;
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace pdx::cli
