#include "marketplace/app/ledger_service.h"

#include <utility>

namespace pdx::app {

Receipt LedgerService::receipt(std::uint64_t index) {
    auto lease = context_.reads.borrow();
    return read_receipt(*lease, context_.log_origin, index);
}

LedgerPage LedgerService::find(const LedgerQuery& query, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    const auto published = log.latest_checkpoint();
    return find_entries(log, published ? published->size : 0, query, limit);
}

EntityHistory LedgerService::history(const std::string& entity_type, const std::string& entity_id,
                                     const HistoryPlace& place, std::int64_t limit) {
    LedgerQuery query;
    query.entity_type = entity_type;
    query.entity_id = entity_id;
    query.from = place.from;
    LedgerPage page = find(query, limit);
    EntityHistory history;
    history.items = check_links(std::move(page.entries), place.before);
    if (!page.next) return history;
    history.next = HistoryPlace{*page.next, place.before};
    if (!history.items.empty()) {
        const ledger::StoredEntry& last = history.items.back().stored;
        history.next->before = ledger::PreviousEntry{last.index, last.leaf};
    }
    return history;
}

std::vector<ledger::StoredEntry> LedgerService::latest(std::int64_t limit) {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    const auto head = log.head();
    return log.latest(head ? head->size : 0, limit);
}

}  // namespace pdx::app
