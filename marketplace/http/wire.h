#pragma once
/// The bytes of one connection: a receive buffer with time limits, sending with a least rate, and
/// the body of the current request. Uses Poco's socket, not its HTTP classes.
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "marketplace/http/message.h"
#include "marketplace/http/parser.h"

namespace pdx::http {

class Wire {
public:
    enum class Received { kBytes, kEnd, kNothingYet };

    Wire(Poco::Net::StreamSocket& socket, const Timeouts& timeouts);

    /// Waits at most one tick (a quarter of the shortest time-out).
    /// Requires: pending() is empty.
    Received receive();
    std::string_view pending() const { return {buffer_.data() + begin_, end_ - begin_}; }
    void consume(std::size_t count) { begin_ += count; }
    /// Throws: PeerGone when the client has closed or reads too slowly.
    void send(std::string_view bytes);
    std::uint64_t sent_bytes() const { return sent_bytes_; }

    /// Says that no more comes, and reads for a while what the client still sends: closing on
    /// unread input resets the connection and can take the reply with it.
    void linger();
    /// Makes the close a reset, so that a broken-off reply cannot look complete.
    void reset_on_close();

private:
    Poco::Net::StreamSocket& socket_;
    const Timeouts& timeouts_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t sent_bytes_ = 0;
};

/// The body of one request. Asks for it with 100 (Continue) only when somebody reads it.
class WireBody final : public BodyReader {
public:
    WireBody(Wire& wire, const RequestHead& head, const Limits& limits, const Timeouts& timeouts);

    std::size_t read(std::span<std::uint8_t> out) override;
    std::optional<std::uint64_t> declared_length() const override;
    void set_limit(std::uint64_t bytes_max) override;
    /// Reads a short rest away. Ensures: true when the next byte belongs to the next request.
    bool drain();

private:
    [[noreturn]] void fail(ProtocolFault fault);
    void await_bytes();

    Wire& wire_;
    const Limits& limits_;
    const Timeouts& timeouts_;
    BodyDecoder decoder_;
    Framing framing_;
    std::uint64_t content_length_;
    std::uint64_t limit_;
    std::uint64_t received_ = 0;
    std::chrono::steady_clock::duration waited_{0};
    bool owes_continue_;
    std::optional<ProtocolFault> fault_;
};

}  // namespace pdx::http
