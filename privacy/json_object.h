#pragma once
/// JSON that a person wrote, read member by member: what is missing, unknown or wrong is refused
/// with its place, and nothing is taken for something else.
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace pdx::privacy {

/// What is read, as its refusals name it.
struct JsonForm {
    const char* code;  ///< of every refusal
    Text name;         ///< "The policy (docs/PRIVACY.md shows its form)"
};

/// Throws: kInvalid with the form's code; the detail's pointer is `pointer`.
[[noreturn]] void refuse_json(const JsonForm& form, const std::string& pointer, const Text& reason);

/// An object whose members are all known. Valid while the value is. Functions that ask for a member
/// throw as refuse_json() where it is missing or of another type.
class JsonObject {
public:
    /// `pointer`: where the value stands, RFC 6901. Throws: as refuse_json() when it is no object
    /// or has a member that is not among `known`.
    JsonObject(const nlohmann::json& value, std::string pointer, const JsonForm& form,
               std::span<const std::string_view> known);
    JsonObject(const nlohmann::json& value, std::string pointer, const JsonForm& form,
               std::initializer_list<std::string_view> known)
        : JsonObject(value, std::move(pointer), form, std::span(known.begin(), known.size())) {}

    std::string at(std::string_view member) const;
    bool has(std::string_view member) const;
    const nlohmann::json& get(std::string_view member) const;
    std::string text(std::string_view member) const;
    std::string text(std::string_view member, const char* otherwise) const;
    /// Low and high are values that it may have.
    std::int64_t number(std::string_view member, std::int64_t low, std::int64_t high) const;
    std::int64_t number(std::string_view member, std::int64_t low, std::int64_t high,
                        std::int64_t otherwise) const;
    /// An element of an array, and where it stands.
    struct Element {
        const nlohmann::json& value;
        std::string pointer;
    };
    std::vector<Element> array(std::string_view member) const;
    std::vector<std::string> texts(std::string_view member) const;
    /// A text that is an element of an array.
    std::string text_of(const Element& element) const;
    std::vector<std::string> texts_of(const Element& element) const;

    [[noreturn]] void refuse(std::string_view member, const Text& reason) const;

private:
    std::vector<Element> elements_of(const nlohmann::json& value, const std::string& pointer) const;

    const nlohmann::json& value_;
    std::string pointer_;
    const JsonForm& form_;
};

}  // namespace pdx::privacy
