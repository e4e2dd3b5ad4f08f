#include "marketplace/http/reply.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

#include "base/check.h"

namespace pdx::http {
namespace {

/// Unit: bytes. Large enough that a system call costs nothing beside the copying.
constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;

constexpr std::array<std::pair<int, std::string_view>, 29> kReasons = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
}};

std::string_view reason(int status) {
    const auto* found = std::find_if(kReasons.begin(), kReasons.end(),
                                     [&](const auto& row) { return row.first == status; });
    return found == kReasons.end() ? std::string_view("Status") : found->second;
}

bool is_header_value(std::string_view value) {
    return std::none_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    PDX_CHECK(is_token(name) && is_header_value(value));
    out.append(name).append(": ").append(value).append("\r\n");
}

/// The clock is read for each reply, the text made once a second.
const std::string& date_now() {
    thread_local std::int64_t second = -1;
    thread_local std::string text;
    const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count();
    if (now != second) {
        text = http_date(now);
        second = now;
    }
    return text;
}

}  // namespace

bool status_has_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string http_date(std::int64_t unix_seconds) {
    static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                         "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = unix_seconds;
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    const int count =
        std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                      kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                      parts.tm_hour, parts.tm_min, parts.tm_sec);
    return {text.data(), static_cast<std::size_t>(count)};
}

std::string reply_head(const Response& response, const ReplyHead& head) {
    std::string out;
    out.reserve(768);
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).push_back(' ');
    out.append(reason(response.status)).append("\r\nDate: ").append(date_now()).append("\r\n");
    if (status_has_body(response.status)) {
        if (!response.content_type.empty()) {
            append_header(out, "Content-Type", response.content_type);
        }
        if (head.framing == ReplyFraming::kLength) {
            append_header(out, "Content-Length", std::to_string(head.length));
        } else if (head.framing == ReplyFraming::kChunked) {
            append_header(out, "Transfer-Encoding", "chunked");
        }
    }
    for (const auto& [name, value] : response.headers) append_header(out, name, value);
    if (!head.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (head.request_version_minor == 0) {
        out.append("Connection: keep-alive\r\n");
    }
    return out.append("\r\n");
}

ReplyStream::ReplyStream(const Response& response, int request_version_minor, bool keep_alive,
                         Send send)
    : response_(response),
      send_(std::move(send)) {
    head_.request_version_minor = request_version_minor;
    head_.keep_alive = keep_alive;
    if (response.length) {
        head_.length = *response.length;
    } else if (request_version_minor == 0) {
        head_.framing = ReplyFraming::kUntilClose;
        head_.keep_alive = false;
    } else {
        head_.framing = ReplyFraming::kChunked;
    }
}

void ReplyStream::write(ByteView bytes) {
    content_bytes_ += bytes.size();
    if (head_.framing == ReplyFraming::kLength) PDX_CHECK(content_bytes_ <= head_.length);
    std::string_view text = as_text(bytes);
    while (!text.empty()) {
        const std::size_t take = std::min(kPieceBytes - buffer_.size(), text.size());
        buffer_.append(text.substr(0, take));
        text.remove_prefix(take);
        if (buffer_.size() == kPieceBytes) flush();
    }
}

void ReplyStream::flush() {
    std::string out = begun_ ? std::string() : reply_head(response_, head_);
    if (head_.framing == ReplyFraming::kChunked && !buffer_.empty()) {
        std::array<char, 24> size{};
        const int count = std::snprintf(size.data(), size.size(), "%zx\r\n", buffer_.size());
        out.append(size.data(), static_cast<std::size_t>(count));
        out.append(buffer_).append("\r\n");
    } else {
        out.append(buffer_);
    }
    buffer_.clear();
    begun_ = true;
    send_(out);
}

void ReplyStream::finish() {
    if (!begun_ && head_.framing != ReplyFraming::kLength) {
        head_.framing = ReplyFraming::kLength;
        head_.length = buffer_.size();
    }
    if (head_.framing == ReplyFraming::kLength) PDX_CHECK(content_bytes_ == head_.length);
    if (!begun_ || !buffer_.empty()) flush();
    if (head_.framing == ReplyFraming::kChunked) send_("0\r\n\r\n");
}

}  // namespace pdx::http
