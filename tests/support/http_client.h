#pragma once
/// An HTTP client that repairs nothing: what a test says is what is sent, and an answer that comes
/// before the request is through is still read. A new connection for every request.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/raw_client.h"

namespace pdx::test {

struct HttpCall {
    std::string method = "GET";
    std::string path;
    std::string body = {};
    /// On top of Host, Connection, Authorization, Content-Type and Content-Length.
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string content_type = "application/json";
};

/// Gives the next piece of a body; empty at the end.
using Pieces = std::function<std::string_view()>;

/// Thread: any, it holds no connection.
class HttpClient {
public:
    explicit HttpClient(std::uint16_t port, std::string token = {});

    /// Absent when there was no whole answer: the server is gone.
    std::optional<RawReply> try_call(const HttpCall& call) const;
    /// Throws: std::runtime_error when there was no whole answer.
    RawReply call(const HttpCall& call) const;
    RawReply get(const std::string& path) const;
    /// Sends the body in chunks of unknown number, in constant memory. `call.body` is not used.
    RawReply stream(const HttpCall& call, const Pieces& next) const;

private:
    std::string head_of(const HttpCall& call, std::string_view framing) const;

    std::uint16_t port_;
    std::string token_;
};

}  // namespace pdx::test
