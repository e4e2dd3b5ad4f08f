#pragma once
/// Tables as files: CSV or JSON lines, read into the same records and written from them.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "privacy/csv.h"
#include "privacy/json_lines.h"

namespace pdx::privacy {

enum class TableFormat : std::uint8_t { kCsv, kJsonLines };

/// Shape: "csv", "jsonl".
std::string_view format_code(TableFormat format);
std::optional<TableFormat> parse_format(std::string_view code);
/// By the end of the name: .jsonl and .ndjson are JSON lines, everything else is CSV.
TableFormat format_of_name(std::string_view file_name);

/// Throws: as CsvReader or JsonLinesReader.
class TableReader {
public:
    TableReader(TableFormat format, CsvReader::Handler handler);

    void feed(std::string_view bytes);
    void finish();
    std::uint64_t records() const;

private:
    std::variant<CsvReader, JsonLinesReader> reader_;
};

class TableWriter {
public:
    TableWriter(TableFormat format, CsvWriter::Sink sink);

    /// The header first. Requires: at least one field, the same count every time.
    void write(std::span<const std::string_view> fields);
    void finish();

private:
    std::variant<CsvWriter, JsonLinesWriter> writer_;
};

}  // namespace pdx::privacy
