#pragma once
/// A response as bytes: status line, headers, framing. Pure; the server gives it a way to send.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "marketplace/http/message.h"

namespace pdx::http {

enum class ReplyFraming { kNoBody, kLength, kChunked, kUntilClose };

struct ReplyHead {
    ReplyFraming framing = ReplyFraming::kLength;
    std::uint64_t length = 0;
    bool keep_alive = true;
    int request_version_minor = 1;
};

/// Shape: status line to the empty line.
/// Throws: InvariantViolation when a header would break the framing.
std::string reply_head(const Response& response, const ReplyHead& head);

/// False for 1xx, 204 and 304, whose replies end with their head.
bool status_has_body(int status);
/// Shape: RFC 9110 IMF-fixdate.
std::string http_date(std::int64_t unix_seconds);

/// Collects a producer's bytes into large pieces and frames them. The head leaves with the first
/// piece, so a producer that refuses early has sent nothing, and a reply that fits in one piece
/// gets a length and leaves in one write.
class ReplyStream final : public BodyWriter {
public:
    using Send = std::function<void(std::string_view)>;

    ReplyStream(const Response& response, int request_version_minor, bool keep_alive, Send send);

    using BodyWriter::write;
    void write(ByteView bytes) override;
    /// Throws: InvariantViolation when the announced length was not written.
    void finish();
    /// True once bytes have left: the answer can no longer be changed.
    bool begun() const { return begun_; }
    /// Whether the connection can be used again after finish().
    bool keep_alive() const { return head_.keep_alive; }
    /// Unit: bytes of content written.
    std::uint64_t content_bytes() const { return content_bytes_; }

private:
    void flush();

    const Response& response_;
    ReplyHead head_;
    Send send_;
    std::string buffer_;
    std::uint64_t content_bytes_ = 0;
    bool begun_ = false;
};

}  // namespace pdx::http
