#include "ledger/verify.h"

#include <algorithm>
#include <cstdio>
#include <random>

#include "base/crypto.h"
#include "ledger/tile.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;
namespace fs = std::filesystem;

namespace {

VerifyReport verify(const fs::path& folder) {
    return verify_log(folder, test::sample_signer().verifier());
}

/// Every file, relative to the folder.
std::vector<std::string> files_of(const fs::path& folder) {
    std::vector<std::string> files;
    for (const auto& item : fs::recursive_directory_iterator(folder)) {
        if (item.is_regular_file()) {
            files.push_back(item.path().lexically_relative(folder).generic_string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Which entry of a bundle the byte belongs to, its length included.
std::uint64_t entry_at(const std::string& bundle, std::size_t offset) {
    const DecodedBundle decoded = decode_bundle(as_bytes(bundle), kTileWidth);
    std::uint64_t entry = 0;
    while (decoded.entries[entry].offset + decoded.entries[entry].bytes.size() <= offset) ++entry;
    return entry;
}

/// Changes one byte, expects the one file to be blamed and the place to be named, puts it back.
void check_change(const fs::path& folder, const std::string& file, const std::string& text,
                  std::size_t offset, char mask) {
    const char byte = text[offset];
    test::overwrite(folder / file, offset, static_cast<char>(byte ^ mask));
    const VerifyReport report = verify(folder);
    test::overwrite(folder / file, offset, byte);
    INFO(file << " byte " << offset);
    REQUIRE_FALSE(report.ok());
    const VerifyFault& fault = report.faults.front();
    REQUIRE(fault.file == file);
    REQUIRE_FALSE(fault.text().empty());
    const auto path = parse_tile_path(file);
    if (!path) {
        REQUIRE(fault.check == "checkpoint");
    } else if (path->is_bundle) {
        REQUIRE(fault.entry == path->index * kTileWidth + entry_at(text, offset));
        REQUIRE(fault.offset.has_value());
    } else {
        REQUIRE(report.faults.size() == 1);
        REQUIRE(fault.check == "tile");
        REQUIRE(fault.offset == offset);
    }
}

}  // namespace

TEST_CASE("verify: whole logs of every shape hold", "[ledger][verify]") {
    for (const std::uint64_t size : {0U, 1U, 2U, 255U, 256U, 257U, 600U}) {
        auto log = test::make_log(size);
        const test::TempFolder folder;
        std::uint64_t last = 0;
        export_log(log.tiles, size, log.note, folder.path(),
                   [&](std::uint64_t done, std::uint64_t) { last = done; });
        REQUIRE(last == size);
        const VerifyReport report = verify(folder.path());
        INFO((report.ok() ? "" : report.faults.front().text()));
        REQUIRE(report.ok());
        REQUIRE(report.entries == size);
        REQUIRE(report.checkpoint == log.checkpoint);
        REQUIRE(report.uninterpreted == 0);
        REQUIRE(verify(folder.path() / "").ok());
    }
}

TEST_CASE("verify: every changed byte of a small log is found and its place named",
          "[ledger][verify]") {
    auto log = test::make_log(std::uint64_t{5});
    const test::TempFolder folder;
    export_log(log.tiles, 5, log.note, folder.path());
    for (const std::string& file : files_of(folder.path())) {
        const std::string text = test::read_text(folder.path() / file);
        for (std::size_t offset = 0; offset < text.size(); ++offset) {
            for (const char mask : {'\x01', '\x20', '\x80'}) {
                check_change(folder.path(), file, text, offset, mask);
            }
        }
    }
    REQUIRE(verify(folder.path()).ok());
}

TEST_CASE("verify: changed bytes of a log with full and partial tiles are found",
          "[ledger][verify]") {
    const std::uint64_t seed = std::random_device{}();
    std::printf("verify_test seed %llu\n", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    auto log = test::make_log(std::uint64_t{520});
    const test::TempFolder folder;
    export_log(log.tiles, 520, log.note, folder.path());
    const auto files = files_of(folder.path());
    REQUIRE(files == std::vector<std::string>{"checkpoint", "tile/0/000", "tile/0/001",
                                              "tile/0/002.p/8", "tile/1/000.p/2",
                                              "tile/entries/000", "tile/entries/001",
                                              "tile/entries/002.p/8"});
    for (const std::string& file : files) {
        const std::string text = test::read_text(folder.path() / file);
        for (int round = 0; round < 60; ++round) {
            const auto mask = static_cast<char>(1U << (random() % 8));
            check_change(folder.path(), file, text, random() % text.size(), mask);
        }
    }
    REQUIRE(verify(folder.path()).ok());
}

TEST_CASE("verify: absent, extra, short and long files are named", "[ledger][verify]") {
    auto log = test::make_log(std::uint64_t{300});
    const test::TempFolder folder;
    export_log(log.tiles, 300, log.note, folder.path());
    const auto blamed = [&](const std::string& file) {
        const VerifyReport report = verify(folder.path());
        return std::any_of(report.faults.begin(), report.faults.end(),
                           [&](const VerifyFault& fault) { return fault.file == file; });
    };
    for (const std::string& file : files_of(folder.path())) {
        INFO(file);
        const fs::path path = folder.path() / file;
        const std::string text = test::read_text(path);
        fs::remove(path);
        REQUIRE(blamed(file));
        fs::create_directory(path);
        REQUIRE(blamed(file));
        fs::remove(path);
        fs::create_symlink("/dev/null", path);
        REQUIRE(blamed(file));
        fs::remove(path);
        for (const std::string& other :
             {std::string(), text.substr(0, text.size() - 1), text + '\n', text + text}) {
            test::write_text(path, other);
            REQUIRE(blamed(file));
        }
        test::write_text(path, text);
    }
    for (const std::string file :
         {"README", "checkpoint.old", "tile/0/002", "tile/0/001.p/45", "tile/0/001.p/044",
          "tile/2/000", "tile/2/000.p/1", "tile/8/000.p/1", "tile/entries/002", "tile/0/x000/000",
          "tile/entries/001.p/256", "tile/x", ".hidden"}) {
        INFO(file);
        test::write_text(folder.path() / file, "x");
        REQUIRE(blamed(file));
        fs::remove(folder.path() / file);
    }
    REQUIRE(verify(folder.path()).ok());
}

TEST_CASE("verify: partial tiles of older sizes may stay when they agree", "[ledger][verify]") {
    auto log = test::make_log(std::uint64_t{300});
    const test::TempFolder folder;
    export_log(log.tiles, 300, log.note, folder.path());
    const auto write = [&](const TilePath& path) {
        const auto bytes = path.is_bundle ? log.tiles.read_bundle(path.index, path.width)
                                          : log.tiles.read_tile(path.level, path.index, path.width);
        test::write_text(folder.path() / format_tile_path(path), as_text(*bytes));
        return format_tile_path(path);
    };
    std::vector<std::string> stale;
    stale.push_back(write({.level = 0, .index = 0, .width = 17}));
    stale.push_back(write({.level = 0, .index = 1, .width = 1}));
    stale.push_back(write({.is_bundle = true, .index = 0, .width = 17}));
    stale.push_back(write({.is_bundle = true, .index = 1, .width = 43}));
    REQUIRE(verify(folder.path()).ok());
    for (const std::string& file : stale) {
        const std::string text = test::read_text(folder.path() / file);
        for (std::size_t offset = 0; offset < text.size(); offset += 13) {
            const char byte = text[offset];
            test::overwrite(folder.path() / file, offset, static_cast<char>(byte ^ 4));
            const VerifyReport report = verify(folder.path());
            test::overwrite(folder.path() / file, offset, byte);
            REQUIRE(report.faults.size() == 1);
            REQUIRE(report.faults.front().check == "stale");
            REQUIRE(report.faults.front().file == file);
            REQUIRE(report.faults.front().offset == offset);
        }
        for (const std::string& other : {std::string(), text + "x", text.substr(1)}) {
            test::write_text(folder.path() / file, other);
            REQUIRE(verify(folder.path()).faults.front().file == file);
        }
        test::write_text(folder.path() / file, text);
    }
}

TEST_CASE("verify: a history rewritten with its tiles does not meet the signed root",
          "[ledger][verify]") {
    const auto rewritten = [](std::uint64_t size, std::uint64_t index) {
        auto log = test::make_log(size);
        std::vector<Bytes> entries = log.entries;
        Entry other = test::chained_entries(size)[index];
        other.actor = "forger";
        entries[index] = encode_entry(other);
        auto forged = test::make_log(entries);
        const test::TempFolder folder;
        export_log(forged.tiles, size, log.note, folder.path());
        return verify(folder.path()).faults;
    };
    const auto small = rewritten(5, 2);
    REQUIRE(small.size() == 1);
    REQUIRE(small.front().check == "root");
    REQUIRE(rewritten(600, 2).front().check == "root");

    // Only what lies below one hash of the true tile above is replaced.
    auto log = test::make_log(std::uint64_t{600});
    const test::TempFolder folder;
    export_log(log.tiles, 600, log.note, folder.path());
    std::vector<Bytes> entries = log.entries;
    entries[300] = encode_entry(test::sample_entry(9'999));
    auto forged = test::make_log(entries);
    const Bytes tile = test::must(forged.tiles.read_tile(0, 1, 256));
    const Bytes bundle = test::must(forged.tiles.read_bundle(1, 256));
    test::write_text(folder.path() / "tile/0/001", as_text(tile));
    test::write_text(folder.path() / "tile/entries/001", as_text(bundle));
    const VerifyReport report = verify(folder.path());
    REQUIRE(report.faults.size() == 1);
    REQUIRE(report.faults.front().file == "tile/0/001");
}

TEST_CASE("verify: an entry that is logged and yet wrong is named", "[ledger][verify]") {
    Entry foreign = test::sample_entry(1);
    foreign.log = "other.example";
    const std::string unknown = R"({"kind":"later.thing","v":9})";
    const std::string sloppy = R"({"b":1, "a":2})";
    auto log = test::make_log({encode_entry(test::sample_entry(0)), encode_entry(foreign),
                               Bytes(unknown.begin(), unknown.end()),
                               Bytes(sloppy.begin(), sloppy.end()), Bytes{}});
    const test::TempFolder folder;
    export_log(log.tiles, 5, log.note, folder.path());
    const VerifyReport report = verify(folder.path());
    REQUIRE(report.uninterpreted == 1);
    REQUIRE(report.faults.size() == 3);
    REQUIRE(report.faults[0].check == "entry-log");
    REQUIRE(report.faults[0].entry == 1);
    REQUIRE(report.faults[1].check == "entry-json");
    REQUIRE(report.faults[1].entry == 3);
    const std::string bundle = test::read_text(folder.path() / "tile/entries/000.p/5");
    REQUIRE(bundle.substr(*report.faults[1].offset, 1) == " ");
    REQUIRE(report.faults[2].entry == 4);
}

TEST_CASE("verify: an entry that was left out of an entity's chain is missed", "[ledger][verify]") {
    std::vector<Entry> entries = test::chained_entries(600);
    entries[304].prev = entries[299].prev;  // as if entry 299 of its entity had not been
    entries[310].prev.reset();
    entries[411].prev->leaf = sha256("another entry");
    std::vector<Bytes> bytes;
    for (const Entry& entry : entries) bytes.push_back(encode_entry(entry));
    auto log = test::make_log(bytes);
    const test::TempFolder folder;
    export_log(log.tiles, 600, log.note, folder.path());
    const VerifyReport report = verify(folder.path());
    std::vector<std::uint64_t> blamed;
    for (const VerifyFault& fault : report.faults) {
        CHECK(fault.check == "entry-chain");
        blamed.push_back(fault.entry.value());
    }
    // The entry after a changed one names the leaf that it had.
    CHECK(blamed == std::vector<std::uint64_t>{304, 309, 310, 315, 411, 416});
    CHECK(report.faults.front().text().find("tile/entries/001, entry 304, byte ") == 0);
}

TEST_CASE("verify: another key, another log and an absent folder are refused", "[ledger][verify]") {
    auto log = test::make_log(std::uint64_t{3});
    const test::TempFolder folder;
    export_log(log.tiles, 3, log.note, folder.path());
    const NoteSigner stranger(std::string(test::kOrigin), SigningKey::generate());
    REQUIRE(verify_log(folder.path(), stranger.verifier()).faults.front().check == "checkpoint");
    const auto renamed = test::sample_signer("other.example");
    REQUIRE_FALSE(verify_log(folder.path(), renamed.verifier()).ok());
    REQUIRE_FALSE(verify(folder.path() / "absent").ok());
    // A size without its entries, honestly signed, is still not a log.
    Checkpoint larger = log.checkpoint;
    larger.size = INT64_MAX;
    test::write_text(folder.path() / "checkpoint", sign_checkpoint(larger, test::sample_signer()));
    const VerifyReport report = verify(folder.path());
    REQUIRE(report.faults.size() == kFaultsMax);
}

TEST_CASE("verify: a receipt is found in its own file and in a saved answer", "[ledger][verify]") {
    const std::string text = "c2sp.org/tlog-proof@v1\nindex 0\n\nc\n";
    REQUIRE(find_receipt(text) == text);
    REQUIRE(find_receipt(R"({"id":1,"receipt":{"index":0,"proof":"abc"}})") == "abc");
    for (const std::string_view other : {"", "{}", "[]", R"({"receipt":1})", R"({"receipt":{}})",
                                         R"({"receipt":{"proof":1}})", "{", "\xff"}) {
        REQUIRE_FALSE(find_receipt(other).has_value());
    }
    REQUIRE_FALSE(find_receipt(std::string(200'000, '[')).has_value());
}
