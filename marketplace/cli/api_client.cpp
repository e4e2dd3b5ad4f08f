#include "marketplace/cli/api_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "base/crypto.h"

namespace pdx::cli {
namespace {

constexpr int kTimeoutSeconds = 600;

/// Runs one exchange with the server; a network failure names the server.
template <typename Talk>
ApiAnswer reach(const http::ServerAddress& server, Talk talk) {
    try {
        return talk();
    } catch (const Poco::Exception& failure) {
        throw unreachable(server.text(), failure.displayText());
    }
}

ApiAnswer receive(Poco::Net::HTTPClientSession& session) {
    Poco::Net::HTTPResponse response;
    std::istream& stream = session.receiveResponse(response);
    ApiAnswer answer{static_cast<int>(response.getStatus()), response.getContentType(), {}};
    Poco::StreamCopier::copyToString(stream, answer.body);
    return answer;
}

void add_headers(Poco::Net::HTTPRequest& request, const std::string& token) {
    if (!token.empty()) request.set("Authorization", "Bearer " + token);
    if (request.getMethod() != "GET") {
        constexpr std::size_t kKeyBytes = 16;
        request.set("Idempotency-Key", to_hex(random_bytes(kKeyBytes)));
    }
}

}  // namespace

nlohmann::json ApiAnswer::json() const { return nlohmann::json::parse(body); }

Error unreachable(const std::string& where, const std::string& why) {
    return busy("exchange.unreachable", {"No exchange answers at " + where + " (" + why + ").",
                                         "无法连接交易平台 " + where + "（" + why + "）。"});
}

ApiClient::ApiClient(http::ServerAddress server, std::string token)
    : server_(std::move(server)),
      token_(std::move(token)) {}

ApiClient::ApiClient(std::string host, std::uint16_t port, std::string token)
    : ApiClient(http::ServerAddress{std::move(host), port, false}, std::move(token)) {}

ApiAnswer ApiClient::get(const std::string& path) const { return send("GET", path, std::nullopt); }

ApiAnswer ApiClient::post(const std::string& path, const nlohmann::json& body) const {
    return send("POST", path, body.dump());
}

ApiAnswer ApiClient::send(const std::string& method, const std::string& path,
                          const std::optional<std::string>& body) const {
    return reach(server_, [&] {
        const auto session = http::open_session(server_);
        session->setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        add_headers(request, token_);
        if (body) {
            request.setContentType("application/json");
            request.setContentLength64(static_cast<Poco::Int64>(body->size()));
        }
        std::ostream& stream = session->sendRequest(request);
        if (body) stream << *body;
        return receive(*session);
    });
}

ApiAnswer ApiClient::upload(const std::string& path, const std::string& type, std::istream& content,
                            std::uint64_t bytes,
                            const std::function<void(std::uint64_t)>& progress) const {
    return reach(server_, [&] {
        const auto session = http::open_session(server_);
        session->setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        Poco::Net::HTTPRequest request("POST", path, Poco::Net::HTTPMessage::HTTP_1_1);
        add_headers(request, token_);
        request.setContentType(type);
        request.setContentLength64(static_cast<Poco::Int64>(bytes));
        std::ostream& stream = session->sendRequest(request);
        constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;
        std::vector<char> piece(kPieceBytes);
        std::uint64_t sent = 0;
        while (stream) {
            content.read(piece.data(), static_cast<std::streamsize>(piece.size()));
            if (content.gcount() == 0) break;
            stream.write(piece.data(), content.gcount());
            sent += static_cast<std::uint64_t>(content.gcount());
            progress(sent);
        }
        stream.flush();
        return receive(*session);
    });
}

nlohmann::json cny_fen(const std::string& amount) {
    return {{"amount", amount}, {"currency", "CNY"}, {"unit", "fen"}};
}

}  // namespace pdx::cli
