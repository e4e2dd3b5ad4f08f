#include "marketplace/http/connection.h"

#include <Poco/Exception.h>

#include <utility>

#include "marketplace/http/reply.h"
#include "marketplace/http/wire.h"

namespace pdx::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// The requests of one connection, in turn.
class Session {
public:
    Session(Poco::Net::StreamSocket& socket, std::string peer, const ServerConfig& config,
            Application& application, ConnectionRegistry& registry,
            ConnectionRegistry::Entry& entry)
        : wire_(socket, config.timeouts),
          peer_(std::move(peer)),
          config_(config),
          application_(application),
          registry_(registry),
          entry_(entry) {}

    /// Ensures: true when the connection can take another request.
    bool serve_one();

private:
    enum class HeadResult { kReady, kRefused, kClosed };

    HeadResult read_head(HeadParser& parser, ProtocolFault& fault);
    Request make_request(RequestHead& head) const;
    void refuse(HeadParser& parser, ProtocolFault fault);
    bool reply(Request& request, Response& response, WireBody* body, bool keep_alive,
               SteadyClock::time_point start);
    bool send(const Request& request, Response& response, bool keep_alive);
    bool send_whole(const Request& request, const Response& response, bool keep_alive);
    bool send_stream(const Request& request, Response& response, bool keep_alive);

    Wire wire_;
    std::string peer_;
    const ServerConfig& config_;
    Application& application_;
    ConnectionRegistry& registry_;
    ConnectionRegistry::Entry& entry_;
    bool truncated_ = false;
};

Session::HeadResult Session::read_head(HeadParser& parser, ProtocolFault& fault) {
    const auto waiting_since = SteadyClock::now();
    auto began = waiting_since;
    while (true) {
        if (!wire_.pending().empty()) {
            if (!parser.started()) began = SteadyClock::now();
            std::size_t consumed = 0;
            const HeadParser::Status status = parser.feed(wire_.pending(), consumed);
            wire_.consume(consumed);
            if (status == HeadParser::Status::kDone) return HeadResult::kReady;
            if (status == HeadParser::Status::kRefused) {
                fault = parser.fault();
                return HeadResult::kRefused;
            }
        }
        if (registry_.stopping && !parser.started()) return HeadResult::kClosed;
        const auto now = SteadyClock::now();
        if (parser.started() && now - began > config_.timeouts.head) {
            fault = ProtocolFault::kTimeout;
            return HeadResult::kRefused;
        }
        if (!parser.started() && now - waiting_since > config_.timeouts.idle) {
            return HeadResult::kClosed;
        }
        if (wire_.receive() == Wire::Received::kEnd) return HeadResult::kClosed;
    }
}

Request Session::make_request(RequestHead& head) const {
    Request request;
    const std::size_t question = head.target.find('?');
    request.method = std::move(head.method);
    request.path = head.target.substr(0, question);
    if (question != std::string::npos) request.query = head.target.substr(question + 1);
    request.headers = std::move(head.headers);
    request.version_minor = head.version_minor;
    request.peer = peer_;
    return request;
}

bool Session::serve_one() {
    HeadParser parser(config_.limits);
    ProtocolFault fault = ProtocolFault::kRequestLine;
    entry_.idle = true;
    const HeadResult result = read_head(parser, fault);
    entry_.idle = false;
    if (result == HeadResult::kClosed) return false;
    if (result == HeadResult::kRefused) {
        refuse(parser, fault);
        return false;
    }
    const auto start = SteadyClock::now();
    RequestHead head = parser.take();
    const bool keep_alive = head.keep_alive;
    WireBody body(wire_, head, config_.limits, config_.timeouts);
    Request request = make_request(head);
    request.reader = &body;
    Response response = application_.handle(request);
    return reply(request, response, &body, keep_alive, start);
}

void Session::refuse(HeadParser& parser, ProtocolFault fault) {
    const auto start = SteadyClock::now();
    RequestHead head = parser.head();
    Request request = make_request(head);
    Response response = application_.refuse(request, fault);
    reply(request, response, nullptr, false, start);
}

