#include "ledger/private_part.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/crypto.h"
#include "ledger/canonical_json.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kLabel = "pdx/private-part/v1";
constexpr std::size_t kNameBytesMax = 64;

bool is_text_name(std::string_view name) {
    return !name.empty() && name.size() <= kNameBytesMax &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

std::string private_part_text(const PrivateTexts& texts) {
    PDX_CHECK(!texts.empty());
    nlohmann::json part = nlohmann::json::object();
    for (const auto& [name, text] : texts) {
        PDX_CHECK(is_text_name(name));
        part[name] = text;
    }
    return canonical_json(part);
}

std::optional<PrivateTexts> parse_private_part(std::string_view text) {
    if (!is_canonical(text)) return std::nullopt;
    const nlohmann::json part = nlohmann::json::parse(text, nullptr, false);
    if (!part.is_object() || part.empty()) return std::nullopt;
    PrivateTexts texts;
    for (const auto& [name, value] : part.items()) {
        if (!is_text_name(name) || !value.is_string()) return std::nullopt;
        texts.emplace(name, value.get<std::string>());
    }
    return texts;
}

Digest commit_private_part(ByteView salt, const PrivatePlace& place, std::string_view part) {
    PDX_CHECK(salt.size() == kPrivateSaltBytes);
    std::string message(kLabel);
    for (const std::string* word :
         {&place.log, &place.kind, &place.entity_type, &place.entity_id}) {
        PDX_CHECK(word->find('\n') == std::string::npos);
        message += '\n';
        message += *word;
    }
    message += '\n';
    message += part;
    return hmac_sha256(salt, as_bytes(message));
}

}  // namespace pdx::ledger
