#pragma once
/// One line per request and per failure: JSON for machines, a short form for a terminal. Routes are
/// named by template, so no line holds an id from a path, a query, a header or a body.
#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

#include "base/time.h"

namespace pdx::http {

struct AccessEntry {
    std::string_view request_id;
    std::string_view method;
    std::string_view route;  ///< template; empty when none matched
    int status = 0;
    std::int64_t micros = 0;
    std::uint64_t bytes = 0;
    std::string_view party;  ///< id; empty for the public
    std::string_view code;   ///< problem code
    bool truncated = false;
};

enum class LogFormat { kJson, kReadable };

/// Thread: every method from any thread; a line is never mixed with another.
class AccessLog {
public:
    /// Requires: `out` outlives the log.
    AccessLog(std::ostream& out, LogFormat format, const Clock& clock)
        : out_(out),
          format_(format),
          clock_(clock) {}

    void request(const AccessEntry& entry);
    /// Something that should not happen. `context` is for operators only and is never sent.
    void failure(std::string_view request_id, std::string_view code, std::string_view context);

private:
    void line(const std::string& text);

    std::ostream& out_;
    LogFormat format_;
    const Clock& clock_;
    std::mutex mutex_;
};

}  // namespace pdx::http
