#pragma once
/// What the server calls: the one seam between sockets and meaning.
#include <chrono>
#include <cstdint>
#include <exception>

#include "marketplace/http/fault.h"
#include "marketplace/http/message.h"

namespace pdx::http {

/// How one request went, for the access log.
struct Completion {
    int status = 0;
    std::uint64_t bytes = 0;
    std::chrono::microseconds duration{0};
    bool truncated = false;  ///< the reply broke off
};

/// Thread: called from every connection's thread.
class Application {
public:
    virtual ~Application() = default;
    /// Answers a request whose head was read. Never throws.
    virtual Response handle(Request& request) = 0;
    /// Answers what could not be read as a request; `request` holds what is known of it.
    virtual Response refuse(Request& request, ProtocolFault fault) = 0;
    /// A producer failed; the answer is used if none of its bytes has left yet.
    virtual Response fail(const Request& request, const std::exception_ptr& failure) = 0;
    /// The reply has left, or broke off.
    virtual void complete(const Request& request, const Response& response,
                          const Completion& completion) = 0;
};

}  // namespace pdx::http
