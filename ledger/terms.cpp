#include "ledger/terms.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/json_text.h"

namespace pdx::ledger {
namespace {

// The first byte: what the rest is, and how it is written.
constexpr char kKind = 'k';
constexpr char kActor = 'a';       ///< a UUID
constexpr char kActorText = 'A';   ///< any other text
constexpr char kMention = 'm';     ///< a UUID
constexpr char kEntity = 'e';      ///< a UUID and the type
constexpr char kEntityText = 'E';  ///< any other text, NUL, and the type: no type holds a NUL

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

/// A term in the making.
class Term {
public:
    Term(char tag, ByteView rest) {
        PDX_CHECK(rest.size() < kTermBytesMax);
        bytes_[0] = static_cast<std::uint8_t>(tag);
        std::copy(rest.begin(), rest.end(), bytes_.begin() + 1);
        size_ = rest.size() + 1;
    }
    ByteView view() const { return {bytes_.data(), size_}; }
    Bytes bytes() const { return {view().begin(), view().end()}; }

private:
    std::array<std::uint8_t, kTermBytesMax> bytes_;
    std::size_t size_ = 0;
};

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
    return is_uuid(filter.mentions) &&
           (entry.entity_id == filter.mentions || entry.actor == filter.mentions ||
            entry.body.find(filter.mentions) != std::string::npos);
}

bool may_match(const Bytes& entry, const EntryFilter& filter) {
    for (const std::string* text :
         {&filter.entity_id, &filter.kind, &filter.actor, &filter.mentions}) {
        // What stands for itself in JSON is in the bytes as it is.
        const bool plain = plain_json_end(*text, 0) == text->size();
        if (plain && as_text(entry).find(*text) == std::string_view::npos) return false;
    }
    return true;
}

Bytes entity_key(std::string_view type, std::string_view id) {
    Bytes rest(id.begin(), id.end());
    const auto uuid = parse_uuid(id);
    if (uuid) {
        rest.assign(uuid->begin(), uuid->end());
    } else {
        rest.push_back(0);
    }
    rest.insert(rest.end(), type.begin(), type.end());
    return Term(uuid ? kEntity : kEntityText, rest).bytes();
}

Bytes uuid_prefix(std::string_view id) {
    const auto uuid = parse_uuid(id);
    PDX_CHECK(uuid.has_value());
    return Term(kEntity, *uuid).bytes();
}

bool is_uuid(std::string_view text) { return parse_uuid(text).has_value(); }

void visit_terms(const Entry& entry, const std::function<void(ByteView)>& visit) {
    visit(Term(kKind, as_bytes(entry.kind)).view());
    if (const auto actor = parse_uuid(entry.actor)) {
        visit(Term(kActor, *actor).view());
        visit(Term(kMention, *actor).view());
    } else {
        visit(Term(kActorText, as_bytes(entry.actor)).view());
    }
    const auto about = parse_uuid(entry.entity_id);
    for_each_uuid(entry.body, [&](const Uuid& uuid) {
        // Most bodies repeat it, and the entry is found by it already.
        if (uuid != about) visit(Term(kMention, uuid).view());
    });
}

Bytes term_of(const EntryFilter& filter) {
    if (!filter.kind.empty()) return Term(kKind, as_bytes(filter.kind)).bytes();
    const bool by_actor = !filter.actor.empty();
    const auto uuid = parse_uuid(by_actor ? filter.actor : filter.mentions);
    if (uuid) return Term(by_actor ? kActor : kMention, *uuid).bytes();
    PDX_CHECK(by_actor);
    return Term(kActorText, as_bytes(filter.actor)).bytes();
}

}  // namespace pdx::ledger
