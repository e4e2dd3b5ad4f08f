#pragma once
/// A database that fails when a test says so: a statement refused, a commit that does not happen, a
/// commit that happened and is not heard of, the process gone before or after it.
#include <cstdint>
#include <memory>

#include "sql/sql.h"

namespace pdx::test {

enum class Fault {
    kNone,
    kStatementFails,  ///< StorageFailure; the transaction is lost
    kStatementBusy,   ///< Error "database.busy"
    kCrash,           ///< the process is gone at a statement
    kCommitFails,     ///< StorageFailure, rolled back
    kCommitUnheard,   ///< CommitUnknown, and it stands
    kCommitLost,      ///< CommitUnknown, and it does not
    kCrashBeforeCommit,
    kCrashAfterCommit,
};
inline constexpr int kFaults = 9;

/// Thrown for a crash. Nothing in the product catches it, as nothing outlives a killed process.
struct Crashed {};

/// What goes wrong next; happens once. A statement fault waits for the given number of statements.
struct FaultPlan {
    Fault fault = Fault::kNone;
    int statements = 0;
};

/// Every connection shares the plan.
class FaultyDatabase final : public sql::Database {
public:
    FaultyDatabase(sql::Database& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    std::unique_ptr<sql::Connection> open() override;
    std::string_view dialect() const override { return inner_.dialect(); }

private:
    sql::Database& inner_;
    FaultPlan& plan_;
};

}  // namespace pdx::test
