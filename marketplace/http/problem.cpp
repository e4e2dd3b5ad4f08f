#include "marketplace/http/problem.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "marketplace/http/schema.h"

namespace pdx::http {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kRetryAfterSeconds = "1";

Response make(int status, std::string_view code, const Text& text, const Request& request,
              const ordered_json& more = ordered_json::object()) {
    ordered_json body;
    body["type"] = problem_type(code);
    body["title"] = in_language(title_of(status), request.language);
    body["status"] = status;
    body["detail"] = in_language(text, request.language);
    body["code"] = code;
    body["instance"] = "urn:pdx:request:" + request.request_id;
    body.update(more);
    Response response;
    response.status = status;
    response.content_type = kProblemType;
    response.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    response.code = code;
    if (status == 503) response.with("Retry-After", std::string(kRetryAfterSeconds));
    if (status == 401) response.with("WWW-Authenticate", "Bearer realm=\"pdx\"");
    return response;
}

ordered_json details_of(const Error& error, const Request& request) {
    const ErrorDetail& detail = error.detail();
    ordered_json more = ordered_json::object();
    if (!detail.pointer.empty()) more["pointer"] = detail.pointer;
    if (!detail.state.empty()) {
        more["state"] = detail.state;
        more["allowed"] = detail.allowed;
    } else if (!detail.allowed.empty()) {
        more["allowed"] = detail.allowed;
    }
    if (!detail.rule.empty()) more["rule"] = detail.rule;
    if (!detail.deadline.empty()) more["deadline"] = detail.deadline;
    if (const auto* invalid_body = dynamic_cast<const InvalidBody*>(&error)) {
        more["errors"] = ordered_json::array();
        for (const FieldError& field : invalid_body->errors()) {
            more["errors"].push_back({{"pointer", field.pointer},
                                      {"code", field.code},
                                      {"detail", in_language(field.text, request.language)}});
        }
    }
    return more;
}

}  // namespace

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kMalformed: return 400;
        case ErrorKind::kUnauthenticated: return 401;
        case ErrorKind::kForbidden: return 403;
        case ErrorKind::kNotFound: return 404;
        case ErrorKind::kConflict: return 409;
        case ErrorKind::kStale: return 412;
        case ErrorKind::kTooLarge: return 413;
        case ErrorKind::kUnsupported: return 415;
        case ErrorKind::kInvalid: return 422;
        case ErrorKind::kPreconditionRequired: return 428;
        case ErrorKind::kBusy: return 503;
    }
    throw InvariantViolation("an error kind without a status");
}

Text title_of(int status) {
    switch (status) {
        case 400: return {"The request cannot be read", "请求无法解析"};
        case 401: return {"A valid credential is needed", "需要有效的身份凭证"};
        case 403: return {"Not permitted", "没有权限"};
        case 404: return {"Not found", "未找到"};
        case 405: return {"Method not allowed", "不支持该方法"};
        case 408: return {"The request took too long", "请求超时"};
        case 409: return {"Not possible in the present state", "当前状态不允许该操作"};
        case 411: return {"A length is needed", "需要声明长度"};
        case 412: return {"The version is out of date", "版本已过期"};
        case 413: return {"Too large", "内容过大"};
        case 414: return {"The address is too long", "地址过长"};
        case 415: return {"Unsupported media type", "不支持的媒体类型"};
        case 416: return {"The range lies beyond the end", "请求范围超出内容长度"};
        case 417: return {"The expectation cannot be met", "无法满足 Expect 要求"};
        case 422: return {"A value is wrong", "内容不符合要求"};
        case 428: return {"A precondition is needed", "需要前置条件"};
        case 431: return {"The header is too large", "请求头过大"};
        case 501: return {"Unknown method", "未知的方法"};
        case 503: return {"Busy, try again", "系统繁忙，请稍后再试"};
        default: return {"Internal error", "内部错误"};
    }
}

