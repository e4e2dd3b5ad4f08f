#include "marketplace/http/json.h"

#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace pdx::http {
namespace {

using nlohmann::json;

constexpr std::int64_t kIntegerMax = 9'007'199'254'740'991;  // 2^53-1

/// Counts what the lexer has taken, which its callbacks do not tell.
struct CountingIterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at = nullptr;
    std::size_t* taken = nullptr;

    reference operator*() const { return *at; }
    CountingIterator& operator++() {
        ++at;
        ++*taken;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountingIterator& other) const { return at == other.at; }
};

struct Fault {
    std::string code;
    Text text;
};

/// Builds the value; every callback returns false to stop.
class Builder final : public nlohmann::json_sax<json> {
public:
    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override {
        return value < -kIntegerMax ? bad_number() : put(value);
    }
    bool number_unsigned(number_unsigned_t value) override {
        return value > static_cast<number_unsigned_t>(kIntegerMax) ? bad_number() : put(value);
    }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
        return bad_number();
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_object(std::size_t /*count*/) override { return open(json::object()); }
    bool key(string_t& name) override {
        if (open_.back()->contains(name)) {
            return stop("json.duplicate_name",
                        {"A member name occurs twice in one object", "同一对象中成员名重复"});
        }
        name_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*count*/) override { return open(json::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& failure) override {
        constexpr int kNumberOutOfRange = 406;
        position_ = position > 0 ? position - 1 : 0;
        if (failure.id == kNumberOutOfRange) return bad_number();
        return stop("json.syntax", {"The body is not well-formed JSON", "请求体不是合法的 JSON"});
    }

    const std::optional<Fault>& fault() const { return fault_; }
    const std::optional<std::size_t>& position() const { return position_; }
    json take() { return std::move(root_); }

private:
    bool stop(std::string code, Text text) {
        if (!fault_) fault_ = Fault{std::move(code), std::move(text)};
        return false;
    }

    bool bad_number() {
        return stop("json.number",
                    {"Numbers are integers within 2^53-1; write other numbers as strings",
                     "数字只能是绝对值不超过 2^53-1 的整数，其他数值请用字符串表示"});
    }

    json* place(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[name_] = std::move(value));
    }

    bool put(json value) {
        place(std::move(value));
        return true;
    }

    bool open(json value) {
        if (open_.size() >= kJsonDepthMax) {
            return stop("json.too_deep",
                        {"The nesting is deeper than " + std::to_string(kJsonDepthMax),
                         "嵌套层数超过 " + std::to_string(kJsonDepthMax)});
        }
        open_.push_back(place(std::move(value)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    json root_;
    std::vector<json*> open_;
    std::string name_;
    std::optional<Fault> fault_;
    std::optional<std::size_t> position_;
};

Error refusal(const Fault& fault, std::size_t offset) {
    const std::string at = std::to_string(offset);
    return malformed(fault.code, {fault.text.en + " (at byte " + at + ").",
                                  fault.text.zh + "（第 " + at + " 字节处）。"});
}

}  // namespace

nlohmann::json parse_json(std::string_view text) {
    if (text.empty()) {
        throw malformed("json.empty", {"A JSON body is needed and there is none.",
                                       "需要 JSON 格式的请求体，但请求体为空。"});
    }
    if (text.substr(0, 3) == "\xEF\xBB\xBF") {
        throw refusal({"json.encoding",
                       {"The body begins with a byte order mark", "请求体以字节顺序标记开头"}},
                      0);
    }
    if (!is_utf8(text)) {
        throw malformed("json.encoding", {"The body is not UTF-8.", "请求体不是 UTF-8 编码。"});
    }
    // The library takes NUL for the end of the text, and would not look at what comes after it.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        throw refusal(
            {"json.syntax", {"The body is not well-formed JSON", "请求体不是合法的 JSON"}}, nul);
    }
    Builder builder;
    std::size_t taken = 0;
    const CountingIterator begin{text.data(), &taken};
    const CountingIterator end{text.data() + text.size(), &taken};
    const bool whole = json::sax_parse(begin, end, &builder);
    if (builder.fault()) throw refusal(*builder.fault(), builder.position().value_or(taken));
    if (!whole) {
        throw refusal(
            {"json.syntax", {"The body is not well-formed JSON", "请求体不是合法的 JSON"}}, taken);
    }
    return builder.take();
}

}  // namespace pdx::http
