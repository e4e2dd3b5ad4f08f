#pragma once
/// Connections for reads, lent to one thread at a time. Reads never touch the writer.
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "sql/sql.h"

namespace pdx::app {

/// Thread: any.
class ReadPool {
public:
    ReadPool(sql::Database& database, std::size_t connections_max)
        : database_(database),
          connections_max_(connections_max) {}

    /// Holds a connection until it goes. Reads open no transaction, so that a connection is as good
    /// after a failed statement as before; a driver that lost its server connects again.
    class Lease {
    public:
        Lease(ReadPool& pool, std::unique_ptr<sql::Connection> connection)
            : pool_(pool),
              connection_(std::move(connection)) {}
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        sql::Connection& operator*() { return *connection_; }
        sql::Connection* operator->() { return connection_.get(); }

    private:
        ReadPool& pool_;
        std::unique_ptr<sql::Connection> connection_;
    };

    /// Waits while all are lent. Throws: what Database::open() throws.
    Lease borrow();

    /// Takes what was destroyed out of the database's files, or remembers that it is to be done:
    /// see sql::Connection::scrub(). False: an older state is being read.
    bool scrub();
    /// The same where it is still to be done.
    void retry_scrub();

private:
    sql::Database& database_;
    std::size_t connections_max_;
    std::atomic<bool> unscrubbed_{false};
    std::mutex mutex_;
    std::condition_variable returned_;
    std::size_t lent_ = 0;
    std::vector<std::unique_ptr<sql::Connection>> idle_;
};

/// After a transaction that destroyed something, which this cannot undo: what it leaves behind is
/// sealed, and the patrol asks again. `alarm`: the code that says so.
void scrub_or_alarm(ReadPool& reads, std::string_view alarm);

}  // namespace pdx::app
