#pragma once
/// Strict HTTP/1.x reading, pure and incremental: bytes in, a request head and body bytes out. It
/// knows no socket. Whatever two readers could understand differently is refused, because that is
/// how one request hides inside another. Source: RFC 9112 sections 2 to 7 and 11.2.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "marketplace/http/fault.h"
#include "marketplace/http/limits.h"

namespace pdx::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

enum class Framing { kNone, kLength, kChunked };

/// A request without its body. Header names are lower case; a repeated list header is one entry
/// joined by ", ".
struct RequestHead {
    std::string method;
    std::string target;  ///< origin form: begins with '/', as sent
    int version_minor = 1;
    HeaderList headers;
    Framing framing = Framing::kNone;
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    bool expect_continue = false;
};

/// Reads one head. The outcome does not depend on how the bytes are cut into pieces.
class HeadParser {
public:
    enum class Status { kMore, kDone, kRefused };

    explicit HeadParser(const Limits& limits) : limits_(limits) {}

    /// Ensures: `consumed` bytes were used; on kDone none of the body is among them.
    Status feed(std::string_view bytes, std::size_t& consumed);
    /// True once any byte of the request has been seen.
    bool started() const { return head_bytes_ > 0; }
    /// Requires: feed() returned kRefused.
    ProtocolFault fault() const { return *fault_; }
    /// Requires: feed() returned kDone. The parser is spent.
    RequestHead take() { return std::move(head_); }
    /// What is known of a request that was refused.
    const RequestHead& head() const { return head_; }

private:
    Status refuse(ProtocolFault fault);
    Status line(std::string_view text);
    std::optional<ProtocolFault> request_line(std::string_view text);
    std::optional<ProtocolFault> header_line(std::string_view text);
    std::optional<ProtocolFault> add_header(std::string name, std::string_view value);
    std::optional<ProtocolFault> finish();
    std::optional<ProtocolFault> decide_framing();

    const Limits& limits_;
    RequestHead head_;
    std::string partial_line_;
    std::size_t head_bytes_ = 0;
    bool have_request_line_ = false;
    bool skipped_empty_line_ = false;
    bool done_ = false;
    std::optional<ProtocolFault> fault_;
};

/// Takes the framing off a body. The outcome does not depend on how the bytes are cut.
class BodyDecoder {
public:
    struct Step {
        std::size_t consumed = 0;
        std::size_t produced = 0;
    };

    BodyDecoder(Framing framing, std::uint64_t content_length, const Limits& limits);

    /// Stops at the end of the body, at a fault, or when `out` is full.
    Step decode(std::string_view in, std::span<std::uint8_t> out);
    bool done() const { return state_ == State::kDone; }
    std::optional<ProtocolFault> fault() const { return fault_; }

private:
    enum class State {
        kLength,
        kSize,
        kExtension,
        kSizeLf,
        kData,
        kDataCr,
        kDataLf,
        kTrailer,
        kTrailerLf,
        kDone,
    };

    /// One byte that is framing, not data.
    std::optional<ProtocolFault> framing_byte(char c);
    std::optional<ProtocolFault> size_byte(char c);
    std::optional<ProtocolFault> trailer_byte(char c);

    const Limits& limits_;
    State state_;
    std::uint64_t remaining_ = 0;
    std::size_t size_digits_ = 0;
    std::size_t line_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    bool trailer_line_empty_ = true;
    std::optional<ProtocolFault> fault_;
};

/// RFC 9110 section 5.6.2.
bool is_token(std::string_view text);
std::string to_lower(std::string_view text);

}  // namespace pdx::http
