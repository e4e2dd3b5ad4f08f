#include "marketplace/http/dispatch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "marketplace/http/json.h"
#include "marketplace/http/problem.h"

namespace pdx::http {
namespace {

constexpr std::size_t kRequestIdMin = 8;
constexpr std::size_t kRequestIdMax = 64;
constexpr std::size_t kTokenMax = 512;
constexpr std::size_t kReadBytes = std::size_t{16} * 1024;

/// What a browser is told about every answer; a handler may set its own instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kDefaultHeaders = {{
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "object-src 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
}};

/// A page of another site may read the answer, its refusals included, and these of its headers.
constexpr std::string_view kExposedHeaders =
    "Accept-Ranges, Content-Range, ETag, Link, Ledger-Checkpoint, Retry-After, Witnessed, "
    "X-Request-Id";

/// What a browser asks before it sends a header such as Range on behalf of another site.
Response preflight(const std::string& allowed, bool cross_origin) {
    constexpr std::string_view kDaySeconds = "86400";
    Response response{.status = 204, .content_type = ""};
    if (!cross_origin) return response;
    response.with("Access-Control-Allow-Methods", allowed);
    response.with("Access-Control-Allow-Headers", "*");
    return std::move(response.with("Access-Control-Max-Age", std::string(kDaySeconds)));
}

/// Worth taking over: a client's own id that cannot break a log line or a header.
bool is_request_id(std::string_view text) {
    return text.size() >= kRequestIdMin && text.size() <= kRequestIdMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer ";
    if (to_lower(authorization.substr(0, kScheme.size())) != kScheme) return std::nullopt;
    authorization.remove_prefix(kScheme.size());
    const bool visible = std::all_of(authorization.begin(), authorization.end(),
                                     [](char c) { return c > ' ' && c < 0x7f; });
    if (authorization.empty() || authorization.size() > kTokenMax || !visible) return std::nullopt;
    return authorization;
}

/// "application/json; charset=utf-8" -> "application/json"; another charset than UTF-8 -> nothing.
std::optional<std::string> media_type(std::string_view content_type) {
    const std::size_t semicolon = content_type.find(';');
    std::string type = to_lower(content_type.substr(0, semicolon));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    if (semicolon == std::string_view::npos) return type;
    const std::string parameters = to_lower(content_type.substr(semicolon + 1));
    const std::size_t charset = parameters.find("charset=");
    if (charset == std::string::npos) return type;
    const std::string name = parameters.substr(charset + 8, 7);
    if (name.rfind("utf-8", 0) != 0 && name.rfind("\"utf-8\"", 0) != 0) return std::nullopt;
    return type;
}

void check_media_type(const Request& request, std::span<const std::string_view> wanted) {
    if (request.header("content-encoding").value_or("identity") != "identity") {
        throw unsupported("request.content_encoding",
                          {"A compressed body is not taken; send it as it is.",
                           "不接受压缩的请求体，请直接发送原文。"});
    }
    const auto type = media_type(request.header("content-type").value_or(""));
    std::string en;
    std::string zh;
    for (const std::string_view one : wanted) {
        if (one == kAnyMediaType || (type && *type == one)) return;
        en += (en.empty() ? "" : " or ") + std::string(one);
        zh += (zh.empty() ? "" : " 或 ") + std::string(one);
    }
    throw unsupported("request.media_type",
                      {"Content-Type must be " + en + ".", "Content-Type 应为 " + zh + "。"});
}

std::string read_all(BodyReader& reader, std::uint64_t bytes_max) {
    reader.set_limit(bytes_max);
    std::string body;
    if (const auto length = reader.declared_length()) {
        body.reserve(static_cast<std::size_t>(*length));
    }
    std::array<std::uint8_t, kReadBytes> piece{};
    while (const std::size_t count = reader.read(piece)) {
        body.append(as_text(ByteView(piece.data(), count)));
    }
    return body;
}

