#include "ledger/terms.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

// The first byte of a term: what the rest is, and how it is written.
constexpr char kKind = 'k';
constexpr char kActor = 'a';  ///< of a UUID; all others are text
constexpr char kActorText = 'A';
constexpr char kEntity = 'e';  ///< of a UUID, whatever its type
constexpr char kEntityText = 'E';
constexpr char kMention = 'm';  ///< of a UUID

constexpr std::size_t kUuidText = 36;
constexpr std::size_t kUuidBytes = 16;
using Uuid = std::array<std::uint8_t, kUuidBytes>;

/// The value of a lower-case hex digit; 0xFF for any other character.
std::uint8_t hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<std::uint8_t>(digit - 'a' + 10);
    return 0xFF;
}

/// Reads 8-4-4-4-12 lower-case hex digits; of any version.
std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != kUuidText) return std::nullopt;
    Uuid uuid{};
    std::size_t digits = 0;
    for (std::size_t at = 0; at < kUuidText; ++at) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text[at] != '-') return std::nullopt;
            continue;
        }
        const std::uint8_t value = hex_value(text[at]);
        if (value == 0xFF) return std::nullopt;
        std::uint8_t& byte = uuid[digits / 2];
        byte = static_cast<std::uint8_t>(byte << 4U | value);
        ++digits;
    }
    return uuid;
}

Bytes make_term(char tag, ByteView rest) {
    Bytes term;
    term.reserve(rest.size() + 1);
    term.push_back(static_cast<std::uint8_t>(tag));
    term.insert(term.end(), rest.begin(), rest.end());
    PDX_CHECK(term.size() <= kTermBytesMax);
    return term;
}

Bytes id_term(char uuid_tag, char text_tag, std::string_view id) {
    const auto uuid = parse_uuid(id);
    return uuid ? make_term(uuid_tag, *uuid) : make_term(text_tag, as_bytes(id));
}

/// Every UUID of the text, from left to right. The first dash of one has eight digits before it.
template <class Visit>
void for_each_uuid(std::string_view text, const Visit& visit) {
    std::size_t dash = text.find('-');
    while (dash != std::string_view::npos) {
        std::size_t next = dash + 1;
        if (dash >= 8) {
            if (const auto uuid = parse_uuid(text.substr(dash - 8, kUuidText))) {
                visit(*uuid);
                next = dash - 8 + kUuidText;
            }
        }
        dash = text.find('-', next);
    }
}

}  // namespace

bool matches(const Entry& entry, const EntryFilter& filter) {
    if (!filter.entity_id.empty()) {
        return entry.entity_type == filter.entity_type && entry.entity_id == filter.entity_id;
    }
    if (!filter.kind.empty()) return entry.kind == filter.kind;
    if (!filter.actor.empty()) return entry.actor == filter.actor;
    if (filter.mentions.empty()) return true;
    return parse_uuid(filter.mentions) &&
           (entry.entity_id == filter.mentions || entry.actor == filter.mentions ||
            entry.body.find(filter.mentions) != std::string::npos);
}

std::vector<Bytes> terms_of(const Entry& entry) {
    std::vector<Bytes> terms{id_term(kEntity, kEntityText, entry.entity_id),
                             make_term(kKind, as_bytes(entry.kind)),
                             id_term(kActor, kActorText, entry.actor)};
    const auto about = parse_uuid(entry.entity_id);
    const auto actor = parse_uuid(entry.actor);
    for_each_uuid(entry.body, [&](const Uuid& uuid) {
        // These two are found by what they are, and most bodies repeat them.
        if (uuid != about && uuid != actor) terms.push_back(make_term(kMention, uuid));
    });
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

std::vector<Bytes> terms_of(const EntryFilter& filter) {
    if (!filter.entity_id.empty()) return {id_term(kEntity, kEntityText, filter.entity_id)};
    if (!filter.kind.empty()) return {make_term(kKind, as_bytes(filter.kind))};
    if (!filter.actor.empty()) return {id_term(kActor, kActorText, filter.actor)};
    const auto uuid = parse_uuid(filter.mentions);
    if (!uuid) return {};
    return {make_term(kEntity, *uuid), make_term(kActor, *uuid), make_term(kMention, *uuid)};
}

}  // namespace pdx::ledger
