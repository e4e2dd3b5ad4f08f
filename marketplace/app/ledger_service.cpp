#include "marketplace/app/ledger_service.h"

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

std::vector<ledger::StoredEntry> LedgerService::latest(std::int64_t limit) {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    const auto head = log.head();
    return log.latest(head ? head->size : 0, limit);
}

}  // namespace pdx::app
