#include "marketplace/app/read_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;

namespace {

/// Counts how often a connection was opened.
class CountingDatabase final : public sql::Database {
public:
    std::unique_ptr<sql::Connection> open() override {
        if (broken) throw busy("database.busy", {"busy", "忙"});
        ++opened;
        return database_->open();
    }
    std::string_view dialect() const override { return database_->dialect(); }

    std::atomic<int> opened{0};
    std::atomic<bool> broken{false};

private:
    std::unique_ptr<sql::Database> database_ = sql::open_database("sqlite::memory:");
};

constexpr sql::Query kOne{"test.one", "SELECT 1"};
constexpr sql::Query kNowhere{"test.nowhere", "SELECT x FROM nowhere"};

}  // namespace

TEST_CASE("read pool: a refusal does not cost the connection", "[app][read_pool]") {
    CountingDatabase database;
    app::ReadPool pool(database, 2);
    for (int i = 0; i < 5; ++i) {
        try {
            [[maybe_unused]] const app::ReadPool::Lease lease = pool.borrow();
            throw not_found("order");
        } catch (const Error&) {
        }
        app::ReadPool::Lease lease = pool.borrow();
        CHECK_THROWS_AS(lease->all(kNowhere), sql::StorageFailure);
        CHECK(lease->one(kOne)->integer(0) == 1);
    }
    CHECK(database.opened == 1);
}

TEST_CASE("read pool: never more connections than allowed, and all waiters are served",
          "[app][read_pool]") {
    CountingDatabase database;
    app::ReadPool pool(database, 3);
    std::atomic<int> lent{0};
    std::atomic<int> most{0};
    std::atomic<int> served{0};
    std::vector<std::thread> threads;
    threads.reserve(12);
    for (int i = 0; i < 12; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                app::ReadPool::Lease lease = pool.borrow();
                const int now = ++lent;
                int seen = most.load();
                while (now > seen && !most.compare_exchange_weak(seen, now)) {
                }
                if (lease->one(kOne)) ++served;
                --lent;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(served == 12 * 50);
    CHECK(most <= 3);
    CHECK(database.opened <= 3);
}

TEST_CASE("read pool: a failed opening gives its place back", "[app][read_pool]") {
    CountingDatabase database;
    app::ReadPool pool(database, 1);
    database.broken = true;
    CHECK_THROWS_AS(pool.borrow(), Error);
    database.broken = false;
    CHECK(pool.borrow()->one(kOne)->integer(0) == 1);
}

TEST_CASE("read pool: an alarm, and no failure, when what was destroyed cannot be scrubbed yet",
          "[app][read_pool]") {
    CountingDatabase database;
    app::ReadPool pool(database, 1);
    database.broken = true;
    CHECK_NOTHROW(app::scrub_or_alarm(pool, "test.lingers"));
}
