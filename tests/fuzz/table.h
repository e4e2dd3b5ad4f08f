#pragma once
/// What holds for every format of tables.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "privacy/table_format.h"

namespace pdx::fuzz {

using Rows = std::vector<std::vector<std::string>>;

/// The records of the text when it comes in pieces of this size; nullopt when it is refused.
inline std::optional<Rows> read_table(privacy::TableFormat format, std::string_view text,
                                      std::size_t piece) {
    const std::string_view codes = format == privacy::TableFormat::kCsv ? "csv." : "json_lines.";
    Rows rows;
    privacy::TableReader reader(format, [&](const privacy::CsvRecord& record) {
        PDX_CHECK(record.number == rows.size());
        PDX_CHECK(rows.empty() || record.fields.size() == rows.front().size());
        rows.emplace_back(record.fields.begin(), record.fields.end());
    });
    try {
        for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
            reader.feed(text.substr(0, piece));
        }
        reader.finish();
    } catch (const Error& refused) {
        PDX_CHECK(refused.code().starts_with(codes));
        return std::nullopt;
    }
    PDX_CHECK(reader.records() + 1 == rows.size());
    return rows;
}

/// Pieces do not matter, and what is written again reads the same.
inline void check_table(privacy::TableFormat format, std::string_view text) {
    const auto rows = read_table(format, text, text.size() + 1);
    PDX_CHECK(read_table(format, text, 1) == rows);
    PDX_CHECK(read_table(format, text, 7) == rows);
    if (!rows) return;
    std::string written;
    privacy::TableWriter writer(format, [&](std::string_view block) { written += block; });
    for (const auto& row : *rows) {
        writer.write(std::vector<std::string_view>(row.begin(), row.end()));
    }
    writer.finish();
    PDX_CHECK(read_table(format, written, written.size()) == rows);
}

}  // namespace pdx::fuzz
