#pragma once
/// What can be wrong with a request before anyone has looked at its meaning. These are HTTP's own
/// refusals; a refusal by a rule of the market is a pdx::Error.
#include <exception>

namespace pdx::http {

/// Closed: http/problem.cpp maps each to a status and a code in one switch without a default.
enum class ProtocolFault {
    kRequestLine,
    kMethodUnknown,
    kNotFound,
    kMethodNotAllowed,
    kTargetMalformed,
    kTargetTooLong,
    kVersion,
    kHeadTooLarge,
    kTooManyHeaders,
    kBareLineFeed,
    kControlCharacter,
    kHeaderName,
    kFoldedHeader,
    kHeaderRepeated,
    kHostMissing,
    kHostRepeated,
    kContentLength,
    kTransferEncoding,
    kBothFramings,
    kLengthRequired,
    kExpectation,
    kChunk,
    kBodyTooLarge,
    kBodyTruncated,
    kBodyUnexpected,
    kTimeout,
    kRange,
    kTooManyConnections,
};

inline constexpr int kProtocolFaults = static_cast<int>(ProtocolFault::kTooManyConnections) + 1;

/// Thrown where a body is read; the connection cannot be used afterwards.
class ProtocolError final : public std::exception {
public:
    explicit ProtocolError(ProtocolFault fault) noexcept : fault_(fault) {}
    ProtocolFault fault() const noexcept { return fault_; }
    const char* what() const noexcept override { return "the request breaks the HTTP protocol"; }

private:
    ProtocolFault fault_;
};

/// The other end closed, or takes nothing any more. Nobody is left to answer.
class PeerGone final : public std::exception {
public:
    const char* what() const noexcept override { return "the client has gone"; }
};

}  // namespace pdx::http
