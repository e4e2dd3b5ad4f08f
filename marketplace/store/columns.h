#pragma once
/// Columns that hold a domain value as text. What does not parse was not written by this program,
/// or by another version of it: a bug, not a refusal.
#include <cstddef>
#include <optional>
#include <string>

#include "base/check.h"
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/machine.h"
#include "sql/sql.h"

namespace pdx::store {

template <class Tag>
Id<Tag> id_at(const sql::Row& row, std::size_t column) {
    const auto id = Id<Tag>::parse(row.text(column));
    PDX_CHECK(id.has_value());
    return *id;
}

template <class Tag>
std::optional<Id<Tag>> optional_id_at(const sql::Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(id_at<Tag>(row, column));
}

/// A state or another enumerator by its stable name.
template <domain::Named Enum>
Enum name_at(const sql::Row& row, std::size_t column) {
    const auto value = domain::parse<Enum>(row.text(column));
    PDX_CHECK(value.has_value());
    return *value;
}

inline Date date_at(const sql::Row& row, std::size_t column) {
    const auto date = Date::parse(row.text(column));
    PDX_CHECK(date.has_value());
    return *date;
}

inline std::optional<Date> optional_date_at(const sql::Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    const auto date = Date::parse(row.text(column));
    PDX_CHECK(date.has_value());
    return date;
}

inline std::optional<std::string> optional_text_at(const sql::Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

inline std::optional<std::string> iso(const std::optional<Date>& date) {
    return date ? std::optional(date->iso()) : std::nullopt;
}

}  // namespace pdx::store
