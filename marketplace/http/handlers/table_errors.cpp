#include "marketplace/http/handlers/table_errors.h"

namespace pdx::http {

std::vector<ErrorRow> table_errors(std::vector<ErrorRow> more) {
    std::vector<ErrorRow> all{{413, "csv.too_many_columns"},
                              {413, "csv.field_too_large"},
                              {413, "csv.record_too_large"},
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
                              {422, "csv.is_json"}};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace pdx::http
