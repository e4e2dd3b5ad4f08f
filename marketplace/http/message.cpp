#include "marketplace/http/message.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/check.h"
#include "base/crypto.h"

namespace pdx::http {
namespace {

constexpr std::size_t kIdempotencyKeyMax = 128;
constexpr std::size_t kAcceptLanguageMax = 512;

/// "q=0.8" in thousandths; anything else counts as 1.
int quality(std::string_view parameters) {
    const std::size_t at = parameters.find("q=");
    if (at == std::string_view::npos) return 1000;
    const std::string_view value = parameters.substr(at + 2);
    if (value.empty() || value.front() != '0') return 1000;
    int thousandths = 0;
    int scale = 100;
    for (std::size_t i = 2; i < value.size() && i < 5; ++i) {
        if (value[i] < '0' || value[i] > '9') break;
        thousandths += (value[i] - '0') * scale;
        scale /= 10;
    }
    return thousandths;
}

std::optional<Language> language_of(std::string_view tag) {
    const std::string lower = to_lower(tag);
    if (lower == "zh" || lower.rfind("zh-", 0) == 0) return Language::kChinese;
    if (lower == "en" || lower.rfind("en-", 0) == 0) return Language::kEnglish;
    return std::nullopt;
}

}  // namespace

std::string_view language_tag(Language language) {
    return language == Language::kChinese ? "zh-CN" : "en";
}

const std::string& in_language(const Text& text, Language language) {
    return language == Language::kChinese ? text.zh : text.en;
}

Language choose_language(std::string_view accept_language, Language fallback) {
    if (accept_language.size() > kAcceptLanguageMax) return fallback;
    Language best = fallback;
    int best_quality = 0;
    while (!accept_language.empty()) {
        const std::size_t comma = accept_language.find(',');
        const std::string_view item = trimmed(accept_language.substr(0, comma));
        const std::size_t semicolon = item.find(';');
        const auto language = language_of(trimmed(item.substr(0, semicolon)));
        const int weight =
            semicolon == std::string_view::npos ? 1000 : quality(item.substr(semicolon));
        if (language && weight > best_quality) {
            best = *language;
            best_quality = weight;
        }
        if (comma == std::string_view::npos) break;
        accept_language.remove_prefix(comma + 1);
    }
    return best;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    for (const auto& [known, value] : headers) {
        if (known == name) return value;
    }
    return std::nullopt;
}

const nlohmann::json& Request::json() const {
    PDX_CHECK(document != nullptr);
    return *document;
}

BodyReader& Request::upload() const {
    PDX_CHECK(reader != nullptr);
    return *reader;
}

const std::string& Request::path_text(std::string_view name) const {
    const auto found = path_parameters.find(name);
    PDX_CHECK(found != path_parameters.end());
    return found->second;
}

std::optional<std::string> Request::query_text(std::string_view name) const {
    const auto found = query_parameters.find(name);
    if (found == query_parameters.end()) return std::nullopt;
    return found->second;
}

std::int64_t Request::query_integer(std::string_view name, std::int64_t fallback, std::int64_t min,
                                    std::int64_t max) const {
    const auto text = query_text(name);
    if (!text) return fallback;
    std::int64_t value = 0;
    const char* end = text->data() + text->size();
    const auto [stop, failure] = std::from_chars(text->data(), end, value);
    if (failure != std::errc() || stop != end || value < min || value > max) {
        const std::string range = std::to_string(min) + ".." + std::to_string(max);
        throw invalid_query(name,
                            {"must be an integer in " + range, "必须是整数，取值范围 " + range});
    }
    return value;
}

std::optional<std::string> Request::idempotency_key() const {
    const auto key = header("idempotency-key");
    if (!key) return std::nullopt;
    const bool visible =
        std::all_of(key->begin(), key->end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (key->empty() || key->size() > kIdempotencyKeyMax || !visible) {
        throw malformed("idempotency_key.malformed",
                        {"Idempotency-Key takes 1 to 128 visible ASCII characters.",
                         "Idempotency-Key 应为 1 至 128 个可见 ASCII 字符。"});
    }
    return std::string(*key);
}

Digest Request::fingerprint() const {
    Sha256 hash;
    // A line feed cannot occur in the first three, so the parts cannot run into each other.
    hash.update(method).update("\n").update(path).update("\n").update(query).update("\n");
    return hash.update(body).finish();
}

std::string_view noun_of_parameter(std::string_view name) {
    constexpr std::string_view kSuffix = "_id";
    if (name.size() > kSuffix.size() && name.substr(name.size() - kSuffix.size()) == kSuffix) {
        name.remove_suffix(kSuffix.size());
    }
    return name;
}

Error invalid_query(std::string_view name, const Text& text) {
    const std::string parameter(name);
    return invalid("query.invalid",
                   {"The query parameter \"" + parameter + "\" " + text.en + ".",
                    "查询参数“" + parameter + "”" + text.zh + "。"},
                   {.pointer = parameter});
}

}  // namespace pdx::http
