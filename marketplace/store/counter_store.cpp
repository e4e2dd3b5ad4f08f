#include "marketplace/store/counter_store.h"

#include <array>

namespace pdx::store {
namespace {

constexpr sql::Query kFind{"counter.find",
                           "SELECT last_number FROM serial_number WHERE series = ?"};
constexpr sql::Query kInsert{"counter.insert",
                             "INSERT INTO serial_number (series, last_number) VALUES (?, 1)"};
constexpr sql::Query kAdvance{
    "counter.advance", "UPDATE serial_number SET last_number = last_number + 1 WHERE series = ?"};
constexpr std::array kQueries{kFind, kInsert, kAdvance};

}  // namespace

std::int64_t next_number(sql::Connection& db, std::string_view series) {
    if (db.run(kAdvance, series) == 0) db.run(kInsert, series);
    return db.one(kFind, series)->integer(0);
}

std::span<const sql::Query> counter_queries() { return kQueries; }

}  // namespace pdx::store
