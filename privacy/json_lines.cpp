#include "privacy/json_lines.h"

#include <simdjson.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/json_text.h"

namespace pdx::privacy {
namespace {

namespace ondemand = simdjson::ondemand;

/// White space as JSON has it (RFC 8259 section 2).
std::string_view without_end_space(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

struct JsonLinesReader::State {
    State(CsvLimits of, CsvReader::Handler to) : limits(of), handler(std::move(to)) {}

    [[noreturn]] void fail(const char* code, const Text& reason,
                           ErrorKind kind = ErrorKind::kInvalid) const {
        const std::string at = std::to_string(line_number);
        ErrorDetail detail;
        detail.pointer = "line " + at;
        throw Error(
            kind, code,
            {"Line " + at + ": " + reason.en + ".", "第 " + at + " 行：" + reason.zh + "。"},
            std::move(detail));
    }
    [[noreturn]] void fail_syntax() const {
        fail("json_lines.syntax", {"this is not valid JSON", "不是有效的 JSON"});
    }

    void append(std::string_view part) {
        if (line.size() + part.size() > limits.record_bytes_max) {
            fail("json_lines.line_too_large", {"the line is too long", "该行过长"},
                 ErrorKind::kTooLarge);
        }
        line += part;
    }

    void end_line() {
        const bool blank = without_end_space(line).empty();
        if (!blank) parse();
        line.clear();
        ++line_number;
    }

    void parse() {
        line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
        ondemand::document document;
        ondemand::object object;
        if (parser.iterate(simdjson::padded_string_view(line.data(), line.size(), line.capacity()))
                .get(document) != simdjson::SUCCESS) {
            fail_syntax();
        }
        ondemand::json_type type{};
        if (document.type().get(type) != simdjson::SUCCESS) fail_syntax();
        if (type != ondemand::json_type::object) {
            fail("json_lines.not_object", {"a line must be one object", "每行必须是一个对象"});
        }
        if (document.get_object().get(object) != simdjson::SUCCESS) fail_syntax();
        const bool first = names.empty();
        values.assign(names.size(), {});
        seen.assign(names.size(), false);
        for (auto member : object) {
            std::string_view name;
            ondemand::value value;
            if (member.unescaped_key().get(name) != simdjson::SUCCESS ||
                member.value().get(value) != simdjson::SUCCESS) {
                fail_syntax();
            }
            const std::size_t column = first ? add_column(name) : column_of(name);
            values[column] = read(value);
        }
        const char* rest = nullptr;
        if (document.current_location().get(rest) == simdjson::SUCCESS) fail_syntax();
        if (first) {
            if (names.empty()) {
                fail("json_lines.empty", {"the first object has no members", "首行对象没有成员"});
            }
            std::vector<std::string_view> header(names.begin(), names.end());
            handler({0, line_number, header});
        }
        handler({++records, line_number, values});
    }

    std::size_t add_column(std::string_view name) {
        if (name.empty()) {
            fail("json_lines.member_empty", {"a member has no name", "成员没有名称"});
        }
        if (names.size() == limits.columns_max) {
            fail("json_lines.too_many_members", {"there are too many members", "成员过多"},
                 ErrorKind::kTooLarge);
        }
        const std::size_t column = names.size();
        if (!columns.emplace(name, column).second) fail_duplicate();
        names.emplace_back(name);
        values.emplace_back();
        return column;
    }

    std::size_t column_of(std::string_view name) {
        lookup.assign(name);
        const auto found = columns.find(lookup);
        if (found == columns.end()) {
            fail(
                "json_lines.member_unknown",
                {"a member is not among those of the first line; the first line must have them all",
                 "出现首行没有的成员；首行必须列出全部成员"});
        }
        if (seen[found->second]) fail_duplicate();
        seen[found->second] = true;
        return found->second;
    }

    [[noreturn]] void fail_duplicate() const {
        fail("json_lines.member_duplicate", {"a member stands there twice", "成员重复"});
    }

    std::string_view read(ondemand::value& value) const {
        ondemand::json_type type{};
        if (value.type().get(type) != simdjson::SUCCESS) fail_syntax();
        std::string_view text;
        switch (type) {
            case ondemand::json_type::string:
                if (value.get_string().get(text) != simdjson::SUCCESS) fail_syntax();
                if (text.find('\0') != std::string_view::npos) {
                    fail("json_lines.nul_byte", {"a value has a NUL character", "值中含 NUL 字符"});
                }
                break;
            case ondemand::json_type::number: {
                text = without_end_space(value.raw_json_token());
                double checked = 0;  // only to know that it is a number
                if (value.get_double().get(checked) != simdjson::SUCCESS) fail_syntax();
                break;
            }
            case ondemand::json_type::boolean: {
                bool truth = false;
                if (value.get_bool().get(truth) != simdjson::SUCCESS) fail_syntax();
                return truth ? "true" : "false";
            }
            case ondemand::json_type::null: {
                bool nothing = false;
                if (value.is_null().get(nothing) != simdjson::SUCCESS || !nothing) fail_syntax();
                return {};
            }
            default:
                fail("json_lines.nested",
                     {"a value is an object or an array", "值不能是对象或数组"});
        }
        if (text.size() > limits.field_bytes_max) {
            fail("json_lines.field_too_large", {"a value is too long", "值过长"},
                 ErrorKind::kTooLarge);
        }
        return text;
    }

    CsvLimits limits;
    CsvReader::Handler handler;
    ondemand::parser parser;
    std::string line;
    std::uint64_t line_number = 1;
    std::uint64_t records = 0;
    std::vector<std::string> names;
    std::unordered_map<std::string, std::size_t> columns;
    std::vector<std::string_view> values;
    std::vector<bool> seen;
    std::string lookup;
    bool closed = false;
};

JsonLinesReader::JsonLinesReader(CsvLimits limits, CsvReader::Handler handler)
    : state_(std::make_unique<State>(limits, std::move(handler))) {}
JsonLinesReader::~JsonLinesReader() = default;
JsonLinesReader::JsonLinesReader(JsonLinesReader&&) noexcept = default;
JsonLinesReader& JsonLinesReader::operator=(JsonLinesReader&&) noexcept = default;

void JsonLinesReader::feed(std::string_view bytes) {
    PDX_CHECK(!state_->closed);
    state_->closed = true;  // an exception below leaves it closed
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        state_->append(bytes.substr(0, end));
        if (end == std::string_view::npos) break;
        state_->end_line();
        bytes.remove_prefix(end + 1);
    }
    state_->closed = false;
}

void JsonLinesReader::finish() {
    PDX_CHECK(!state_->closed);
    state_->closed = true;
    state_->end_line();
    if (state_->names.empty()) {
        state_->fail("json_lines.empty", {"the file has no record", "文件没有记录"});
    }
}

std::uint64_t JsonLinesReader::records() const { return state_->records; }

void JsonLinesWriter::write(std::span<const std::string_view> fields) {
    constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;
    if (names_.empty()) {
        for (const std::string_view name : fields) {
            std::string& begin = names_.emplace_back(names_.empty() ? "{" : ",");
            append_json_string(begin, name);
            begin += ':';
        }
        PDX_CHECK(!names_.empty());
        return;
    }
    PDX_CHECK(fields.size() == names_.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        block_ += names_[i];
        append_json_string(block_, fields[i]);
    }
    block_ += "}\n";
    if (block_.size() >= kBlockBytes) finish();
}

void JsonLinesWriter::finish() {
    if (!block_.empty()) sink_(block_);
    block_.clear();
}

}  // namespace pdx::privacy
