#pragma once
/// Texts that the ledger only commits to: disclosed with their salt, and erased.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "marketplace/http/handlers/bind.h"
#include "marketplace/http/message.h"
#include "marketplace/http/schema.h"

namespace pdx::http {

std::vector<Route> private_part_routes(const Bind& bind);

/// What findPrivatePart answers: a disclosure (ledger/disclosure.h).
const Schema& disclosure_schema();
/// `private_parts` of a view: {"purpose": {"commitment":.., "index":.., "erased":..}}.
Schema private_parts_schema();
/// A text of a view: null while it was not said, and once it is erased.
Schema private_text();

/// A row of a list with the texts of what it is about.
nlohmann::json with_texts(app::Services& services, nlohmann::json view,
                          std::string_view entity_type, std::string_view entity_id);
/// The answer of a write about an entity with private texts: as they were at its entry.
Response answer_with_texts(int status, const app::Outcome& outcome, app::Services& services,
                           std::string_view entity_type);
/// One entity with its texts; an erasure makes another ETag, though not another version.
Response answer_one_with_texts(const Request& request, nlohmann::json view, std::int64_t version,
                               const nlohmann::json& texts);

}  // namespace pdx::http
