#include "ledger/origin.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"

namespace pdx::ledger {
namespace {

bool is_unreserved(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

}  // namespace

std::optional<std::string_view> log_name(std::string_view origin) {
    const std::size_t slash = origin.rfind('/');
    const std::string_view name =
        slash == std::string_view::npos ? origin : origin.substr(slash + 1);
    if (name.empty() || name == "." || name == ".." ||
        !std::all_of(name.begin(), name.end(), is_unreserved)) {
        return std::nullopt;
    }
    return name;
}

std::string log_folder(std::string_view origin) {
    const auto name = log_name(origin);
    PDX_CHECK(name.has_value());
    return "/ledger/" + std::string(*name) + "/";
}

}  // namespace pdx::ledger
