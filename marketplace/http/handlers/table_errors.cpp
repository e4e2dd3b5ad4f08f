#include "marketplace/http/handlers/table_errors.h"

namespace pdx::http {

privacy::TableFormat table_format_of(const Request& request) {
    const auto type = request.header("content-type").value_or("");
    const bool is_lines = type.find("ndjson") != std::string_view::npos ||
                          type.find("jsonl") != std::string_view::npos;
    return is_lines ? privacy::TableFormat::kJsonLines : privacy::TableFormat::kCsv;
}

std::vector<std::string_view> table_types() {
    return {"text/csv", "application/x-ndjson", "application/jsonl"};
}

std::vector<ErrorRow> table_errors(std::vector<ErrorRow> more) {
    std::vector<ErrorRow> all{{413, "csv.too_many_columns"},
                              {413, "csv.field_too_large"},
                              {413, "csv.record_too_large"},
                              {413, "json_lines.too_many_members"},
                              {413, "json_lines.field_too_large"},
                              {413, "json_lines.line_too_large"},
                              {415, "encoding.unknown"},
                              {415, "encoding.utf16"},
                              {415, "encoding.utf32"},
                              {415, "encoding.binary"},
                              {422, "encoding.invalid_utf8"},
                              {422, "encoding.invalid_gb18030"},
                              {422, "csv.empty"},
                              {422, "csv.ragged_row"},
                              {422, "csv.nul_byte"},
                              {422, "csv.invalid_utf8"},
                              {422, "csv.stray_quote"},
                              {422, "csv.unclosed_quote"},
                              {422, "csv.bare_carriage_return"},
                              {422, "csv.header_is_data"},
                              {422, "csv.header_name_empty"},
                              {422, "csv.header_name_duplicate"},
                              {422, "csv.separator"},
                              {422, "csv.is_json"},
                              {422, "json_lines.syntax"},
                              {422, "json_lines.not_object"},
                              {422, "json_lines.empty"},
                              {422, "json_lines.nested"},
                              {422, "json_lines.nul_byte"},
                              {422, "json_lines.member_empty"},
                              {422, "json_lines.member_unknown"},
                              {422, "json_lines.member_duplicate"}};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace pdx::http
