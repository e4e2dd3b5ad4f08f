#include <algorithm>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/support/places.h"

/// pdx_bench [--large] [GROUP...]: runs the named groups, or all.
int main(int argc, char** argv) {
    const bool large = std::find(argv + 1, argv + argc, std::string_view("--large")) != argv + argc;
    const std::vector<std::string> wanted = [&] {
        std::vector<std::string> names(argv + 1, argv + argc);
        std::erase(names, "--large");
        return names;
    }();
    const std::map<std::string, std::function<void()>> groups{
        {"ledger",
         [large] {
             pdx::bench::ledger(large);
             pdx::bench::ledger_verify();
         }},
        {"writes", pdx::bench::writes},
        {"delivery", pdx::bench::delivery},
        {"privacy", pdx::bench::privacy},
        {"startup", pdx::bench::startup},
    };
    // Beside the build and not in /tmp, which may be memory.
    ::setenv("TMPDIR", pdx::test::binary_folder().c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    try {
        for (const std::string& group : wanted) {
            if (groups.count(group) == 0) {
                std::cerr << "bench: unknown group '" << group << "'; known:";
                for (const auto& [name, run] : groups) std::cerr << " " << name;
                std::cerr << "\n";
                return 2;
            }
        }
        for (const auto& [name, run] : groups) {
            if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
                continue;
            }
            run();
        }
    } catch (const std::exception& error) {
        std::cerr << "bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
