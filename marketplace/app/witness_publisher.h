#pragma once
/// Shows every witness of the policy the newest checkpoint, in the background: commits and answers
/// never wait for one. All witnesses are shown the same checkpoint, in rounds, because a quorum on
/// one checkpoint is what a reader can check; a slow witness holds up a round for a bounded time.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/store/log_store.h"
#include "ledger/witness_client.h"
#include "marketplace/app/witnessed.h"
#include "sql/sql.h"

namespace pdx::app {

struct PublisherOptions {
    /// How often the database is asked for a newer checkpoint.
    std::chrono::milliseconds interval{1'000};
    /// How long a round waits for its slowest witness before the next checkpoint is shown.
    std::chrono::milliseconds round_max{5'000};
    ledger::WitnessBackOff back_off = {};
};

struct PublisherStats {
    std::uint64_t cosigned = 0;
    std::uint64_t failed = 0;  ///< answers that were no cosignature, and none at all
};

/// Thread: any. One thread per witness, one that sets the rounds.
class WitnessPublisher {
public:
    /// `on_ahead` is called once, when a witness says that it has seen more than the log has: what
    /// it does must stop the signing. Requires: what is referred to outlives this.
    WitnessPublisher(sql::Database& database, std::string origin, const WitnessTerms& terms,
                     ledger::WitnessTransport& transport, std::function<void()> on_ahead,
                     PublisherOptions options = {});
    /// Stops.
    ~WitnessPublisher();
    WitnessPublisher(const WitnessPublisher&) = delete;
    WitnessPublisher& operator=(const WitnessPublisher&) = delete;

    /// Cancels what runs and ends the threads.
    void stop();
    PublisherStats stats() const;

private:
    struct Worker;

    void set_rounds();
    void work(Worker& worker);
    /// Shows it to one witness until it is done with it. Runs without the lock.
    ledger::WitnessStep show(Worker& worker, const ledger::StoredCheckpoint& target);
    ledger::WitnessReply ask(Worker& worker, const ledger::StoredCheckpoint& target);
    void begin_at_stored_size(Worker& worker);
    void report(const Worker& worker, const ledger::WitnessReply& reply);
    bool round_is_over(std::chrono::steady_clock::time_point now) const;

    sql::Database& database_;
    std::string origin_;
    const WitnessTerms& terms_;
    ledger::WitnessTransport& transport_;
    std::function<void()> on_ahead_;
    PublisherOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool ahead_ = false;
    std::optional<ledger::StoredCheckpoint> target_;
    std::chrono::steady_clock::time_point round_began_;
    PublisherStats stats_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::thread rounds_;
};

}  // namespace pdx::app
