/// How fast leaves become durable, what they take on disk, and what a log of ten million entries
/// asks of a proof, a start and the memory. Through the sequencer, in this process.
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "ledger/proof.h"
#include "tests/bench/bench.h"
#include "tests/bench/ledger_log.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 512;
constexpr std::size_t kWarmUpBatches = 20;
constexpr std::size_t kBatches = 400;

double cpu_seconds() {
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) != 0) throw std::runtime_error("getrusage");
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// A stranger's check of some entries of the log, the last one always among them.
void verify_some(BenchLog& log) {
    const auto key = ledger::NoteVerifier::parse(log.vkey());
    if (!key) throw std::runtime_error("no key");
    const std::uint64_t size = log.size();
    for (std::uint64_t i = 0; i < 50; ++i) {
        const std::uint64_t index = size - 1 - i * (size / 50);
        const auto receipt = app::read_receipt(log.connection(), std::string(kBenchOrigin), index);
        const auto result = ledger::verify_receipt(receipt.proof, *key);
        if (!result.ok() || result.index != index) {
            throw std::runtime_error("a receipt does not verify: " + result.reason);
        }
    }
}

}  // namespace

void ledger_append() {
    const test::TempFolder folder("pdx-bench");
    const fs::path file = folder.path() / "log.db";
    BenchTraffic traffic(kBenchBegin);
    std::uint64_t size = 0;
    double entry_bytes = 0;
    {
        BenchLog log(file);
        for (std::size_t i = 0; i < kWarmUpBatches; ++i) log.append(traffic.next(kBatch));
        double seconds = 0;
        double cpu = 0;
        for (std::size_t i = 0; i < kBatches; ++i) {
            const auto batch = traffic.next(kBatch);
            const double cpu_before = cpu_seconds();
            const Stopwatch watch;
            log.append(batch);
            seconds += watch.seconds();
            cpu += cpu_seconds() - cpu_before;
        }
        verify_some(log);
        size = log.size();
        entry_bytes = static_cast<double>(log.entry_bytes()) / static_cast<double>(size);
        constexpr double kLeaves = static_cast<double>(kBatches * kBatch);
        const std::string of =
            "entries of " + std::to_string(static_cast<int>(entry_bytes)) + " bytes on average";
        report("ledger.append_per_s", kLeaves / seconds, "leaves/s",
               "encode, hash, tiles, index, sign, commit (WAL, synchronous=FULL) in batches of "
               "512 by one thread, " +
                   of);
        report("ledger.append_cpu_us", cpu * 1e6 / kLeaves, "us of processor time a leaf",
               "the same; above 1e6 / append_per_s it would have been two processors");
    }
    report(
        "ledger.bytes_per_entry_ratio",
        static_cast<double>(database_bytes(file)) / static_cast<double>(size) / (entry_bytes + 64),
        "x (entry size + 64)",
        "the database file, closed, with all indexes and tables, of " + std::to_string(size) +
            " entries");
    report("disk.fsync_per_s", fsync_per_s(folder.path()), "fsync/s",
           "4 KiB append and fdatasync in the same folder, nothing else running");
}

namespace {

constexpr std::uint64_t kLarge = 10'000'000;
constexpr std::size_t kProofs = 20'000;

/// The process's greatest resident set so far. Unit: MB.
double peak_rss_mb() {
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) != 0) throw std::runtime_error("getrusage");
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// Made once; a run that was stopped is gone on with.
fs::path make_large_log() {
    const char* cache = std::getenv("PDX_BENCH_CACHE");  // NOLINT(concurrency-mt-unsafe)
    const fs::path folder =
        cache != nullptr ? fs::path(cache) : test::binary_folder().parent_path() / "bench-cache";
    fs::create_directories(folder);
    fs::path file = folder / "log-1e7.db";
    BenchLog log(file);
    BenchTraffic traffic(log.size() == 0 ? kBenchBegin : log.last_time());
    while (log.size() < kLarge) {
        log.append(traffic.next(std::min<std::uint64_t>(kGrowBatch, kLarge - log.size())));
    }
    return file;
}

}  // namespace

void ledger_large() {
    const fs::path file = make_large_log();
    const double rss_before = peak_rss_mb();
    const Stopwatch opening;
    BenchLog log(file);
    report(
        "ledger.startup_ms_1e7", opening.seconds() * 1e3, "ms",
        "a log of " + std::to_string(log.size()) +
            " entries opened for writing: schema, right edge of the tree, last checkpoint and its "
            "signature, last span of the index");
    // Anywhere in the log, in an order that no cache foresees.
    std::vector<double> seconds;
    seconds.reserve(kProofs);
    for (std::uint64_t i = 0; i < kProofs; ++i) {
        const std::uint64_t index = i * 2'654'435'761U % log.size();
        const Stopwatch watch;
        static_cast<void>(app::read_receipt(log.connection(), std::string(kBenchOrigin), index));
        seconds.push_back(watch.seconds());
    }
    verify_some(log);
    std::sort(seconds.begin(), seconds.end());
    report("ledger.proof_p50_ms_1e7", seconds[kProofs / 2] * 1e3, "ms",
           "what GET /api/v1/receipts/{index} does: entry, inclusion proof and checkpoint from the "
           "database, in this process");
    report("ledger.proof_p99_ms_1e7", seconds[kProofs * 99 / 100] * 1e3, "ms", "the same");
    report("ledger.rss_growth_mb_1e7", peak_rss_mb() - rss_before, "MB",
           "what opening it and 20,000 receipts added to the resident set");
    report("ledger.bytes_per_entry_1e7",
           static_cast<double>(database_bytes(file)) / static_cast<double>(log.size()), "bytes",
           "the database file and its write-ahead log, by entries");
}

void ledger(bool large) {
    ledger_append();
    if (large) ledger_large();
}

}  // namespace pdx::bench
