#pragma once
/// THE shape of the route table, and finding a route in it. One row carries everything that is
/// known about an operation: who may call it, what it takes, how it refuses, what runs.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/domain/permissions.h"
#include "marketplace/http/message.h"
#include "marketplace/http/schema.h"

namespace pdx::http {

/// Who may call. There is no default: every row says it.
class Access {
public:
    /// Anybody, without a credential.
    static constexpr Access open() { return Access(Kind::kOpen, domain::Permission::kReadPublic); }
    /// Anybody with a valid credential.
    static constexpr Access signed_in() {
        return Access(Kind::kSignedIn, domain::Permission::kReadPublic);
    }
    /// A credential whose role holds the permission.
    static constexpr Access needs(domain::Permission permission) {
        return Access(Kind::kPermission, permission);
    }

    constexpr bool is_open() const { return kind_ == Kind::kOpen; }
    constexpr bool has_permission() const { return kind_ == Kind::kPermission; }
    /// Requires: has_permission().
    constexpr domain::Permission permission() const { return permission_; }

private:
    enum class Kind { kOpen, kSignedIn, kPermission };
    constexpr Access(Kind kind, domain::Permission permission)
        : kind_(kind),
          permission_(permission) {}
    Kind kind_;
    domain::Permission permission_;
};

enum class BodyMode { kNone, kJson, kStream };

/// For protocols that do not say what a body's Content-Type is.
inline constexpr std::string_view kAnyMediaType = "*/*";

struct ErrorRow {
    int status;
    std::string_view code;
};

/// Values of integer and choice schemas are checked before the handler runs.
struct QueryParameter {
    std::string name;
    Schema schema;
    Text text;
};

struct ResponseInfo {
    int status = 200;
    Text text;
    std::string_view content_type = "application/json";
    const Schema* schema = nullptr;
};

using Handler = std::function<Response(const Request&)>;

struct Route {
    std::string_view method;
    /// "/api/v1/orders/{order_id}"; "{name...}" as the last segment takes all that follows.
    std::string_view path;
    std::string_view operation_id;
    std::string_view tag;
    Text summary;
    Access access;
    BodyMode body = BodyMode::kNone;
    const Schema* request_schema = nullptr;           ///< of a JSON body
    std::vector<std::string_view> upload_types = {};  ///< of a streamed body; or kAnyMediaType
    std::vector<QueryParameter> query = {};
    ResponseInfo response = {};
    std::vector<ErrorRow> errors = {};
    bool write = false;         ///< takes an Idempotency-Key
    bool cross_origin = false;  ///< pages of other sites may read it (CORS)
    Handler handler;
};

class Router {
public:
    /// Throws: InvariantViolation when the table contradicts itself.
    explicit Router(std::vector<Route> routes);
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    struct Match {
        const Route* route = nullptr;  ///< null: see allowed
        Parameters parameters;
        std::string allowed;  ///< methods of a path that is known; empty: there is no such path
        bool cross_origin = false;  ///< of any route at this path
    };
    /// HEAD finds the route of GET. A literal segment wins over a parameter.
    Match find(std::string_view method, std::string_view path) const;
    const std::vector<Route>& routes() const { return routes_; }

private:
    struct Node;
    void add(const Route& route);

    std::vector<Route> routes_;
    std::unique_ptr<Node> root_;
};

/// The names of the parameters in a path template, in order.
std::vector<std::string_view> parameters_of(std::string_view path_template);

}  // namespace pdx::http
