#include "ledger/entry_schema.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/check.h"
#include "ledger/field_format.h"
#include "ledger/schema_walker.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kRoles = "role";

[[noreturn]] void refuse(std::string_view why, std::string_view text) {
    throw InvariantViolation("table of kinds: " + std::string(why) + ": " + std::string(text));
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = std::min(text.find(separator), text.size());
        const std::string_view part = trimmed(text.substr(0, end));
        if (!part.empty()) parts.emplace_back(part);
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

/// What stands before and after the first `=`.
std::pair<std::string_view, std::string_view> halves(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) refuse("no '='", line);
    return {trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1))};
}

std::vector<std::string> sorted_words(std::string_view text) {
    std::vector<std::string> words = split(text, ' ');
    std::sort(words.begin(), words.end());
    if (words.empty()) refuse("no words", text);
    if (std::adjacent_find(words.begin(), words.end()) != words.end()) refuse("twice", text);
    return words;
}

/// The text between `open` and the closing character at the end; nullopt when it is not so.
std::optional<std::string_view> inside(std::string_view text, std::string_view open, char close) {
    if (!text.starts_with(open) || !text.ends_with(close) || text.size() <= open.size()) {
        return std::nullopt;
    }
    return text.substr(open.size(), text.size() - open.size() - 1);
}

bool is_before(const KindSchema& schema, std::pair<std::string_view, int> key) {
    return std::pair<std::string_view, int>(schema.kind, schema.version) < key;
}

}  // namespace

KindTable KindTable::parse(std::string_view text) {
    KindTable table;
    std::string line;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view physical = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (physical.starts_with(' ')) {
            line += ' ';
            line += trimmed(physical);
            continue;
        }
        table.add_line(line);
        line = trimmed(physical);
    }
    table.add_line(line);
    if (!table.words_.contains(kRoles)) refuse("no words for roles", "role");
    return table;
}

void KindTable::add_line(std::string_view line) {
    if (line.empty()) return;
    const auto [left, right] = halves(line);
    const std::vector<std::string> head = split(left, ' ');
    if (head.size() == 2 && head[0] == "words") {
        if (!words_.emplace(head[1], sorted_words(right)).second) refuse("twice", head[1]);
        return;
    }
    if (head.size() == 2 && head[0] == "object") {
        auto object = std::make_shared<const ObjectSchema>(parse_fields(right));
        if (!objects_.emplace(head[1], std::move(object)).second) refuse("twice", head[1]);
        return;
    }
    KindSchema schema;
    if (head.size() != 5 || head[0] != "kind" || head[3] != "on") refuse("not understood", line);
    const char* const end = head[2].data() + head[2].size();
    const auto [at, error] = std::from_chars(head[2].data(), end, schema.version);
    if (error != std::errc() || at != end || schema.version < 1) refuse("no version", line);
    if (find(head[1], schema.version) != nullptr) refuse("twice", head[1]);
    schema.kind = head[1];
    const std::size_t colon = head[4].find(':');
    schema.entity_types = split(std::string_view(head[4]).substr(0, colon), '|');
    if (schema.entity_types.empty()) refuse("on nothing", line);
    if (colon != std::string::npos) {
        const auto format = parse_field_type(std::string_view(head[4]).substr(colon + 1));
        if (!format) refuse("no such format", line);
        schema.entity_id = *format;
    }
    schema.body = parse_fields(right);
    const auto place =
        std::lower_bound(kinds_.begin(), kinds_.end(),
                         std::pair<std::string_view, int>(schema.kind, schema.version), is_before);
    kinds_.insert(place, std::move(schema));
}

