#pragma once
/// A small client of the HTTP API, for the demonstration and the tools.
#include <cstdint>
#include <functional>
#include <istream>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "marketplace/http/client_session.h"

namespace pdx::cli {

struct ApiAnswer {
    int status = 0;
    std::string content_type;
    std::string body;
    /// Throws: nlohmann's parse error when the body is not JSON.
    nlohmann::json json() const;
};

/// Thread: not shared.
class ApiClient {
public:
    explicit ApiClient(http::ServerAddress server, std::string token = {});
    /// Over plain HTTP, as on one's own machine.
    ApiClient(std::string host, std::uint16_t port, std::string token = {});

    ApiAnswer get(const std::string& path) const;
    ApiAnswer post(const std::string& path, const nlohmann::json& body) const;
    /// Streams `content` as `type`; `progress` gets the bytes sent so far.
    ApiAnswer upload(const std::string& path, const std::string& type, std::istream& content,
                     std::uint64_t bytes, const std::function<void(std::uint64_t)>& progress) const;

private:
    ApiAnswer send(const std::string& method, const std::string& path,
                   const std::optional<std::string>& body) const;

    http::ServerAddress server_;
    std::string token_;
};

/// Nobody answers at an address; `why` is the network's word.
Error unreachable(const std::string& where, const std::string& why);

/// Money as the API takes it. `amount`: whole fen, in decimal digits.
nlohmann::json cny_fen(const std::string& amount);

}  // namespace pdx::cli
