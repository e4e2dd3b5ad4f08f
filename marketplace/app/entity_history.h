#pragma once
/// The history of one entity with its chain checked: each entry names the entity's entry before it
/// (ledger/chain.h), so that an omission shows.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ledger/chain.h"
#include "ledger/entry.h"
#include "ledger/store/log_store.h"

namespace pdx::app {

/// Why a link does not hold. `code` is stable API.
struct LinkFault {
    std::string_view code;
    Text text;
};

struct HistoryItem {
    ledger::StoredEntry stored;
    std::optional<ledger::PreviousEntry> prev;  ///< as the entry says
    std::optional<LinkFault> fault;             ///< absent: the link holds
};

/// Where a history goes on.
struct HistoryPlace {
    std::uint64_t from = 0;                       ///< index
    std::optional<ledger::PreviousEntry> before;  ///< the entity's last entry before it

    /// Shape: "<from>", or "<from> <index> <leaf in hex>".
    std::string text() const;
    static std::optional<HistoryPlace> parse(std::string_view text);
};

struct EntityHistory {
    std::vector<HistoryItem> items;    ///< oldest first
    std::optional<HistoryPlace> next;  ///< absent: that was all
};

/// `entries`: all that are about one entity from some place on, ascending; `before`: the one before
/// them. After a link that does not hold the next is checked against the entry that is there.
std::vector<HistoryItem> check_links(std::vector<ledger::StoredEntry> entries,
                                     std::optional<ledger::PreviousEntry> before);

}  // namespace pdx::app
