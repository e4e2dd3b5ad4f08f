/// What an auditor's machine can check: a downloaded log of a million entries by the program
/// itself, and receipts by one core; beside them what the machine alone can do.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "ledger/entry.h"
#include "ledger/proof.h"
#include "ledger/signer.h"
#include "ledger/tree.h"
#include "tests/bench/bench.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kEntries = 1'000'000;
constexpr std::size_t kReceipts = 20'000;
constexpr std::string_view kOrigin = "exchange.example/bench";

/// An order's fact with the digests of its papers: as many as bring it to `entry_bytes`.
Bytes make_entry(std::uint64_t index, std::size_t entry_bytes) {
    const std::string digest = sha256(std::to_string(index)).hex();
    ledger::Entry entry{.log = std::string(kOrigin),
                        .kind = "order.paid",
                        .entity_type = "order",
                        .entity_id = "0190a1b2-0000-7000-8000-" + digest.substr(0, 12),
                        .at = Timestamp{1'772'352'000'000'000 + static_cast<std::int64_t>(index)},
                        .actor = "0190a1b2-0000-7000-8000-" + digest.substr(12, 12),
                        .actor_role = "buyer",
                        .rule = "fees/2026-01",
                        .body = ""};
    const auto body = [&](std::string_view papers) {
        return R"({"amount":")" + std::to_string(index % 1'000'000) +
               R"(","currency":"CNY","papers":[")" + std::string(papers) + R"("]})";
    };
    entry.body = body("");
    const std::size_t bare = ledger::encode_entry(entry).size();
    std::string papers;
    while (bare + papers.size() < entry_bytes) papers += digest + R"(",")";
    papers.resize(entry_bytes - std::min(bare, entry_bytes));
    // What was cut may end within a separator; there a digit stands as well.
    while (!papers.empty() && (papers.back() == '"' || papers.back() == ',')) papers.pop_back();
    papers.resize(entry_bytes - bare, '0');
    entry.body = body(papers);
    return ledger::encode_entry(entry);
}

void write_file(const fs::path& path, ByteView bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path.string());
}

struct MadeLog {
    std::string vkey;
    std::string note;
    std::uint64_t bytes = 0;            ///< of the entries
    std::vector<std::string> receipts;  ///< of the last entries
};

MadeLog make_log(const fs::path& folder, std::size_t entry_bytes) {
    const ledger::NoteSigner signer(std::string(kOrigin), SigningKey::generate());
    MadeLog log;
    log.vkey = signer.verifier().vkey();
    ledger::Appender appender;
    std::vector<Bytes> last;
    for (std::uint64_t index = 0; index < kEntries;) {
        const std::uint64_t end = std::min<std::uint64_t>(kEntries, index + ledger::kTileWidth);
        ledger::TilePath path{.is_bundle = true,
                              .index = index / ledger::kTileWidth,
                              .width = static_cast<unsigned>(end - index)};
        Bytes bundle;
        for (; index < end; ++index) {
            Bytes entry = make_entry(index, entry_bytes);
            log.bytes += entry.size();
            appender.append(ledger::leaf_hash(entry));
            ledger::append_to_bundle(bundle, entry);
            if (index + kReceipts >= kEntries) last.push_back(std::move(entry));
        }
        write_file(folder / ledger::format_tile_path(path), bundle);
    }
    const ledger::SealedBatch batch = appender.seal();
    for (const ledger::TileWrite& tile : batch.tiles) {
        write_file(folder / ledger::format_tile_path(
                                {.level = tile.level, .index = tile.index, .width = tile.width}),
                   tile.hashes);
    }
    log.note = ledger::sign_checkpoint({std::string(kOrigin), batch.size, batch.root, {}}, signer);
    write_file(folder / "checkpoint", as_bytes(log.note));
    ledger::Prover prover = appender.prover();
    for (std::size_t i = 0; i < last.size(); ++i) {
        const std::uint64_t index = kEntries - last.size() + i;
        log.receipts.push_back(
            ledger::format_receipt(last[i], index, prover.inclusion(index), log.note));
    }
    return log;
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
    for (const std::size_t entry_bytes : {std::size_t{1024}, std::size_t{600}}) {
        const test::TempFolder folder("pdx-bench");
        const MadeLog log = make_log(folder.path() / "log", entry_bytes);
        const bool large = entry_bytes == 1024;
        const std::string of = "entries of " + std::to_string(entry_bytes) + " bytes";
        const double seconds = run_verifier(folder.path() / "log", log.vkey);
        report(large ? "ledger.verify_log_1e6_s" : "ledger.verify_log_1e6_600_bytes_s", seconds,
               "s", "pdx-verify log, all cores, files in the page cache, " + of);
        report("machine.read_mb_per_s", read_mb_per_s(folder.path() / "log"), "MB/s",
               "the same files read once by one core");
        report("machine.sha256_mb_per_s", sha256_mb_per_s(entry_bytes), "MB/s",
               "one core, messages of that length");
        if (!large) continue;
        report("ledger.verify_receipts_per_s", receipts_per_s(log), "receipts/s",
               "one core, " + of + " at size 1,000,000, a signature checked for each");
        report("machine.ed25519_verify_per_s", ed25519_per_s(), "1/s",
               "libsodium, one core, 100 bytes");
    }
}

}  // namespace pdx::bench
