#pragma once
/// A signed log of real entries in an embedded database, made without a market: as long as a test
/// needs it, in little time.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/signer.h"
#include "ledger/store/log_store.h"
#include "ledger/tree.h"
#include "sql/sql.h"
#include "tests/support/temp_folder.h"

namespace pdx::test {

class StoredLog {
public:
    /// `shift` makes it another history: its entries are those that begin at this index.
    explicit StoredLog(std::string origin = "test.example/ledger/main", std::uint64_t shift = 0);

    /// Appends entries and publishes: one batch, one transaction.
    void grow_to(std::uint64_t size);
    /// The same without the checkpoint, as no writer would: nothing of it is published.
    void store_unpublished(std::uint64_t size);

    const std::string& origin() const { return origin_; }
    ledger::NoteVerifier verifier() const { return signer_.verifier(); }
    sql::Database& database() { return *database_; }
    std::filesystem::path file() const { return folder_.path() / "pdx.sqlite"; }
    std::uint64_t size() const { return leaves.size(); }

    std::vector<Bytes> entries;
    std::vector<Digest> leaves;

private:
    enum class Publish { kYes, kNo };
    void append(std::uint64_t size, Publish publish);

    TempFolder folder_;
    std::string origin_;
    std::uint64_t shift_;
    ledger::NoteSigner signer_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> connection_;
    ledger::Appender appender_;
    std::map<std::string, ledger::PreviousEntry> tails_;  ///< of each order
};

/// Entry `index` of every such log: five orders, three actors, four kinds, seven contracts in the
/// bodies, in no short period. Contract 6 is one of the actors and one of the orders, too.
ledger::Entry stored_entry(const std::string& origin, std::uint64_t index);
/// The id of contract `number`: a UUID.
std::string stored_contract(std::uint64_t number);

}  // namespace pdx::test
