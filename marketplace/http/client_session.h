#pragma once
/// Connections that we open to others: witnesses, and exchanges whose log somebody reads. Over
/// https the server's certificate must be valid for its name, signed by an authority that this
/// machine trusts; OpenSSL's SSL_CERT_FILE and SSL_CERT_DIR name others, for a city's own.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace Poco::Net {  // NOLINT(readability-identifier-naming): Poco's own
class HTTPClientSession;
}

namespace pdx::http {

struct ServerAddress {
    std::string host;
    std::uint16_t port = 0;
    bool secure = false;

    /// "https://host:port".
    std::string text() const;
    auto operator<=>(const ServerAddress&) const = default;
};

struct ServerUrl {
    ServerAddress server;
    std::string path;  ///< may be empty

    /// http://HOST[:PORT][/PATH] or https://HOST[:PORT][/PATH]; nullopt for anything else, also
    /// with a user, a query or a fragment.
    static std::optional<ServerUrl> parse(const std::string& url);
};

/// Not connected yet. `authorities`: a file of PEM certificates to trust instead of the machine's.
/// Throws: Poco::Exception when that file cannot be read.
std::unique_ptr<Poco::Net::HTTPClientSession> open_session(const ServerAddress& server,
                                                           const std::string& authorities = {});

}  // namespace pdx::http
