#pragma once
/// The seam to a database: one small connection with two drivers (SQLite, MySQL Connector/C++).
/// There are no repository interfaces above it. One schema, one set of statements (design D10).
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace pdx::sql {

/// A named statement; `text` has only `?` placeholders. Declared constexpr at the top of the store
/// file that binds it, and listed in that file's `queries()` so that a test prepares every one on
/// every driver.
struct Query {
    std::string_view name;
    std::string_view text;
};

/// What a column holds.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string, Bytes>;
/// What a statement is given: it looks at the caller's text and bytes, which outlive the call.
using Parameter = std::variant<std::nullptr_t, std::int64_t, std::string_view, ByteView>;

/// How C++ values become parameters; one overload per type that the stores bind. Text and bytes of
/// a temporary are refused, except in the arguments of run(), all() and one(), which it outlives.
inline Parameter to_parameter(std::nullptr_t) { return nullptr; }
inline Parameter to_parameter(std::int64_t value) { return value; }
inline Parameter to_parameter(int value) { return static_cast<std::int64_t>(value); }
inline Parameter to_parameter(std::uint32_t value) { return static_cast<std::int64_t>(value); }
/// Requires: fits into int64 (checked): a length or index that wraps would be a ledger bug.
std::int64_t to_integer(std::uint64_t value);
inline Parameter to_parameter(std::uint64_t value) { return to_integer(value); }
inline Parameter to_parameter(const std::string& value) { return std::string_view(value); }
Parameter to_parameter(std::string&& value) = delete;
inline Parameter to_parameter(std::string_view value) { return value; }
inline Parameter to_parameter(const char* value) { return std::string_view(value); }
inline Parameter to_parameter(const Bytes& value) { return ByteView(value); }
Parameter to_parameter(Bytes&& value) = delete;
inline Parameter to_parameter(ByteView value) { return value; }
inline Parameter to_parameter(const Digest& value) { return value.view(); }
Parameter to_parameter(Digest&& value) = delete;
inline Parameter to_parameter(Timestamp value) { return value.micros; }
inline Parameter to_parameter(Money value) { return value.minor(); }
template <class Tag>
Parameter to_parameter(const Id<Tag>& id) {
    return std::string_view(id.text());
}
template <class Tag>
Parameter to_parameter(Id<Tag>&& id) = delete;
template <class T>
Parameter to_parameter(const std::optional<T>& value) {
    return value ? to_parameter(*value) : Parameter(nullptr);
}
template <class T>
Parameter to_parameter(std::optional<T>&& value) = delete;

/// One row; columns by position, as the statement lists them.
/// Throws: InvariantViolation when the stored type is another (the schema and the code disagree).
class Row {
public:
    explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
    std::int64_t integer(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    const Bytes& blob(std::size_t column) const;
    Digest digest(std::size_t column) const;
    Timestamp time(std::size_t column) const { return {integer(column)}; }
    Money fen(std::size_t column) const { return Money::fen(integer(column)); }
    bool is_null(std::size_t column) const;

private:
    std::vector<Value> values_;
};

/// Thread: not shared; one connection per thread.
/// Throws: Error kBusy "database.busy" when the database stays locked or unreachable; Error
/// kConflict "database.duplicate" when a unique key exists already (the transaction stays usable
/// inside a savepoint); CommitUnknown from commit(); StorageFailure for everything else.
/// A database may end a whole transaction by itself (deadlock, lost connection, disk full). From
/// then on every call but rollback() throws, rollback_to_savepoint() and commit() included, so that
/// no later statement can slip in outside of the transaction that it was meant for.
class Connection {
public:
    virtual ~Connection() = default;

    /// Rows changed (matched, on MySQL too).
    virtual std::int64_t execute(const Query& query, std::span<const Parameter> values) = 0;
    /// Whole result: every list statement carries a LIMIT.
    virtual std::vector<Row> select(const Query& query, std::span<const Parameter> values) = 0;
    /// Several statements without parameters or results: migrations only.
    virtual void execute_script(std::string_view script) = 0;
    /// Checks that the server can prepare the statement.
    virtual void prepare(const Query& query) = 0;

    /// begin() starts a transaction that may write (BEGIN IMMEDIATE on SQLite). Outside of a
    /// transaction every statement stands alone and is committed at once.
    virtual void begin() = 0;
    /// Ensures: no transaction is open, also when it throws.
    virtual void commit() = 0;
    /// Ensures: no transaction is open. A connection that was lost counts as rolled back.
    virtual void rollback() = 0;
    /// One level is all the writer needs: savepoints do not nest.
    virtual void savepoint() = 0;
    virtual void release_savepoint() = 0;
    virtual void rollback_to_savepoint() = 0;

    /// What is committed is on the disk when this returns, also what a process wrote that was
    /// killed before its sync: a start reads that from memory and could answer for it. Outside of a
    /// transaction only (checked).
    virtual void make_durable() = 0;
    /// Takes what committed statements deleted or overwrote out of the database's own files, as far
    /// as a client can: SQLite's WAL is emptied into the file, where freed space is zeroed when it
    /// is freed; InnoDB purges by itself, and its logs and backups are the operator's.
    /// False when somebody still reads an older state: ask again later.
    /// Requires: no transaction is open.
    virtual bool scrub() = 0;

    /// "sqlite" or "mysql".
    virtual std::string_view dialect() const = 0;

    template <class... Args>
    std::int64_t run(const Query& query, const Args&... args) {
        const std::array<Parameter, sizeof...(args)> values{to_parameter(args)...};
        return execute(query, values);
    }
    template <class... Args>
    std::vector<Row> all(const Query& query, const Args&... args) {
        const std::array<Parameter, sizeof...(args)> values{to_parameter(args)...};
        return select(query, values);
    }
    /// Requires: at most one row (checked).
    template <class... Args>
    std::optional<Row> one(const Query& query, const Args&... args) {
        return at_most_one(query, all(query, args...));
    }

private:
    static std::optional<Row> at_most_one(const Query& query, std::vector<Row> rows);
};

/// Begins at once and rolls back unless committed. For migrations, tools and tests; the writer,
/// which begins all business transactions, drives the connection itself.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

/// The storage failed under a statement: what the transaction did is lost. Ends the whole batch.
class StorageFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The connection broke inside COMMIT: the transaction may or may not stand. Never retried blindly.
class CommitUnknown : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Opens connections to one database. Thread: open() may be called from any thread.
class Database {
public:
    virtual ~Database() = default;
    virtual std::unique_ptr<Connection> open() = 0;
    virtual std::string_view dialect() const = 0;
};

/// `url`: "sqlite:PATH" (a path alone is taken as one), or
/// "mysql://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?socket=PATH]".
/// Throws: Error kInvalid "database.url".
std::unique_ptr<Database> open_database(std::string_view url);

}  // namespace pdx::sql
