#pragma once
/// Small typed schemas: one value both checks a JSON body and prints itself as JSON Schema 2020-12,
/// so the published contract cannot differ from what is enforced. Unknown members are refused.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace pdx::http {

struct Member;

/// Made by the functions below; a plain value.
struct Schema {
    enum class Kind { kObject, kMap, kString, kInteger, kBoolean, kArray };
    /// What a string must be. `kText` is any text without control characters but tab and line feed.
    enum class Format { kText, kUuid, kDate, kDateTime, kFen, kBase64, kHex, kName, kChoice };

    Kind kind = Kind::kObject;
    Format format = Format::kText;
    std::string name;         ///< of the component, when it is shown as a $ref
    std::string description;  ///< English, one sentence
    bool nullable = false;
    /// Unit: characters of text, bytes behind base64 and hex, value of an integer, items, entries.
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::vector<std::string> choices;
    std::vector<Member> members;
    std::vector<Schema> items;  ///< one: of an array's items or a map's values

    Schema named(std::string component) const;
    Schema described(std::string sentence) const;
    Schema or_null() const;
};

struct Member {
    std::string name;
    Schema schema;
    bool is_required = true;
};

Member required(std::string name, Schema schema);
Member optional(std::string name, Schema schema);

Schema object(std::vector<Member> members);
/// Free keys (1..128 characters), values of one shape.
Schema map_of(Schema values, std::int64_t entries_max);
Schema array(Schema items, std::int64_t items_min, std::int64_t items_max);
/// Unit: characters (code points).
Schema text(std::int64_t min, std::int64_t max);
/// [A-Za-z_][A-Za-z0-9_.-]*: codes, column names in ASCII, key names.
Schema name_text(std::int64_t max);
Schema uuid();
/// Legal day: 2026-03-01.
Schema date();
/// RFC 3339 in UTC.
Schema date_time();
/// Decimal string of fen, not negative.
Schema fen();
/// Unit: bytes before encoding.
Schema base64(std::int64_t bytes_min, std::int64_t bytes_max);
/// Lower-case hex of exactly so many bytes.
Schema hex(std::int64_t bytes);
Schema choice(std::vector<std::string> values);
Schema integer(std::int64_t min, std::int64_t max);
Schema boolean();
/// {"amount": fen, "currency": "CNY", "unit": "fen"}
Schema money();

/// One thing wrong with a body.
struct FieldError {
    std::string pointer;  ///< RFC 6901
    std::string code;
    Text text;
};

inline constexpr std::size_t kFieldErrorsMax = 20;

/// 422 `request.invalid` with everything that is wrong, up to kFieldErrorsMax.
class InvalidBody final : public Error {
public:
    explicit InvalidBody(std::vector<FieldError> errors);
    const std::vector<FieldError>& errors() const noexcept { return errors_; }

private:
    std::vector<FieldError> errors_;
};

/// Never throws for what is in the value.
std::vector<FieldError> validate(const Schema& schema, const nlohmann::json& value);
/// Throws: InvalidBody.
void check(const Schema& schema, const nlohmann::json& value);

/// JSON Schema 2020-12. A named schema below the top is a $ref into #/components/schemas and is
/// added to `components` (a JSON object); so is the top when it is named.
nlohmann::ordered_json print(const Schema& schema, nlohmann::ordered_json& components);

}  // namespace pdx::http
