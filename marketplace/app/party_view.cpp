#include "marketplace/app/party_view.h"

#include <nlohmann/json.hpp>

namespace pdx::app {

nlohmann::json to_json(const store::Party& party) {
    return {{"party_id", party.id.text()},
            {"uscc", party.uscc},
            {"name_zh", party.name_zh},
            {"name_en", party.name_en},
            {"role", domain::to_string(party.role)},
            {"created_at", party.created_at.rfc3339()},
            {"version", party.version}};
}

}  // namespace pdx::app
