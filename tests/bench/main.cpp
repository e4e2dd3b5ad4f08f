#include <algorithm>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "tests/bench/bench.h"

/// pdx_bench [GROUP...]: runs the named groups, or all.
int main(int argc, char** argv) {
    const std::map<std::string, std::function<void()>> groups{
        {"writes", pdx::bench::writes},
        {"delivery", pdx::bench::delivery},
        {"startup", pdx::bench::startup},
    };
    // Beside the build and not in /tmp, which may be memory.
    ::setenv("TMPDIR", PDX_BINARY_DIR, 1);  // NOLINT(concurrency-mt-unsafe)
    try {
        for (int i = 1; i < argc; ++i) {
            if (groups.count(argv[i]) == 0) {
                std::cerr << "bench: unknown group '" << argv[i] << "'; known:";
                for (const auto& [name, run] : groups) std::cerr << " " << name;
                std::cerr << "\n";
                return 2;
            }
        }
        for (const auto& [name, run] : groups) {
            if (argc > 1 && std::find(argv + 1, argv + argc, name) == argv + argc) continue;
            run();
        }
    } catch (const std::exception& error) {
        std::cerr << "bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
