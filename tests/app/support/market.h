#pragma once
/// A whole market without sockets for one test: embedded database in a temporary folder, the real
/// writer, a clock that the test moves.
#include <atomic>
#include <memory>
#include <string>

#include "base/crypto.h"
#include "base/time.h"
#include "catalog/blob_store.h"
#include "marketplace/app/context.h"
#include "marketplace/bank/simulator.h"
#include "marketplace/store/party_store.h"
#include "sql/sql.h"
#include "tests/support/temp_folder.h"

namespace pdx::test {

/// Thread: any.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp now) : micros_(now.micros) {}
    Timestamp now() const override { return {micros_.load()}; }
    void set(Timestamp now) { micros_ = now.micros; }
    void advance(std::chrono::microseconds duration) { micros_ += duration.count(); }

private:
    std::atomic<std::int64_t> micros_;
};

class Market {
public:
    /// 2026-03-02 is a working Monday. `rules` is a rule profile.
    explicit Market(app::WriterOptions options = {}, const std::string& rules = "demo");
    ~Market();

    app::Context& context() { return *context_; }
    app::Writer& writer() { return *writer_; }
    ManualClock& clock() { return clock_; }
    bank::Simulator& bank() { return bank_; }
    /// A fresh connection, for looking at rows.
    std::unique_ptr<sql::Connection> open() { return database_->open(); }
    const std::string& vkey() const { return vkey_; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    /// Every byte of the folder: database, its journal, blobs.
    std::string stored_bytes() const;

    /// Registers a party of the role.
    app::Caller party(domain::Role role);
    /// A signing key registered for the party.
    SigningKey key(const app::Caller& caller);
    /// A write without Idempotency-Key.
    static app::WriteRequest write(const app::Caller& caller) { return {caller, std::nullopt}; }

    /// Closes the writer and opens the log again, as a restart does.
    void restart();

private:
    void start_writer();

    TempFolder folder_;
    ManualClock clock_;
    RandomIdSource ids_;
    Bytes master_key_;
    Bytes log_seed_;
    std::string vkey_;
    app::WriterOptions options_;
    std::unique_ptr<sql::Database> database_;
    catalog::BlobStore blobs_;
    bank::Simulator bank_;
    std::unique_ptr<app::ReadPool> reads_;
    std::unique_ptr<app::Writer> writer_;
    std::string rules_;
    std::unique_ptr<app::Context> context_;
};

}  // namespace pdx::test
