#pragma once
/// The last look at an entry before it is appended: its kind is in the table, its body is of the
/// kind's schema, and no string of it holds what identifies a person. It fails closed, because what
/// is in the ledger cannot be taken out again.
#include <string>
#include <string_view>
#include <vector>

#include "ledger/entry.h"
#include "ledger/entry_schema.h"

namespace pdx::app {

/// True when the text holds a number of a person: a resident ID or another document, a mobile
/// number, a bank card, a vehicle; alone, between other characters, and if it begins with a digit
/// also glued to letters. For strings of an open format (ledger/entry_schema.h), which are ASCII:
/// no e-mail address, plate or Chinese name can be written in one. A name in Latin letters is not
/// found, because nothing tells it from the name of a column.
bool holds_personal_number(std::string_view text);

/// Thread: not shared.
class EntryGuard {
public:
    /// `kinds` outlives this.
    explicit EntryGuard(const ledger::KindTable& kinds) : kinds_(&kinds) {}

    /// Requires: the body is canonical.
    /// Throws: InvariantViolation that names the kind and the member, never a value.
    void check(const ledger::Entry& entry);

private:
    const ledger::KindTable* kinds_;
    std::vector<ledger::OpenString> open_;  ///< kept for its memory
    std::string clean_rule_;                ///< of the last entry that passed; most have the same
};

}  // namespace pdx::app
