#include "ledger/canonical_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/error.h"
#include "base/json_text.h"
#include "ledger/canonical_reader.h"

namespace pdx::ledger {
namespace {

using nlohmann::json;

Error not_canonical(std::string en, std::string zh) {
    return invalid("json.not_canonical", {std::move(en), std::move(zh)});
}

void append_value(std::string& out, const json& value, unsigned depth);

void append_object(std::string& out, const json& value, unsigned depth) {
    out += '{';
    // nlohmann keeps members sorted by bytes, which for ASCII is the UTF-16 order of the RFC.
    for (auto member = value.begin(); member != value.end(); ++member) {
        const std::string& name = member.key();
        if (std::any_of(name.begin(), name.end(),
                        [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; })) {
            throw not_canonical("A member name is not ASCII.", "成员名不是 ASCII 字符。");
        }
        if (member != value.begin()) out += ',';
        append_canonical_string(out, name);
        out += ':';
        append_value(out, member.value(), depth);
    }
    out += '}';
}

void append_array(std::string& out, const json& value, unsigned depth) {
    out += '[';
    bool first = true;
    for (const json& item : value) {
        if (!first) out += ',';
        first = false;
        append_value(out, item, depth);
    }
    out += ']';
}

void append_integer(std::string& out, const json& value) {
    const bool too_large =
        value.is_number_unsigned()
            ? value.get<std::uint64_t>() > static_cast<std::uint64_t>(kJsonIntegerMax)
            : value.get<std::int64_t>() > kJsonIntegerMax ||
                  value.get<std::int64_t>() < -kJsonIntegerMax;
    if (too_large) throw not_canonical("A number is beyond 2^53 - 1.", "数值超出 2^53 - 1。");
    out += std::to_string(value.get<std::int64_t>());
}

void append_value(std::string& out, const json& value, unsigned depth) {
    if (value.is_structured() && depth == kJsonDepthMax) {
        throw not_canonical("The value is nested too deep.", "嵌套层次过深。");
    }
    switch (value.type()) {
        case json::value_t::null: out += "null"; return;
        case json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; return;
        case json::value_t::string:
            append_canonical_string(out, value.get_ref<const std::string&>());
            return;
        case json::value_t::number_integer:
        case json::value_t::number_unsigned: append_integer(out, value); return;
        case json::value_t::object: append_object(out, value, depth + 1); return;
        case json::value_t::array: append_array(out, value, depth + 1); return;
        case json::value_t::number_float:
        case json::value_t::binary:
        case json::value_t::discarded: break;
    }
    throw not_canonical("Only integers, strings, booleans, null, arrays and objects are allowed.",
                        "仅允许整数、字符串、布尔值、null、数组和对象。");
}

}  // namespace

void append_canonical_string(std::string& out, std::string_view text) {
    if (!append_json_string(out, text) && !is_utf8(text)) {
        throw not_canonical("A string is not UTF-8.", "字符串不是 UTF-8 编码。");
    }
}

std::string canonical_json(const json& value) {
    std::string out;
    append_value(out, value, 0);
    return out;
}

std::optional<CanonicalFault> canonical_fault(std::string_view bytes) {
    CanonicalReader reader(bytes);
    if (reader.read_value() && reader.read_end()) return std::nullopt;
    return reader.fault();
}

bool is_canonical(std::string_view bytes) { return !canonical_fault(bytes).has_value(); }

}  // namespace pdx::ledger
