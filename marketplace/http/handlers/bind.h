#pragma once
/// What the rows of the route table need to name their handlers by function alone.
#include "marketplace/app/services.h"
#include "marketplace/http/message.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// Makes a handler of a function that answers from the services; one of a list also makes cursors.
class Bind {
public:
    /// Requires: both outlive every handler that is made.
    Bind(app::Services& services, const CursorCodec& cursors)
        : services_(services),
          cursors_(cursors) {}

    Handler operator()(Response (*function)(const Request&, app::Services&)) const {
        return [function, &services = services_](const Request& request) {
            return function(request, services);
        };
    }
    Handler operator()(Response (*function)(const Request&, app::Services&,
                                            const CursorCodec&)) const {
        return [function, &services = services_, &cursors = cursors_](const Request& request) {
            return function(request, services, cursors);
        };
    }

private:
    app::Services& services_;
    const CursorCodec& cursors_;
};

}  // namespace pdx::http
