#include "marketplace/app/ledger_service.h"

#include <utility>

#include "base/error.h"
#include "ledger/proof.h"

namespace pdx::app {

Receipt LedgerService::receipt(std::uint64_t index) {
    auto lease = context_.reads.borrow();
    const std::string& origin = context_.log_origin;
    if (context_.witnesses == nullptr) return read_receipt(*lease, origin, index);
    const auto checkpoint = ledger::LogStore(*lease, origin).checkpoint_covering(index);
    if (!checkpoint) throw not_found("receipt");
    return receipt_under(*lease, index,
                         with_cosignatures(*lease, origin, *context_.witnesses, *checkpoint));
}

Receipt LedgerService::witnessed_receipt(std::uint64_t index) {
    auto lease = context_.reads.borrow();
    const auto head = ledger::LogStore(*lease, context_.log_origin).head();
    if (!head || index >= head->size) throw not_found("receipt");
    const auto checkpoint =
        context_.witnesses == nullptr
            ? std::nullopt
            : witnessed_covering(*lease, context_.log_origin, *context_.witnesses, index);
    if (!checkpoint) {
        throw Error(ErrorKind::kNotFound, "receipt.not_witnessed",
                    {"Not enough witnesses have seen this entry yet. Ask again later, or without "
                     "witnessed=true.",
                     "见证方数量尚未达到要求，请稍后再试，或去掉 witnessed=true。"});
    }
    return receipt_under(*lease, index, *checkpoint);
}

Receipt LedgerService::receipt_under(sql::Connection& db, std::uint64_t index,
                                     const WitnessedCheckpoint& checkpoint) {
    const auto entry = ledger::LogStore(db, context_.log_origin).entry(index);
    if (!entry) throw not_found("receipt");
    ledger::SqlTileReader tiles(db, context_.log_origin);
    const ledger::Proof proof = ledger::inclusion_proof(tiles, index, checkpoint.size);
    return {index, checkpoint.size,
            ledger::format_receipt(entry->bytes, index, proof, checkpoint.note),
            checkpoint.witnessed};
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
