#pragma once
/// Downloads a log as the static files of c2sp.org/tlog-tiles, over HTTP, as any reader would.
/// Works with every server of that format, not only with an exchange.
#include <cstdint>
#include <filesystem>
#include <string>

#include "ledger/export.h"
#include "marketplace/http/client_session.h"

namespace pdx::cli {

struct LogAddress {
    http::ServerAddress server;
    /// "/ledger/main/"; empty: the one log that the exchange names at /ledger/.
    std::string folder = {};

    /// http(s)://HOST[:PORT] of an exchange, or that with the path of a log.
    /// Throws: kInvalid "url".
    static LogAddress parse(const std::string& url);
};

/// What an export may be told.
struct ExportSettings {
    ledger::Progress progress = {};
    ledger::OldPartials old_partials = ledger::OldPartials::kKeep;
};

/// Brings `folder` to what the server has now, see ledger::export_log(). Verifies nothing: that is
/// pdx-verify's work.
/// Returns: entries in the log. Throws: what export_log() throws; std::runtime_error naming what
/// could not be fetched; kBusy "exchange.unreachable".
std::uint64_t download_log(const LogAddress& log, const std::filesystem::path& folder,
                           const ExportSettings& settings = {});

}  // namespace pdx::cli
