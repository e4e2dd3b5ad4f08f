#include "tests/support/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "marketplace/http/parser.h"

namespace pdx::test {

RawClient::RawClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The socket interface takes every address family through one type.
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (socket_ < 0 || ::connect(socket_, generic, sizeof address) != 0) {
        throw std::runtime_error("cannot connect to the test server");
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::fill(std::chrono::steady_clock::time_point deadline) {
    if (ended_) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{socket_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    std::array<char, 65536> piece{};
    const ssize_t count = ::recv(socket_, piece.data(), piece.size(), 0);
    if (count <= 0) {
        ended_ = true;
        return false;
    }
    buffer_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<RawReply> RawClient::reply(std::chrono::milliseconds wait, bool to_head) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill(deadline)) return std::nullopt;
    }
    RawReply reply;
    const std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = std::atoi(head.substr(9, 3).c_str());
    std::size_t at = head.find("\r\n") + 2;
    while (at < head.size()) {
        const std::size_t line_end = head.find("\r\n", at);
        const std::string line = head.substr(at, line_end - at);
        const std::size_t colon = line.find(": ");
        reply.headers[http::to_lower(line.substr(0, colon))] = line.substr(colon + 2);
        at = line_end + 2;
    }
    if (to_head || reply.status < 200 || reply.status == 204 || reply.status == 304) {
        reply.complete = true;
        return reply;
    }
    const http::Limits limits;
    const bool chunked = reply.headers.count("transfer-encoding") > 0;
    const std::uint64_t length = reply.headers.count("content-length") > 0
                                     ? std::stoull(reply.headers["content-length"])
                                     : 0;
    http::BodyDecoder decoder(chunked ? http::Framing::kChunked : http::Framing::kLength, length,
                              limits);
    std::array<std::uint8_t, 65536> out{};
    while (!decoder.done() && !decoder.fault()) {
        if (buffer_.empty() && !fill(deadline)) break;
        const auto step = decoder.decode(buffer_, out);
        buffer_.erase(0, step.consumed);
        reply.body.append(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(step.produced));
    }
    reply.complete = decoder.done();
    return reply;
}

bool RawClient::closed_within(std::chrono::milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (fill(deadline)) buffer_.clear();
    return ended_;
}

std::string RawClient::rest(std::chrono::milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (fill(deadline)) {
    }
    return std::exchange(buffer_, {});
}

}  // namespace pdx::test
