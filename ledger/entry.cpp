#include "ledger/entry.h"

#include <algorithm>

#include "base/check.h"
#include "base/error.h"
#include "ledger/canonical_reader.h"

namespace pdx::ledger {
namespace {

// Unit: bytes. The columns of sql/schema/0001_ledger.sql.
constexpr std::size_t kKindMax = 64;
constexpr std::size_t kEntityTypeMax = 32;
constexpr std::size_t kEntityIdMax = 64;
constexpr std::size_t kActorMax = 64;
constexpr std::size_t kRoleMax = 64;
constexpr std::size_t kRuleMax = 128;
constexpr std::size_t kLogMax = 255;
/// Always six decimals: of the texts that Timestamp::parse takes, the one that rfc3339() writes.
constexpr std::size_t kTimeBytes = 27;

bool is_name(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max;
}

/// Everything that encode_entry demands of the members; parse_entry applies the same, so that the
/// two accept the same set.
bool is_writable(const Entry& entry) {
    return entry.v >= 1 && entry.v <= kKindVersionMax && is_name(entry.kind, kKindMax) &&
           is_name(entry.entity_type, kEntityTypeMax) && is_name(entry.entity_id, kEntityIdMax) &&
           is_name(entry.actor, kActorMax) && is_name(entry.actor_role, kRoleMax) &&
           is_name(entry.log, kLogMax) && entry.rule.size() <= kRuleMax &&
           (!entry.prev || entry.prev->index <= static_cast<std::uint64_t>(kJsonIntegerMax));
}

/// Reads the value of `prev`.
bool read_previous(CanonicalReader& reader, std::string_view bytes,
                   std::optional<PreviousEntry>& prev) {
    prev.reset();
    if (bytes.substr(reader.offset(), 4) == "null") return reader.read_exactly("null");
    std::int64_t index = 0;
    std::string leaf;
    if (!reader.read_exactly("{\"index\":") || !reader.read_integer(&index) ||
        !reader.read_exactly(",\"leaf\":") || !reader.read_string(&leaf) ||
        !reader.read_exactly("}")) {
        return false;
    }
    const auto digest = Digest::from_hex(leaf);
    if (index < 0 || !digest || digest->hex() != leaf) return false;
    prev = PreviousEntry{static_cast<std::uint64_t>(index), *digest};
    return true;
}

/// Reads the envelope; false for anything else.
bool read_envelope(std::string_view bytes, Entry& entry) {
    CanonicalReader reader(bytes);
    reader.enter();
    std::string at;
    std::int64_t version = 0;
    if (!reader.read_exactly("{\"actor\":") || !reader.read_string(&entry.actor) ||
        !reader.read_exactly(",\"at\":") || !reader.read_string(&at) ||
        !reader.read_exactly(",\"body\":")) {
        return false;
    }
    const std::size_t body = reader.offset();
    if (body >= bytes.size() || bytes[body] != '{' || !reader.read_value()) return false;
    entry.body = std::string(bytes.substr(body, reader.offset() - body));
    if (!reader.read_exactly(",\"entity\":{\"id\":") || !reader.read_string(&entry.entity_id) ||
        !reader.read_exactly(",\"type\":") || !reader.read_string(&entry.entity_type) ||
        !reader.read_exactly("},\"kind\":") || !reader.read_string(&entry.kind) ||
        !reader.read_exactly(",\"log\":") || !reader.read_string(&entry.log) ||
        !reader.read_exactly(",\"prev\":") || !read_previous(reader, bytes, entry.prev) ||
        !reader.read_exactly(",\"role\":") || !reader.read_string(&entry.actor_role) ||
        !reader.read_exactly(",\"rule\":") || !reader.read_string(&entry.rule) ||
        !reader.read_exactly(",\"v\":") || !reader.read_integer(&version) ||
        !reader.read_exactly("}") || !reader.read_end()) {
        return false;
    }
    const auto instant = Timestamp::parse(at);
    if (version < 1 || version > kKindVersionMax || !instant || at.size() != kTimeBytes) {
        return false;
    }
    entry.at = *instant;
    entry.v = static_cast<int>(version);
    return is_writable(entry);
}

}  // namespace

Bytes encode_entry(const Entry& entry) {
    PDX_CHECK(is_writable(entry));
    CanonicalReader body(entry.body);
    body.enter();
    if (!entry.body.starts_with('{') || !body.read_value() || !body.read_end()) {
        throw invalid("json.not_canonical", {"The body of an entry is not a canonical object.",
                                             "账本条目正文不是规范化 JSON 对象。"});
    }
    std::string out;
    out.reserve(entry.body.size() + 512);
    const auto member = [&out](std::string_view name, std::string_view text) {
        out += name;
        append_canonical_string(out, text);
    };
    member("{\"actor\":", entry.actor);
    member(",\"at\":", entry.at.rfc3339());
    out += ",\"body\":";
    out += entry.body;
    member(",\"entity\":{\"id\":", entry.entity_id);
    member(",\"type\":", entry.entity_type);
    member("},\"kind\":", entry.kind);
    member(",\"log\":", entry.log);
    if (entry.prev) {
        out += ",\"prev\":{\"index\":" + std::to_string(entry.prev->index) + ",\"leaf\":\"" +
               entry.prev->leaf.hex() + "\"}";
    } else {
        out += ",\"prev\":null";
    }
    member(",\"role\":", entry.actor_role);
    member(",\"rule\":", entry.rule);
    out += ",\"v\":" + std::to_string(entry.v) + '}';
    if (out.size() > kEntryBytesMax) {
        throw too_large("entry.too_large", {"A ledger entry is longer than 65,535 bytes.",
                                            "账本条目超过 65,535 字节。"});
    }
    return {out.begin(), out.end()};
}

ParsedEntry parse_entry(std::string_view bytes) {
    ParsedEntry parsed;
    if (read_envelope(bytes, parsed.entry)) {
        parsed.reading = EntryReading::kRead;
        return parsed;
    }
    parsed.entry = {};
    if (const auto fault = canonical_fault(bytes)) {
        parsed.fault = *fault;
    } else {
        parsed.reading = EntryReading::kCannotInterpret;
    }
    return parsed;
}

}  // namespace pdx::ledger
