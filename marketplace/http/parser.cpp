#include "marketplace/http/parser.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "marketplace/http/uri.h"

namespace pdx::http {
namespace {

/// Room for the longest method, the version, the spaces and CRLF around a target.
constexpr std::size_t kRequestLineOverhead = 32;
constexpr std::size_t kContentLengthDigitsMax = 18;

constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};

/// Headers of which a second one is an attack or an accident, never a list.
constexpr std::array<std::string_view, 8> kSingletons = {
    "authorization",   "content-type", "content-encoding", "expect",
    "idempotency-key", "range",        "x-request-id",     "if-unmodified-since"};

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool is_token_char(char c) {
    if (is_alnum(c)) return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// True when the comma-separated list holds the token; case does not matter.
bool list_holds(std::string_view list, std::string_view token) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (to_lower(trimmed(list.substr(0, comma))) == token) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
    return false;
}

const std::string* find(const HeaderList& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const auto& header) { return header.first == name; });
    return found == headers.end() ? nullptr : &found->second;
}

bool is_host(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
    });
}

/// Decimal digits only, no sign, no space, no leading zero.
std::optional<std::uint64_t> parse_length(std::string_view text) {
    if (text.empty() || text.size() > kContentLengthDigitsMax) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

HeadParser::Status HeadParser::refuse(ProtocolFault fault) {
    fault_ = fault;
    return Status::kRefused;
}

HeadParser::Status HeadParser::feed(std::string_view bytes, std::size_t& consumed) {
    consumed = 0;
    if (fault_) return Status::kRefused;
    while (!done_ && consumed < bytes.size()) {
        const std::string_view rest = bytes.substr(consumed);
        const bool at_start = !have_request_line_ && partial_line_.empty();
        if (at_start && !is_token_char(rest.front()) && rest.front() != '\r') {
            return refuse(rest.front() == '\n' ? ProtocolFault::kBareLineFeed
                                               : ProtocolFault::kRequestLine);
        }
        const std::size_t end = rest.find('\n');
        const std::size_t take = end == std::string_view::npos ? rest.size() : end + 1;
        const std::size_t line_bytes = partial_line_.size() + take;
        if (!have_request_line_ && line_bytes > limits_.target_bytes_max + kRequestLineOverhead) {
            return refuse(ProtocolFault::kTargetTooLong);
        }
        if (head_bytes_ + take > limits_.head_bytes_max) {
            return refuse(ProtocolFault::kHeadTooLarge);
        }
        head_bytes_ += take;
        consumed += take;
        if (end == std::string_view::npos) {
            partial_line_.append(rest);
            break;
        }
        Status status = Status::kMore;
        if (partial_line_.empty()) {
            status = line(rest.substr(0, take));
        } else {
            partial_line_.append(rest.substr(0, take));
            status = line(partial_line_);
            partial_line_.clear();
        }
        if (status == Status::kRefused) return status;
    }
    return done_ ? Status::kDone : Status::kMore;
}

HeadParser::Status HeadParser::line(std::string_view text) {
    text.remove_suffix(1);
    if (text.empty() || text.back() != '\r') return refuse(ProtocolFault::kBareLineFeed);
    text.remove_suffix(1);
    if (std::any_of(text.begin(), text.end(), is_control)) {
        return refuse(ProtocolFault::kControlCharacter);
    }
    std::optional<ProtocolFault> fault;
    if (!have_request_line_) {
        // RFC 9112 section 2.2: one empty line before a request is forgiven.
        if (text.empty() && !skipped_empty_line_) {
            skipped_empty_line_ = true;
            return Status::kMore;
        }
        fault = request_line(text);
        have_request_line_ = true;
    } else if (text.empty()) {
        fault = finish();
        done_ = !fault;
    } else {
        fault = header_line(text);
    }
    return fault ? refuse(*fault) : Status::kMore;
}

std::optional<ProtocolFault> HeadParser::request_line(std::string_view text) {
    const std::size_t first = text.find(' ');
    const std::size_t last = text.rfind(' ');
    if (first == std::string_view::npos || first == last) return ProtocolFault::kRequestLine;
    const std::string_view method = text.substr(0, first);
    const std::string_view target = text.substr(first + 1, last - first - 1);
    const std::string_view version = text.substr(last + 1);
    if (!is_token(method) || target.empty()) return ProtocolFault::kRequestLine;
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return version.substr(0, 5) == "HTTP/" ? ProtocolFault::kVersion
                                               : ProtocolFault::kRequestLine;
    }
    head_.version_minor = version.back() - '0';
    if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
        return ProtocolFault::kMethodUnknown;
    }
    head_.method = method;
    if (target.size() > limits_.target_bytes_max) return ProtocolFault::kTargetTooLong;
    auto origin = origin_form(target);
    if (!origin) return ProtocolFault::kTargetMalformed;
    head_.target = std::move(*origin);
    return std::nullopt;
}

