#pragma once
/// Sockets and threads: accepts, reads requests strictly, calls the application, writes replies.
/// One thread per connection, so the pool is as large as the connection limit; beyond it a
/// connection is answered 503 and closed at once instead of starving in a queue.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "marketplace/http/application.h"
#include "marketplace/http/limits.h"

namespace pdx::http {

struct ServerConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0 takes a free one
    std::size_t connections_max = 1024;
    Limits limits;
    Timeouts timeouts;
};

class Server {
public:
    /// Binds and listens; nothing is served before start().
    /// Throws: kBusy "http.bind_failed" when the address cannot be had.
    Server(ServerConfig config, Application& application);
    /// Stops.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    /// Accepts no more, lets running requests finish (bounded by Timeouts::stop), closes the rest.
    /// A handler that never returns is waited for: its thread cannot be taken away.
    void stop();
    std::uint16_t port() const;
    /// Open connections at this moment.
    std::size_t connections() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pdx::http
