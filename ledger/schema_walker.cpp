#include "ledger/schema_walker.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "ledger/field_format.h"

namespace pdx::ledger {

bool SchemaWalker::fail(std::string_view what) {
    fault_ = {{}, what};
    return false;
}

bool SchemaWalker::take(std::string_view text) {
    if (text_.substr(at_, text.size()) != text) return false;
    at_ += text.size();
    return true;
}

bool SchemaWalker::read_raw(std::string_view& raw) {
    if (!take('"')) return false;
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != '"') ++end;
    if (end == text_.size()) return false;
    raw = text_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
}

bool SchemaWalker::walk(const ObjectSchema& schema) {
    if (!read_object(schema)) return false;
    return at_ == text_.size() || fail("bytes follow the body");
}

bool SchemaWalker::read_object(const ObjectSchema& schema) {
    if (!take('{')) return fail("not an object");
    auto field = schema.fields.begin();
    const auto missing = [&] {
        const std::string name = field->name;
        fail("missing");
        fault_.member = "." + name;
        return false;
    };
    for (bool first = true; !take('}'); first = false) {
        std::string_view name;
        if ((!first && !take(',')) || !read_raw(name) || !take(':')) return fail("not canonical");
        // Mostly it is the very next one; only where it is not, the order of names is asked.
        while (field != schema.fields.end() && field->name != name && field->name < name) {
            if (!field->optional) return missing();
            ++field;
        }
        if (field == schema.fields.end() || field->name != name) {
            // Not named: in a body that is wrong, a member's name may be data.
            return fail("a member that the schema does not have");
        }
        if (!read_value(field->value, field->name)) {
            fault_.member.insert(0, "." + field->name);
            return false;
        }
        ++field;
    }
    for (; field != schema.fields.end(); ++field) {
        if (!field->optional) return missing();
    }
    return true;
}

bool SchemaWalker::read_list(const ValueSchema& schema) {
    if (!take('[')) return fail("not a list");
    for (std::size_t position = 0; !take(']'); ++position) {
        if ((position != 0 && !take(',')) || at_ >= text_.size()) return fail("not canonical");
        if (!read_value(*schema.element, {})) {
            fault_.member.insert(0, "[" + std::to_string(position) + "]");
            return false;
        }
    }
    return true;
}

bool SchemaWalker::read_value(const ValueSchema& schema, std::string_view member) {
    if (schema.nullable && take("null")) return true;
    switch (schema.type) {
        case FieldType::kObject: return read_object(*schema.object);
        case FieldType::kList: return read_list(schema);
        case FieldType::kInteger: return read_integer();
        case FieldType::kBoolean: return take("true") || take("false") || fail("not a boolean");
        default: return read_text(schema, member);
    }
}

bool SchemaWalker::read_text(const ValueSchema& schema, std::string_view member) {
    std::string_view raw;
    if (!read_raw(raw)) return fail("not a string");
    if (schema.type == FieldType::kWord) {
        const auto& words = schema.words;
        return std::any_of(words.begin(), words.end(),
                           [raw](const std::string& word) { return word == raw; }) ||
               fail("not one of the words");
    }
    if (!matches_format(schema.type, raw)) return fail("not of the format");
    if (open_ != nullptr && is_open(schema.type)) open_->push_back({member, raw});
    return true;
}

bool SchemaWalker::read_integer() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ != begin || fail("not an integer of 0 or more");
}

}  // namespace pdx::ledger