// One row per fault: longer than a function should be, and nothing but a table.
// NOLINTNEXTLINE(readability-function-size)
FaultInfo describe(ProtocolFault fault) {
    switch (fault) {
        case ProtocolFault::kRequestLine:
            return {400,
                    "http.request_line",
                    {"The request line is not HTTP.", "请求行不符合 HTTP 规范。"}};
        case ProtocolFault::kMethodUnknown:
            return {501,
                    "http.method_unknown",
                    {"This method is not known here.", "不支持的请求方法。"}};
        case ProtocolFault::kNotFound:
            return {404,
                    "http.not_found",
                    {"There is nothing at this address. The front page lists what there is.",
                     "该地址不存在，可用的地址见首页。"}};
        case ProtocolFault::kMethodNotAllowed:
            return {405,
                    "http.method_not_allowed",
                    {"This address does not take this method; see Allow.",
                     "该地址不支持此方法，可用方法见 Allow。"}};
        case ProtocolFault::kTargetMalformed:
            return {400,
                    "http.target_malformed",
                    {"The address holds characters that must be percent-encoded (as UTF-8), or is "
                     "otherwise malformed.",
                     "地址格式不正确，或含有未按 UTF-8 百分号编码的字符。"}};
        case ProtocolFault::kTargetTooLong:
            return {414, "http.target_too_long", {"The address is too long.", "请求地址过长。"}};
        case ProtocolFault::kVersion:
            return {400,
                    "http.version",
                    {"Only HTTP/1.1 and 1.0 are spoken.", "仅支持 HTTP/1.1 与 1.0。"}};
        case ProtocolFault::kHeadTooLarge:
            return {
                431, "http.head_too_large", {"The header is too large.", "请求头总长度超出限制。"}};
        case ProtocolFault::kTooManyHeaders:
            return {431,
                    "http.too_many_headers",
                    {"There are too many headers.", "请求头数量超出限制。"}};
        case ProtocolFault::kBareLineFeed:
            return {400, "http.bare_line_feed", {"Lines end with CR LF.", "行必须以 CR LF 结尾。"}};
        case ProtocolFault::kControlCharacter:
            return {400,
                    "http.control_character",
                    {"The head holds a control character.", "请求头含有控制字符。"}};
        case ProtocolFault::kHeaderName:
            return {400,
                    "http.header_name",
                    {"A header has no name, or a name with characters that it may not have.",
                     "请求头名称缺失或含有非法字符。"}};
        case ProtocolFault::kFoldedHeader:
            return {
                400, "http.folded_header", {"A header goes over two lines.", "请求头不得折行。"}};
        case ProtocolFault::kHeaderRepeated:
            return {400,
                    "http.header_repeated",
                    {"A header that may come once came twice.", "只能出现一次的请求头重复出现。"}};
        case ProtocolFault::kHostMissing:
            return {
                400, "http.host", {"Host is missing or malformed.", "缺少 Host 或其格式不正确。"}};
        case ProtocolFault::kHostRepeated:
            return {400, "http.host", {"Host came more than once.", "Host 重复出现。"}};
        case ProtocolFault::kContentLength:
            return {400,
                    "http.content_length",
                    {"Content-Length must be one plain decimal number.",
                     "Content-Length 必须是唯一的十进制数。"}};
        case ProtocolFault::kTransferEncoding:
            return {400,
                    "http.transfer_encoding",
                    {"The only Transfer-Encoding taken is chunked, in HTTP/1.1.",
                     "Transfer-Encoding 只接受 chunked（HTTP/1.1）。"}};
        case ProtocolFault::kBothFramings:
            return {400,
                    "http.both_framings",
                    {"Content-Length and Transfer-Encoding exclude each other.",
                     "Content-Length 与 Transfer-Encoding 不能同时出现。"}};
        case ProtocolFault::kLengthRequired:
            return {411,
                    "http.length_required",
                    {"Say how long the body is: Content-Length (0 when there is none) or chunked.",
                     "请声明请求体长度：Content-Length（无请求体时为 0）或 chunked。"}};
        case ProtocolFault::kExpectation:
            return {417,
                    "http.expectation",
                    {"The only Expect taken is 100-continue.", "Expect 只接受 100-continue。"}};
        case ProtocolFault::kChunk:
            return {400, "http.chunk", {"The chunked body is malformed.", "分块传输格式不正确。"}};
        case ProtocolFault::kBodyTooLarge:
            return {413, "http.body_too_large", {"The body is too large.", "请求体超出大小限制。"}};
        case ProtocolFault::kBodyTruncated:
            return {400, "http.body_truncated", {"The body was cut short.", "请求体不完整。"}};
        case ProtocolFault::kBodyUnexpected:
            return {400,
                    "http.body_unexpected",
                    {"This request takes no body.", "该请求不接受请求体。"}};
        case ProtocolFault::kTimeout:
            return {
                408, "http.timeout", {"The request came too slowly.", "请求发送过慢，已超时。"}};
        case ProtocolFault::kRange:
            return {416,
                    "http.range",
                    {"The range lies beyond the end; Content-Range says how long this is.",
                     "请求的范围超出末尾，长度见 Content-Range。"}};
        case ProtocolFault::kTooManyConnections:
            return {503,
                    "http.too_many_connections",
                    {"There are too many connections; try again.", "连接数过多，请稍后重试。"}};
    }
    throw InvariantViolation("a protocol fault without a description");
}

std::string problem_type(std::string_view code) { return "/problems/" + std::string(code); }

Response problem(const Error& error, const Request& request) {
    return make(status_of(error.kind()), error.code(), error.text(), request,
                details_of(error, request));
}

Response problem(ProtocolFault fault, const Request& request) {
    const FaultInfo info = describe(fault);
    Response response = make(info.status, info.code, info.text, request);
    response.close = fault != ProtocolFault::kMethodNotAllowed && fault != ProtocolFault::kRange;
    return response;
}

Response internal_problem(const Request& request) {
    return make(500, "internal",
                {"Something went wrong on our side. Quote the request id when you report it.",
                 "系统内部出现错误，报告问题时请提供请求编号。"},
                request);
}

}  // namespace pdx::http