ObjectSchema KindTable::parse_fields(std::string_view text) const {
    ObjectSchema object;
    for (const std::string& part : split(text, ',')) {
        if (part.front() == '+') {
            const auto other = objects_.find(part.substr(1));
            if (other == objects_.end()) refuse("no such object", part);
            object.fields.insert(object.fields.end(), other->second->fields.begin(),
                                 other->second->fields.end());
            continue;
        }
        const std::size_t blank = part.find(' ');
        if (blank == std::string::npos) refuse("a member without a type", part);
        FieldSchema field;
        field.name = part.substr(0, blank);
        field.optional = field.name.ends_with('?');
        if (field.optional) field.name.pop_back();
        field.value = parse_type(trimmed(std::string_view(part).substr(blank)));
        object.fields.push_back(std::move(field));
    }
    const auto by_name = [](const FieldSchema& a, const FieldSchema& b) { return a.name < b.name; };
    std::sort(object.fields.begin(), object.fields.end(), by_name);
    const auto twice = std::adjacent_find(
        object.fields.begin(), object.fields.end(),
        [](const FieldSchema& a, const FieldSchema& b) { return a.name == b.name; });
    if (twice != object.fields.end()) refuse("a member twice", twice->name);
    return object;
}

ValueSchema KindTable::parse_type(std::string_view text) const {
    constexpr std::string_view kOrNull = "|null";
    ValueSchema value;
    value.text = text;
    if (text.ends_with(kOrNull)) {
        value.nullable = true;
        text.remove_suffix(kOrNull.size());
    }
    if (const auto element = inside(text, "[", ']')) {
        value.type = FieldType::kList;
        value.element = std::make_shared<const ValueSchema>(parse_type(*element));
        return value;
    }
    if (const auto words = inside(text, "one_of(", ')')) {
        value.type = FieldType::kWord;
        value.words = sorted_words(*words);
        return value;
    }
    if (const auto noun = inside(text, "id(", ')')) {
        if (noun->empty()) refuse("an id of nothing", text);
        value.type = FieldType::kId;
        return value;
    }
    const std::string name(text);
    if (const auto words = words_.find(name); words != words_.end()) {
        value.type = FieldType::kWord;
        value.words = words->second;
        return value;
    }
    if (const auto object = objects_.find(name); object != objects_.end()) {
        value.type = FieldType::kObject;
        value.object = object->second;
        return value;
    }
    const auto type = parse_field_type(text);
    if (!type) refuse("no such type", text);
    value.type = *type;
    return value;
}

const KindSchema* KindTable::find(std::string_view kind, int version) const {
    const auto found = std::lower_bound(kinds_.begin(), kinds_.end(),
                                        std::pair<std::string_view, int>(kind, version), is_before);
    if (found == kinds_.end() || found->kind != kind || found->version != version) return nullptr;
    return &*found;
}

std::optional<SchemaFault> KindTable::check(const KindSchema& schema, const Entry& entry,
                                            std::vector<OpenString>* open) const {
    if (open != nullptr) open->clear();
    if (std::find(schema.entity_types.begin(), schema.entity_types.end(), entry.entity_type) ==
        schema.entity_types.end()) {
        return SchemaFault{"entity.type", "not the entity of this kind"};
    }
    if (!matches_format(schema.entity_id, entry.entity_id)) {
        return SchemaFault{"entity.id", "not of the format"};
    }
    if (entry.actor != "system" && !matches_format(FieldType::kId, entry.actor)) {
        return SchemaFault{"actor", "neither an id nor the system"};
    }
    const auto& roles = words_.find(kRoles)->second;
    if (std::find(roles.begin(), roles.end(), entry.actor_role) == roles.end()) {
        return SchemaFault{"role", "not a role"};
    }
    if (!entry.rule.empty() && !matches_format(FieldType::kRule, entry.rule)) {
        return SchemaFault{"rule", "neither a rule profile nor empty"};
    }
    if (open != nullptr) {
        if (!entry.rule.empty()) open->push_back({"rule", entry.rule});
        if (is_open(schema.entity_id)) open->push_back({"entity.id", entry.entity_id});
    }
    SchemaWalker walker(entry.body, open);
    if (walker.walk(schema.body)) return std::nullopt;
    SchemaFault fault = walker.fault();
    fault.member.insert(0, "body");
    return fault;
}

}  // namespace pdx::ledger
