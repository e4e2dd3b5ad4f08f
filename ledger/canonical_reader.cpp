#include "ledger/canonical_reader.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/json_text.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

/// What follows the backslash of the two-character escapes, and what it stands for.
constexpr std::pair<char, char> kShortEscapes[] = {
    {'"', '"'}, {'\\', '\\'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}};

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

}  // namespace

bool CanonicalReader::fail_at(std::size_t offset, std::string_view what) {
    fault_ = {offset, what};
    return false;
}

bool CanonicalReader::read_exactly(std::string_view text) {
    if (bytes_.substr(at_, text.size()) != text) return fail("another byte was expected here");
    at_ += text.size();
    return true;
}

bool CanonicalReader::read_end() {
    return at_ == bytes_.size() || fail("bytes follow the end of the value");
}

bool CanonicalReader::read_value() {
    switch (peek()) {
        case '{': return read_object();
        case '[': return read_array();
        case '"': return read_string(nullptr);
        case 't': return read_exactly("true");
        case 'f': return read_exactly("false");
        case 'n': return read_exactly("null");
        default: return read_integer(nullptr);
    }
}

bool CanonicalReader::read_object() {
    if (++depth_ > kJsonDepthMax) return fail("nested too deep");
    ++at_;
    std::string previous;
    std::string name;
    for (bool first = true; peek() != '}'; first = false) {
        if (!first && !read_exactly(",")) return false;
        const std::size_t start = at_;
        name.clear();
        if (!read_string(&name)) return false;
        if (!is_ascii(name)) return fail_at(start, "a member name is not ASCII");
        if (!first && name == previous) return fail_at(start, "a member name occurs twice");
        if (!first && name < previous) return fail_at(start, "member names are not sorted");
        if (!read_exactly(":") || !read_value()) return false;
        std::swap(previous, name);
    }
    ++at_;
    --depth_;
    return true;
}

bool CanonicalReader::read_array() {
    if (++depth_ > kJsonDepthMax) return fail("nested too deep");
    ++at_;
    for (bool first = true; peek() != ']'; first = false) {
        if (!first && !read_exactly(",")) return false;
        if (!read_value()) return false;
    }
    ++at_;
    --depth_;
    return true;
}

bool CanonicalReader::read_string(std::string* out) {
    const std::size_t start = at_;
    if (!read_exactly("\"")) return false;
    bool ascii = true;
    while (true) {
        const std::size_t run = at_;
        while (true) {
            at_ = plain_json_end(bytes_, at_);
            if (at_ == bytes_.size() || bytes_[at_] == '"' || bytes_[at_] == '\\') break;
            const auto byte = static_cast<unsigned char>(bytes_[at_]);
            if (byte < 0x20) return fail("a control character is not escaped");
            if (byte >= 0x80) ascii = false;
            ++at_;
        }
        if (out != nullptr) out->append(bytes_.substr(run, at_ - run));
        if (at_ == bytes_.size()) return fail("a string does not end");
        if (bytes_[at_] == '"') break;
        if (!read_escape(out)) return false;
    }
    ++at_;
    // Escapes stand for ASCII only, so the raw text is UTF-8 exactly when the string is.
    if (!ascii && !is_utf8(bytes_.substr(start, at_ - start))) {
        return fail_at(start, "a string is not UTF-8");
    }
    return true;
}

bool CanonicalReader::read_escape(std::string* out) {
    const char letter = at_ + 1 < bytes_.size() ? bytes_[at_ + 1] : '\0';
    for (const auto& [escape, meaning] : kShortEscapes) {
        if (letter != escape) continue;
        if (out != nullptr) out->push_back(meaning);
        at_ += 2;
        return true;
    }
    // \u00xx, lower case, is the only other form: for controls that have no short one.
    if (bytes_.substr(at_, 4) != "\\u00" || bytes_.size() - at_ < 6) {
        return fail("an escape has another form than RFC 8785 gives it");
    }
    const std::size_t high = kHexDigits.find(bytes_[at_ + 4]);
    const std::size_t low = kHexDigits.find(bytes_[at_ + 5]);
    if (high > 1 || low == std::string_view::npos) {
        return fail("an escape has another form than RFC 8785 gives it");
    }
    const char meaning = static_cast<char>(high * 16 + low);
    for (const auto& [escape, short_meaning] : kShortEscapes) {
        if (meaning == short_meaning) return fail("an escape has a shorter form");
    }
    if (out != nullptr) out->push_back(meaning);
    at_ += 6;
    return true;
}

bool CanonicalReader::read_integer(std::int64_t* out) {
    const std::size_t start = at_;
    const bool negative = peek() == '-';
    if (negative) ++at_;
    if (!is_digit(peek())) return fail_at(start, "no JSON value starts here");
    if (peek() == '0' && (negative || is_digit(at_ + 1 < bytes_.size() ? bytes_[at_ + 1] : '\0'))) {
        return fail_at(start, "a number has a leading zero or is a negative zero");
    }
    std::int64_t value = 0;
    for (; is_digit(peek()); ++at_) {
        value = value * 10 + (peek() - '0');
        if (value > kJsonIntegerMax) return fail_at(start, "a number is beyond 2^53 - 1");
    }
    if (peek() == '.' || peek() == 'e' || peek() == 'E') {
        return fail_at(start, "a number is not an integer");
    }
    if (out != nullptr) *out = negative ? -value : value;
    return true;
}

}  // namespace pdx::ledger
