#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/column_profiler.h"
#include "privacy/csv.h"
#include "tests/bench/bench.h"

namespace pdx::bench {
namespace {

constexpr std::size_t kRows = 10'000;
constexpr int kProfilePasses = 5;

/// The header and the first rows, as texts.
std::vector<std::vector<std::string>> rows_of(std::string_view table) {
    std::vector<std::vector<std::string>> rows;
    pdx::privacy::CsvReader reader({}, [&](const pdx::privacy::CsvRecord& record) {
        if (rows.size() <= kRows) rows.emplace_back(record.fields.begin(), record.fields.end());
    });
    constexpr std::size_t kBytes = std::size_t{4} << 20U;
    reader.feed(table.substr(0, table.rfind('\n', kBytes) + 1));
    reader.finish();
    if (rows.size() != kRows + 1) throw std::runtime_error("the table is too short");
    return rows;
}

}  // namespace

void privacy_profile(std::string_view table) {
    const auto rows = rows_of(table);
    double best = 1e9;
    for (int pass = 0; pass < kProfilePasses; ++pass) {
        const Stopwatch watch;
        std::vector<pdx::privacy::ColumnProfiler> columns;
        for (const std::string& name : rows[0]) {
            columns.emplace_back(name, pdx::privacy::DeclaredColumn{});
        }
        for (std::size_t row = 1; row < rows.size(); ++row) {
            for (std::size_t i = 0; i < columns.size(); ++i) columns[i].add(rows[row][i], row);
        }
        std::size_t unknown = 0;
        for (const auto& column : columns) {
            if (column.classify().kind == pdx::privacy::Kind::kUnknown) ++unknown;
        }
        best = std::min(best, watch.seconds() * 1e3);
        if (unknown > 0) throw std::runtime_error("a column of the dense table was not decided");
    }
    report("privacy.profile_1e4_ms", best, "ms",
           "one thread, 10,000 sampled rows of the dense table profiled and classified");
}

}  // namespace pdx::bench
