#pragma once
#include <CLI/CLI.hpp>

#include "marketplace/cli/settings.h"

namespace pdx::cli {

/// The options that `serve` and `demo` share.
void add_serve_options(CLI::App& command, Settings& settings);

}  // namespace pdx::cli
