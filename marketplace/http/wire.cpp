#include "marketplace/http/wire.h"

#include <Poco/Exception.h>
#include <Poco/Timespan.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>

namespace pdx::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kBufferBytes = std::size_t{32} * 1024;
constexpr std::size_t kSendPieceBytes = std::size_t{256} * 1024;
constexpr std::size_t kLingerBytesMax = std::size_t{1024} * 1024;

Poco::Timespan timespan(std::chrono::milliseconds duration) {
    return {Poco::Timespan::TimeDiff{duration.count()} * Poco::Timespan::MILLISECONDS};
}

std::chrono::milliseconds tick_of(const Timeouts& timeouts) {
    const auto shortest = std::min({timeouts.head, timeouts.idle, timeouts.body}) / 4;
    return std::clamp(shortest, std::chrono::milliseconds(5), std::chrono::milliseconds(2'500));
}

/// What `bytes` may take at the least rate.
SteadyClock::duration allowance(std::uint64_t bytes, const Timeouts& timeouts) {
    return std::chrono::milliseconds(bytes * 1000 /
                                     std::max<std::uint64_t>(1, timeouts.bytes_per_second_min));
}

}  // namespace

Wire::Wire(Poco::Net::StreamSocket& socket, const Timeouts& timeouts)
    : socket_(socket),
      timeouts_(timeouts),
      buffer_(kBufferBytes) {
    socket_.setNoDelay(true);
    socket_.setReceiveTimeout(timespan(tick_of(timeouts)));
    socket_.setSendTimeout(timespan(timeouts.send));
}

Wire::Received Wire::receive() {
    begin_ = 0;
    end_ = 0;
    try {
        const int count = socket_.receiveBytes(buffer_.data(), static_cast<int>(buffer_.size()));
        if (count <= 0) return Received::kEnd;
        end_ = static_cast<std::size_t>(count);
        return Received::kBytes;
    } catch (const Poco::TimeoutException&) {
        return Received::kNothingYet;
    } catch (const Poco::Exception&) {
        return Received::kEnd;
    }
}

void Wire::send(std::string_view bytes) {
    const auto start = SteadyClock::now();
    std::uint64_t sent = 0;
    while (!bytes.empty()) {
        const std::size_t take = std::min(bytes.size(), kSendPieceBytes);
        try {
            const int count = socket_.sendBytes(bytes.data(), static_cast<int>(take), MSG_NOSIGNAL);
            if (count <= 0) throw PeerGone();
            bytes.remove_prefix(static_cast<std::size_t>(count));
            sent += static_cast<std::uint64_t>(count);
            sent_bytes_ += static_cast<std::uint64_t>(count);
        } catch (const Poco::Exception&) {
            throw PeerGone();
        }
        if (bytes.empty()) return;
        if (SteadyClock::now() - start > timeouts_.send + allowance(sent, timeouts_)) {
            throw PeerGone();
        }
    }
}

void Wire::linger() {
    const auto deadline = SteadyClock::now() + timeouts_.linger;
    try {
        socket_.shutdownSend();
    } catch (const Poco::Exception&) {
        return;
    }
    consume(pending().size());
    std::size_t discarded = 0;
    while (discarded < kLingerBytesMax && SteadyClock::now() < deadline) {
        const Received received = receive();
        if (received == Received::kEnd) return;
        discarded += pending().size();
        consume(pending().size());
    }
}

void Wire::reset_on_close() {
    try {
        socket_.setLinger(true, 0);
    } catch (const Poco::Exception&) {
        return;  // already closed by the other end: it saw the break
    }
}

WireBody::WireBody(Wire& wire, const RequestHead& head, const Limits& limits,
                   const Timeouts& timeouts)
    : wire_(wire),
      limits_(limits),
      timeouts_(timeouts),
      decoder_(head.framing, head.content_length, limits),
      framing_(head.framing),
      content_length_(head.content_length),
      limit_(std::numeric_limits<std::uint64_t>::max()),
      owes_continue_(head.expect_continue) {}

std::optional<std::uint64_t> WireBody::declared_length() const {
    if (framing_ == Framing::kChunked) return std::nullopt;
    return content_length_;
}

void WireBody::set_limit(std::uint64_t bytes_max) {
    limit_ = bytes_max;
    if (framing_ == Framing::kLength && content_length_ > limit_)
        fail(ProtocolFault::kBodyTooLarge);
}

void WireBody::fail(ProtocolFault fault) {
    fault_ = fault;
    throw ProtocolError(fault);
}

std::size_t WireBody::read(std::span<std::uint8_t> out) {
    if (fault_) throw ProtocolError(*fault_);
    while (!decoder_.done() && !out.empty()) {
        if (wire_.pending().empty()) await_bytes();
        const BodyDecoder::Step step = decoder_.decode(wire_.pending(), out);
        wire_.consume(step.consumed);
        received_ += step.produced;
        if (decoder_.fault()) fail(*decoder_.fault());
        if (received_ > limit_) fail(ProtocolFault::kBodyTooLarge);
        if (step.produced > 0) return step.produced;
    }
    return 0;
}

/// Only the time spent waiting counts against the client, not the time we take ourselves.
void WireBody::await_bytes() {
    if (owes_continue_) {
        owes_continue_ = false;
        wire_.send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    while (true) {
        const auto before = SteadyClock::now();
        const Wire::Received received = wire_.receive();
        waited_ += SteadyClock::now() - before;
        if (received == Wire::Received::kEnd) fail(ProtocolFault::kBodyTruncated);
        if (waited_ > timeouts_.body + allowance(received_, timeouts_)) {
            fail(ProtocolFault::kTimeout);
        }
        if (received == Wire::Received::kBytes) return;
    }
}

bool WireBody::drain() {
    if (fault_) return false;
    if (decoder_.done()) return true;
    if (owes_continue_) return false;
    if (framing_ == Framing::kLength && content_length_ - received_ > limits_.drain_bytes_max) {
        return false;
    }
    std::array<std::uint8_t, 4096> scratch{};
    const auto deadline = SteadyClock::now() + timeouts_.linger;
    std::uint64_t consumed = 0;
    while (!decoder_.done()) {
        if (wire_.pending().empty()) {
            if (SteadyClock::now() > deadline) return false;
            if (wire_.receive() == Wire::Received::kEnd) return false;
        }
        const BodyDecoder::Step step = decoder_.decode(wire_.pending(), scratch);
        wire_.consume(step.consumed);
        consumed += step.consumed;
        if (decoder_.fault() || consumed > limits_.drain_bytes_max) return false;
    }
    return true;
}

}  // namespace pdx::http
