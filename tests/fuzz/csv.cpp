#include "privacy/csv.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// The records of the text when it comes in pieces of this size; nullopt when it is refused.
std::optional<Rows> read(std::string_view text, std::size_t piece) {
    Rows rows;
    privacy::CsvReader reader({}, [&](const privacy::CsvRecord& record) {
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
        PDX_CHECK(refused.code().starts_with("csv."));
        return std::nullopt;
    }
    PDX_CHECK(reader.records() + 1 == rows.size());
    return rows;
}

}  // namespace

/// Pieces do not matter, and what is written again reads the same.
void csv(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto rows = read(text, text.size() + 1);
    PDX_CHECK(read(text, 1) == rows);
    PDX_CHECK(read(text, 7) == rows);
    if (!rows) return;
    std::string written;
    privacy::CsvWriter writer([&](std::string_view block) { written += block; });
    for (const auto& row : *rows) {
        writer.write(std::vector<std::string_view>(row.begin(), row.end()));
    }
    writer.finish();
    PDX_CHECK(read(written, written.size()) == rows);
}

}  // namespace pdx::fuzz
