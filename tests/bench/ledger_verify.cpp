/// What an auditor's machine can check: a downloaded log of a million entries by the program
/// itself, and receipts by one core; beside them what the machine alone can do.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "ledger/export.h"
#include "ledger/proof.h"
#include "tests/bench/bench.h"
#include "tests/bench/ledger_log.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kEntries = 1'000'000;
constexpr std::size_t kReceipts = 20'000;

struct MadeLog {
    std::string vkey;
    std::size_t entry_bytes = 0;        ///< on average
    std::vector<std::string> receipts;  ///< of entries from the first to the last
};

/// A log that the exchange's own writer made, as a folder that was downloaded.
MadeLog make_log(const fs::path& database, const fs::path& folder) {
    BenchLog log(database);
    BenchTraffic traffic(kBenchBegin);
    while (log.size() < kEntries) {
        log.append(traffic.next(std::min<std::uint64_t>(kGrowBatch, kEntries - log.size())));
    }
    MadeLog made{log.vkey(), log.entry_bytes() / kEntries, {}};
    const auto newest =
        ledger::LogStore(log.connection(), std::string(kBenchOrigin)).latest_checkpoint();
    ledger::SqlTileReader tiles(log.connection(), std::string(kBenchOrigin));
    ledger::export_log(tiles, newest->size, newest->note, folder);
    for (std::uint64_t i = 0; i < kReceipts; ++i) {
        made.receipts.push_back(app::read_receipt(log.connection(), std::string(kBenchOrigin),
                                                  i * (kEntries / kReceipts))
                                    .proof);
    }
    return made;
}

/// Seconds that pdx-verify takes for the folder. Throws when it finds a fault.
double run_verifier(const fs::path& folder, const std::string& vkey) {
    const std::string program = pdx::test::binary_folder() / "pdx-verify";
    std::array<std::string, 5> words{program, "log", folder.string(), "--key", vkey};
    std::array<char*, 6> argv{};
    std::transform(words.begin(), words.end(), argv.begin(),
                   [](std::string& word) { return word.data(); });
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const Stopwatch watch;
    pid_t child = 0;
    const int error =
        ::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start pdx-verify");
    int status = -1;
    ::waitpid(child, &status, 0);
    if (status != 0) throw std::runtime_error("pdx-verify refuses a log that is right");
    return watch.seconds();
}

/// Reads every file of the folder once into one buffer. Unit: MB/s.
double read_mb_per_s(const fs::path& folder) {
    std::vector<char> buffer(1U << 20U);
    double total = 0;
    const Stopwatch watch;
    for (const auto& item : fs::recursive_directory_iterator(folder)) {
        if (!item.is_regular_file()) continue;
        const int fd = ::open(item.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) throw std::runtime_error("cannot read " + item.path().string());
        ssize_t count = 0;
        while ((count = ::read(fd, buffer.data(), buffer.size())) > 0) {
            total += static_cast<double>(count);
        }
        ::close(fd);
    }
    return total / 1e6 / watch.seconds();
}

/// One core over the same bytes in messages of the same length. Unit: MB/s.
double sha256_mb_per_s(std::size_t message_bytes) {
    const Bytes message(message_bytes, 7);
    constexpr std::size_t kCount = 200'000;
    const Stopwatch watch;
    for (std::size_t i = 0; i < kCount; ++i) static_cast<void>(sha256(message));
    return static_cast<double>(kCount * message_bytes) / 1e6 / watch.seconds();
}

double ed25519_per_s() {
    const SigningKey key = SigningKey::generate();
    const Bytes message(100, 7);
    const Signature signature = key.sign(message);
    constexpr int kCount = 10'000;
    const Stopwatch watch;
    for (int i = 0; i < kCount; ++i) {
        if (!verify_signature(key.public_key(), message, signature)) {
            throw std::runtime_error("a signature that is right does not verify");
        }
    }
    return kCount / watch.seconds();
}

double receipts_per_s(const MadeLog& log) {
    const auto key = ledger::NoteVerifier::parse(log.vkey);
    const Stopwatch watch;
    for (const std::string& receipt : log.receipts) {
        const auto result = ledger::verify_receipt(receipt, *key);
        if (!result.ok()) throw std::runtime_error("a receipt does not verify: " + result.reason);
    }
    return static_cast<double>(log.receipts.size()) / watch.seconds();
}

}  // namespace

void ledger_verify() {
    const test::TempFolder folder("pdx-bench");
    const fs::path files = folder.path() / "log";
    const MadeLog log = make_log(folder.path() / "log.db", files);
    const std::string of = "entries of " + std::to_string(log.entry_bytes) + " bytes on average";
    report("ledger.verify_log_1e6_s", run_verifier(files, log.vkey), "s",
           "pdx-verify log: tree, signature, schema of every entry and its chain; all cores, files "
           "in the page cache, " +
               of);
    report("machine.read_mb_per_s", read_mb_per_s(files), "MB/s",
           "the same files read once by one core");
    report("machine.sha256_mb_per_s", sha256_mb_per_s(log.entry_bytes), "MB/s",
           "one core, messages of that length");
    report("ledger.verify_receipts_per_s", receipts_per_s(log), "receipts/s",
           "one core, of a log of 1,000,000, a signature checked for each, " + of);
    report("machine.ed25519_verify_per_s", ed25519_per_s(), "1/s",
           "libsodium, one core, 100 bytes");
}

}  // namespace pdx::bench
