#include "marketplace/http/server.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/Net/TCPServerParams.h>
#include <Poco/ThreadPool.h>
#include <sys/socket.h>

#include <deque>
#include <utility>

#include "marketplace/http/connection.h"
#include "marketplace/http/reply.h"

namespace pdx::http {
namespace {

/// Threads that are between two connections still count in Poco's pool.
constexpr int kSpareThreads = 16;
constexpr int kBacklog = 511;

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    Factory(const ServerConfig& config, Application& application, ConnectionRegistry& registry)
        : config_(config),
          application_(application),
          registry_(registry) {}

    Poco::Net::TCPServerConnection* createConnection(
        const Poco::Net::StreamSocket& socket) override {
        return new Connection(socket, config_, application_, registry_);
    }

private:
    const ServerConfig& config_;
    Application& application_;
    ConnectionRegistry& registry_;
};

/// Answers a connection over the limit without a thread of its own. Runs on the accepting thread.
class Admission final : public Poco::Net::TCPServerConnectionFilter {
public:
    Admission(ConnectionRegistry& registry, Application& application)
        : registry_(registry),
          application_(application) {}

    bool accept(const Poco::Net::StreamSocket& socket) override {
        if (registry_.admit()) return true;
        refuse(socket);
        return false;
    }

private:
    /// A refused socket stays open for a moment: closed at once, it would be reset by the request
    /// that is still on its way, and the answer lost.
    static constexpr std::size_t kLingering = 64;

    void refuse(Poco::Net::StreamSocket socket) {
        Request request;
        Response response = application_.refuse(request, ProtocolFault::kTooManyConnections);
        ReplyHead head;
        head.length = response.body.size();
        head.keep_alive = false;
        const std::string text = reply_head(response, head) + response.body;
        try {
            socket.sendBytes(text.data(), static_cast<int>(text.size()),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
            socket.shutdownSend();
        } catch (const Poco::Exception&) {
            return;
        }
        lingering_.push_back(std::move(socket));
        if (lingering_.size() > kLingering) lingering_.pop_front();
    }

    ConnectionRegistry& registry_;
    Application& application_;
    std::deque<Poco::Net::StreamSocket> lingering_;
};

Poco::Net::SocketAddress address_of(const ServerConfig& config) {
    try {
        return {config.address, config.port};
    } catch (const Poco::Exception&) {
        throw invalid("http.address", {"This is no address to listen on: " + config.address,
                                       "无法监听该地址：" + config.address});
    }
}

Poco::Net::ServerSocket listen(const ServerConfig& config) {
    const Poco::Net::SocketAddress address = address_of(config);
    try {
        Poco::Net::ServerSocket socket;
        // Without the third argument Poco would also set SO_REUSEPORT, and a second server on the
        // same port would silently take half of the connections.
        socket.bind(address, true, false);
        socket.listen(kBacklog);
        return socket;
    } catch (const Poco::Exception& failure) {
        const std::string where = config.address + ":" + std::to_string(config.port);
        throw busy("http.bind_failed",
                   {"Cannot listen on " + where + ". Is another program using the port?",
                    "无法监听 " + where + "，端口可能已被占用。"},
                   failure.displayText());
    }
}

Poco::Net::TCPServerParams::Ptr params(const ServerConfig& config) {
    Poco::Net::TCPServerParams::Ptr made = new Poco::Net::TCPServerParams;
    made->setMaxThreads(static_cast<int>(config.connections_max) + kSpareThreads);
    made->setMaxQueued(static_cast<int>(config.connections_max) + kSpareThreads);
    return made;
}

}  // namespace

struct Server::Impl {
    Impl(ServerConfig given, Application& application)
        : config(std::move(given)),
          registry(config.connections_max),
          pool(2, static_cast<int>(config.connections_max) + kSpareThreads),
          socket(listen(config)),
          port(socket.address().port()),
          server(new Factory(config, application, registry), pool, socket, params(config)) {
        server.setConnectionFilter(new Admission(registry, application));
    }

    ServerConfig config;
    ConnectionRegistry registry;
    Poco::ThreadPool pool;
    Poco::Net::ServerSocket socket;
    std::uint16_t port;
    Poco::Net::TCPServer server;
    bool running = false;
};

Server::Server(ServerConfig config, Application& application)
    : impl_(std::make_unique<Impl>(std::move(config), application)) {}

Server::~Server() { stop(); }

void Server::start() {
    impl_->server.start();
    impl_->running = true;
}

void Server::stop() {
    if (!std::exchange(impl_->running, false)) return;
    ConnectionRegistry& registry = impl_->registry;
    registry.stopping = true;
    impl_->server.stop();
    impl_->socket.close();
    registry.close_idle();
    if (!registry.wait_empty(impl_->config.timeouts.stop)) registry.close_all();
    impl_->pool.joinAll();
}

std::uint16_t Server::port() const { return impl_->port; }

std::size_t Server::connections() const { return impl_->registry.count(); }

}  // namespace pdx::http
