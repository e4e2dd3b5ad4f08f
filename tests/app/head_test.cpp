/// What the writer committed is what the process holds on to, in memory and in the local record.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "ledger/head_record.h"
#include "ledger/log_signers.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/head_recorder.h"
#include "marketplace/app/writer.h"
#include "sql/migrate.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

const std::string kOrigin = "log.example/head";

/// A database that an operator may exchange behind the back of the process.
class Exchanged final : public sql::Database {
public:
    explicit Exchanged(const std::string& file) { use(file); }
    void use(const std::string& file) {
        database_ = sql::open_database("sqlite:" + file);
        sql::migrate(*database_->open(), sql::embedded_schema());
    }
    std::unique_ptr<sql::Connection> open() override { return database_->open(); }
    std::string_view dialect() const override { return database_->dialect(); }

private:
    std::unique_ptr<sql::Database> database_;
};

struct Fixture {
    test::TempFolder folder{"pdx-head"};
    Bytes seed = random_bytes(SigningKey::kSeedSize);
    SystemClock clock;
    RandomIdSource ids;

    std::unique_ptr<app::Writer> writer(sql::Database& database, app::WriterOptions options) {
        ledger::NoteSigner signer(kOrigin, SigningKey::from_seed(seed).value());
        return std::make_unique<app::Writer>(database, app::Sequencer(std::move(signer)), clock,
                                             ids, std::move(options));
    }
};

void note(app::Writer& writer) {
    writer.submit(
        {{{}, domain::Role::kExchangeAdmin, false}, std::nullopt, [](app::Transaction& tx) {
             tx.record(app::make_fact("token.revoked", "party",
                                      "01900000-0000-7000-8000-000000000001", {{"tokens", 1}}));
             return std::string("{}");
         }});
}

std::string refusal_of(app::Writer& writer) {
    try {
        note(writer);
        return "none";
    } catch (const Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE("writer: a database that is exchanged for another under it is not signed on",
          "[app][rollback]") {
    Fixture fixture;
    const std::string file = fixture.folder.file("a.sqlite");
    Exchanged database(file);
    bool fail = false;
    app::WriterOptions options;
    options.batch.before_commit = [&] {
        // Once: the batch is tried again on a new connection.
        if (std::exchange(fail, false)) throw std::runtime_error("the connection broke");
    };
    {
        auto writer = fixture.writer(database, options);
        note(*writer);
    }
    const std::string old = fixture.folder.file("old.sqlite");
    const std::string fork = fixture.folder.file("fork.sqlite");
    std::filesystem::copy_file(file, old);
    std::filesystem::copy_file(file, fork);
    {
        Exchanged other(fork);
        auto writer = fixture.writer(other, {});
        for (int i = 0; i < 3; ++i) note(*writer);
    }
    auto writer = fixture.writer(database, options);
    note(*writer);
    SECTION("by itself: it goes on") {
        fail = true;
        CHECK(refusal_of(*writer) == "none");
        CHECK(writer->accepts());
    }
    SECTION("by an older copy: it stops") {
        database.use(old);
        fail = true;
        CHECK(refusal_of(*writer) == "writer.stopped");
        CHECK_FALSE(writer->accepts());
    }
    SECTION("by a longer copy with another history: it stops") {
        database.use(fork);
        fail = true;
        CHECK(refusal_of(*writer) == "writer.stopped");
        CHECK_FALSE(writer->accepts());
    }
    SECTION("by nothing: it stops, and begins no log") {
        const std::string empty = fixture.folder.file("empty.sqlite");
        database.use(empty);
        fail = true;
        CHECK(refusal_of(*writer) == "writer.stopped");
        CHECK_FALSE(ledger::LogStore(*database.open(), kOrigin).head());
    }
}

TEST_CASE("head recorder: never ahead of what is committed, and at the end not behind",
          "[app][rollback]") {
    Fixture fixture;
    Exchanged database(fixture.folder.file("a.sqlite"));
    const auto path = fixture.folder.path() / "ledger-record";
    const auto committed_size = [&] {
        const auto head = ledger::LogStore(*database.open(), kOrigin).head();
        return head ? head->size : 0;
    };
    const auto recorded_size = [&] {
        const auto head = ledger::read_last_head(path, kOrigin);
        return head ? head->size : 0;
    };
    std::vector<ledger::TreeHead> heads;
    {
        app::HeadRecorder recorder(path, kOrigin, std::chrono::milliseconds(5));
        app::WriterOptions options;
        options.batch.committed = [&](const ledger::TreeHead& head) {
            heads.push_back(head);
            recorder.note({head.size, head.root});
        };
        options.batch.before_commit = [&] { CHECK(recorded_size() <= committed_size()); };
        auto writer = fixture.writer(database, options);
        for (int i = 0; i < 40; ++i) {
            note(*writer);
            REQUIRE(recorded_size() <= committed_size());
        }
    }
    REQUIRE(heads.size() == 40);
    for (std::size_t i = 0; i < heads.size(); ++i) CHECK(heads[i].size == i + 1);
    const auto last = ledger::read_last_head(path, kOrigin);
    CHECK(last == ledger::RecordedHead{heads.back().size, heads.back().root});
}
