/// The log as static files: out of the database, over HTTP, and as HTTP serves it, all the same.
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "base/check.h"
#include "base/error.h"
#include "ledger/export.h"
#include "ledger/verify.h"
#include "marketplace/app/log_files.h"
#include "marketplace/cli/log_copy.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/http/dispatch.h"
#include "marketplace/http/handlers/tile_routes.h"
#include "marketplace/http/server.h"
#include "tests/support/catch.h"
#include "tests/support/http_client.h"
#include "tests/support/stored_log.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
namespace fs = std::filesystem;

namespace {

class NoAccounts final : public http::Authenticator {
public:
    app::Caller authenticate(std::string_view /*token*/) override { return {}; }
};

http::ServerConfig any_port() {
    http::ServerConfig config;
    config.port = 0;
    return config;
}

/// The tile API over a socket, and a data folder's database beside it.
struct Site {
    test::StoredLog log;
    app::ReadPool pool{log.database(), 4};
    app::LogFiles files{pool, log.origin()};
    SystemClock clock;
    RandomIdSource ids;
    NoAccounts accounts;
    std::ostringstream said;
    http::AccessLog access{said, http::LogFormat::kJson, clock};
    http::Router router{http::tile_routes(files, {log.verifier().vkey()})};
    http::Dispatcher dispatcher{router, accounts, access, ids, clock};
    http::Server server{any_port(), dispatcher};

    Site() { server.start(); }
    ~Site() { server.stop(); }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    cli::LogAddress address() const { return {{"127.0.0.1", server.port(), false}, {}}; }
    cli::LogSource source() const { return {.data = log.file().parent_path()}; }
};

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Name -> content of every file.
std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& item : fs::recursive_directory_iterator(folder)) {
        if (!item.is_regular_file()) continue;
        files[item.path().lexically_relative(folder).generic_string()] = content_of(item.path());
    }
    return files;
}

/// What a tree of this size consists of.
std::set<std::string> names_of(std::uint64_t size) {
    std::set<std::string> names{"checkpoint"};
    for (unsigned level = 0; level < ledger::kTileLevels; ++level) {
        for (std::uint64_t index = 0;; ++index) {
            const unsigned width = ledger::tile_width(size, level, index);
            if (width == 0) break;
            names.insert(
                ledger::format_tile_path({.level = level, .index = index, .width = width}));
            if (level != 0) continue;
            names.insert(
                ledger::format_tile_path({.is_bundle = true, .index = index, .width = width}));
        }
    }
    return names;
}

void check_holds(const fs::path& folder, const Site& site, std::uint64_t size) {
    const auto report = ledger::verify_log(folder, site.log.verifier());
    for (const auto& fault : report.faults) UNSCOPED_INFO(fault.text());
    CHECK(report.ok());
    CHECK(report.entries == size);
    CHECK_FALSE(fs::exists(folder / ".part"));
}

/// Counts what an export asks for.
class CountingTiles final : public ledger::TileReader {
public:
    explicit CountingTiles(app::LogFiles& files) : files_(files) {}
    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override {
        return read({.level = level, .index = index, .width = width});
    }
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override {
        return read({.is_bundle = true, .index = index, .width = width});
    }
    std::size_t reads = 0;
    bool fails = false;

private:
    std::optional<Bytes> read(const ledger::TilePath& path) {
        ++reads;
        if (fails && reads > 3) throw std::runtime_error("the network is gone");
        const auto tile = files_.find(path);
        return tile ? std::optional(tile->bytes) : std::nullopt;
    }
    app::LogFiles& files_;
};

std::string refusal_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        CHECK_FALSE(error.text().zh.empty());
        return error.code();
    }
    return "";
}

}  // namespace

