#pragma once
/// Holds the database against what the ledger alone says (design D5): every row of every type, and
/// every entity of the ledger, member by member.
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ledger/tree.h"
#include "marketplace/app/replay.h"
#include "sql/sql.h"

namespace pdx::app {

/// One member that differs. Values are JSON texts; absent: that side does not have it. A member
/// that is empty stands for the whole entity.
struct Difference {
    EntityName entity;
    std::string member;
    std::optional<std::string> ledger;
    std::optional<std::string> other;
    std::optional<std::uint64_t> set_by;  ///< index of the entry that the ledger's value is from
};

struct Comparison {
    /// Unit: differences that are kept; the others are counted.
    static constexpr std::size_t kKeptMax = 100;

    std::vector<Difference> differences;
    std::uint64_t count = 0;
    std::uint64_t entities = 0;  ///< compared

    bool equal() const { return count == 0; }
    void add(Difference difference);
};

/// Called with how much is done and how much there is. Unit: entities.
using CompareProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// `types`: which types are compared; empty: all. Rows are read in pages.
/// Requires: the connection sees one state throughout (sql/snapshot.h) when somebody writes.
Comparison compare_with_database(const ReplayedState& ledger, sql::Connection& db,
                                 const std::vector<std::string>& types = {},
                                 const CompareProgress& progress = {});

/// The states of two logs.
Comparison compare_states(const ReplayedState& ledger, const ReplayedState& other);

nlohmann::json to_json(const Difference& difference);
nlohmann::json to_json(const IllegalStep& step);
/// "order 0190...: state is "paid" in the ledger (entry 17), "placed" in the database".
std::string describe(const Difference& difference, std::string_view other_name);
std::string describe(const IllegalStep& step);

/// Applies the entries [begin, end) of a log, a bundle at a time.
/// Throws: LedgerViolation naming the entry that is absent or no entry of a ledger.
void replay_log(Replay& replay, ledger::TileReader& log, std::uint64_t begin, std::uint64_t end,
                const CompareProgress& progress = {});

}  // namespace pdx::app
