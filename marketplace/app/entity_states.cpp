#include "marketplace/app/entity_states.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "ledger/store/log_store.h"
#include "marketplace/store/relation_store.h"

namespace pdx::app {
namespace {

void collect(ledger::LogStore& log, const EntityName& name, std::uint64_t at,
             std::map<std::uint64_t, ledger::Entry>& entries) {
    ledger::EntryFilter filter;
    filter.entity_type = name.first;
    filter.entity_id = name.second;
    log.visit(filter, [&](const ledger::StoredEntry& stored) {
        if (stored.index > at) return false;
        entries.emplace(stored.index, stored.parsed.entry);
        if (entries.size() > kHistoryEntriesMax) {
            throw invalid("entity.too_long",
                          {"This history is too long for one answer. Replay the downloaded ledger: "
                           "pdx audit state.",
                           "该对象的记录过多，请下载账本后使用 pdx audit state 查询。"});
        }
        return true;
    });
}

}  // namespace

EntityAsOf EntityStates::find(std::string_view type, const std::string& id,
                              std::optional<std::uint64_t> at) {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    const auto head = log.head();
    EntityAsOf result;
    result.tree_size = head ? head->size : 0;
    if (at && *at >= result.tree_size) {
        throw invalid("entity.index",
                      {"The ledger has " + std::to_string(result.tree_size) + " entries only.",
                       "账本目前只有 " + std::to_string(result.tree_size) + " 条记录。"},
                      {.pointer = "at"});
    }
    if (result.tree_size == 0) throw not_found("entity");
    result.at = at.value_or(result.tree_size - 1);
    std::map<std::uint64_t, ledger::Entry> entries;
    for (const EntityName& name : store::family_of(*lease, type, id)) {
        collect(log, name, result.at, entries);
    }
    Replay replay;
    for (const auto& [index, entry] : entries) {
        replay.apply(index, entry);
        result.entries.push_back(index);
    }
    const auto found = replay.state().find({std::string(type), id});
    if (found == replay.state().end()) throw not_found("entity");
    result.entity = found->second;
    return result;
}

}  // namespace pdx::app
