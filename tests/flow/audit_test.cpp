/// The auditor's commands against a real market, an honest log, and a lying one.
#include <fstream>
#include <iterator>
#include <sstream>

#include "ledger/verify.h"
#include "marketplace/app/replay.h"
#include "marketplace/app/replay_compare.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/log_diff.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/log_monitor.h"
#include "marketplace/cli/open_database.h"
#include "sql/snapshot.h"
#include "tests/flow/support/live_market.h"
#include "tests/flow/support/signed_log.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using cli::LogView;
using test::SignedLog;

namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

ledger::NoteVerifier key_of(const SignedLog& log) {
    return ledger::NoteVerifier::parse(log.vkey()).value();
}

constexpr sql::Query kSpoil{"test.spoil",
                            "UPDATE resource SET registration_code = 'LX-000000-2026-000001-00' "
                            "WHERE registration_code <> ''"};
constexpr sql::Query kHeadSize{"test.head", "SELECT log, size FROM log_head"};

struct Audit {
    app::Replay replay;
    app::Comparison comparison;
};

Audit audit(const std::string& url) {
    const auto database = sql::open_database(url);
    const auto db = database->open();
    const sql::ReadSnapshot snapshot(*db);
    const auto head = db->one(kHeadSize);
    Audit result;
    ledger::SqlTileReader tiles(*db, head->text(0));
    app::replay_log(result.replay, tiles, 0, static_cast<std::uint64_t>(head->integer(1)));
    result.comparison = app::compare_with_database(result.replay.state(), *db);
    return result;
}

}  // namespace

TEST_CASE("audit: the whole market of a real exchange is rebuilt from its ledger",
          "[flow][audit]") {
    const test::LiveMarket live;
    const std::string resource = live.market.draft_resource();
    live.market.upload(resource, test::SmallMarket::rows(200));
    live.finish_story(resource);
    const std::string url = cli::database_url(live.settings.data, live.settings.database);
    const Audit honest = audit(url);
    for (const auto& step : honest.replay.illegal()) UNSCOPED_INFO(app::describe(step));
    for (const auto& one : honest.comparison.differences) {
        UNSCOPED_INFO(app::describe(one, "database"));
    }
    CHECK(honest.replay.illegal_count() == 0);
    CHECK(honest.replay.uninterpreted() == 0);
    CHECK(honest.comparison.count == 0);
    CHECK(honest.comparison.entities > 20);

    // The downloaded log says the same without any database.
    const auto folder = live.folder.path() / "log";
    const auto size =
        cli::download_log({{live.settings.address, live.exchange.port(), false}, {}}, folder);
    const auto log = cli::open_log(folder.string());
    const auto tiles = log->tiles(size);
    app::Replay offline;
    app::replay_log(offline, *tiles, 0, size);
    CHECK(app::compare_states(offline.state(), honest.replay.state()).equal());

    // A monitor and a comparison over HTTP, as anybody can do them.
    const auto served = cli::open_log("http://" + live.settings.address + ":" +
                                      std::to_string(live.exchange.port()));
    const auto key = ledger::NoteVerifier::parse(live.exchange.vkey()).value();
    CHECK(cli::LogMonitor(*served, key, live.folder.path() / "watch").look().view ==
          LogView::kFirst);
    const auto equal = cli::compare_logs(*served, *log, key);
    CHECK(equal.common >= size);
    CHECK_FALSE(equal.forked());

    const auto database = sql::open_database(url);
    REQUIRE(database->open()->run(kSpoil) > 0);
    const Audit spoilt = audit(url);
    REQUIRE(spoilt.comparison.count > 0);
    CHECK(spoilt.comparison.differences.front().entity.first == "resource");
    CHECK(spoilt.comparison.differences.front().member == "registration_code");
}

TEST_CASE("watch: a log that only grows is followed, across restarts", "[flow][audit][watch]") {
    const test::TempFolder folder("pdx-watch");
    SignedLog log;
    log.add(5);
    const auto look = [&] { return cli::LogMonitor(log, key_of(log), folder.path() / "s").look(); };
    CHECK(look().view == LogView::kFirst);
    CHECK(look().view == LogView::kSame);
    for (const std::uint64_t more : {1U, 250U, 1U, 600U}) {
        log.add(more);
        const cli::Observation seen = look();
        INFO(log.size() << " " << seen.detail);
        CHECK(seen.view == LogView::kGrown);
        CHECK(seen.size == log.size());
        CHECK(seen.old_size == log.size() - more);
        CHECK(read_text(folder.path() / "s" / "checkpoint") == log.note());
    }
    CHECK_FALSE(std::filesystem::exists(folder.path() / "s" / "evidence"));
}

