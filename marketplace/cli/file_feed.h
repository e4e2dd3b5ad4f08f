#pragma once
/// Reading a file that may be larger than memory, with a progress bar for whoever waits.
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "privacy/csv.h"

namespace pdx::cli {

/// Hands on the whole file in pieces. `label` stands before the bar, for example "Scanning".
/// Throws: Error kInvalid "file.unreadable" when it cannot be opened or read; what `sink` throws.
void feed_file(const std::string& path, std::string_view label,
               const std::function<void(std::string_view)>& sink);

/// Records of a table in order, the header first. Throws: kConflict file.changed at the end, when
/// it is not the file whose digest is `expected`; as TableReader.
void read_records(const std::string& path, std::string_view label, const Digest& expected,
                  const privacy::CsvReader::Handler& handler);

}  // namespace pdx::cli
