#pragma once
/// A request and a response as handlers see them. Nothing here knows a socket or a library, so
/// handlers run in tests without a server.
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "marketplace/app/caller.h"
#include "marketplace/http/parser.h"
#include "marketplace/http/uri.h"

namespace pdx::http {

enum class Language { kEnglish, kChinese };

/// BCP 47, as in Content-Language.
std::string_view language_tag(Language language);
const std::string& in_language(const Text& text, Language language);
/// Quality values are honoured; an unknown language falls back.
Language choose_language(std::string_view accept_language, Language fallback);

/// The body of a streamed upload, pulled. Constant memory whatever its size.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    /// Ensures: 0 only at the true end of the body.
    /// Throws: ProtocolError when the body is cut short, too slow, too large or badly framed.
    virtual std::size_t read(std::span<std::uint8_t> out) = 0;
    /// Unit: bytes; absent for a chunked body.
    virtual std::optional<std::uint64_t> declared_length() const = 0;
    /// Throws: ProtocolError at once when the declared length is over it.
    virtual void set_limit(std::uint64_t bytes_max) = 0;
};

/// Where a streamed reply goes.
class BodyWriter {
public:
    virtual ~BodyWriter() = default;
    /// Throws: when the client has gone; let it pass.
    virtual void write(ByteView bytes) = 0;
    void write(std::string_view text) { write(as_bytes(text)); }
};

struct Request {
    std::string method;  ///< HEAD stays HEAD, though the route of GET answers it
    std::string path;    ///< as sent, without the query
    std::string query;   ///< as sent, without the '?'
    Parameters path_parameters;
    Parameters query_parameters;
    HeaderList headers;
    int version_minor = 1;
    std::string request_id;
    Language language = Language::kEnglish;
    std::string peer;  ///< IP address of the other end
    std::string body;  ///< of a JSON route, as sent
    BodyReader* reader = nullptr;
    app::Caller caller;
    std::string_view route;     ///< the path template that matched; for logs
    bool cross_origin = false;  ///< pages of other sites may read the answer
    /// Shared only so that a request stays copyable without the JSON library in this header.
    std::shared_ptr<const nlohmann::json> document;

    /// Requires: name in lower case.
    std::optional<std::string_view> header(std::string_view name) const;
    /// The parsed body, which the route's schema has accepted. Requires: a JSON route.
    const nlohmann::json& json() const;
    /// Requires: a streaming route.
    BodyReader& upload() const;

    /// Requires: the route has the parameter.
    const std::string& path_text(std::string_view name) const;
    /// An id (or anything with a strict parse) in the path.
    /// Throws: not_found of the noun ("order" for "order_id") when it cannot be one.
    template <class T>
    T path_as(std::string_view name) const;

    std::optional<std::string> query_text(std::string_view name) const;
    /// Throws: kInvalid "query.invalid".
    std::int64_t query_integer(std::string_view name, std::int64_t fallback, std::int64_t min,
                               std::int64_t max) const;
    /// Absent when the parameter is. Throws: kInvalid "query.invalid".
    template <class T>
    std::optional<T> query_as(std::string_view name) const;

    /// Shape: 1..128 visible ASCII characters. Throws: kMalformed "idempotency_key.malformed".
    std::optional<std::string> idempotency_key() const;
    /// What an Idempotency-Key stands for: method, path, query and body.
    Digest fingerprint() const;
};

/// Headers are added as written; values hold no control characters (checked when sent).
struct Response {
    int status = 200;
    std::string content_type = "application/json";
    HeaderList headers = {};
    std::string body = {};
    /// Instead of `body`: writes the reply piece by piece. A refusal before the first 64 KiB is
    /// answered as a refusal; a failure later breaks the connection, so nothing looks complete.
    std::function<void(BodyWriter&)> producer = {};
    /// Of what the producer writes. Unit: bytes.
    std::optional<std::uint64_t> length = {};
    std::string code = {};  ///< problem code, for the access log
    bool close = false;     ///< the connection ends after this reply
    /// Holds no words: the same for every Accept-Language, so a cache keeps one copy.
    bool wordless = false;

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

/// "order" for "order_id".
std::string_view noun_of_parameter(std::string_view name);
Error invalid_query(std::string_view name, const Text& text);

template <class T>
T Request::path_as(std::string_view name) const {
    auto value = T::parse(path_text(name));
    if (!value) throw not_found(noun_of_parameter(name));
    return *std::move(value);
}

template <class T>
std::optional<T> Request::query_as(std::string_view name) const {
    const auto text = query_text(name);
    if (!text) return std::nullopt;
    auto value = T::parse(*text);
    if (!value) throw invalid_query(name, {"has a value that cannot be read", "的值无法识别"});
    return value;
}

}  // namespace pdx::http