TEST_CASE("watch: every lie of a log is seen, and kept as evidence", "[flow][audit][watch]") {
    const test::TempFolder folder("pdx-watch");
    SignedLog honest;
    honest.add(300);
    SignedLog other;  // the same key, another history
    other.add(200);
    other.add(100, "another story");
    SignedLog longer;
    longer.add(200);
    longer.add(300, "another story");
    SignedLog near_miss("exchange.example/watched", 8);
    near_miss.add(301);
    SignedLog growing;
    growing.add(310);
    struct Case {
        std::string name;
        SignedLog* log;
        std::string lie;
        LogView view;
    };
    std::string spoilt = honest.note();
    spoilt.at(spoilt.size() - 10) = spoilt.at(spoilt.size() - 10) == 'A' ? 'B' : 'A';
    const std::vector<Case> cases{
        {"same size, another root", &other, "", LogView::kForked},
        {"larger, not consistent", &longer, "", LogView::kForked},
        {"smaller, once true", &honest, honest.signed_at(299), LogView::kRolledBack},
        {"another key of the same name", &near_miss, "", LogView::kUnsigned},
        {"a spoilt signature", &honest, spoilt, LogView::kUnsigned},
        {"no note at all", &honest, "good morning\n", LogView::kUnsigned},
        {"a root that no tiles lead to", &growing, growing.sign(310, sha256("x")),
         LogView::kUnproven},
        {"a size that no tiles reach", &honest, honest.sign(100'000, sha256("x")),
         LogView::kUnproven},
    };
    for (const Case& one : cases) {
        INFO(one.name);
        const auto state = folder.path() / std::to_string(&one - cases.data());
        REQUIRE(cli::LogMonitor(honest, key_of(honest), state).look().view == LogView::kFirst);
        const std::string before = read_text(state / "checkpoint");
        one.log->lie = one.lie;
        cli::LogMonitor monitor(*one.log, key_of(honest), state);
        const cli::Observation seen = monitor.look();
        CHECK(seen.view == one.view);
        CHECK(cli::is_alert(seen.view));
        CHECK_FALSE(seen.detail.empty());
        REQUIRE(seen.evidence.has_value());
        CHECK(read_text(*seen.evidence / "before.note") == before);
        CHECK(read_text(*seen.evidence / "now.note") == one.log->note());
        CHECK(read_text(state / "checkpoint") == before);  // what was verified stays
        CHECK(monitor.look().view == one.view);            // and the alert with it
        one.log->lie.clear();
    }
}

TEST_CASE("watch: a changed memory of the monitor is refused", "[flow][audit][watch]") {
    const test::TempFolder folder("pdx-watch");
    SignedLog log;
    log.add(5);
    cli::LogMonitor(log, key_of(log), folder.path()).look();
    std::string note = read_text(folder.path() / "checkpoint");
    note.at(note.find('5')) = '4';
    std::ofstream(folder.path() / "checkpoint", std::ios::binary) << note;
    CHECK_THROWS_AS(cli::LogMonitor(log, key_of(log), folder.path()), std::runtime_error);
}

TEST_CASE("diff: the common beginning of two logs is found to the entry", "[flow][audit][diff]") {
    for (const std::uint64_t common : {0U, 1U, 255U, 256U, 257U, 700U}) {
        SignedLog a;
        SignedLog b;
        if (common > 0) {
            a.add(common);
            b.add(common);
        }
        INFO(common);
        {
            const auto same = cli::compare_logs(a, b, key_of(a));
            CHECK(same.common == common);
            CHECK_FALSE(same.forked());
        }
        a.add(3, "one");
        CHECK(cli::compare_logs(a, b, key_of(a)).common == common);
        CHECK_FALSE(cli::compare_logs(a, b, key_of(a)).forked());
        b.add(40, "two");
        const auto parted = cli::compare_logs(a, b, key_of(a));
        CHECK(parted.common == common);
        CHECK(parted.forked());
        CHECK(parted.is_evidence());
        CHECK(parted.a.entry.value().find("\"told\":\"one\"") != std::string::npos);
        CHECK(parted.b.entry.value().find("\"told\":\"two\"") != std::string::npos);
        SignedLog unsigned_copy("exchange.example/watched", 9);
        unsigned_copy.add(common + 1, "three");
        CHECK_FALSE(cli::compare_logs(a, unsigned_copy, key_of(a)).is_evidence());
    }
}

TEST_CASE("diff: folders are read as they were exported", "[flow][audit][diff]") {
    const test::TempFolder folder("pdx-diff");
    SignedLog a;
    a.add(600);
    SignedLog b;
    b.add(500);
    b.add(90, "another");
    a.export_to(folder.path() / "a");
    b.export_to(folder.path() / "b");
    const auto one = cli::open_log(folder.file("a"));
    const auto two = cli::open_log(folder.file("b"));
    const auto parted = cli::compare_logs(*one, *two, key_of(a));
    CHECK(parted.common == 500);
    CHECK(parted.is_evidence());
}
