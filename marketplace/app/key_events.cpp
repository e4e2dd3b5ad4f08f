#include "marketplace/app/key_events.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "ledger/entry.h"
#include "ledger/note.h"
#include "ledger/store/log_store.h"

namespace pdx::app {
namespace {

struct IndexedEvent {
    std::uint64_t index = 0;
    ledger::KeyEvent event;
};

void read_kind(ledger::LogStore& log, std::string_view kind, std::vector<IndexedEvent>& events) {
    ledger::EntryFilter filter;
    filter.kind = kind;
    log.visit(filter, [&](const ledger::StoredEntry& stored) {
        const auto& [reading, entry, fault] = stored.parsed;
        const auto event = reading == ledger::EntryReading::kRead
                               ? ledger::KeyEvent::parse(entry.kind, entry.body)
                               : std::nullopt;
        if (!event) throw LedgerViolation("an entry that names a key cannot be read");
        events.push_back({stored.index, *event});
        return true;
    });
}

}  // namespace

std::optional<ledger::KeyHistory> read_key_history(sql::Connection& db, const std::string& origin) {
    ledger::LogStore log(db, origin);
    std::vector<IndexedEvent> found;
    read_kind(log, ledger::kKeyAddedKind, found);
    read_kind(log, ledger::kKeyRetiredKind, found);
    if (found.empty()) return std::nullopt;
    std::sort(found.begin(), found.end(),
              [](const IndexedEvent& a, const IndexedEvent& b) { return a.index < b.index; });
    std::vector<ledger::KeyEvent> events;
    events.reserve(found.size());
    for (IndexedEvent& one : found) events.push_back(std::move(one.event));
    auto history = ledger::KeyHistory::replay(events);
    if (!history)
        throw LedgerViolation("the entries that name the log's keys contradict each other");
    return history;
}

Outcome record_key_event(Writer& writer, const ledger::KeyEvent& event) {
    const auto key = ledger::NoteVerifier::parse(event.key);
    PDX_CHECK(key.has_value());
    return writer.submit({system_caller(), std::nullopt, [&](Transaction& transaction) {
                              transaction.record({std::string(event.kind_name()),
                                                  std::string(ledger::kKeyEntityType),
                                                  ledger::format_key_id(key->key_id()), "",
                                                  event.body()});
                              return std::string("{}");
                          }});
}

}  // namespace pdx::app
