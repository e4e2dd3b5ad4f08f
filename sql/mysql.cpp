#include "sql/mysql.h"

#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/parameter_metadata.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <charconv>
#include <functional>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "sql/failure.h"
#include "sql/script.h"
#include "sql/text_hash.h"

namespace pdx::sql {
namespace {

constexpr int kConnectTimeoutSeconds = 5;
/// A node that froze must not hold the writer for ever; no statement of ours takes so long.
constexpr int kReadTimeoutSeconds = 60;

enum class Failure { kDuplicate, kRolledBack, kLost, kOther };

/// What the server's or the client library's code means for the transaction.
Failure classify(int code) {
    switch (code) {
        case 1062:                               // ER_DUP_ENTRY
        case 1586: return Failure::kDuplicate;   // ER_DUP_ENTRY_WITH_KEY_NAME
        case 1205:                               // ER_LOCK_WAIT_TIMEOUT
        case 1213: return Failure::kRolledBack;  // ER_LOCK_DEADLOCK, Galera's conflicts included
        case 1040:                               // ER_CON_COUNT_ERROR
        case 1047:                               // ER_UNKNOWN_COM_ERROR: a node that is not ready
        case 1053:                               // ER_SERVER_SHUTDOWN
        case 1203:                               // ER_TOO_MANY_USER_CONNECTIONS
        case 1317:                               // ER_QUERY_INTERRUPTED
        case 1927:                               // ER_CONNECTION_KILLED
        case 4031:                               // ER_CLIENT_INTERACTION_TIMEOUT
        case 2002:                               // CR_CONNECTION_ERROR
        case 2003:                               // CR_CONN_HOST_ERROR
        case 2006:                               // CR_SERVER_GONE_ERROR
        case 2013:                               // CR_SERVER_LOST
        case 2055: return Failure::kLost;        // CR_SERVER_LOST_EXTENDED
        default: return Failure::kOther;
    }
}

/// The server's text is left out for a duplicate: it quotes the value, which may be personal.
std::string describe(std::string_view what, const ::sql::SQLException& error) {
    std::string text =
        "mysql: " + std::string(what) + ": error " + std::to_string(error.getErrorCode());
    if (classify(error.getErrorCode()) != Failure::kDuplicate) {
        text += std::string(": ") + error.what();
    }
    return text;
}

[[noreturn]] void rethrow(std::string_view what, const ::sql::SQLException& error) {
    const std::string text = describe(what, error);
    switch (classify(error.getErrorCode())) {
        case Failure::kDuplicate: throw duplicate_key(text);
        case Failure::kRolledBack:
        case Failure::kLost: throw database_busy(text);
        case Failure::kOther: break;
    }
    throw StorageFailure(text);
}

using Session = std::unique_ptr<::sql::Connection>;

void run_plain(::sql::Connection& session, const std::string& text) {
    const std::unique_ptr<::sql::Statement> statement(session.createStatement());
    statement->execute(text);
}

std::string read_one(::sql::Connection& session, const std::string& text) {
    const std::unique_ptr<::sql::Statement> statement(session.createStatement());
    const std::unique_ptr<::sql::ResultSet> result(statement->executeQuery(text));
    return result->next() ? std::string(result->getString(1)) : std::string();
}

Session connect(const MysqlAddress& address, const std::string& database) {
    ::sql::ConnectOptionsMap options;
    options["hostName"] = ::sql::SQLString(address.socket.empty() ? "tcp://" + address.host
                                                                  : "unix://" + address.socket);
    if (address.socket.empty()) options["port"] = static_cast<int>(address.port);
    options["userName"] = ::sql::SQLString(address.user);
    options["password"] = ::sql::SQLString(address.password);
    if (!database.empty()) options["schema"] = ::sql::SQLString(database);
    options["OPT_CHARSET_NAME"] = ::sql::SQLString("utf8mb4");
    options["OPT_CONNECT_TIMEOUT"] = kConnectTimeoutSeconds;
    options["OPT_READ_TIMEOUT"] = kReadTimeoutSeconds;
    options["OPT_WRITE_TIMEOUT"] = kReadTimeoutSeconds;
    options["CLIENT_FOUND_ROWS"] = true;  // an UPDATE counts rows matched, as on SQLite
    // The driver object is created on first use, which the library does not guard.
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    return Session(::sql::mysql::get_driver_instance()->connect(options));
}

/// Trailing spaces and case must tell texts apart, as they do on SQLite.
void create_database(const MysqlAddress& address) {
    const Session session = connect(address, "");
    const bool maria = read_one(*session, "SELECT VERSION()").find("MariaDB") != std::string::npos;
    run_plain(*session, "CREATE DATABASE IF NOT EXISTS `" + address.database +
                            "` CHARACTER SET utf8mb4 COLLATE " +
                            (maria ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin"));
}

void prepare_session(::sql::Connection& session) {
    // Ours are portable statements: quotes, || and backslashes mean here what they mean on SQLite,
    // and a value that does not fit is an error, not a truncated value.
    run_plain(session,
              "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,"
              "NO_BACKSLASH_ESCAPES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,"
              "ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY', autocommit = 1,"
              " default_storage_engine = InnoDB, innodb_lock_wait_timeout = 5");
    run_plain(session, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    const std::string collation = read_one(session, "SELECT @@collation_database");
    if (!collation.starts_with("utf8mb4") || !collation.ends_with("_bin")) {
        throw invalid("database.collation",
                      {"The database compares text by " + collation +
                           "; create it with CHARACTER SET utf8mb4 COLLATE utf8mb4_bin.",
                       "数据库的排序规则为 " + collation +
                           "，请以 CHARACTER SET utf8mb4 COLLATE utf8mb4_bin 建库。"});
    }
}

Session open_session(const MysqlAddress& address) {
    constexpr int kUnknownDatabase = 1049;
    try {
        Session session;
        try {
            session = connect(address, address.database);
        } catch (const ::sql::SQLException& error) {
            if (error.getErrorCode() != kUnknownDatabase) throw;
            create_database(address);
            session = connect(address, address.database);
        }
        prepare_session(*session);
        return session;
    } catch (const ::sql::SQLException& error) {
        rethrow("connect", error);
    }
}

/// SUM and the like are DECIMAL here and integers on SQLite.
std::int64_t parse_decimal(const Query& query, std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw InvariantViolation(std::string(query.name) + ": a number that is no 64-bit integer");
    }
    return value;
}

Value column(const Query& query, ::sql::ResultSet& result, ::sql::ResultSetMetaData& types,
             std::uint32_t at) {
    using ::sql::DataType;
    if (result.isNull(at)) return nullptr;
    switch (types.getColumnType(at)) {
        case DataType::TINYINT:
        case DataType::SMALLINT:
        case DataType::MEDIUMINT:
        case DataType::INTEGER:
        case DataType::BIGINT:
            if (types.isSigned(at)) return static_cast<std::int64_t>(result.getInt64(at));
            return to_integer(result.getUInt64(at));
        case DataType::DECIMAL:
        case DataType::NUMERIC: return parse_decimal(query, std::string(result.getString(at)));
        case DataType::CHAR:
        case DataType::VARCHAR:
        case DataType::LONGVARCHAR: return std::string(result.getString(at));
        case DataType::BINARY:
        case DataType::VARBINARY:
        case DataType::LONGVARBINARY: {
            const std::string bytes = result.getString(at);
            return Bytes(bytes.begin(), bytes.end());
        }
        default:
            throw InvariantViolation(std::string(query.name) + ": a type of no column of ours");
    }
}

class MysqlConnection final : public Connection {
public:
    explicit MysqlConnection(MysqlAddress address)
        : address_(std::move(address)),
          session_(open_session(address_)) {}

    std::int64_t execute(const Query& query, std::span<const Parameter> values) override {
        return guarded(query.name, [&] {
            ::sql::PreparedStatement& statement = prepared(query);
            bind(statement, values);
            return static_cast<std::int64_t>(statement.executeUpdate());
        });
    }

    std::vector<Row> select(const Query& query, std::span<const Parameter> values) override {
        return guarded(query.name, [&] {
            ::sql::PreparedStatement& statement = prepared(query);
            bind(statement, values);
            const std::unique_ptr<::sql::ResultSet> result(statement.executeQuery());
            ::sql::ResultSetMetaData& types = *result->getMetaData();
            const std::uint32_t columns = types.getColumnCount();
            std::vector<Row> rows;
            while (result->next()) {
                std::vector<Value> row;
                row.reserve(columns);
                for (std::uint32_t i = 1; i <= columns; ++i) {
                    row.push_back(column(query, *result, types, i));
                }
                rows.emplace_back(std::move(row));
            }
            return rows;
        });
    }

    void execute_script(std::string_view script) override {
        for (const std::string& text : split_script(script)) plain(text);
    }

    void prepare(const Query& query) override {
        guarded(query.name, [&] { prepared(query); });
    }

    void begin() override {
        PDX_CHECK(state_ == State::kNone);
        plain("START TRANSACTION");
        state_ = State::kTransaction;
    }

    /// Only a deadlock is known to have rolled back. Whatever else goes wrong here may have
    /// happened after the server made the transaction durable.
    void commit() override {
        PDX_CHECK(state_ == State::kTransaction);
        check_alive();
        state_ = State::kNone;
        constexpr int kDeadlock = 1213;
        try {
            run_plain(*session_, "COMMIT");
        } catch (const ::sql::SQLException& error) {
            const std::string text = describe("COMMIT", error);
            disconnect();
            if (error.getErrorCode() == kDeadlock) throw database_busy(text);
            throw CommitUnknown(text);
        }
    }

    void rollback() override {
        state_ = State::kNone;
        ended_ = false;
        if (session_ == nullptr) return;
        try {
            run_plain(*session_, "ROLLBACK");
        } catch (const ::sql::SQLException&) {
            disconnect();  // the server rolls back what its client leaves behind
        }
    }

    void savepoint() override {
        PDX_CHECK(state_ == State::kTransaction);
        plain("SAVEPOINT command");
        state_ = State::kSavepoint;
    }

    void release_savepoint() override {
        PDX_CHECK(state_ == State::kSavepoint);
        plain("RELEASE SAVEPOINT command");
        state_ = State::kTransaction;
    }

    void rollback_to_savepoint() override {
        PDX_CHECK(state_ == State::kSavepoint);
        plain("ROLLBACK TO SAVEPOINT command");
        plain("RELEASE SAVEPOINT command");
        state_ = State::kTransaction;
    }

    /// The server syncs what it recovers before it serves.
    void make_durable() override { PDX_CHECK(state_ == State::kNone); }
    bool scrub() override {
        PDX_CHECK(state_ == State::kNone);
        return true;
    }

    std::string_view dialect() const override { return "mysql"; }

private:
    enum class State { kNone, kTransaction, kSavepoint };

    void check_alive() const {
        if (ended_) throw database_busy("mysql: the transaction was ended by the database");
    }

    /// Statements go before the session they belong to.
    void disconnect() {
        statements_.clear();
        session_.reset();
    }

    void ensure_connected() {
        check_alive();
        if (session_ == nullptr) session_ = open_session(address_);
    }

    /// Runs the action; translates its failure and remembers what it did to the transaction.
    template <class Action>
    std::invoke_result_t<Action> guarded(std::string_view what, const Action& action) {
        ensure_connected();
        try {
            return action();
        } catch (const ::sql::SQLException& error) {
            const Failure failure = classify(error.getErrorCode());
            if (failure == Failure::kRolledBack || failure == Failure::kLost) {
                ended_ = state_ != State::kNone;
            }
            if (failure == Failure::kLost) disconnect();
            rethrow(what, error);
        }
    }

    void plain(const std::string& text) {
        guarded(std::string_view(text).substr(0, 60), [&] { run_plain(*session_, text); });
    }

    ::sql::PreparedStatement& prepared(const Query& query) {
        const auto found = statements_.find(query.text);
        if (found != statements_.end()) return *found->second;
        std::unique_ptr<::sql::PreparedStatement> statement(
            session_->prepareStatement(::sql::SQLString(query.text.data(), query.text.size())));
        const auto added = statements_.emplace(std::string(query.text), std::move(statement));
        return *added.first->second;
    }

    /// Bytes go as a string too: the server copies a string into a binary column as it is (tested
    /// with all byte values), and a stream would cost a packet more for each value.
    /// A statement keeps what was bound before, so a value too few must not pass.
    static void bind(::sql::PreparedStatement& statement, std::span<const Parameter> values) {
        PDX_CHECK(static_cast<std::size_t>(statement.getParameterMetaData()->getParameterCount()) ==
                  values.size());
        std::uint32_t at = 0;
        for (const Parameter& value : values) {
            ++at;
            std::visit(
                [&](const auto& bound) {
                    using T = std::decay_t<decltype(bound)>;
                    if constexpr (std::is_same_v<T, std::nullptr_t>) {
                        statement.setNull(at, ::sql::DataType::SQLNULL);
                    } else if constexpr (std::is_same_v<T, std::int64_t>) {
                        statement.setInt64(at, bound);
                    } else if constexpr (std::is_same_v<T, std::string_view>) {
                        statement.setString(at, ::sql::SQLString(bound.data(), bound.size()));
                    } else {
                        const std::string_view text = as_text(bound);
                        statement.setString(at, ::sql::SQLString(text.data(), text.size()));
                    }
                },
                value);
        }
    }

    MysqlAddress address_;
    Session session_;
    std::unordered_map<std::string, std::unique_ptr<::sql::PreparedStatement>, TextHash,
                       std::equal_to<>>
        statements_;
    State state_ = State::kNone;
    bool ended_ = false;
};

class MysqlDatabase final : public Database {
public:
    explicit MysqlDatabase(MysqlAddress address) : address_(std::move(address)) {}
    std::unique_ptr<Connection> open() override {
        return std::make_unique<MysqlConnection>(address_);
    }
    std::string_view dialect() const override { return "mysql"; }

private:
    MysqlAddress address_;
};

}  // namespace

std::unique_ptr<Database> open_mysql(MysqlAddress address) {
    return std::make_unique<MysqlDatabase>(std::move(address));
}

}  // namespace pdx::sql
