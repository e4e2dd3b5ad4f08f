#include "marketplace/http/range.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "marketplace/http/problem.h"

namespace pdx::http {
namespace {

/// Bytes first to last, both included. Beyond any content when nothing can satisfy it.
struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    if (text.empty() || !all_digits(text)) return std::nullopt;
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc() && stop == end ? value : UINT64_MAX;
}

/// `text`: what follows "bytes=".
std::optional<Range> parse_range(std::string_view text, std::uint64_t length) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view left = trimmed(text.substr(0, dash));
    const std::string_view right = trimmed(text.substr(dash + 1));
    if (left.empty()) {
        const auto count = number(right);
        if (!count) return std::nullopt;
        // The last 0 bytes are nowhere.
        if (*count == 0) return Range{length, length};
        return Range{length - std::min(*count, length), length - 1};
    }
    const auto first = number(left);
    const auto last = right.empty() ? std::optional(UINT64_MAX) : number(right);
    if (!first || !last || *last < *first) return std::nullopt;
    return Range{*first, std::min(*last, length - 1)};
}

std::string_view etag_of(const Response& response) {
    for (const auto& [name, value] : response.headers) {
        if (name == "ETag") return value;
    }
    return {};
}

}  // namespace

Response with_range(Response response, const Request& request) {
    if (response.status != 200 || response.body.empty()) return response;
    response.with("Accept-Ranges", "bytes");
    constexpr std::string_view kUnit = "bytes=";
    const auto asked = request.header("range");
    if (request.method != "GET" || !asked || !asked->starts_with(kUnit)) return response;
    // A weak tag or a date is none of our tags, so it never matches.
    const auto version = request.header("if-range");
    if (version && *version != etag_of(response)) return response;
    const std::uint64_t length = response.body.size();
    const auto range = parse_range(asked->substr(kUnit.size()), length);
    if (!range) return response;
    if (range->first >= length) {
        Response refusal = problem(ProtocolFault::kRange, request);
        return std::move(refusal.with("Content-Range", "bytes */" + std::to_string(length)));
    }
    response.status = 206;
    response.body = response.body.substr(range->first, range->last - range->first + 1);
    return std::move(response.with("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                                        std::to_string(range->last) + "/" +
                                                        std::to_string(length)));
}

}  // namespace pdx::http
