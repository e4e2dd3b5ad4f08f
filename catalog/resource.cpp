#include "catalog/resource.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "catalog/identifier.h"

namespace pdx::catalog {
namespace {

Error defect(std::string code, std::string pointer, Text text) {
    return invalid(std::move(code), std::move(text), {.pointer = std::move(pointer)});
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// UTF-8 without control characters; a summary or statement may have line breaks and tabs.
enum class Lines { kOne, kMany };

bool is_clean(std::string_view text, Lines lines) {
    return is_utf8(text) && std::none_of(text.begin(), text.end(), [&](char c) {
               const bool breaks = c == '\n' || c == '\r' || c == '\t';
               return c == '\x7F' || (c >= 0 && c < ' ' && !(breaks && lines == Lines::kMany));
           });
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

struct TextRule {
    std::string_view code;
    std::string_view pointer;
    std::size_t characters_max;
    Lines lines;
    bool required;
};

void check_text(std::vector<Error>& defects, std::string_view text, const TextRule& rule) {
    const std::string limit = std::to_string(rule.characters_max);
    if (rule.required && is_blank(text)) {
        defects.push_back(defect(std::string(rule.code), std::string(rule.pointer),
                                 {"This text must not be empty.", "此项不能为空。"}));
    } else if (!is_clean(text, rule.lines)) {
        defects.push_back(defect(std::string(rule.code), std::string(rule.pointer),
                                 {"The text must be UTF-8 without control characters.",
                                  "须为不含控制字符的 UTF-8 文本。"}));
    } else if (characters(text) > rule.characters_max) {
        defects.push_back(defect(std::string(rule.code), std::string(rule.pointer),
                                 {"The text has more than " + limit + " characters.",
                                  "文字超过 " + limit + " 个字符。"}));
    }
}

bool is_field_name(std::string_view name) {
    const auto starts = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !name.empty() && name.size() <= kFieldNameCharactersMax && starts(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return starts(c) || (c >= '0' && c <= '9'); });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

void check_field(std::vector<Error>& defects, const ResourceField& field, std::size_t position) {
    const std::string at = "/fields/" + std::to_string(position);
    if (!is_field_name(field.name)) {
        defects.push_back(defect("field.name", at + "/name",
                                 {"A field name is an ASCII identifier of 1 to 64 characters: a "
                                  "letter or _ first, then letters, digits and _.",
                                  "字段名须为 1 至 64 个字符的 ASCII 标识符：以字母或下划线开头，"
                                  "其后为字母、数字或下划线。"}));
    }
    check_text(defects, field.label_zh,
               {"field.label", at + "/label_zh", kFieldLabelCharactersMax, Lines::kOne, true});
    check_text(defects, field.data_type,
               {"field.type", at + "/data_type", kFieldTypeCharactersMax, Lines::kOne, true});
    if (field.length && (*field.length < 1 || *field.length > 1'000'000)) {
        defects.push_back(defect("field.length", at + "/length",
                                 {"The length lies between 1 and 1,000,000 characters.",
                                  "长度须在 1 至 1000000 个字符之间。"}));
    }
}

}  // namespace

std::vector<Error> defects_of(const Resource& resource, std::span<const ResourceField> fields) {
    std::vector<Error> defects;
    check_text(defects, resource.title_zh,
               {"resource.title", "/title_zh", kTitleCharactersMax, Lines::kOne, true});
    check_text(defects, resource.title_en,
               {"resource.title", "/title_en", kTitleCharactersMax, Lines::kOne, false});
    check_text(defects, resource.summary_zh,
               {"resource.text", "/summary_zh", kSummaryCharactersMax, Lines::kMany, true});
    check_text(defects, resource.summary_en,
               {"resource.text", "/summary_en", kSummaryCharactersMax, Lines::kMany, false});
    check_text(defects, resource.keywords,
               {"resource.text", "/keywords", kKeywordsCharactersMax, Lines::kOne, false});
    check_text(
        defects, resource.source_statement,
        {"resource.text", "/source_statement", kStatementCharactersMax, Lines::kMany, false});
    check_text(defects, resource.topic, {"resource.text", "/topic", 64, Lines::kOne, false});
    check_text(defects, resource.industry_code,
               {"resource.text", "/industry_code", 16, Lines::kOne, false});
    if (!resource.catalog_identifier.empty() &&
        !CatalogIdentifier::parse(resource.catalog_identifier)) {
        defects.push_back(defect("resource.identifier", "/catalog_identifier",
                                 {"A catalog identifier looks like 320200WXSCJG/D000001C5, with "
                                  "correct check characters.",
                                  "目录标识形如 320200WXSCJG/D000001C5，且校验字符须正确。"}));
    }
    if (fields.empty() || fields.size() > kFieldsMax) {
        defects.push_back(
            defect("resource.fields", "/fields",
                   {"A resource has 1 to 1,000 fields.", "数据项须为 1 至 1000 个。"}));
        return defects;
    }
    std::set<std::string> names;
    for (std::size_t position = 0; position < fields.size(); ++position) {
        check_field(defects, fields[position], position);
        if (!names.insert(lower(fields[position].name)).second) {
            defects.push_back(defect("field.duplicate",
                                     "/fields/" + std::to_string(position) + "/name",
                                     {"Another field has this name; case does not distinguish.",
                                      "字段名重复（不区分大小写）。"}));
        }
    }
    return defects;
}

}  // namespace pdx::catalog
