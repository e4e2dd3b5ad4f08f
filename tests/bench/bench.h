#pragma once
/// Measures of the whole exchange: the built program in a process of its own, real requests over
/// HTTP, real files on this disk. Each group prints the machine's own limit beside its figures.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pdx::bench {

/// Prints one figure as one line of JSON.
void report(std::string_view name, double value, std::string_view unit,
            std::string_view measured_on);

/// Seconds since the object was made.
class Stopwatch {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }

private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Appends of 4 KiB, each followed by fdatasync, for two seconds. Returns: how many per second.
double fsync_per_s(const std::filesystem::path& folder);
/// Returns: copies between two buffers of 64 MiB. Unit: MB/s.
double memcpy_mb_per_s();

/// The most memory that the process ever had; none when it is over. Unit: MB.
std::optional<double> peak_rss_mb(int pid);

/// The groups. Each throws when what it measured was not right: a wrong answer has no speed.
void writes();
void delivery();
void startup();
/// `large`: with a log of 10^7 entries, made once in the cache folder (about 14 GB).
void ledger(bool large);
/// Of the same group: what an auditor's machine can check.
void ledger_verify();

/// The scanner on tables in memory.
void privacy();
/// Of the same group: classes counted and boxes cut.
void privacy_risk();
/// Of the same group: marks written, rows put into their order, a leak traced.
void privacy_mark();
/// Of the same group: names and addresses in free text.
void privacy_names();
/// Of the same group: noise drawn, rows counted for a statistic.
void privacy_noise();
/// Of the same group: columns profiled and classified. Requires: at least 10,000 rows of CSV.
void privacy_profile(std::string_view table);
/// Of the same group: what `pdx mask` takes for a file several times the table.
void privacy_memory(const std::string& table);

}  // namespace pdx::bench
