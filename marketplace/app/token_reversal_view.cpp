#include "marketplace/app/token_reversal_view.h"

#include <nlohmann/json.hpp>

namespace pdx::app {
using nlohmann::json;

json fact_of(const store::TokenReversal& reversal) {
    return {{"contract_id", reversal.contract_id.text()},
            {"provider_id", reversal.provider_id.text()},
            {"authority_id", reversal.authority_id.text()},
            {"operator_id", reversal.operator_id.text()},
            {"state", domain::to_string(reversal.state)},
            {"version", reversal.version}};
}

json to_json(const store::TokenReversal& reversal) {
    json view = fact_of(reversal);
    view.update({{"token_reversal_id", reversal.id.text()},
                 {"requester_id", reversal.requester_id.text()},
                 {"field", reversal.field},
                 {"ground", domain::to_string(reversal.ground)},
                 {"token_count", reversal.token_count},
                 {"known_count", reversal.known_count ? json(*reversal.known_count) : json()},
                 {"lapses_at", reversal.created_at.plus(domain::kReversalLapsesAfter).rfc3339()},
                 {"created_at", reversal.created_at.rfc3339()},
                 {"updated_at", reversal.updated_at.rfc3339()}});
    return view;
}

std::string token_lines(const std::vector<std::string>& tokens) {
    std::string lines;
    for (const std::string& token : tokens) lines += (lines.empty() ? "" : "\n") + token;
    return lines;
}

std::vector<std::string> tokens_in(std::string_view lines) {
    std::vector<std::string> tokens(1);
    for (const char c : lines) {
        if (c == '\n') {
            tokens.emplace_back();
        } else {
            tokens.back() += c;
        }
    }
    return tokens;
}

}  // namespace pdx::app
