#pragma once
/// mysql://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?socket=PATH], taken apart strictly.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pdx::sql {

struct MysqlAddress {
    std::string user;
    std::string password;  ///< never printed, never in an error
    std::string host;
    std::uint16_t port = 3306;
    std::string database;  ///< letters, digits and '_' only: it is named in CREATE DATABASE
    std::string socket;    ///< path of a Unix socket, which is then used instead of host and port

    /// User, password and socket may hold %XX escapes, and must where they hold a character that
    /// has a meaning in a URL. Anything unknown is refused rather than ignored.
    static std::optional<MysqlAddress> parse(std::string_view url);
};

}  // namespace pdx::sql
