#include <algorithm>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/fault/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {

void startup() {
    constexpr int kStarts = 11;
    const test::TempFolder folder("pdx-bench");
    const auto data = folder.path() / "data";
    const Stopwatch first;
    { const test::PdxServe server(data); }
    report("startup.first_ms", first.seconds() * 1000, "ms",
           "pdx serve on a new folder: keys, schema, first token; exec to the line that says it "
           "takes requests");
    std::vector<double> times;
    for (int i = 0; i < kStarts; ++i) {
        const Stopwatch watch;
        const test::PdxServe server(data);
        times.push_back(watch.seconds() * 1000);
    }
    std::sort(times.begin(), times.end());
    report("startup.ms", times[times.size() / 2], "ms",
           "median of 11 starts after a kill, on a folder with data");
}

}  // namespace pdx::bench
