#include "marketplace/app/ledger_service.h"

namespace pdx::app {

Receipt LedgerService::receipt(std::uint64_t index) {
    auto lease = context_.reads.borrow();
    return read_receipt(*lease, context_.log_origin, index);
}

std::vector<ledger::StoredEntry> LedgerService::entries(const ledger::EntryFilter& filter,
                                                        std::uint64_t begin, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    const bool filtered =
        !filter.entity_id.empty() || !filter.kind.empty() || !filter.actor.empty();
    return filtered ? log.find(filter, begin, limit) : log.entries(begin, limit);
}

std::vector<ledger::StoredEntry> LedgerService::latest(std::int64_t limit) {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    return log.latest(published_size(*lease), limit);
}

std::optional<std::string> LedgerService::checkpoint() {
    auto lease = context_.reads.borrow();
    const auto latest = ledger::LogStore(*lease, context_.log_origin).latest_checkpoint();
    return latest ? std::optional(latest->note) : std::nullopt;
}

std::optional<Bytes> LedgerService::tile(unsigned level, std::uint64_t index, unsigned width) {
    auto lease = context_.reads.borrow();
    return ledger::SqlTileReader(*lease, context_.log_origin).read_tile(level, index, width);
}

std::optional<Bytes> LedgerService::bundle(std::uint64_t index, unsigned width) {
    auto lease = context_.reads.borrow();
    return ledger::SqlTileReader(*lease, context_.log_origin).read_bundle(index, width);
}

std::uint64_t LedgerService::published_size(sql::Connection& db) {
    const auto head = ledger::LogStore(db, context_.log_origin).head();
    return head ? head->size : 0;
}

}  // namespace pdx::app
