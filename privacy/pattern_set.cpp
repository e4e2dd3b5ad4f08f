#include "privacy/pattern_set.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/json_text.h"
#include "privacy/json_object.h"
#include "privacy/strict_json.h"
#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "pdx-patterns-1";
constexpr std::size_t kTextBytesMax = std::size_t{256} << 10U;
constexpr std::size_t kNameBytesMax = 64;
constexpr std::int64_t kExpressionBytesMax = std::int64_t{1} << 20U;
const JsonForm kForm{
    "patterns.form",
    {"The patterns (docs/PRIVACY.md shows their form)", "识别规则（格式见 docs/PRIVACY.md）"}};

/// What stands in any table: a pattern that fits one of them would stop every delivery.
constexpr std::array<std::string_view, 12> kEveryday{
    "1",          "12",   "2026", "202611", "20261127", "2026-11-27",
    "1000000.00", "3.14", "是",   "张三",   "a",        "p_abcdefghijklmnopqrstuvwxyz"};

re2::RE2::Options options() {
    re2::RE2::Options all;
    all.set_log_errors(false);
    all.set_longest_match(true);
    all.set_never_capture(true);
    all.set_max_mem(kExpressionBytesMax);
    return all;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// A text in ASCII forms, and where each of its bytes came from.
struct Plain {
    explicit Plain(std::string_view from) {
        for (std::size_t i = 0; i < from.size();) {
            const PlainSign wide = plain_sign(from, i);
            const std::size_t size = std::max<std::size_t>(wide.size, 1);
            if (wide.size == 0 || wide.sign != '\0') {
                text += wide.size == 0 ? from[i] : wide.sign;
                begins.push_back(i);
                ends.push_back(i + size);
            }
            i += size;
        }
    }
    std::string text;
    std::vector<std::size_t> begins;
    std::vector<std::size_t> ends;
};

/// Whether a number may be written in other characters than ASCII. Most Chinese texts are not, and
/// Plain costs more than the patterns.
bool holds_wide(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '\xEF' && c != '\xE2' && c != '\xC2' && c != '\xE3') continue;
        const PlainSign wide = plain_sign(text, i);
        if (wide.size > 0 && (is_alnum(wide.sign) || wide.sign == '-' || wide.sign == '\0')) {
            return true;
        }
    }
    return false;
}

bool is_name(std::string_view name) {
    const auto fits = [](char c) { return is_lower(c) || is_digit(c) || c == '_'; };
    return !name.empty() && name.size() <= kNameBytesMax &&
           std::all_of(name.begin(), name.end(), fits);
}

bool is_class(Sensitivity sensitivity) {
    return sensitivity == Sensitivity::kDirectIdentifier ||
           sensitivity == Sensitivity::kSensitive || sensitivity == Sensitivity::kQuasiIdentifier;
}

LocalPattern read_pattern(const JsonObject::Element& element) {
    const JsonObject members(element.value, element.pointer, kForm,
                             {"class", "headers", "label_en", "label_zh", "name", "value"});
    LocalPattern pattern;
    pattern.name = members.text("name");
    pattern.label = {members.text("label_en"), members.text("label_zh")};
    pattern.value = members.text("value");
    const auto sensitivity = parse_sensitivity(members.text("class"));
    if (!sensitivity) members.refuse("class", {"there is no such class", "没有该类别"});
    pattern.sensitivity = *sensitivity;
    if (members.has("headers")) pattern.headers = members.texts("headers");
    return pattern;
}

}  // namespace

struct PatternSet::State {
    std::vector<LocalPattern> patterns;
    std::vector<std::unique_ptr<re2::RE2>> expressions;
    std::string text;

    void add(LocalPattern pattern, const std::string& pointer) {
        if (!is_name(pattern.name)) {
            refuse_json(
                kForm, json_pointer_to(pointer, "name"),
                {"a name is 1 to 64 of a-z, 0-9 and _", "名称应为 1 至 64 个 a-z、0-9 或 _"});
        }
        for (const LocalPattern& other : patterns) {
            if (other.name == pattern.name) {
                refuse_json(kForm, json_pointer_to(pointer, "name"),
                            {"the name is there twice", "名称重复"});
            }
        }
        if (!is_class(pattern.sensitivity)) {
            refuse_json(kForm, json_pointer_to(pointer, "class"),
                        {"this must be direct_identifier, sensitive or quasi_identifier",
                         "应为 direct_identifier、sensitive 或 quasi_identifier"});
        }
        expressions.push_back(compiled(pattern, json_pointer_to(pointer, "value")));
        for (const std::string* one :
             {&pattern.name, &pattern.label.en, &pattern.label.zh, &pattern.value}) {
            text += one == &pattern.name ? '[' : ',';
            append_json_string(text, *one);
        }
        text += ',';
        append_json_string(text, sensitivity_code(pattern.sensitivity));
        for (const std::string& word : pattern.headers) {
            if (word.empty() || !is_utf8(word)) {
                refuse_json(kForm, json_pointer_to(pointer, "headers"),
                            {"a word is empty", "列名用词为空"});
            }
            text += ',';
            append_json_string(text, word);
        }
        text += "]\n";
        patterns.push_back(std::move(pattern));
    }

