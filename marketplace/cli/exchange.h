#pragma once
/// The composition root: builds the exchange from its settings, in the order in which the parts
/// need each other, and takes it down in reverse.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

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
    /// The log's public key as a C2SP vkey.
    const std::string& vkey() const;
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
