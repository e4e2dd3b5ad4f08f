#include "tests/bench/bench.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace pdx::bench {

void report(std::string_view name, double value, std::string_view unit,
            std::string_view measured_on) {
    std::cout << nlohmann::ordered_json{{"name", name},
                                        {"value", value},
                                        {"unit", unit},
                                        {"measured_on", measured_on}}
                     .dump()
              << "\n"
              << std::flush;
}

double fsync_per_s(const std::filesystem::path& folder) {
    constexpr double kSeconds = 2;
    const std::string path = (folder / "fsync-probe").string();
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw std::runtime_error("cannot create " + path);
    const std::array<char, 4096> block{};
    const Stopwatch watch;
    int count = 0;
    bool ok = true;
    while (ok && watch.seconds() < kSeconds) {
        ok = ::write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
             ::fdatasync(fd) == 0;
        ++count;
    }
    const double seconds = watch.seconds();
    ::close(fd);
    std::filesystem::remove(path);
    if (!ok) throw std::runtime_error("cannot write " + path);
    return count / seconds;
}

double memcpy_mb_per_s() {
    constexpr std::size_t kBytes = 64U << 20U;
    constexpr int kRounds = 20;
    std::vector<char> from(kBytes, 'a');
    std::vector<char> to(kBytes);
    const Stopwatch watch;
    for (int i = 0; i < kRounds; ++i) {
        from[static_cast<std::size_t>(i)] = 'b';  // so that no copy can be left out
        std::memcpy(to.data(), from.data(), kBytes);
        if (to[static_cast<std::size_t>(i)] != 'b') throw std::runtime_error("memcpy");
    }
    return static_cast<double>(kBytes) * kRounds / 1e6 / watch.seconds();
}

std::optional<double> peak_rss_mb(int pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    std::string word;
    while (status >> word) {
        double kib = 0;
        if (word == "VmHWM:" && status >> kib) return kib * 1024 / 1e6;
    }
    return std::nullopt;
}

}  // namespace pdx::bench
