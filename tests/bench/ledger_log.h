#pragma once
/// A log of any size, grown through the sequencer and the storage that the exchange uses, with the
/// entries of a market's daily traffic: an order is placed, paid, delivered and settled.
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/app/sequencer.h"
#include "sql/sql.h"

namespace pdx::bench {

inline constexpr std::string_view kBenchOrigin = "exchange.example/bench";
inline constexpr Timestamp kBenchBegin{1'772'352'000'000'000};  ///< 2026-03-01T08:00:00Z
/// Unit: entries of a batch where a log is made and nothing is measured.
inline constexpr std::uint64_t kGrowBatch = 4'096;

/// One command's worth: who, what, and when.
struct BenchFact {
    app::Fact fact;
    app::Caller caller;
    Timestamp at;
};

/// Facts in the order in which a market with 36 parties and 200 products records them. Four in a
/// row are an order's beginning, another's payment, delivery and settlement, and their entries are
/// 4 KiB together. Thread: not shared.
class BenchTraffic {
public:
    /// `begin`: the time of the first fact; each next one is 20 µs later.
    explicit BenchTraffic(Timestamp begin);
    std::vector<BenchFact> next(std::size_t count);

private:
    struct Trade {
        std::string order, delivery, settlement;
        std::size_t buyer = 0;
        std::size_t product = 0;
    };
    struct Product {
        std::string resource, dataset, contract, product, listing;
        std::size_t provider = 0;
        std::size_t seller = 0;
    };

    BenchFact next_one();
    BenchFact place(Trade& trade);
    BenchFact pay(const Trade& trade);
    BenchFact deliver(const Trade& trade);
    BenchFact settle(const Trade& trade);
    BenchFact make(std::string kind, std::string type, const std::string& id, const PartyId& party,
                   domain::Role role, std::string body) const;
    std::string order_members(const Trade& trade, std::string_view state, int version) const;

    RandomIdSource ids_;
    Timestamp now_;
    std::uint64_t count_ = 0;
    std::vector<PartyId> buyers_, operators_, providers_;
    std::vector<Product> products_;
    std::vector<Trade> trades_;  ///< those in flight, a ring
};

/// The log in a database file of its own.
class BenchLog {
public:
    /// Opens what is there, or makes an empty log.
    explicit BenchLog(const std::filesystem::path& file);

    std::uint64_t size() const { return sequencer_->next_index(); }
    sql::Connection& connection() { return *connection_; }
    sql::Database& database() { return *database_; }
    app::Sequencer& sequencer() { return *sequencer_; }
    Timestamp last_time() const { return last_time_; }

    /// One batch as the writer makes it: encoded, hashed, stored, signed, committed.
    void append(const std::vector<BenchFact>& batch);
    /// The signing key's public half.
    std::string vkey() const;
    /// Unit: bytes of entries appended by this object.
    std::uint64_t entry_bytes() const { return entry_bytes_; }

private:
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> connection_;
    std::unique_ptr<app::Sequencer> sequencer_;
    Timestamp last_time_;
    std::uint64_t entry_bytes_ = 0;
};

/// Unit: bytes of the database and its write-ahead log.
std::uint64_t database_bytes(const std::filesystem::path& file);

}  // namespace pdx::bench
