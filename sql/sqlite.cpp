#include "sql/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "sql/failure.h"
#include "sql/text_hash.h"

namespace pdx::sql {
namespace {

constexpr int kBusyTimeoutMs = 5'000;

/// Holds a private database. Shared by the Database and its connections, because either may be the
/// last to go.
class TemporaryFolder {
public:
    TemporaryFolder()
        : path_((std::filesystem::temp_directory_path() / "pdx-sqlite-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) {
            throw StorageFailure("cannot create a temporary folder for the database");
        }
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string file() const { return path_ + "/database"; }

private:
    std::string path_;
};

struct CloseHandle {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, CloseHandle>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// Leaves a cached statement as new: an open one would hold its snapshot and stop checkpoints.
class ResetAtEnd {
public:
    explicit ResetAtEnd(sqlite3_stmt* statement) : statement_(statement) {}
    ~ResetAtEnd() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    ResetAtEnd(const ResetAtEnd&) = delete;
    ResetAtEnd& operator=(const ResetAtEnd&) = delete;

private:
    sqlite3_stmt* statement_;
};

/// Created before SQLite opens it, so that it is never readable by others, not even for a moment;
/// SQLite gives its -wal and -shm files the same mode. O_EXCL matters: opening and closing a file
/// that this process has open already would drop SQLite's locks on it.
void create_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
    } else if (errno != EEXIST) {
        throw StorageFailure("cannot create database file " + path + ": " + std::strerror(errno));
    }
}

class SqliteConnection final : public Connection {
public:
    /// `temporary`: nullptr for a database that must last.
    SqliteConnection(const std::string& path, std::shared_ptr<TemporaryFolder> temporary)
        : temporary_(std::move(temporary)) {
        create_private_file(path);
        sqlite3* handle = nullptr;
        const int status = sqlite3_open_v2(
            path.c_str(), &handle,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
        handle_.reset(handle);
        if (status != SQLITE_OK) fail(status, "open " + path);
        sqlite3_busy_timeout(handle, kBusyTimeoutMs);
        // A misspelt "column" in double quotes is an error here as it is on the other database.
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        enter_wal();
        execute_plain(temporary_ == nullptr ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
        execute_plain("PRAGMA foreign_keys=OFF");
        execute_plain("PRAGMA secure_delete=ON");
        execute_plain("PRAGMA temp_store=MEMORY");
        execute_plain("PRAGMA cache_size=-32768");  // KiB
    }

    std::int64_t execute(const Query& query, std::span<const Parameter> values) override {
        check_alive();
        sqlite3_stmt* statement = prepared(query);
        const ResetAtEnd reset(statement);
        bind(query, statement, values);
        int status = sqlite3_step(statement);
        while (status == SQLITE_ROW) status = sqlite3_step(statement);
        if (status != SQLITE_DONE) fail(status, query.name);
        // sqlite3_changes() keeps the count of an earlier statement when this one only reads.
        return sqlite3_stmt_readonly(statement) != 0 ? 0 : sqlite3_changes64(handle_.get());
    }

    std::vector<Row> select(const Query& query, std::span<const Parameter> values) override {
        check_alive();
        sqlite3_stmt* statement = prepared(query);
        const ResetAtEnd reset(statement);
        bind(query, statement, values);
        const int columns = sqlite3_column_count(statement);
        std::vector<Row> rows;
        int status = SQLITE_ROW;
        while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
            std::vector<Value> row;
            row.reserve(static_cast<std::size_t>(columns));
            for (int i = 0; i < columns; ++i) row.push_back(column(query, statement, i));
            rows.emplace_back(std::move(row));
        }
        if (status != SQLITE_DONE) fail(status, query.name);
        return rows;
    }

    void execute_script(std::string_view script) override {
        check_alive();
        const std::string text(script);
        execute_plain(text.c_str());
    }

    void prepare(const Query& query) override { prepared(query); }

    void begin() override {
        PDX_CHECK(state_ == State::kNone);
        execute_plain("BEGIN IMMEDIATE");
        state_ = State::kTransaction;
    }

    void commit() override {
        PDX_CHECK(state_ == State::kTransaction);
        check_alive();
        state_ = State::kNone;
        const int status = sqlite3_exec(handle_.get(), "COMMIT", nullptr, nullptr, nullptr);
        if (status == SQLITE_OK) return;
        const std::string message = describe(status, "COMMIT");
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        // After a failed fsync the frames may have reached the disk or not: nobody can say.
        if ((status & 0xFF) == SQLITE_IOERR) throw CommitUnknown(message);
        if ((status & 0xFF) == SQLITE_BUSY) throw database_busy(message);
        throw StorageFailure(message);
    }

    void rollback() override {
        state_ = State::kNone;
        if (!ended_by_itself()) execute_plain("ROLLBACK");
    }

    void savepoint() override {
        PDX_CHECK(state_ == State::kTransaction);
        check_alive();
        execute_plain("SAVEPOINT command");
        state_ = State::kSavepoint;
    }

    void release_savepoint() override {
        PDX_CHECK(state_ == State::kSavepoint);
        check_alive();
        execute_plain("RELEASE command");
        state_ = State::kTransaction;
    }

    void rollback_to_savepoint() override {
        PDX_CHECK(state_ == State::kSavepoint);
        check_alive();
        execute_plain("ROLLBACK TO command");
        execute_plain("RELEASE command");
        state_ = State::kTransaction;
    }

    /// A checkpoint syncs the log before it copies from it, and the database after. The log's sync
    /// alone would not do: after one that failed the next may succeed without the lost pages. What
    /// a reader's snapshot holds back was committed while it read, and synced by that commit.
    void make_durable() override {
        PDX_CHECK(state_ == State::kNone);
        const int status = while_busy([&] {
            return sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
        });
        if (status != SQLITE_OK) fail(status, "checkpoint");
    }

    bool scrub() override {
        PDX_CHECK(state_ == State::kNone);
        // While it waits for readers no one else can write, so it does not wait.
        sqlite3_busy_timeout(handle_.get(), 0);
        const int status = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr,
                                                     SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        sqlite3_busy_timeout(handle_.get(), kBusyTimeoutMs);
        if ((status & 0xFF) == SQLITE_BUSY || (status & 0xFF) == SQLITE_LOCKED) return false;
        if (status != SQLITE_OK) fail(status, "wal_checkpoint");
        return true;
    }

    std::string_view dialect() const override { return "sqlite"; }

private:
    /// For what SQLite gives up at once where two processes want it, whatever the busy timeout is.
    template <class Action>
    static int while_busy(const Action& action) {
        using std::chrono::steady_clock;
        const auto deadline = steady_clock::now() + std::chrono::milliseconds(kBusyTimeoutMs);
        int status = action();
        while ((status & 0xFF) == SQLITE_BUSY && steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            status = action();
        }
        return status;
    }

    /// The first change of a new file to WAL needs it alone.
    void enter_wal() {
        const int status = while_busy([&] {
            return sqlite3_exec(handle_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr,
                                nullptr);
        });
        if (status != SQLITE_OK) fail(status, "PRAGMA journal_mode");
    }

    enum class State { kNone, kTransaction, kSavepoint };

    /// SQLite rolls the whole transaction back by itself when the disk is full or fails.
    bool ended_by_itself() const { return sqlite3_get_autocommit(handle_.get()) != 0; }

    void check_alive() const {
        if (state_ != State::kNone && ended_by_itself()) {
            throw StorageFailure("sqlite: the transaction was rolled back by the database");
        }
    }

    std::string describe(int status, std::string_view what) const {
        return "sqlite: " + std::string(what) + ": " + sqlite3_errstr(status) + " (" +
               std::to_string(status) + "): " + sqlite3_errmsg(handle_.get());
    }

    [[noreturn]] void fail(int status, std::string_view what) const {
        const std::string message = describe(status, what);
        switch (status) {
            case SQLITE_CONSTRAINT_UNIQUE:
            case SQLITE_CONSTRAINT_PRIMARYKEY:
            case SQLITE_CONSTRAINT_ROWID: throw duplicate_key(message);
            default: break;
        }
        const int primary = status & 0xFF;
        if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) throw database_busy(message);
        throw StorageFailure(message);
    }

