#pragma once
/// The databases that a contract test runs on: a fresh one of each kind.
#include <memory>
#include <string>
#include <vector>

#include "sql/sql.h"
#include "tests/support/mariadb.h"
#include "tests/support/tool.h"

namespace pdx::test {

struct Kind {
    std::string name;
    std::unique_ptr<sql::Database> (*fresh)();
};

inline std::vector<Kind> database_kinds() {
    std::vector<Kind> kinds{{"sqlite", [] { return sql::open_database("sqlite::memory:"); }}};
    if (!is_left_out("mariadb")) {
        kinds.push_back({"mysql", [] { return sql::open_database(MariaDb::shared().new_url()); }});
    }
    return kinds;
}

}  // namespace pdx::test