std::optional<ProtocolFault> HeadParser::header_line(std::string_view text) {
    if (text.front() == ' ' || text.front() == '\t') return ProtocolFault::kFoldedHeader;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || !is_token(text.substr(0, colon))) {
        return ProtocolFault::kHeaderName;
    }
    if (head_.headers.size() >= limits_.header_count_max) return ProtocolFault::kTooManyHeaders;
    return add_header(to_lower(text.substr(0, colon)), trimmed(text.substr(colon + 1)));
}

std::optional<ProtocolFault> HeadParser::add_header(std::string name, std::string_view value) {
    const auto known = std::find_if(head_.headers.begin(), head_.headers.end(),
                                    [&](const auto& header) { return header.first == name; });
    if (known == head_.headers.end()) {
        head_.headers.emplace_back(std::move(name), value);
        return std::nullopt;
    }
    if (name == "host") return ProtocolFault::kHostRepeated;
    if (name == "content-length") return ProtocolFault::kContentLength;
    if (name == "transfer-encoding") return ProtocolFault::kTransferEncoding;
    if (std::find(kSingletons.begin(), kSingletons.end(), name) != kSingletons.end()) {
        return ProtocolFault::kHeaderRepeated;
    }
    known->second.append(name == "cookie" ? "; " : ", ").append(value);
    return std::nullopt;
}

std::optional<ProtocolFault> HeadParser::finish() {
    const std::string* host = find(head_.headers, "host");
    if (host == nullptr ? head_.version_minor == 1 : !is_host(*host)) {
        return ProtocolFault::kHostMissing;
    }
    if (const auto fault = decide_framing()) return fault;
    const std::string* connection = find(head_.headers, "connection");
    const std::string_view tokens = connection == nullptr ? std::string_view() : *connection;
    head_.keep_alive = head_.version_minor == 1
                           ? !list_holds(tokens, "close")
                           : list_holds(tokens, "keep-alive") && !list_holds(tokens, "close");
    if (const std::string* expect = find(head_.headers, "expect")) {
        if (to_lower(*expect) != "100-continue") return ProtocolFault::kExpectation;
        head_.expect_continue = head_.version_minor == 1 && head_.framing != Framing::kNone;
    }
    return std::nullopt;
}

std::optional<ProtocolFault> HeadParser::decide_framing() {
    const std::string* length = find(head_.headers, "content-length");
    const std::string* encoding = find(head_.headers, "transfer-encoding");
    if (length != nullptr && encoding != nullptr) return ProtocolFault::kBothFramings;
    if (encoding != nullptr) {
        if (head_.version_minor == 0 || to_lower(*encoding) != "chunked") {
            return ProtocolFault::kTransferEncoding;
        }
        head_.framing = Framing::kChunked;
        return std::nullopt;
    }
    if (length != nullptr) {
        const auto bytes = parse_length(*length);
        if (!bytes) return ProtocolFault::kContentLength;
        head_.content_length = *bytes;
        head_.framing = *bytes == 0 ? Framing::kNone : Framing::kLength;
        return std::nullopt;
    }
    if (head_.method == "POST" || head_.method == "PUT" || head_.method == "PATCH") {
        return ProtocolFault::kLengthRequired;
    }
    return std::nullopt;
}

}  // namespace pdx::http
