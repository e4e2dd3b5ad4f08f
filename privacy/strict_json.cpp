#include "privacy/strict_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace pdx::privacy {

nlohmann::json parse_strict_json(std::string_view text, int depth_max) {
    using Json = nlohmann::json;
    std::vector<std::set<std::string>> members;
    bool refused = false;
    const Json::parser_callback_t callback = [&](int depth, Json::parse_event_t event,
                                                 Json& value) {
        if (depth > depth_max) refused = true;
        if (event == Json::parse_event_t::object_start) members.emplace_back();
        if (event == Json::parse_event_t::object_end) members.pop_back();
        if (event == Json::parse_event_t::key) {
            refused = !members.back().insert(value.get<std::string>()).second || refused;
        }
        return true;
    };
    Json json = Json::parse(text.begin(), text.end(), callback, false);
    return refused || json.is_discarded() ? Json() : json;
}

std::size_t line_of_json_fault(std::string_view text) {
    try {
        return nlohmann::json::parse(text).is_discarded() ? 1 : 0;  // it throws instead
    } catch (const nlohmann::json::parse_error& fault) {
        const std::size_t read = fault.byte > 0 ? fault.byte - 1 : 0;
        const std::string_view before = text.substr(0, read);
        return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    } catch (const nlohmann::json::exception&) {
        // It is JSON with a number that is too large.
    }
    return 0;
}

}  // namespace pdx::privacy
