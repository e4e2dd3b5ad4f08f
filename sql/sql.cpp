#include "sql/sql.h"

#include <limits>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "sql/failure.h"
#include "sql/mysql.h"
#include "sql/sqlite.h"

namespace pdx::sql {
namespace {

template <class T>
const T& typed(const std::vector<Value>& values, std::size_t column) {
    PDX_CHECK(column < values.size());
    const T* value = std::get_if<T>(&values[column]);
    if (value == nullptr) {
        const std::string text = "column " + std::to_string(column) + " holds another type (" +
                                 std::to_string(values[column].index()) + ")";
        throw InvariantViolation(text);
    }
    return *value;
}

Error bad_url(const char* why_en, const char* why_zh) {
    return invalid("database.url", {std::string("The database address cannot be used: ") + why_en,
                                    std::string("数据库地址无法使用：") + why_zh});
}

}  // namespace

std::int64_t to_integer(std::uint64_t value) {
    PDX_CHECK(value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    return static_cast<std::int64_t>(value);
}

std::int64_t Row::integer(std::size_t column) const { return typed<std::int64_t>(values_, column); }
const std::string& Row::text(std::size_t column) const {
    return typed<std::string>(values_, column);
}
const Bytes& Row::blob(std::size_t column) const { return typed<Bytes>(values_, column); }

Digest Row::digest(std::size_t column) const {
    const auto digest = Digest::from_bytes(blob(column));
    PDX_CHECK(digest.has_value());
    return *digest;
}

bool Row::is_null(std::size_t column) const {
    PDX_CHECK(column < values_.size());
    return std::holds_alternative<std::nullptr_t>(values_[column]);
}

std::optional<Row> Connection::at_most_one(const Query& query, std::vector<Row> rows) {
    if (rows.size() > 1) {
        throw InvariantViolation("more than one row for " + std::string(query.name));
    }
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

Transaction::Transaction(Connection& connection) : connection_(connection) { connection_.begin(); }

Transaction::~Transaction() {
    if (!open_) return;
    try {
        connection_.rollback();
    } catch (...) {  // NOLINT(bugprone-empty-catch): the reason for leaving matters more than this
    }
}

void Transaction::commit() {
    open_ = false;
    connection_.commit();
}

Error duplicate_key(std::string context) {
    return {ErrorKind::kConflict,
            "database.duplicate",
            {"This exists already.", "该记录已存在。"},
            {},
            std::move(context)};
}

Error database_busy(std::string context) {
    return busy("database.busy",
                {"The database is busy or cannot be reached. Try again shortly.",
                 "数据库繁忙或暂时无法连接，请稍后重试。"},
                std::move(context));
}

std::unique_ptr<Database> open_database(std::string_view url) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (url.starts_with("mysql:")) {
        auto address = MysqlAddress::parse(url);
        if (!address) {
            throw bad_url(
                "it must read mysql://USER[:PASSWORD]@HOST[:PORT]/DATABASE"
                "[?socket=PATH], with % escapes for special characters.",
                "格式应为 mysql://用户[:密码]@主机[:端口]/库名[?socket=路径]，"
                "特殊字符用 % 转义。");
        }
        return open_mysql(std::move(*address));
    }
    if (url.starts_with(kSqlite)) {
        url.remove_prefix(kSqlite.size());
    } else if (url.find("://") != std::string_view::npos) {
        throw bad_url("only sqlite: and mysql: are known.", "仅支持 sqlite: 和 mysql:。");
    }
    if (url.empty()) throw bad_url("the path is empty.", "路径为空。");
    if (url.find('\0') != std::string_view::npos) {
        throw bad_url("the path holds a NUL.", "路径包含空字符。");
    }
    return open_sqlite(std::string(url));
}

}  // namespace pdx::sql
