#include "marketplace/http/access_log.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace pdx::http {
namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& line) {
    return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Client errors are the clients' business: only 5xx is worth an operator's look.
std::string_view level_of(int status) { return status >= 500 ? "error" : "info"; }

std::string milliseconds(std::int64_t micros) {
    char text[32];
    const int count =
        std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(micros / 1000),
                      static_cast<long long>(micros % 1000));
    return {text, static_cast<std::size_t>(count)};
}

/// Terminals act on control characters; a line in a terminal holds none.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte < 0x20 || byte == 0x7f ? ' ' : c);
    }
    return out;
}

}  // namespace

void AccessLog::request(const AccessEntry& entry) {
    const std::string now = clock_.now().rfc3339();
    if (format_ == LogFormat::kReadable) {
        std::string text = now.substr(11, 12) + " " + std::to_string(entry.status) + " ";
        text += std::string(entry.method) + " " +
                std::string(entry.route.empty() ? "-" : entry.route) + " " +
                milliseconds(entry.micros) + " ms " + std::to_string(entry.bytes) + " B";
        if (!entry.code.empty()) text += " " + std::string(entry.code);
        if (entry.truncated) text += " (broken off)";
        return line(printable(text) + " [" + printable(entry.request_id) + "]");
    }
    ordered_json out;
    out["ts"] = now;
    out["level"] = level_of(entry.status);
    out["event"] = "request";
    out["request_id"] = entry.request_id;
    out["method"] = entry.method;
    out["route"] = entry.route;
    out["status"] = entry.status;
    out["us"] = entry.micros;
    out["bytes"] = entry.bytes;
    if (!entry.party.empty()) out["party"] = entry.party;
    if (!entry.code.empty()) out["code"] = entry.code;
    if (entry.truncated) out["truncated"] = true;
    line(dump(out));
}

void AccessLog::failure(std::string_view request_id, std::string_view code,
                        std::string_view context) {
    const std::string now = clock_.now().rfc3339();
    if (format_ == LogFormat::kReadable) {
        return line(now.substr(11, 12) + " ERROR " + printable(code) + ": " + printable(context) +
                    " [" + printable(request_id) + "]");
    }
    ordered_json out;
    out["ts"] = now;
    out["level"] = "error";
    out["event"] = "failure";
    out["request_id"] = request_id;
    out["code"] = code;
    out["context"] = context;
    line(dump(out));
}

void AccessLog::line(const std::string& text) {
    const std::lock_guard lock(mutex_);
    out_ << text << '\n';
    out_.flush();
}

}  // namespace pdx::http
