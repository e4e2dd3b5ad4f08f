#include "marketplace/http/client_session.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>

namespace pdx::http {

std::string ServerAddress::text() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (secure ? "https://" : "http://") + (is_v6 ? '[' + host + ']' : host) + ':' +
           std::to_string(port);
}

std::optional<ServerUrl> ServerUrl::parse(const std::string& url) {
    try {
        const Poco::URI uri(url);
        const bool secure = uri.getScheme() == "https";
        if ((!secure && uri.getScheme() != "http") || uri.getHost().empty() || uri.getPort() == 0 ||
            !uri.getUserInfo().empty() || !uri.getRawQuery().empty() ||
            !uri.getFragment().empty()) {
            return std::nullopt;
        }
        return ServerUrl{{uri.getHost(), uri.getPort(), secure}, uri.getPathEtc()};
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

std::unique_ptr<Poco::Net::HTTPClientSession> open_session(const ServerAddress& server,
                                                           const std::string& authorities) {
    using Poco::Net::Context;
    if (!server.secure) {
        return std::make_unique<Poco::Net::HTTPClientSession>(server.host, server.port);
    }
    const auto trusting = [](const std::string& file) {
        constexpr int kChainMax = 9;
        // STRICT, or Poco believes any certificate of the name localhost.
        Context::Ptr context(new Context(Context::TLS_CLIENT_USE, "", "", file,
                                         Context::VERIFY_STRICT, kChainMax, file.empty()));
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        return context;
    };
    if (!authorities.empty()) {
        return std::make_unique<Poco::Net::HTTPSClientSession>(server.host, server.port,
                                                               trusting(authorities));
    }
    // The machine's authorities are some hundred certificates: read once.
    static const Context::Ptr machine = trusting({});
    return std::make_unique<Poco::Net::HTTPSClientSession>(server.host, server.port, machine);
}

}  // namespace pdx::http
