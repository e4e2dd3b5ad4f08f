#pragma once
/// One connection, served by one thread: read a head, call the application, write the reply, again.
/// Included by server.cpp alone; with it, the only place that names Poco's server.
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServerConnection.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>

#include "marketplace/http/server.h"

namespace pdx::http {

/// Which connections are open, and which of them wait for a request and may be closed at any time.
/// Thread: any.
class ConnectionRegistry {
public:
    struct Entry {
        explicit Entry(const Poco::Net::StreamSocket& s) : socket(s) {}
        Poco::Net::StreamSocket socket;
        std::atomic<bool> idle{true};
    };
    using Handle = std::list<Entry>::iterator;

    explicit ConnectionRegistry(std::size_t connections_max) : connections_max_(connections_max) {}

    /// Takes a place, or says that there is none.
    bool admit();
    Handle add(const Poco::Net::StreamSocket& socket);
    /// Gives the place back.
    void remove(Handle handle);
    void close_idle();
    void close_all();
    bool wait_empty(std::chrono::milliseconds limit);
    std::size_t count() const;

    std::atomic<bool> stopping{false};

private:
    mutable std::mutex mutex_;
    std::condition_variable empty_;
    std::list<Entry> entries_;
    std::size_t admitted_ = 0;
    std::size_t connections_max_;
};

class Connection final : public Poco::Net::TCPServerConnection {
public:
    Connection(const Poco::Net::StreamSocket& socket, const ServerConfig& config,
               Application& application, ConnectionRegistry& registry);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    void run() override;

private:
    const ServerConfig& config_;
    Application& application_;
    ConnectionRegistry& registry_;
    ConnectionRegistry::Handle handle_;
};

}  // namespace pdx::http
