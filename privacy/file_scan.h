#pragma once
/// What a whole file holds: its columns classified, and every identifier in its values counted. In
/// one pass and constant memory.
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/classify.h"
#include "privacy/encoding.h"
#include "privacy/kind.h"
#include "privacy/pattern_set.h"
#include "privacy/table_format.h"

namespace pdx::privacy {

/// Counts only; no value.
struct ScannedColumn {
    ColumnClass column;
    std::uint64_t values = 0;                          ///< that are not empty
    std::array<std::uint64_t, kKindCount> found = {};  ///< identifiers inside them, by kind
    /// Values in which names and addresses were sought as well: those of a column of free text,
    /// from where it was known to be one.
    std::uint64_t prose = 0;
};

struct FileReport {
    Digest sha256;  ///< of the bytes as they came
    std::uint64_t bytes = 0;
    Encoding encoding = Encoding::kAscii;
    std::uint64_t records = 0;  ///< without the header
    std::vector<ScannedColumn> columns;
};

/// A table in UTF-8 or GB18030.
/// Throws: as TextDecoder, TableReader and TableProfiler. After that the scan takes nothing more.
class FileScan {
public:
    /// The seed keys the sample that decides what a column is; see TableProfiler.
    /// `patterns` may be null and must outlive the scan.
    explicit FileScan(std::uint64_t seed, TableFormat format = TableFormat::kCsv,
                      const PatternSet* patterns = nullptr);
    ~FileScan();
    FileScan(FileScan&&) noexcept;
    FileScan& operator=(FileScan&&) noexcept;

    void feed(std::string_view bytes);
    /// Callable once.
    FileReport finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