/// Integers and choices can be judged here; other formats are the handler's strong types.
void check_query_value(const QueryParameter& parameter, const std::string& text) {
    nlohmann::json value = text;
    if (parameter.schema.kind == Schema::Kind::kInteger) {
        std::int64_t number = 0;
        const char* end = text.data() + text.size();
        const auto [stop, failure] = std::from_chars(text.data(), end, number);
        if (failure == std::errc() && stop == end) value = number;
    } else if (parameter.schema.kind == Schema::Kind::kBoolean) {
        if (text == "true" || text == "false") value = text == "true";
    }
    const auto errors = validate(parameter.schema, value);
    if (errors.empty()) return;
    Text why = errors.front().text;
    why.en = "The query parameter \"" + parameter.name + "\": " + why.en;
    why.zh = "查询参数“" + parameter.name + "”：" + why.zh;
    throw invalid("query.invalid", std::move(why), {.pointer = parameter.name});
}

/// The one failure of the system that is nobody's bug and that the caller may wait out.
bool is_disk_full(const std::error_code& code) {
    return code == std::errc::no_space_on_device ||
           (code.category() == std::generic_category() && code.value() == EDQUOT);
}

Error disk_full() {
    return busy("storage.failed",
                {"There is no room to store this at the moment; nothing was recorded. Try again "
                 "later.",
                 "存储空间不足，本次操作未被记录，请稍后再试。"});
}

}  // namespace

Dispatcher::Dispatcher(const Router& router, Authenticator& authenticator, AccessLog& log,
                       IdSource& ids, const Clock& clock, DispatchConfig config)
    : router_(router),
      authenticator_(authenticator),
      log_(log),
      ids_(ids),
      clock_(clock),
      config_(config) {}

void Dispatcher::identify(Request& request) {
    const auto given = request.header("x-request-id");
    request.request_id =
        given && is_request_id(*given) ? std::string(*given) : ids_.next(clock_.now());
    request.language =
        choose_language(request.header("accept-language").value_or(""), config_.default_language);
}

Response Dispatcher::handle(Request& request) {
    Response response;
    try {
        identify(request);
        response = route(request);
    } catch (...) {
        response = answer_failure(request, std::current_exception());
    }
    finish(request, response);
    return response;
}

Response Dispatcher::refuse(Request& request, ProtocolFault fault) {
    identify(request);
    Response response = problem(fault, request);
    finish(request, response);
    return response;
}

Response Dispatcher::fail(const Request& request, const std::exception_ptr& failure) {
    Response response = answer_failure(request, failure);
    finish(request, response);
    return response;
}

Response Dispatcher::answer_failure(const Request& request, const std::exception_ptr& failure) {
    Response response;
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        response = problem(error, request);
        if (!error.context().empty()) {
            log_.failure(request.request_id, error.code(), error.context());
        }
    } catch (const ProtocolError& error) {
        response = problem(error.fault(), request);
    } catch (const InvariantViolation& violation) {
        log_.failure(request.request_id, "invariant.violated", violation.what());
        response = internal_problem(request);
    } catch (const std::system_error& broken) {
        const bool is_full = is_disk_full(broken.code());
        log_.failure(request.request_id, is_full ? "storage.failed" : "internal", broken.what());
        response = is_full ? problem(disk_full(), request) : internal_problem(request);
    } catch (const std::exception& unknown) {
        log_.failure(request.request_id, "internal", unknown.what());
        response = internal_problem(request);
    } catch (...) {
        log_.failure(request.request_id, "internal", "an exception that is no std::exception");
        response = internal_problem(request);
    }
    return response;
}

void Dispatcher::complete(const Request& request, const Response& response,
                          const Completion& completion) {
    AccessEntry entry;
    entry.request_id = request.request_id;
    entry.method = request.method;
    entry.route = request.route;
    entry.status = completion.status;
    entry.micros = completion.duration.count();
    entry.bytes = completion.bytes;
    entry.party = request.caller.party.text();
    entry.code = response.code;
    entry.truncated = completion.truncated;
    log_.request(entry);
}

