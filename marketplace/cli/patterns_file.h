#pragma once
/// The file in which somebody states numbers of his own; privacy/pattern_set.h has its form.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "privacy/pattern_set.h"

namespace pdx::cli {

/// `--patterns FILE`.
void add_patterns_option(CLI::App& command, std::string& path);

/// Nothing for an empty path. Throws: as feed_file(); kInvalid patterns.form, which names the file.
std::optional<privacy::PatternSet> load_patterns(const std::string& path);

/// For those who take a pointer.
inline const privacy::PatternSet* pointer_to(const std::optional<privacy::PatternSet>& patterns) {
    return patterns ? &*patterns : nullptr;
}

}  // namespace pdx::cli