    static std::unique_ptr<re2::RE2> compiled(const LocalPattern& pattern,
                                              const std::string& pointer) {
        if (pattern.value.empty() || pattern.value.size() > kPatternBytesMax) {
            refuse_json(kForm, pointer,
                        {"a pattern has 1 to 512 bytes", "规则长度应为 1 至 512 字节"});
        }
        auto expression = std::make_unique<re2::RE2>(piece(pattern.value), options());
        if (!expression->ok()) {
            refuse_json(kForm, pointer,
                        {"this is no pattern of RE2: " + expression->error(),
                         "不是有效的 RE2 规则：" + expression->error()});
        }
        if (re2::RE2::FullMatch("", *expression)) {
            refuse_json(kForm, pointer, {"it fits the empty text", "规则可匹配空文本"});
        }
        for (const std::string_view value : kEveryday) {
            if (!re2::RE2::FullMatch(piece(value), *expression)) continue;
            const std::string quoted = "\"" + std::string(value) + "\"";
            refuse_json(kForm, pointer,
                        {"it fits everyday values such as " + quoted + "; say more of the number",
                         "规则过宽，可匹配 " + quoted + " 等常见值，请写得更具体"});
        }
        return expression;
    }
};

PatternSet::PatternSet(std::vector<LocalPattern> patterns) : state_(std::make_unique<State>()) {
    if (patterns.empty() || patterns.size() > kPatternsMax) {
        refuse_json(kForm, "/patterns", {"there are 1 to 64 patterns", "规则数应为 1 至 64 条"});
    }
    std::size_t index = 0;
    for (LocalPattern& pattern : patterns) {
        state_->add(std::move(pattern), "/patterns/" + std::to_string(index++));
    }
}

PatternSet PatternSet::read(std::string_view text) {
    constexpr int kDepthMax = 4;
    const Json json = text.size() > kTextBytesMax ? Json() : parse_strict_json(text, kDepthMax);
    if (json.is_null()) {
        const std::size_t line = text.size() > kTextBytesMax ? 0 : line_of_json_fault(text);
        const std::string at = std::to_string(line);
        refuse_json(kForm, "",
                    {"it is no JSON that can be read (line " + at + ")",
                     "不是可读取的 JSON（第 " + at + " 行）"});
    }
    const JsonObject whole(json, "", kForm, {"format", "patterns"});
    if (whole.text("format") != kFormat) {
        whole.refuse("format", {"this must be \"pdx-patterns-1\"", "此处应为 \"pdx-patterns-1\""});
    }
    std::vector<LocalPattern> patterns;
    for (const JsonObject::Element& one : whole.array("patterns")) {
        patterns.push_back(read_pattern(one));
    }
    return PatternSet(std::move(patterns));
}

PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

std::size_t PatternSet::size() const { return state_->patterns.size(); }

const LocalPattern& PatternSet::at(std::size_t index) const { return state_->patterns.at(index); }

const std::string& PatternSet::text() const { return state_->text; }

std::optional<std::size_t> PatternSet::match(std::string_view value) const {
    const bool wide = holds_wide(value);
    const std::string plain = wide ? Plain(value).text : std::string();
    const std::string_view text = wide ? std::string_view(plain) : value;
    for (std::size_t i = 0; i < size(); ++i) {
        if (re2::RE2::FullMatch(piece(text), *state_->expressions[i])) return i;
    }
    return std::nullopt;
}

void PatternSet::find(std::string_view text, std::vector<Finding>& findings) const {
    std::optional<Plain> mapped;
    if (holds_wide(text)) mapped.emplace(text);
    const std::string_view plain = mapped ? std::string_view(mapped->text) : text;
    const auto stands_alone = [plain](std::size_t begin, std::size_t end) {
        return (begin == 0 || !is_alnum(plain[begin - 1])) &&
               (end == plain.size() || !is_alnum(plain[end]));
    };
    for (const auto& expression : state_->expressions) {
        re2::StringPiece hit;
        for (std::size_t from = 0; from < plain.size();) {
            if (!expression->Match(piece(plain), from, plain.size(), re2::RE2::UNANCHORED, &hit,
                                   1)) {
                break;
            }
            const auto begin = static_cast<std::size_t>(hit.data() - plain.data());
            const std::size_t end = begin + hit.size();
            const bool alone = hit.size() > 0 && stands_alone(begin, end);
            if (alone) {
                const std::size_t first = mapped ? mapped->begins[begin] : begin;
                const std::size_t last = mapped ? mapped->ends[end - 1] : end;
                findings.push_back({Kind::kLocalNumber, first, last - first});
            }
            from = alone ? end : begin + 1;
        }
    }
}

std::optional<std::size_t> PatternSet::named_by(std::string_view name,
                                                std::string_view label) const {
    for (std::size_t i = 0; i < size(); ++i) {
        for (const std::string& word : state_->patterns[i].headers) {
            if (name.find(word) != std::string_view::npos ||
                label.find(word) != std::string_view::npos) {
                return i;
            }
        }
    }
    return std::nullopt;
}

}  // namespace pdx::privacy
