#pragma once
/// Failures as answers: THE place where a failure becomes a status. RFC 9457 problem+json in the
/// language asked for, with a stable code and never anything private.
#include <string>
#include <string_view>

#include "base/error.h"
#include "marketplace/http/fault.h"
#include "marketplace/http/message.h"

namespace pdx::http {

inline constexpr std::string_view kProblemType = "application/problem+json";

int status_of(ErrorKind kind);

struct FaultInfo {
    int status;
    std::string_view code;
    Text text;
};
FaultInfo describe(ProtocolFault fault);

/// A short name of the status in both languages: the problem's title.
Text title_of(int status);

Response problem(const Error& error, const Request& request);
/// Ensures: the connection closes, except after a method that the path does not take, and a
/// range beyond the end.
Response problem(ProtocolFault fault, const Request& request);
/// A bug on our side: says nothing but the request id.
Response internal_problem(const Request& request);

/// RFC 9457 `type`: a path on this server that explains the code.
std::string problem_type(std::string_view code);

}  // namespace pdx::http
