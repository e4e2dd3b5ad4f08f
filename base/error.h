#pragma once
/// Failures that a caller can do something about. Absence is std::optional; a bug is PDX_CHECK
/// (base/check.h); everything else that goes wrong is an Error with a closed kind and a stable
/// code.
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace pdx {

/// Closed: http/problem.cpp maps each kind to a status in one switch without a default.
enum class ErrorKind {
    kMalformed,             ///< 400: the request cannot be read
    kUnauthenticated,       ///< 401: no credential, or one that is unknown or expired
    kForbidden,             ///< 403: the credential's role may not do this
    kNotFound,              ///< 404: there is no such thing *for this caller*
    kConflict,              ///< 409: the state machine or a rule refuses
    kStale,                 ///< 412: If-Match names another version
    kTooLarge,              ///< 413: over a limit
    kUnsupported,           ///< 415: wrong media type or encoding
    kInvalid,               ///< 422: readable, but a value is wrong
    kPreconditionRequired,  ///< 428: If-Match is missing
    kBusy,                  ///< 503: try again later
};

/// A sentence in both languages of the product; public, so never SQL, a path or personal data.
struct Text {
    std::string en;
    std::string zh;
};

/// What else the caller is told, where it applies. All public.
struct ErrorDetail {
    std::string pointer = {};               ///< RFC 6901 pointer or name of the offending field
    std::string state = {};                 ///< the state that refused
    std::vector<std::string> allowed = {};  ///< the events that the state would take
    std::string rule = {};      ///< rule profile and version, or the article, that refused
    std::string deadline = {};  ///< RFC 3339 date or time
};

/// A refusal. `code` is stable API in the form noun.what; `context` is logged, never sent.
class Error : public std::exception {
public:
    Error(ErrorKind kind, std::string code, Text text, ErrorDetail detail = {},
          std::string context = {});

    ErrorKind kind() const noexcept { return kind_; }
    const std::string& code() const noexcept { return code_; }
    const Text& text() const noexcept { return text_; }
    const ErrorDetail& detail() const noexcept { return detail_; }
    const std::string& context() const noexcept { return context_; }
    const char* what() const noexcept override { return what_.c_str(); }

private:
    ErrorKind kind_;
    std::string code_;
    Text text_;
    ErrorDetail detail_;
    std::string context_;
    std::string what_;
};

Error malformed(std::string code, Text text, ErrorDetail detail = {});
Error unauthenticated(std::string code, Text text);
Error forbidden(std::string code, Text text, ErrorDetail detail = {});
/// The same words for "does not exist" and "is not yours", so that ids of others cannot be probed.
Error not_found(std::string_view noun);
Error conflict(std::string code, Text text, ErrorDetail detail = {});
Error stale(std::string_view noun);
Error too_large(std::string code, Text text, ErrorDetail detail = {});
Error unsupported(std::string code, Text text, ErrorDetail detail = {});
Error invalid(std::string code, Text text, ErrorDetail detail = {});
Error precondition_required(std::string_view noun);
Error busy(std::string code, Text text, std::string context = {});

}  // namespace pdx
