#include "marketplace/http/page.h"

#include <algorithm>
#include <charconv>

#include "base/crypto.h"

namespace pdx::http {
namespace {

/// Unit: bytes. Enough against guessing, short enough for a URL.
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kCursorMax = 1024;

Bytes tag_of(const Bytes& key, std::string_view scope, std::string_view position) {
    std::string message = std::to_string(scope.size());
    message.append(":").append(scope).append(position);
    const Digest digest = hmac_sha256(key, as_bytes(message));
    return {digest.value.begin(), digest.value.begin() + kTagBytes};
}

std::string to_base64url(ByteView bytes) {
    std::string text = to_base64(bytes);
    while (!text.empty() && text.back() == '=') text.pop_back();
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::optional<Bytes> from_base64url(std::string_view url_text) {
    std::string text(url_text);
    if (text.find_first_of("+/=") != std::string::npos) return std::nullopt;
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) text.push_back('=');
    return from_base64(text);
}

/// The list and its filters: the route and every parameter but those that page through it.
std::string scope_of(const Request& request) {
    std::string scope(request.path);
    for (const auto& [name, value] : request.query_parameters) {
        if (name == "cursor" || name == "limit") continue;
        scope.append("\n").append(percent_encode(name)).append("=").append(percent_encode(value));
    }
    return scope;
}

/// True when a comma-separated list of entity tags holds `tag`. Weak comparison (RFC 9110 13.1.2).
bool lists(std::string_view tags, std::string_view tag) {
    while (!tags.empty()) {
        const std::size_t comma = tags.find(',');
        std::string_view item = tags.substr(0, comma);
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
        if (item.substr(0, 2) == "W/") item.remove_prefix(2);
        if (item == tag || item == "*") return true;
        if (comma == std::string_view::npos) return false;
        tags.remove_prefix(comma + 1);
    }
    return false;
}

}  // namespace

std::vector<QueryParameter> page_parameters() {
    return {
        {"limit",
         integer(1, kPageMax),
         {"Items on the page, 100 unless told.", "每页条数，默认 100。"}},
        {"cursor",
         text(1, kCursorMax),
         {"Where the page begins: next of the page before.", "本页起点，即上一页返回的 next。"}}};
}

std::string CursorCodec::encode(std::string_view scope, std::string_view position) const {
    Bytes bytes = tag_of(key_, scope, position);
    const ByteView tail = as_bytes(position);
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    return to_base64url(bytes);
}

std::optional<std::string> CursorCodec::decode(std::string_view scope,
                                               std::string_view cursor) const {
    if (cursor.size() > kCursorMax) return std::nullopt;
    const auto bytes = from_base64url(cursor);
    if (!bytes || bytes->size() < kTagBytes) return std::nullopt;
    const ByteView view(*bytes);
    const std::string position(as_text(view.subspan(kTagBytes)));
    if (!equal_constant_time(view.first(kTagBytes), tag_of(key_, scope, position))) {
        return std::nullopt;
    }
    return position;
}

Page page_of(const Request& request, const CursorCodec& codec) {
    Page page;
    page.limit = request.query_integer("limit", kPageDefault, 1, kPageMax);
    if (const auto cursor = request.query_text("cursor")) {
        auto position = codec.decode(scope_of(request), *cursor);
        if (!position) {
            throw invalid("cursor.invalid",
                          {"This cursor was not given out for this list and these filters.",
                           "该游标不是为此列表及筛选条件签发的。"},
                          {.pointer = "cursor"});
        }
        page.after = std::move(*position);
    }
    return page;
}

std::string next_cursor(const Request& request, const CursorCodec& codec,
                        std::string_view position) {
    return codec.encode(scope_of(request), position);
}

std::string next_link(const Request& request, std::string_view cursor) {
    std::string link = "<" + request.path + "?";
    for (const auto& [name, value] : request.query_parameters) {
        if (name == "cursor") continue;
        link += percent_encode(name) + "=" + percent_encode(value) + "&";
    }
    return link.append("cursor=").append(cursor).append(">; rel=\"next\"");
}

std::string etag(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

std::string etag(const Digest& digest) { return "\"" + digest.hex().substr(0, 32) + "\""; }

Response with_etag(Response response, std::string tag, const Request& request) {
    const auto known = request.header("if-none-match");
    if (known && response.status == 200 && lists(*known, tag)) {
        response.status = 304;
        response.body.clear();
        response.producer = nullptr;
        response.content_type.clear();
    }
    response.with("ETag", std::move(tag));
    return response;
}

std::int64_t if_match(const Request& request, std::string_view noun) {
    const auto header = request.header("if-match");
    if (!header) throw precondition_required(noun);
    std::string_view text = *header;
    std::int64_t version = 0;
    if (text.size() < 3 || text.front() != '"' || text.back() != '"') throw stale(noun);
    text = text.substr(1, text.size() - 2);
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, version);
    if (failure != std::errc() || stop != end) throw stale(noun);
    return version;
}

}  // namespace pdx::http