    void execute_plain(const char* text) {
        const int status = sqlite3_exec(handle_.get(), text, nullptr, nullptr, nullptr);
        if (status != SQLITE_OK) fail(status, std::string_view(text).substr(0, 60));
    }

    sqlite3_stmt* prepared(const Query& query) {
        const auto found = statements_.find(query.text);
        if (found != statements_.end()) return found->second.get();
        sqlite3_stmt* statement = nullptr;
        const char* rest = nullptr;
        const int status = sqlite3_prepare_v3(handle_.get(), query.text.data(),
                                              static_cast<int>(query.text.size()),
                                              SQLITE_PREPARE_PERSISTENT, &statement, &rest);
        Statement owner(statement);
        if (status != SQLITE_OK) fail(status, query.name);
        PDX_CHECK(statement != nullptr);
        // A second statement would be ignored without a word.
        PDX_CHECK(rest == query.text.data() + query.text.size());
        statements_.emplace(std::string(query.text), std::move(owner));
        return statement;
    }

    /// The values outlive the step, so SQLite need not copy them.
    void bind(const Query& query, sqlite3_stmt* statement, std::span<const Parameter> values) {
        PDX_CHECK(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) ==
                  values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const int at = static_cast<int>(i) + 1;
            const int status = std::visit(
                [&](const auto& value) {
                    using T = std::decay_t<decltype(value)>;
                    if constexpr (std::is_same_v<T, std::nullptr_t>) {
                        return sqlite3_bind_null(statement, at);
                    } else if constexpr (std::is_same_v<T, std::int64_t>) {
                        return sqlite3_bind_int64(statement, at, value);
                    } else if constexpr (std::is_same_v<T, std::string_view>) {
                        // A null pointer would bind NULL, and what is empty may have one.
                        return sqlite3_bind_text64(statement, at, value.empty() ? "" : value.data(),
                                                   value.size(), SQLITE_STATIC, SQLITE_UTF8);
                    } else {
                        return value.empty() ? sqlite3_bind_zeroblob(statement, at, 0)
                                             : sqlite3_bind_blob64(statement, at, value.data(),
                                                                   value.size(), SQLITE_STATIC);
                    }
                },
                values[i]);
            if (status != SQLITE_OK) fail(status, query.name);
        }
    }

