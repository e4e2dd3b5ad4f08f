#pragma once
/// The way of every request: route, credential, permission, media type, JSON, schema, handler. And
/// THE place where what goes wrong is caught and becomes an answer.
#include "base/ids.h"
#include "marketplace/http/access_log.h"
#include "marketplace/http/application.h"
#include "marketplace/http/limits.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// Finds out who asks. Thread: called from every connection's thread.
class Authenticator {
public:
    virtual ~Authenticator() = default;
    /// Requires: `token` is a bearer token, 1..512 visible ASCII characters.
    /// Throws: kUnauthenticated when it is unknown or has expired.
    virtual app::Caller authenticate(std::string_view token) = 0;
};

struct DispatchConfig {
    Limits limits;
    Language default_language = Language::kEnglish;
};

/// Thread: any.
class Dispatcher final : public Application {
public:
    /// Requires: what is referred to outlives the dispatcher.
    Dispatcher(const Router& router, Authenticator& authenticator, AccessLog& log, IdSource& ids,
               const Clock& clock, DispatchConfig config = {});

    Response handle(Request& request) override;
    Response refuse(Request& request, ProtocolFault fault) override;
    Response fail(const Request& request, const std::exception_ptr& failure) override;
    void complete(const Request& request, const Response& response,
                  const Completion& completion) override;

private:
    void identify(Request& request);
    Response route(Request& request);
    Response answer_failure(const Request& request, const std::exception_ptr& failure);
    void authorize(const Route& route, Request& request);
    void read_query(const Route& route, Request& request) const;
    void read_body(const Route& route, Request& request) const;
    void finish(const Request& request, Response& response) const;

    const Router& router_;
    Authenticator& authenticator_;
    AccessLog& log_;
    IdSource& ids_;
    const Clock& clock_;
    DispatchConfig config_;
};

}  // namespace pdx::http
