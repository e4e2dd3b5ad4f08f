#include "sql/mysql_address.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/bytes.h"

namespace pdx::sql {
namespace {

bool consists_of(std::string_view text, std::string_view also) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_alnum(c) || also.find(c) != std::string_view::npos;
    });
}

/// Resolves %XX; refuses control characters and what should have been escaped.
std::optional<std::string> unescape(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto byte = from_hex(text.substr(i + 1, 2));
            if (!byte || byte->size() != 1) return std::nullopt;
            c = static_cast<char>(byte->front());
            i += 2;
        } else if (c == '@' || c == '/' || c == '?' || c == '#' || c == '&' || c == ' ') {
            return std::nullopt;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
        result += c;
    }
    return result;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && port != 0 ? std::optional(port) : std::nullopt;
}

bool parse_credentials(std::string_view text, MysqlAddress& address) {
    const std::size_t colon = text.find(':');
    const auto user = unescape(text.substr(0, colon));
    if (!user || user->empty()) return false;
    address.user = *user;
    if (colon == std::string_view::npos) return true;
    const auto password = unescape(text.substr(colon + 1));
    if (!password) return false;
    address.password = *password;
    return true;
}

bool parse_host(std::string_view text, MysqlAddress& address) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return false;
        address.host = text.substr(1, end - 1);
        if (!consists_of(address.host, ":.")) return false;
        rest = text.substr(end + 1);
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        address.host = text.substr(0, colon);
        if (!consists_of(address.host, ".-")) return false;
        rest = text.substr(colon);
    }
    if (rest.empty()) return true;
    const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
    if (!port) return false;
    address.port = *port;
    return true;
}

bool parse_path(std::string_view text, MysqlAddress& address) {
    constexpr std::size_t kDatabaseMax = 64;
    const std::size_t question = std::min(text.find('?'), text.size());
    address.database = text.substr(0, question);
    if (!consists_of(address.database, "_") || address.database.size() > kDatabaseMax) return false;
    std::string_view parameter = text.substr(question);
    if (parameter.empty()) return true;
    constexpr std::string_view kSocket = "?socket=";
    if (!parameter.starts_with(kSocket)) return false;
    parameter.remove_prefix(kSocket.size());
    // Slashes are the point of a path, so they need no escape here.
    std::string escaped;
    for (const char c : parameter) escaped += c == '/' ? std::string("%2F") : std::string(1, c);
    const auto socket = unescape(escaped);
    if (!socket || !socket->starts_with('/')) return false;
    address.socket = *socket;
    return true;
}

}  // namespace

std::optional<MysqlAddress> MysqlAddress::parse(std::string_view url) {
    constexpr std::string_view kScheme = "mysql://";
    if (!url.starts_with(kScheme)) return std::nullopt;
    url.remove_prefix(kScheme.size());
    const std::size_t at = url.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view place = url.substr(at + 1);
    const std::size_t slash = place.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    MysqlAddress address;
    if (!parse_credentials(url.substr(0, at), address) ||
        !parse_host(place.substr(0, slash), address) ||
        !parse_path(place.substr(slash + 1), address)) {
        return std::nullopt;
    }
    return address;
}

}  // namespace pdx::sql
