#include "marketplace/http/witness_transport.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timespan.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "marketplace/http/client_session.h"

namespace pdx::http {
namespace {

using Poco::Net::HTTPClientSession;
using Poco::Net::HTTPMessage;
using std::chrono::steady_clock;

constexpr std::size_t kBodyPieceBytes = std::size_t{8} * 1024;

std::optional<std::chrono::seconds> retry_after(const Poco::Net::HTTPResponse& response) {
    const std::string text = response.get("Retry-After", "");
    std::int64_t seconds = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return {};
    return std::chrono::seconds(seconds);
}

Poco::Timespan poco_time(std::chrono::milliseconds value) {
    return Poco::Timespan(static_cast<Poco::Timespan::TimeDiff>(value.count()) * 1000);
}

}  // namespace

struct HttpWitnessTransport::Impl {
    struct Running {
        std::unique_ptr<HTTPClientSession> session;
        steady_clock::time_point until;
    };
    using Place = std::list<Running>::iterator;

    WitnessTransportOptions options;
    std::mutex mutex;
    bool cancelled = false;
    std::list<Running> running;
    /// Kept alive between requests, one per server.
    std::map<ServerAddress, std::unique_ptr<HTTPClientSession>> idle;

    std::optional<Place> start(const ServerAddress& server, bool fresh) {
        const std::lock_guard lock(mutex);
        if (cancelled) return std::nullopt;
        std::unique_ptr<HTTPClientSession> session;
        const auto kept = idle.find(server);
        if (kept != idle.end()) {
            if (!fresh) session = std::move(kept->second);
            idle.erase(kept);
        }
        if (!session) {
            session = open_session(server, options.authorities);
            session->setKeepAlive(true);
            session->setTimeout(poco_time(options.wait));
        }
        running.push_front({std::move(session), steady_clock::now() + options.total});
        return running.begin();
    }

    void finish(Place place, const ServerAddress& server, bool reusable) {
        const std::lock_guard lock(mutex);
        std::unique_ptr<HTTPClientSession> session = std::move(place->session);
        running.erase(place);
        if (reusable && !cancelled) idle[server] = std::move(session);
    }

    void abort_until(steady_clock::time_point time) {
        const std::lock_guard lock(mutex);
        for (const Running& one : running) {
            if (one.until > time) continue;
            // The descriptor alone: abort() would close it under the thread that reads from it, and
            // shutdown() of a TLS connection would write into that thread's state. One that has
            // ended by itself is as good.
            ::shutdown(one.session->socket().impl()->sockfd(), SHUT_RDWR);
        }
    }

    /// Nothing when the connection broke. `fresh`: not over a connection that was kept.
    std::optional<ledger::WitnessHttpAnswer> talk(const ServerUrl& url, const std::string& method,
                                                  const std::string* body, bool fresh) {
        std::optional<Place> place;
        std::optional<ledger::WitnessHttpAnswer> answer;
        bool reusable = false;
        try {
            place = start(url.server, fresh);
            if (!place) return std::nullopt;
            answer =
                exchange(*(*place)->session, url.path, method, body, (*place)->until, reusable);
        } catch (const std::exception&) {
            // Refused, broken, too slow, or no HTTP: all the same to the caller.
            reusable = false;
        }
        if (place) finish(*place, url.server, reusable);
        return answer;
    }

    std::optional<ledger::WitnessHttpAnswer> exchange(
        HTTPClientSession& session, const std::string& path, const std::string& method,
        const std::string* body, steady_clock::time_point until, bool& reusable) const {
        Poco::Net::HTTPRequest request(method, path.empty() ? "/" : path, HTTPMessage::HTTP_1_1);
        if (body != nullptr) {
            request.setContentType("text/plain; charset=utf-8");
            request.setContentLength64(static_cast<Poco::Int64>(body->size()));
        }
        std::ostream& out = session.sendRequest(request);
        if (body != nullptr) out << *body << std::flush;
        Poco::Net::HTTPResponse response;
        std::istream& in = session.receiveResponse(response);
        ledger::WitnessHttpAnswer answer{static_cast<int>(response.getStatus()),
                                         response.getContentType(),
                                         {},
                                         retry_after(response)};
        std::array<char, kBodyPieceBytes> piece{};
        while (in.good()) {
            in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
            answer.body.append(piece.data(), static_cast<std::size_t>(in.gcount()));
            if (answer.body.size() > options.body_bytes_max || steady_clock::now() > until) {
                return std::nullopt;
            }
        }
        const auto length = response.getContentLength64();
        if (in.bad() || (length >= 0 && static_cast<std::size_t>(length) != answer.body.size())) {
            return std::nullopt;
        }
        reusable = response.getKeepAlive();
        return answer;
    }

    ledger::WitnessHttpAnswer send(const std::string& url, const std::string& method,
                                   const std::string* body) {
        const auto parsed = ServerUrl::parse(url);
        if (!parsed) return {};
        bool was_kept = false;
        {
            const std::lock_guard lock(mutex);
            was_kept = idle.contains(parsed->server);
        }
        auto answer = talk(*parsed, method, body, false);
        // A kept connection that the server has closed meanwhile says nothing about the server.
        if (!answer && was_kept) answer = talk(*parsed, method, body, true);
        return answer.value_or(ledger::WitnessHttpAnswer{});
    }
};

HttpWitnessTransport::HttpWitnessTransport(WitnessTransportOptions options)
    : impl_(std::make_unique<Impl>()) {
    impl_->options = std::move(options);
}

HttpWitnessTransport::~HttpWitnessTransport() = default;

ledger::WitnessHttpAnswer HttpWitnessTransport::post(const std::string& url,
                                                     const std::string& body) {
    return impl_->send(url, "POST", &body);
}

ledger::WitnessHttpAnswer HttpWitnessTransport::get(const std::string& url) {
    return impl_->send(url, "GET", nullptr);
}

void HttpWitnessTransport::expire() { impl_->abort_until(steady_clock::now()); }

void HttpWitnessTransport::cancel() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->cancelled = true;
    }
    impl_->abort_until(steady_clock::time_point::max());
}

}  // namespace pdx::http
