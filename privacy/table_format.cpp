#include "privacy/table_format.h"

#include <utility>

namespace pdx::privacy {
namespace {

using AnyReader = std::variant<CsvReader, JsonLinesReader>;
using AnyWriter = std::variant<CsvWriter, JsonLinesWriter>;

}  // namespace

std::string_view format_code(TableFormat format) {
    return format == TableFormat::kCsv ? "csv" : "jsonl";
}

std::optional<TableFormat> parse_format(std::string_view code) {
    for (const TableFormat format : {TableFormat::kCsv, TableFormat::kJsonLines}) {
        if (format_code(format) == code) return format;
    }
    return std::nullopt;
}

TableFormat format_of_name(std::string_view file_name) {
    const bool lines = file_name.ends_with(".jsonl") || file_name.ends_with(".ndjson");
    return lines ? TableFormat::kJsonLines : TableFormat::kCsv;
}

TableReader::TableReader(TableFormat format, CsvReader::Handler handler)
    : reader_(
          format == TableFormat::kCsv
              ? AnyReader(std::in_place_type<CsvReader>, CsvLimits{}, std::move(handler))
              : AnyReader(std::in_place_type<JsonLinesReader>, CsvLimits{}, std::move(handler))) {}

void TableReader::feed(std::string_view bytes) {
    std::visit([bytes](auto& reader) { reader.feed(bytes); }, reader_);
}

void TableReader::finish() {
    std::visit([](auto& reader) { reader.finish(); }, reader_);
}

std::uint64_t TableReader::records() const {
    return std::visit([](const auto& reader) { return reader.records(); }, reader_);
}

TableWriter::TableWriter(TableFormat format, CsvWriter::Sink sink)
    : writer_(format == TableFormat::kCsv
                  ? AnyWriter(std::in_place_type<CsvWriter>, std::move(sink))
                  : AnyWriter(std::in_place_type<JsonLinesWriter>, std::move(sink))) {}

void TableWriter::write(std::span<const std::string_view> fields) {
    std::visit([fields](auto& writer) { writer.write(fields); }, writer_);
}

void TableWriter::finish() {
    std::visit([](auto& writer) { writer.finish(); }, writer_);
}

}  // namespace pdx::privacy