Response Dispatcher::route(Request& request) {
    Router::Match match = router_.find(request.method, request.path);
    request.cross_origin = match.cross_origin;
    if (match.route == nullptr) {
        if (match.allowed.empty()) return problem(ProtocolFault::kNotFound, request);
        Response response = request.method == "OPTIONS"
                                ? preflight(match.allowed, match.cross_origin)
                                : problem(ProtocolFault::kMethodNotAllowed, request);
        response.with("Allow", match.allowed);
        return response;
    }
    const Route& route = *match.route;
    request.route = route.path;
    request.path_parameters = std::move(match.parameters);
    authorize(route, request);
    read_query(route, request);
    if (route.write) (void)request.idempotency_key();
    read_body(route, request);
    return route.handler(request);
}

void Dispatcher::authorize(const Route& route, Request& request) {
    if (const auto authorization = request.header("authorization")) {
        const auto token = bearer_token(*authorization);
        if (!token) {
            throw unauthenticated("token.malformed",
                                  {"Authorization must be \"Bearer\" and a token.",
                                   "Authorization 应为“Bearer”加令牌。"});
        }
        request.caller = authenticator_.authenticate(*token);
    }
    if (route.access.is_open()) return;
    if (request.caller.anonymous) {
        throw unauthenticated("token.missing", {"Send a token: Authorization: Bearer ...",
                                                "请提供令牌：Authorization: Bearer ……"});
    }
    if (route.access.has_permission()) {
        domain::check_permitted(request.caller.role, route.access.permission());
    }
}

void Dispatcher::read_query(const Route& route, Request& request) const {
    QueryResult query = parse_query(request.query);
    if (!query.well_formed) {
        throw malformed("query.malformed",
                        {"The query is not percent-encoded UTF-8 name=value pairs.",
                         "查询字符串不是百分号编码的 UTF-8 键值对。"});
    }
    if (!query.duplicate.empty()) {
        throw malformed("query.duplicate", {"A query parameter came twice.", "查询参数重复出现。"},
                        {.pointer = query.duplicate});
    }
    for (const auto& [name, value] : query.parameters) {
        const auto known =
            std::find_if(route.query.begin(), route.query.end(),
                         [&](const QueryParameter& parameter) { return parameter.name == name; });
        if (known == route.query.end()) {
            throw invalid("query.unknown",
                          {"There is no such query parameter.", "没有这个查询参数。"},
                          {.pointer = name});
        }
        check_query_value(*known, value);
    }
    request.query_parameters = std::move(query.parameters);
}

void Dispatcher::read_body(const Route& route, Request& request) const {
    BodyReader* reader = request.reader;
    switch (route.body) {
        case BodyMode::kNone:
            if (reader != nullptr && reader->declared_length() != std::uint64_t{0}) {
                throw ProtocolError(ProtocolFault::kBodyUnexpected);
            }
            return;
        case BodyMode::kJson:
            check_media_type(request, std::array<std::string_view, 1>{"application/json"});
            // A test may hand over the body instead of a reader.
            if (reader != nullptr) {
                request.body = read_all(*reader, config_.limits.body_bytes_max);
            }
            request.document = std::make_shared<const nlohmann::json>(parse_json(request.body));
            check(*route.request_schema, *request.document);
            return;
        case BodyMode::kStream:
            check_media_type(request, route.upload_types);
            request.upload().set_limit(config_.limits.upload_bytes_max);
            return;
    }
}

void Dispatcher::finish(const Request& request, Response& response) const {
    const std::size_t own = response.headers.size();
    const auto is_set = [&](std::string_view name) {
        return std::any_of(response.headers.begin(),
                           response.headers.begin() + static_cast<std::ptrdiff_t>(own),
                           [&](const auto& header) { return header.first == name; });
    };
    response.headers.reserve(own + kDefaultHeaders.size() + 5);
    response.with("X-Request-Id", request.request_id);
    if (request.cross_origin) {
        response.with("Access-Control-Allow-Origin", "*");
        response.with("Access-Control-Expose-Headers", std::string(kExposedHeaders));
    }
    if (!response.wordless && !is_set("Content-Language")) {
        response.with("Content-Language", std::string(language_tag(request.language)));
    }
    if (!response.wordless && !is_set("Vary")) response.with("Vary", "Accept-Language");
    for (const auto& [name, value] : kDefaultHeaders) {
        if (!is_set(name)) response.with(std::string(name), std::string(value));
    }
}

}  // namespace pdx::http
