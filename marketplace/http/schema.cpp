#include "marketplace/http/schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/json_text.h"
#include "base/money.h"
#include "base/time.h"

namespace pdx::http {
namespace {

using nlohmann::json;

constexpr std::int64_t kMapKeyMax = 128;
constexpr std::size_t kQuotedMax = 64;

std::int64_t count_characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
    });
}

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (text.empty() || !is_letter(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

bool is_lower_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string join(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) {
        if (!out.empty()) out += ", ";
        out += value;
    }
    return out;
}

std::string range_of(const Schema& schema) {
    return std::to_string(schema.min) + ".." + std::to_string(schema.max);
}

class Validator {
public:
    void value(const Schema& schema, const json& value, const std::string& pointer) {
        if (errors_.size() >= kFieldErrorsMax) return;
        if (schema.nullable && value.is_null()) return;
        switch (schema.kind) {
            case Schema::Kind::kObject: return object(schema, value, pointer);
            case Schema::Kind::kMap: return map(schema, value, pointer);
            case Schema::Kind::kString: return string(schema, value, pointer);
            case Schema::Kind::kInteger: return integer(schema, value, pointer);
            case Schema::Kind::kBoolean:
                if (!value.is_boolean()) wrong_type(pointer, "true or false", "true 或 false");
                return;
            case Schema::Kind::kArray: return array(schema, value, pointer);
        }
    }
    std::vector<FieldError> take() { return std::move(errors_); }

private:
    void add(const std::string& pointer, std::string code, Text text) {
        if (errors_.size() < kFieldErrorsMax) {
            errors_.push_back({pointer, std::move(code), std::move(text)});
        }
    }

    void wrong_type(const std::string& pointer, const std::string& en, const std::string& zh) {
        add(pointer, "type", {"Must be " + en + ".", "类型应为" + zh + "。"});
    }

    void object(const Schema& schema, const json& value, const std::string& pointer) {
        if (!value.is_object()) return wrong_type(pointer, "an object", "对象");
        for (const Member& member : schema.members) {
            const auto found = value.find(member.name);
            if (found != value.end()) {
                this->value(member.schema, *found, json_pointer_to(pointer, member.name));
            } else if (member.is_required) {
                add(json_pointer_to(pointer, member.name), "missing",
                    {"Is required.", "缺少必填项。"});
            }
        }
        for (const auto& [name, unused] : value.items()) {
            const auto known =
                std::any_of(schema.members.begin(), schema.members.end(),
                            [&](const Member& member) { return member.name == name; });
            if (!known) {
                add(json_pointer_to(pointer, name.substr(0, kQuotedMax)), "unknown_member",
                    {"There is no such member.", "没有这个字段。"});
            }
        }
    }

    void map(const Schema& schema, const json& value, const std::string& pointer) {
        if (!value.is_object()) return wrong_type(pointer, "an object", "对象");
        if (std::cmp_greater(value.size(), schema.max)) {
            add(pointer, "too_many",
                {"Has more than " + std::to_string(schema.max) + " members.",
                 "成员不得超过 " + std::to_string(schema.max) + " 个。"});
            return;
        }
        for (const auto& [name, item] : value.items()) {
            const std::int64_t characters = count_characters(name);
            if (characters == 0 || characters > kMapKeyMax || has_control_character(name)) {
                add(pointer, "format",
                    {"Has a member name that is empty, over-long or holds control characters.",
                     "存在为空、过长或含控制字符的成员名。"});
                continue;
            }
            this->value(schema.items.front(), item, json_pointer_to(pointer, name));
        }
    }

    void array(const Schema& schema, const json& value, const std::string& pointer) {
        if (!value.is_array()) return wrong_type(pointer, "an array", "数组");
        if (std::cmp_less(value.size(), schema.min) || std::cmp_greater(value.size(), schema.max)) {
            add(pointer, std::cmp_less(value.size(), schema.min) ? "too_few" : "too_many",
                {"Must have " + range_of(schema) + " items.",
                 "元素个数应在 " + range_of(schema) + " 之间。"});
            return;
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            this->value(schema.items.front(), value[i],
                        json_pointer_to(pointer, std::to_string(i)));
        }
    }

    void integer(const Schema& schema, const json& value, const std::string& pointer) {
        if (!value.is_number_integer()) return wrong_type(pointer, "an integer", "整数");
        const bool is_over =
            value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
        const std::int64_t number = is_over ? INT64_MAX : value.get<std::int64_t>();
        if (is_over || number < schema.min || number > schema.max) {
            add(pointer, "range",
                {"Must be in " + range_of(schema) + ".", "应在 " + range_of(schema) + " 之间。"});
        }
    }

    void string(const Schema& schema, const json& value, const std::string& pointer) {
        if (!value.is_string()) return wrong_type(pointer, "a string", "字符串");
        const auto& text = value.get_ref<const std::string&>();
        switch (schema.format) {
            case Schema::Format::kText: return plain_text(schema, text, pointer);
            case Schema::Format::kName:
                return expect(
                    is_name(text) && std::cmp_less_equal(text.size(), schema.max), pointer,
                    "a name of ASCII letters, digits, '_', '.' and '-', the first of them "
                    "a letter or '_'",
                    "由 ASCII 字母、数字、“_”“.”“-”组成且以字母或“_”开头的名称");
            case Schema::Format::kUuid:
                return expect(is_uuid7(text), pointer, "a UUID (version 7, lower case)",
                              "UUID（第 7 版，小写）");
            case Schema::Format::kDate:
                return expect(Date::parse(text).has_value(), pointer, "a day like 2026-03-01",
                              "形如 2026-03-01 的日期");
            case Schema::Format::kDateTime:
                return expect(Timestamp::parse(text).has_value(), pointer,
                              "a UTC time like 2026-03-01T08:00:00Z",
                              "形如 2026-03-01T08:00:00Z 的 UTC 时间");
            case Schema::Format::kFen: {
                const auto amount = Money::parse_fen(text);
                return expect(amount && !amount->is_negative(), pointer,
                              "an amount in fen, written as a decimal string like \"12345\"",
                              "以分为单位的十进制字符串，例如 \"12345\"");
            }
            case Schema::Format::kBase64: return base64_text(schema, text, pointer);
            case Schema::Format::kHex:
                return expect(std::cmp_equal(text.size(), schema.max * 2) && is_lower_hex(text),
                              pointer,
                              std::to_string(schema.max * 2) + " lower-case hexadecimal digits",
                              std::to_string(schema.max * 2) + " 位小写十六进制数字");
            case Schema::Format::kChoice:
                return expect(std::find(schema.choices.begin(), schema.choices.end(), text) !=
                                  schema.choices.end(),
                              pointer, "one of: " + join(schema.choices),
                              "下列之一：" + join(schema.choices), "not_allowed");
        }
    }

    void expect(bool holds, const std::string& pointer, const std::string& en,
                const std::string& zh, const std::string& code = "format") {
        if (!holds) add(pointer, code, {"Must be " + en + ".", "应为" + zh + "。"});
    }

    void plain_text(const Schema& schema, const std::string& text, const std::string& pointer) {
        const std::int64_t characters = count_characters(text);
        if (characters < schema.min || characters > schema.max) {
            add(pointer, characters < schema.min ? "too_short" : "too_long",
                {"Must have " + range_of(schema) + " characters.",
                 "长度应为 " + range_of(schema) + " 个字符。"});
        } else if (has_control_character(text)) {
            add(pointer, "control_character", {"Holds a control character.", "含有控制字符。"});
        }
    }

    void base64_text(const Schema& schema, const std::string& text, const std::string& pointer) {
        const auto bytes = from_base64(text);
        const bool fits = bytes && std::cmp_greater_equal(bytes->size(), schema.min) &&
                          std::cmp_less_equal(bytes->size(), schema.max);
        expect(fits, pointer, "base64 (with padding) of " + range_of(schema) + " bytes",
               range_of(schema) + " 字节的 base64 编码（含填充）");
    }

    std::vector<FieldError> errors_;
};

}  // namespace

InvalidBody::InvalidBody(std::vector<FieldError> errors)
    : Error(ErrorKind::kInvalid, "request.invalid",
            {"The body does not fit: see errors.", "请求内容不符合要求，详见 errors。"},
            {.pointer = errors.empty() ? std::string() : errors.front().pointer}),
      errors_(std::move(errors)) {}

std::vector<FieldError> validate(const Schema& schema, const json& value) {
    Validator validator;
    validator.value(schema, value, "");
    return validator.take();
}

void check(const Schema& schema, const json& value) {
    auto errors = validate(schema, value);
    if (!errors.empty()) throw InvalidBody(std::move(errors));
}

}  // namespace pdx::http
