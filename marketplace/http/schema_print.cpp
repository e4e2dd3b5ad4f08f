/// The builders of a Schema and its text form.
#include <nlohmann/json.hpp>
#include <utility>

#include "marketplace/http/schema.h"

namespace pdx::http {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t kUuidCharacters = 36;

Schema string_of(Schema::Format format, std::int64_t min, std::int64_t max) {
    Schema schema;
    schema.kind = Schema::Kind::kString;
    schema.format = format;
    schema.min = min;
    schema.max = max;
    return schema;
}

std::int64_t base64_characters(std::int64_t bytes) { return (bytes + 2) / 3 * 4; }

void print_string(const Schema& schema, ordered_json& out) {
    out["type"] = "string";
    switch (schema.format) {
        case Schema::Format::kText:
            if (schema.min > 0) out["minLength"] = schema.min;
            out["maxLength"] = schema.max;
            out["pattern"] = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$";
            return;
        case Schema::Format::kName:
            out["maxLength"] = schema.max;
            out["pattern"] = "^[A-Za-z_][A-Za-z0-9_.-]*$";
            return;
        case Schema::Format::kUuid:
            out["format"] = "uuid";
            out["pattern"] =
                "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";
            return;
        case Schema::Format::kDate: out["format"] = "date"; return;
        case Schema::Format::kDateTime:
            out["format"] = "date-time";
            out["pattern"] = "Z$";
            return;
        case Schema::Format::kFen: out["pattern"] = "^(0|[1-9][0-9]{0,18})$"; return;
        case Schema::Format::kBase64:
            out["contentEncoding"] = "base64";
            out["minLength"] = base64_characters(schema.min);
            out["maxLength"] = base64_characters(schema.max);
            return;
        case Schema::Format::kHex:
            out["pattern"] = "^[0-9a-f]{" + std::to_string(schema.max * 2) + "}$";
            return;
        case Schema::Format::kChoice: out["enum"] = schema.choices; return;
    }
}

void print_object(const Schema& schema, ordered_json& out, ordered_json& components) {
    out["type"] = "object";
    out["additionalProperties"] = false;
    out["properties"] = ordered_json::object();
    ordered_json required = ordered_json::array();
    for (const Member& member : schema.members) {
        out["properties"][member.name] = print(member.schema, components);
        if (member.is_required) required.push_back(member.name);
    }
    if (!required.empty()) out["required"] = std::move(required);
}

ordered_json print_inline(const Schema& schema, ordered_json& components) {
    ordered_json out = ordered_json::object();
    if (!schema.description.empty()) out["description"] = schema.description;
    switch (schema.kind) {
        case Schema::Kind::kObject: print_object(schema, out, components); break;
        case Schema::Kind::kMap:
            out["type"] = "object";
            out["additionalProperties"] = print(schema.items.front(), components);
            out["maxProperties"] = schema.max;
            break;
        case Schema::Kind::kString: print_string(schema, out); break;
        case Schema::Kind::kInteger:
            out["type"] = "integer";
            out["minimum"] = schema.min;
            out["maximum"] = schema.max;
            break;
        case Schema::Kind::kBoolean: out["type"] = "boolean"; break;
        case Schema::Kind::kArray:
            out["type"] = "array";
            out["items"] = print(schema.items.front(), components);
            if (schema.min > 0) out["minItems"] = schema.min;
            out["maxItems"] = schema.max;
            break;
    }
    return out;
}

}  // namespace

Schema Schema::named(std::string component) const {
    Schema copy = *this;
    copy.name = std::move(component);
    return copy;
}

Schema Schema::described(std::string sentence) const {
    Schema copy = *this;
    copy.description = std::move(sentence);
    return copy;
}

Schema Schema::or_null() const {
    Schema copy = *this;
    copy.nullable = true;
    return copy;
}

Member required(std::string name, Schema schema) {
    return {std::move(name), std::move(schema), true};
}
Member optional(std::string name, Schema schema) {
    return {std::move(name), std::move(schema), false};
}

Schema object(std::vector<Member> members) {
    Schema schema;
    schema.members = std::move(members);
    return schema;
}

Schema map_of(Schema values, std::int64_t entries_max) {
    Schema schema;
    schema.kind = Schema::Kind::kMap;
    schema.max = entries_max;
    schema.items.push_back(std::move(values));
    return schema;
}

Schema array(Schema items, std::int64_t items_min, std::int64_t items_max) {
    Schema schema;
    schema.kind = Schema::Kind::kArray;
    schema.min = items_min;
    schema.max = items_max;
    schema.items.push_back(std::move(items));
    return schema;
}

Schema text(std::int64_t min, std::int64_t max) {
    return string_of(Schema::Format::kText, min, max);
}
Schema name_text(std::int64_t max) { return string_of(Schema::Format::kName, 1, max); }
Schema uuid() { return string_of(Schema::Format::kUuid, kUuidCharacters, kUuidCharacters); }
Schema date() { return string_of(Schema::Format::kDate, 0, 0); }
Schema date_time() { return string_of(Schema::Format::kDateTime, 0, 0); }
Schema fen() { return string_of(Schema::Format::kFen, 0, 0); }
Schema base64(std::int64_t bytes_min, std::int64_t bytes_max) {
    return string_of(Schema::Format::kBase64, bytes_min, bytes_max);
}
Schema hex(std::int64_t bytes) { return string_of(Schema::Format::kHex, bytes, bytes); }

Schema choice(std::vector<std::string> values) {
    Schema schema = string_of(Schema::Format::kChoice, 0, 0);
    schema.choices = std::move(values);
    return schema;
}

Schema integer(std::int64_t min, std::int64_t max) {
    Schema schema;
    schema.kind = Schema::Kind::kInteger;
    schema.min = min;
    schema.max = max;
    return schema;
}

Schema boolean() {
    Schema schema;
    schema.kind = Schema::Kind::kBoolean;
    return schema;
}

Schema money() {
    return object({required("amount", fen()), required("currency", choice({"CNY"})),
                   required("unit", choice({"fen"}))})
        .named("Money")
        .described("An amount of money in minor units.");
}

ordered_json print(const Schema& schema, ordered_json& components) {
    if (schema.nullable) {
        Schema value = schema;
        value.nullable = false;
        return {{"anyOf", ordered_json::array({print(value, components), {{"type", "null"}}})}};
    }
    if (schema.name.empty()) return print_inline(schema, components);
    if (!components.contains(schema.name)) {
        // The slot is taken first, so that the order does not depend on what is nested.
        components[schema.name] = ordered_json::object();
        components[schema.name] = print_inline(schema, components);
    }
    return {{"$ref", "#/components/schemas/" + schema.name}};
}

}  // namespace pdx::http