bool Session::reply(Request& request, Response& response, WireBody* body, bool keep_alive,
                    SteadyClock::time_point start) {
    // An unread body must never be taken for the next request: read it away or close.
    const bool drained = body != nullptr && body->drain();
    const bool stays = keep_alive && drained && !response.close && !registry_.stopping;
    const std::uint64_t sent_before = wire_.sent_bytes();
    bool open = false;
    try {
        open = send(request, response, stays);
    } catch (const PeerGone&) {
        truncated_ = true;
    }
    Completion completion;
    completion.status = response.status;
    completion.bytes = wire_.sent_bytes() - sent_before;
    completion.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start);
    completion.truncated = truncated_;
    application_.complete(request, response, completion);
    if (!open && !truncated_ && !drained) wire_.linger();
    return open;
}

bool Session::send(const Request& request, Response& response, bool keep_alive) {
    try {
        if (response.producer && request.method != "HEAD" && status_has_body(response.status)) {
            return send_stream(request, response, keep_alive);
        }
        return send_whole(request, response, keep_alive);
    } catch (const PeerGone&) {
        throw;
    } catch (...) {
        // Nothing has left yet: the failure can still be the answer.
        response = application_.fail(request, std::current_exception());
    }
    return send_whole(request, response, keep_alive);
}

bool Session::send_whole(const Request& request, const Response& response, bool keep_alive) {
    ReplyHead head;
    head.keep_alive = keep_alive;
    head.request_version_minor = request.version_minor;
    head.length = response.body.size();
    if (response.producer) {
        head.length = response.length.value_or(0);
        if (!response.length) head.framing = ReplyFraming::kNoBody;
    }
    std::string out = reply_head(response, head);
    if (request.method != "HEAD" && status_has_body(response.status)) out.append(response.body);
    wire_.send(out);
    return keep_alive;
}

bool Session::send_stream(const Request& request, Response& response, bool keep_alive) {
    // A producer may wrap what write() throws in an exception of its own, so it is noted here.
    bool gone = false;
    ReplyStream stream(response, request.version_minor, keep_alive,
                       [this, &gone](std::string_view bytes) {
                           gone = true;
                           wire_.send(bytes);
                           gone = false;
                       });
    try {
        response.producer(stream);
        stream.finish();
        return stream.keep_alive();
    } catch (...) {
        if (!stream.begun()) throw;
        wire_.reset_on_close();
        truncated_ = true;
        if (!gone) response.code = application_.fail(request, std::current_exception()).code;
        return false;
    }
}

}  // namespace

bool ConnectionRegistry::admit() {
    const std::lock_guard lock(mutex_);
    if (stopping || admitted_ >= connections_max_) return false;
    ++admitted_;
    return true;
}

ConnectionRegistry::Handle ConnectionRegistry::add(const Poco::Net::StreamSocket& socket) {
    const std::lock_guard lock(mutex_);
    return entries_.emplace(entries_.end(), socket);
}

void ConnectionRegistry::remove(Handle handle) {
    const std::lock_guard lock(mutex_);
    entries_.erase(handle);
    --admitted_;
    if (entries_.empty()) empty_.notify_all();
}

void ConnectionRegistry::close_idle() {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
        if (!entry.idle) continue;
        try {
            entry.socket.shutdownReceive();
        } catch (const Poco::Exception&) {
            continue;  // the client was quicker
        }
    }
}

void ConnectionRegistry::close_all() {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
        try {
            entry.socket.shutdown();
        } catch (const Poco::Exception&) {
            continue;
        }
    }
}

bool ConnectionRegistry::wait_empty(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, limit, [&] { return entries_.empty(); });
}

std::size_t ConnectionRegistry::count() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

Connection::Connection(const Poco::Net::StreamSocket& socket, const ServerConfig& config,
                       Application& application, ConnectionRegistry& registry)
    : TCPServerConnection(socket),
      config_(config),
      application_(application),
      registry_(registry),
      handle_(registry.add(socket)) {}

Connection::~Connection() { registry_.remove(handle_); }

void Connection::run() {
    // The last line of defence: whatever happens on this connection ends with this connection.
    try {
        std::string peer = socket().peerAddress().host().toString();
        Session session(socket(), std::move(peer), config_, application_, registry_, *handle_);
        while (session.serve_one()) {
        }
    } catch (...) {
        (void)application_.fail(Request(), std::current_exception());
    }
}

}  // namespace pdx::http
