#pragma once
/// Pages of lists and versions of things: cursors, Link, ETag, If-None-Match, If-Match.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "marketplace/http/message.h"
#include "marketplace/http/router.h"

namespace pdx::http {

inline constexpr std::int64_t kPageDefault = 100;
inline constexpr std::int64_t kPageMax = 1000;

/// The query parameters that every list takes: `limit` and `cursor`.
std::vector<QueryParameter> page_parameters();

/// Cursors are opaque and signed: a client can only hand back what it was given, for the list it
/// was given for. Thread: any.
class CursorCodec {
public:
    /// Requires: the same key on every node and after every start.
    explicit CursorCodec(Bytes key) : key_(std::move(key)) {}

    /// `scope` names the list and its filters. Shape: base64url without padding.
    std::string encode(std::string_view scope, std::string_view position) const;
    std::optional<std::string> decode(std::string_view scope, std::string_view cursor) const;

private:
    Bytes key_;
};

struct Page {
    std::int64_t limit = kPageDefault;
    std::string after;  ///< position after which the page begins; empty: from the start
};

/// Throws: kInvalid "query.invalid", "cursor.invalid".
Page page_of(const Request& request, const CursorCodec& codec);
/// The cursor of the page that follows `position`, and the Link header that leads to it.
std::string next_cursor(const Request& request, const CursorCodec& codec,
                        std::string_view position);
/// Shape: </api/v1/products?limit=10&cursor=...>; rel="next"
std::string next_link(const Request& request, std::string_view cursor);

/// Shape: "12", quoted: strong.
std::string etag(std::int64_t version);
std::string etag(const Digest& digest);
/// Sets ETag; turns a 200 into an empty 304 when If-None-Match names it.
Response with_etag(Response response, std::string tag, const Request& request);
/// The version that If-Match names.
/// Throws: precondition_required(noun) when missing; stale(noun) when it can be no version of ours.
std::int64_t if_match(const Request& request, std::string_view noun);

}  // namespace pdx::http
