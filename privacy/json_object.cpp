#include "privacy/json_object.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.h"

namespace pdx::privacy {
namespace {

using Json = nlohmann::json;

const Text kMissing{"this member is missing", "缺少该成员"};
const Text kUnknown{"this member is not known here", "此处不认识该成员"};
const Text kNoObject{"this must be an object", "此处应为对象"};
const Text kNoArray{"this must be an array", "此处应为数组"};
const Text kNoText{"this must be a text", "此处应为文本"};

}  // namespace

void refuse_json(const JsonForm& form, const std::string& pointer, const Text& reason) {
    throw invalid(form.code,
                  {form.name.en + ": " + reason.en + ".", form.name.zh + "：" + reason.zh + "。"},
                  {.pointer = pointer});
}

JsonObject::JsonObject(const Json& value, std::string pointer, const JsonForm& form,
                       std::span<const std::string_view> known)
    : value_(value),
      pointer_(std::move(pointer)),
      form_(form) {
    if (!value.is_object()) refuse_json(form_, pointer_, kNoObject);
    for (const auto& [key, ignored] : value.items()) {
        if (std::find(known.begin(), known.end(), key) == known.end()) refuse(key, kUnknown);
    }
}

std::string JsonObject::at(std::string_view member) const {
    return json_pointer_to(pointer_, member);
}

bool JsonObject::has(std::string_view member) const { return value_.contains(member); }

const Json& JsonObject::get(std::string_view member) const {
    if (!has(member)) refuse(member, kMissing);
    return value_.at(std::string(member));
}

std::string JsonObject::text(std::string_view member) const {
    return text_of({get(member), at(member)});
}

std::string JsonObject::text(std::string_view member, const char* otherwise) const {
    return has(member) ? text(member) : otherwise;
}

std::int64_t JsonObject::number(std::string_view member, std::int64_t low,
                                std::int64_t high) const {
    const Json& value = get(member);
    const bool is_whole = value.is_number_integer() &&
                          !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
    const std::int64_t number = is_whole ? value.get<std::int64_t>() : 0;
    if (is_whole && number >= low && number <= high) return number;
    const std::string range = std::to_string(low) + "–" + std::to_string(high);
    refuse(member, {"this must be a whole number in " + range, "此处应为 " + range + " 的整数"});
}

std::int64_t JsonObject::number(std::string_view member, std::int64_t low, std::int64_t high,
                                std::int64_t otherwise) const {
    return has(member) ? number(member, low, high) : otherwise;
}

std::vector<JsonObject::Element> JsonObject::array(std::string_view member) const {
    return elements_of(get(member), at(member));
}

std::vector<std::string> JsonObject::texts(std::string_view member) const {
    return texts_of({get(member), at(member)});
}

std::string JsonObject::text_of(const Element& element) const {
    if (!element.value.is_string()) refuse_json(form_, element.pointer, kNoText);
    return element.value.get<std::string>();
}

std::vector<std::string> JsonObject::texts_of(const Element& element) const {
    std::vector<std::string> texts;
    for (const Element& one : elements_of(element.value, element.pointer)) {
        texts.push_back(text_of(one));
    }
    return texts;
}

void JsonObject::refuse(std::string_view member, const Text& reason) const {
    refuse_json(form_, at(member), reason);
}

std::vector<JsonObject::Element> JsonObject::elements_of(const Json& value,
                                                         const std::string& pointer) const {
    if (!value.is_array()) refuse_json(form_, pointer, kNoArray);
    std::vector<Element> elements;
    for (std::size_t i = 0; i < value.size(); ++i) {
        elements.push_back({value[i], pointer + "/" + std::to_string(i)});
    }
    return elements;
}

}  // namespace pdx::privacy
