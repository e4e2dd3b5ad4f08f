#pragma once
/// Settings of an exchange that is a test's own.
#include <filesystem>

#include "marketplace/cli/settings.h"

namespace pdx::test {

/// A free port, the short deadlines of the rule profile "demo", no log.
inline cli::Settings quiet_settings(const std::filesystem::path& data) {
    cli::Settings settings;
    settings.data = data;
    settings.port = 0;
    settings.rules = "demo";
    settings.quiet_log = true;
    return settings;
}

}  // namespace pdx::test
