#pragma once
/// A whole edge for tests: routes that show every body mode and every way of failing, a fixed
/// clock, a log in memory, and a server on a free port.
#include <atomic>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "marketplace/http/dispatch.h"
#include "marketplace/http/page.h"
#include "marketplace/http/server.h"
#include "tests/support/raw_client.h"

namespace pdx::test {

class FixedClock final : public Clock {
public:
    Timestamp now() const override { return *Timestamp::parse("2026-03-01T08:00:00Z"); }
};

/// "buyer-token" and the like: the role's name and "-token".
class RoleAuthenticator final : public http::Authenticator {
public:
    app::Caller authenticate(std::string_view token) override;
};

/// The routes of the tests:
///   GET  /hello            open            "hello"
///   POST /echo             open, JSON      the text of {"text": ...}
///   POST /upload           open, stream    bytes received
///   POST /ignore           open, stream    answers without reading
///   POST /empty            open            takes no body
///   GET  /orders/{order_id} read_own       the id
///   POST /orders           place_order, JSON, write
///   GET  /fail/{how}       open            fails in many ways
///   GET  /stream/{how}     open            streamed replies
///   GET  /files/{path...}  open            the path
///   GET  /slow             open            answers when released
std::vector<http::Route> test_routes(std::atomic<int>& waiting, std::atomic<bool>& released);

class Edge {
public:
    explicit Edge(http::DispatchConfig config = {});
    /// Without a socket. `head` as "GET /path", headers after it in lower case.
    http::Response call(std::string method, std::string target, http::HeaderList headers = {},
                        std::string body = {});
    http::Dispatcher& dispatcher() { return *dispatcher_; }
    std::string log_text() { return log_out_.str(); }

    std::atomic<int> waiting{0};
    std::atomic<bool> released{false};

private:
    FixedClock clock_;
    RandomIdSource ids_;
    RoleAuthenticator authenticator_;
    std::ostringstream log_out_;
    http::AccessLog log_{log_out_, http::LogFormat::kJson, clock_};
    http::Router router_;
    std::unique_ptr<http::Dispatcher> dispatcher_;
};

/// A config with time-outs short enough for tests.
http::ServerConfig quick_config();

class LiveEdge {
public:
    explicit LiveEdge(http::ServerConfig config = quick_config());
    ~LiveEdge() { server.stop(); }
    std::uint16_t port() const { return server.port(); }

    Edge edge;
    http::Server server;
};

}  // namespace pdx::test
