#pragma once
/// What a witness remembers, in SQL: the latest cosigned tree of each log, moved by
/// compare-and-swap, and evidence. Begins and ends no transaction.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ledger/witness.h"
#include "sql/sql.h"

namespace pdx::ledger {

/// A validly signed checkpoint that did not extend what had been cosigned.
struct WitnessEvidence {
    Timestamp at;
    WitnessState known;  ///< what it was compared with
    std::string note;
    Proof proof;
};

/// Unit: rows per log. Only the log's own key makes one, so more tell nothing new.
inline constexpr std::int64_t kEvidenceMax = 1'000;

/// Thread: not shared, as its connection.
class WitnessStore {
public:
    explicit WitnessStore(sql::Connection& connection) : connection_(connection) {}

    /// The state of a log that was never seen when there is none.
    WitnessState state(std::string_view log);
    /// `note`: with the witness's own line. False when the stored state is not `from`: somebody
    /// else was faster and nothing was changed.
    bool advance(std::string_view log, const WitnessState& from, const WitnessState& to,
                 std::string_view note);
    /// By witness_log_id().
    std::optional<std::string> note_by_id(std::string_view log_id);

    /// The same text again, and more than kEvidenceMax of a log, are not kept.
    void keep_evidence(std::string_view log, const WitnessEvidence& evidence);
    /// Oldest first.
    std::vector<WitnessEvidence> evidence(std::string_view log);

private:
    sql::Connection& connection_;
};

/// Every statement of this file, for the test that prepares them on each driver.
std::span<const sql::Query> witness_queries();

}  // namespace pdx::ledger