TEST_CASE("export: the files are the same from the database, over HTTP and one by one",
          "[flow][export]") {
    Site site;
    const test::TempFolder folder("pdx-export");
    const fs::path by_http = folder.path() / "http";
    const fs::path by_database = folder.path() / "db" / "deeper";
    std::set<std::string> names;
    for (const std::uint64_t size : {1U, 255U, 300U, 512U, 1'000U, 70'000U}) {
        site.log.grow_to(size);
        REQUIRE(cli::download_log(site.address(), by_http) == size);
        REQUIRE(cli::copy_log(site.source(), by_database) == size);
        const auto files = files_in(by_http);
        CHECK(files == files_in(by_database));
        names.merge(names_of(size));
        std::set<std::string> held;
        for (const auto& [name, content] : files) held.insert(name);
        CHECK(held == names);
        if (size > 1'000) continue;
        check_holds(by_http, site, size);
        const test::HttpClient client(site.server.port());
        for (const auto& [name, content] : files) {
            INFO(name);
            const auto reply = client.get("/ledger/main/" + name);
            CHECK(reply.status == 200);
            CHECK(reply.body == content);
        }
    }
    check_holds(by_database, site, 70'000);
    // The address of the log itself leads to the same, and so does a database without its folder.
    const fs::path again = folder.path() / "again";
    auto address = cli::LogAddress::parse("http://127.0.0.1:" + std::to_string(site.server.port()) +
                                          "/ledger/main");
    CHECK(cli::download_log(address, again) == 70'000);
    CHECK(files_in(again).size() == names_of(70'000).size());
    CHECK(cli::copy_log({.data = {}, .database = "sqlite:" + site.log.file().string()}, again) ==
          70'000);
}

TEST_CASE("export: the cost is that of what is new", "[flow][export]") {
    Site site;
    const test::TempFolder folder("pdx-export");
    CountingTiles tiles(site.files);
    const auto run = [&] {
        tiles.reads = 0;
        const auto latest = site.files.checkpoint();
        ledger::export_log(tiles, latest->size, latest->note, folder.path());
        return tiles.reads;
    };
    site.log.grow_to(20'000);
    CHECK(run() == 78 + 1 + 78 + 1 + 1);
    // What the checkpoint covers is neither fetched nor looked at.
    fs::remove(folder.path() / "tile/0/003");
    CHECK(run() == 0);
    site.log.grow_to(20'001);
    // The right edge of the old tree to compare its root, and three new partial files at most.
    CHECK(run() <= 2 + 3);
    CHECK_FALSE(fs::exists(folder.path() / "tile/0/003"));
    site.log.grow_to(20'600);
    CHECK(run() <= 2 + 3 * 2 + 1);
}

TEST_CASE("export: one that was cut short shows no new head and goes on where it was",
          "[flow][export]") {
    Site site;
    const test::TempFolder folder("pdx-export");
    CountingTiles tiles(site.files);
    site.log.grow_to(300);
    const auto run = [&] {
        tiles.reads = 0;
        const auto latest = site.files.checkpoint();
        ledger::export_log(tiles, latest->size, latest->note, folder.path());
    };
    run();
    const std::string head = content_of(folder.path() / "checkpoint");
    site.log.grow_to(1'500);
    tiles.fails = true;
    CHECK_THROWS_AS(run(), std::runtime_error);
    CHECK(content_of(folder.path() / "checkpoint") == head);
    // After a power cut a file may be there and empty.
    const fs::path torn = folder.path() / "tile" / "entries" / "003";
    std::ofstream(torn, std::ios::binary).close();
    std::ofstream(folder.path() / ".part") << "what was being written";
    tiles.fails = false;
    run();
    check_holds(folder.path(), site, 1'500);
}

TEST_CASE("export: a folder of another history is refused and left as it is", "[flow][export]") {
    Site site;
    Site other;
    const test::TempFolder folder("pdx-export");
    site.log.grow_to(300);
    REQUIRE(cli::copy_log(site.source(), folder.path()) == 300);
    const auto before = files_in(folder.path());
    const auto refused = [&](const Site& from) {
        const std::string code =
            refusal_of([&] { cli::download_log(from.address(), folder.path()); });
        CHECK(files_in(folder.path()) == before);
        return code;
    };
    SECTION("a shorter log of the same name and key") {
        other.log.grow_to(299);
        CHECK(refused(other) == "export.shrunk");
    }
    SECTION("a longer one with another past") {
        // Entry 0 is another one: the fork is far below the right edge.
        test::StoredLog fork(site.log.origin(), 1);
        fork.grow_to(400);
        CHECK(refusal_of([&] {
                  cli::copy_log({.data = {}, .database = fork.file().string()}, folder.path());
              }) == "export.fork");
        CHECK(files_in(folder.path()) == before);
    }
    SECTION("another one of the same size") {
        test::StoredLog fork(site.log.origin(), 1);
        fork.grow_to(300);
        CHECK(refusal_of([&] {
                  cli::copy_log({.data = {}, .database = fork.file().string()}, folder.path());
              }) == "export.fork");
        CHECK(files_in(folder.path()) == before);
    }
    SECTION("a log of another name") {
        test::StoredLog stranger("other.example/ledger/main");
        stranger.grow_to(400);
        CHECK(refusal_of([&] {
                  cli::copy_log({.data = {}, .database = stranger.file().string()}, folder.path());
              }) == "export.other_log");
        CHECK(files_in(folder.path()) == before);
    }
    SECTION("a checkpoint that is none") {
        std::ofstream(folder.path() / "checkpoint") << "not a note\n";
        CHECK(refusal_of([&] { cli::copy_log(site.source(), folder.path()); }) ==
              "export.other_log");
    }
}

TEST_CASE("export: old partial tiles stay until they are not wanted", "[flow][export]") {
    Site site;
    const test::TempFolder kept("pdx-export");
    const test::TempFolder pruned("pdx-export");
    const cli::ExportSettings prune{.progress = {}, .old_partials = ledger::OldPartials::kRemove};
    for (const std::uint64_t size : {40U, 200U, 700U, 65'535U, 65'600U}) {
        site.log.grow_to(size);
        cli::copy_log(site.source(), kept.path());
        cli::copy_log(site.source(), pruned.path(), prune);
    }
    const auto files = files_in(pruned.path());
    std::set<std::string> held;
    for (const auto& [name, content] : files) held.insert(name);
    CHECK(held == names_of(65'600));
    CHECK(fs::exists(kept.path() / "tile/entries/000.p/40"));
    CHECK(fs::exists(kept.path() / "tile/1/000.p/255"));
    check_holds(kept.path(), site, 65'600);
    check_holds(pruned.path(), site, 65'600);
}

TEST_CASE("export: what cannot be read or named is said", "[flow][export]") {
    Site site;
    const test::TempFolder folder("pdx-export");
    const auto copied = [&](const cli::LogSource& source) {
        return refusal_of([&] { cli::copy_log(source, folder.path() / "out"); });
    };
    CHECK(copied(site.source()) == "export.source");  // nothing is signed yet
    CHECK(copied({.data = folder.path()}) == "export.source");
    CHECK(copied({.data = {}, .database = folder.file("none.sqlite")}) == "export.source");
    site.log.grow_to(3);
    CHECK(copied({.data = site.log.file().parent_path(), .database = {}, .origin = "x/y"}) ==
          "export.source");
    CHECK_FALSE(fs::exists(folder.path() / "out"));
    CHECK_FALSE(fs::exists(folder.path() / "none.sqlite"));
    for (const char* url :
         {"", "ftp://x", "https://", "http://", "http://h/?q", "nonsense", "http://h:port/"}) {
        INFO(url);
        CHECK(refusal_of([&] { cli::LogAddress::parse(url); }) == "url");
    }
    CHECK_THROWS_WITH(
        cli::download_log({{"127.0.0.1", site.server.port(), false}, "/ledger/other/"},
                          folder.path() / "out"),
        "/ledger/other/checkpoint holds no checkpoint");
}
