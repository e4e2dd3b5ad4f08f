#pragma once
/// Reading a file that may be larger than memory, with a progress bar for whoever waits.
#include <functional>
#include <string>
#include <string_view>

namespace pdx::cli {

/// Hands on the whole file in pieces. `label` stands before the bar, for example "Scanning".
/// Throws: Error kInvalid "file.unreadable" when it cannot be opened or read; what `sink` throws.
void feed_file(const std::string& path, std::string_view label,
               const std::function<void(std::string_view)>& sink);

}  // namespace pdx::cli
