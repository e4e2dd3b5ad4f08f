#pragma once
/// The composition root: builds the exchange from its settings, in the order in which the parts
/// need each other, and takes it down in reverse.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "marketplace/app/writer.h"
#include "marketplace/cli/settings.h"

namespace pdx::cli {

class Exchange {
public:
    /// Opens or creates the data folder and its keys, brings the schema up to date, checks the
    /// ledger's head, and starts to listen.
    /// Throws: Error and std::system_error with what is wrong and where.
    explicit Exchange(const Settings& settings, app::WriterOptions writer = {});
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    std::uint16_t port() const;
    /// The log's public key as a C2SP vkey; while a new key takes over, the old one.
    const std::string& vkey() const;
    /// What the operator must know when the local record of signed heads had been lost.
    std::optional<Text> record_notice() const;
    /// False when the keys in the data folder are plain files: for a demonstration only.
    bool keys_sealed() const;
    /// The first administrator's token, present only when this start created the exchange. It is
    /// also kept in DATA/admin-token (mode 0600).
    const std::optional<std::string>& first_token() const;
    app::WriterStats writer_stats() const;
    /// Stops accepting, finishes what runs, commits what is queued.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace pdx::cli
