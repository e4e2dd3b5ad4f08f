#include "privacy/strict_json.h"

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

}  // namespace pdx::privacy
