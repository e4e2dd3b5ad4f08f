#include "marketplace/http/uri.h"

#include <algorithm>

#include "base/bytes.h"

namespace pdx::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool is_target_char(char c) {
    return is_unreserved(c) ||
           std::string_view("!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
}

bool escapes_are_whole(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') continue;
        if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) {
            return false;
        }
        i += 2;
    }
    return true;
}

bool starts_with_scheme(std::string_view target) {
    constexpr std::string_view kScheme = "http";
    if (target.size() < kScheme.size()) return false;
    for (std::size_t i = 0; i < kScheme.size(); ++i) {
        if ((target[i] | 0x20) != kScheme[i]) return false;
    }
    return true;
}

}  // namespace

std::optional<std::string> origin_form(std::string_view target) {
    std::string_view rest = target;
    if (starts_with_scheme(rest)) {
        const std::size_t slashes = rest.find("://");
        if (slashes == std::string_view::npos || slashes > 5) return std::nullopt;
        rest.remove_prefix(slashes + 3);
        const std::size_t path = rest.find('/');
        if (path == std::string_view::npos || path == 0) return std::nullopt;
        rest.remove_prefix(path);
    }
    if (rest.empty() || rest.front() != '/') return std::nullopt;
    if (!std::all_of(rest.begin(), rest.end(), is_target_char)) return std::nullopt;
    if (!escapes_are_whole(rest)) return std::nullopt;
    return std::string(rest);
}

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
    if (!escapes_are_whole(text)) return std::nullopt;
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else if (c == '+' && plus == Plus::kSpace) {
            c = ' ';
        }
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) return std::nullopt;
        out.push_back(c);
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(kDigits[byte >> 4U]);
        out.push_back(kDigits[byte & 15U]);
    }
    return out;
}

std::optional<std::vector<std::string>> split_path(std::string_view path) {
    std::vector<std::string> segments;
    if (path.empty() || path.front() != '/') return std::nullopt;
    path.remove_prefix(1);
    while (true) {
        const std::size_t slash = path.find('/');
        auto segment = percent_decode(path.substr(0, slash), Plus::kLiteral);
        if (!segment || *segment == "." || *segment == "..") return std::nullopt;
        segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

QueryResult parse_query(std::string_view query) {
    QueryResult result;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        const std::size_t equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), Plus::kSpace);
        auto value = percent_decode(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1),
            Plus::kSpace);
        if (!name || name->empty() || !value) {
            result.well_formed = false;
            return result;
        }
        if (!result.parameters.try_emplace(*name, std::move(*value)).second) {
            result.duplicate = *name;
            return result;
        }
        if (end == std::string_view::npos) break;
        query.remove_prefix(end + 1);
        if (query.empty()) result.well_formed = false;
    }
    return result;
}

}  // namespace pdx::http