    static Value column(const Query& query, sqlite3_stmt* statement, int at) {
        switch (sqlite3_column_type(statement, at)) {
            case SQLITE_NULL: return nullptr;
            case SQLITE_INTEGER:
                return static_cast<std::int64_t>(sqlite3_column_int64(statement, at));
            case SQLITE_TEXT: {
                const auto* text =
                    reinterpret_cast<const char*>(sqlite3_column_text(statement, at));
                const int size = sqlite3_column_bytes(statement, at);
                return std::string(text, static_cast<std::size_t>(size));
            }
            case SQLITE_BLOB: {
                const auto* data =
                    static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, at));
                const int size = sqlite3_column_bytes(statement, at);
                return data == nullptr ? Bytes{} : Bytes(data, data + size);
            }
            default:
                throw InvariantViolation(std::string(query.name) +
                                         ": a floating point number, which no column holds");
        }
    }

    std::shared_ptr<TemporaryFolder> temporary_;  // goes after the handle
    Handle handle_;
    std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
    State state_ = State::kNone;
};

class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(std::string path) : path_(std::move(path)) {
        if (path_ != ":memory:") return;
        temporary_ = std::make_shared<TemporaryFolder>();
        path_ = temporary_->file();
    }
    std::unique_ptr<Connection> open() override {
        return std::make_unique<SqliteConnection>(path_, temporary_);
    }
    std::string_view dialect() const override { return "sqlite"; }

private:
    std::string path_;
    std::shared_ptr<TemporaryFolder> temporary_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(std::string path) {
    return std::make_unique<SqliteDatabase>(std::move(path));
}

}  // namespace pdx::sql
