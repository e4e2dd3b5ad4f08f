#include "marketplace/cli/patterns_file.h"

#include <string_view>

#include "base/error.h"
#include "marketplace/cli/file_feed.h"

namespace pdx::cli {

void add_patterns_option(CLI::App& command, std::string& path) {
    command.add_option("--patterns", path, "JSON file of numbers of your own to look for as well");
}

std::optional<privacy::PatternSet> load_patterns(const std::string& path) {
    if (path.empty()) return std::nullopt;
    constexpr std::size_t kBytesMax = std::size_t{1} << 20U;
    std::string text;
    feed_file(path, "Patterns", [&](std::string_view piece) {
        if (text.size() + piece.size() <= kBytesMax) text += piece;
    });
    try {
        return privacy::PatternSet::read(text);
    } catch (const Error& error) {
        throw invalid(error.code(), {path + ": " + error.text().en, path + "：" + error.text().zh},
                      error.detail());
    }
}

}  // namespace pdx::cli
