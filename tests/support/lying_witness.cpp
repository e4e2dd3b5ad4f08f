#include "tests/support/lying_witness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace pdx::test {
namespace {

constexpr int kTickMs = 20;

/// Head and body of one request, by its Content-Length; what came until the client paused.
std::string read_request(int connection) {
    std::string request;
    std::array<char, 4096> piece{};
    pollfd wait{connection, POLLIN, 0};
    while (::poll(&wait, 1, 500) == 1) {
        const ssize_t count = ::recv(connection, piece.data(), piece.size(), 0);
        if (count <= 0) break;
        request.append(piece.data(), static_cast<std::size_t>(count));
        const std::size_t head = request.find("\r\n\r\n");
        const std::size_t field = request.find("Content-Length: ");
        if (head == std::string::npos) continue;
        const std::size_t length = field < head ? std::stoul(request.substr(field + 16)) : 0;
        if (request.size() >= head + 4 + length) break;
    }
    return request;
}

void send_all(int connection, const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t count =
            ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return;
        sent += static_cast<std::size_t>(count);
    }
}

}  // namespace

std::string LyingWitness::text_of(const std::string& body) {
    const std::size_t note = body.find("\n\n");
    if (note == std::string::npos) return "";
    const std::size_t end = body.find("\n\n", note + 2);
    return end == std::string::npos ? "" : body.substr(note + 2, end - note - 1);
}

LyingWitness::LyingWitness(Liar liar) : liar_(std::move(liar)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    // The sockets' own interface asks for the cast.
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, plain, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, plain, &size) != 0) {
        throw std::runtime_error("no port for a lying witness");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

LyingWitness::~LyingWitness() {
    stopping_ = true;
    thread_.join();
    for (const int connection : held_) ::close(connection);
    ::close(listener_);
}

void LyingWitness::serve() {
    while (!stopping_) {
        pollfd wait{listener_, POLLIN, 0};
        if (::poll(&wait, 1, kTickMs) != 1) continue;
        const int connection = ::accept(listener_, nullptr, nullptr);
        if (connection >= 0) answer(connection);
    }
}

void LyingWitness::answer(int connection) {
    const std::string request = read_request(connection);
    const std::size_t head = request.find("\r\n\r\n");
    const Reply reply = liar_(head == std::string::npos ? "" : request.substr(head + 4));
    ++asked_;
    if (reply.status < 0) {
        held_.push_back(connection);
        return;
    }
    std::string bytes = reply.body;
    if (reply.status > 0) {
        bytes = "HTTP/1.1 " + std::to_string(reply.status) +
                " Said\r\nContent-Type: " + reply.content_type +
                "\r\nConnection: close\r\nContent-Length: " + std::to_string(reply.body.size()) +
                "\r\n\r\n" + reply.body;
    }
    send_all(connection, bytes);
    ::close(connection);
}

}  // namespace pdx::test
