#pragma once
/// JSON lines as tables: one flat object a line, the members of the first are the columns. As
/// strict as the CSV reader: what would shift or hide a value ends the file.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/csv.h"

namespace pdx::privacy {

/// Hands on the same records as a CsvReader: first the names as record 0, then the values. Strings
/// come unescaped, numbers as they are written, true and false as words; null and a member that is
/// not there are empty. Empty lines are skipped.
/// Ensures: any division of the same bytes into feed() calls gives the same records; memory is
/// bounded by the limits whatever the input.
/// Throws: kInvalid json_lines.empty, json_lines.syntax, json_lines.not_object, json_lines.nested,
/// json_lines.member_empty, json_lines.member_duplicate, json_lines.member_unknown,
/// json_lines.nul_byte; kTooLarge json_lines.too_many_members, json_lines.field_too_large,
/// json_lines.line_too_large. After that, and after an exception of the handler, the reader takes
/// nothing more.
class JsonLinesReader {
public:
    JsonLinesReader(CsvLimits limits, CsvReader::Handler handler);
    ~JsonLinesReader();
    JsonLinesReader(JsonLinesReader&&) noexcept;
    JsonLinesReader& operator=(JsonLinesReader&&) noexcept;

    void feed(std::string_view bytes);
    void finish();
    /// Records of data so far.
    std::uint64_t records() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Writes records as objects whose values are all strings, and hands them on in blocks.
class JsonLinesWriter {
public:
    using Sink = std::function<void(std::string_view)>;
    explicit JsonLinesWriter(Sink sink) : sink_(std::move(sink)) {}

    /// The first record names the members. Requires: the same count every time.
    void write(std::span<const std::string_view> fields);
    void finish();

private:
    Sink sink_;
    std::vector<std::string> names_;  ///< as they stand in a line: {"name":
    std::string block_;
};

}  // namespace pdx::privacy
