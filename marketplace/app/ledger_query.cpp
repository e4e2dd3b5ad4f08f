#include "marketplace/app/ledger_query.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace pdx::app {
namespace {

using ledger::EntryFilter;
using ledger::LogStore;
using ledger::StoredEntry;

/// Unit: entries read at once where streams meet, and reads of one page.
constexpr std::int64_t kBatch = 128;
constexpr int kReadsMax = 64;

/// The entries that one criterion gives, ascending, with skipping.
class Stream {
public:
    Stream(LogStore& log, EntryFilter filter, std::int64_t batch)
        : log_(log),
          filter_(std::move(filter)),
          batch_(batch) {}

    /// The first entry at this index or after it; null when there is none.
    /// Requires: indexes ascend from call to call.
    StoredEntry* seek(std::uint64_t index, int& reads) {
        while (at_ < read_.size() && read_[at_].index < index) ++at_;
        if (at_ == read_.size() && !is_read_) {
            ++reads;
            read_ = log_.find(filter_, index, batch_);
            at_ = 0;
            is_read_ = static_cast<std::int64_t>(read_.size()) < batch_;
        }
        return at_ < read_.size() ? &read_[at_] : nullptr;
    }

private:
    LogStore& log_;
    EntryFilter filter_;
    std::int64_t batch_;
    std::vector<StoredEntry> read_;
    std::size_t at_ = 0;
    bool is_read_ = false;
};

std::vector<EntryFilter> criteria(const LedgerQuery& query) {
    std::vector<EntryFilter> filters;
    if (!query.entity_id.empty()) {
        filters.push_back({.entity_type = query.entity_type, .entity_id = query.entity_id});
    }
    if (!query.kind.empty()) filters.push_back({.kind = query.kind});
    if (!query.actor.empty()) filters.push_back({.actor = query.actor});
    if (!query.mentions.empty()) filters.push_back({.mentions = query.mentions});
    // None: the log itself.
    if (filters.empty()) filters.emplace_back();
    return filters;
}

/// Moves all streams to the next index where they meet. Returns: the entry; null when they never
/// meet again or too much was read, with `at` where to go on.
StoredEntry* meet(std::vector<Stream>& streams, std::uint64_t& at, std::uint64_t end, int& reads) {
    while (at < end && reads < kReadsMax) {
        StoredEntry* last = nullptr;
        bool together = true;
        for (Stream& stream : streams) {
            last = stream.seek(at, reads);
            if (last == nullptr) {
                at = end;
                return nullptr;
            }
            if (last->index == at) continue;
            together = together && &stream == &streams.front();
            at = last->index;
        }
        if (together && at < end) return last;
    }
    return nullptr;
}

}  // namespace

std::uint64_t index_at(LogStore& log, std::uint64_t size, Timestamp time) {
    std::uint64_t low = 0;
    std::uint64_t high = size;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        const auto entry = log.entry(middle);
        if (!entry) throw LedgerViolation("absent from the log: entry " + std::to_string(middle));
        if (entry->parsed.entry.at < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

LedgerPage find_entries(LogStore& log, std::uint64_t size, const LedgerQuery& query,
                        std::int64_t limit) {
    std::uint64_t at = query.from;
    std::uint64_t end = std::min(query.to, size);
    if (query.since) at = std::max(at, index_at(log, size, *query.since));
    if (query.until) end = std::min(end, index_at(log, size, *query.until));
    const auto filters = criteria(query);
    const std::int64_t batch =
        filters.size() == 1 ? std::min(limit, ledger::kEntryPageMax) : kBatch;
    std::vector<Stream> streams;
    streams.reserve(filters.size());
    for (const EntryFilter& filter : filters) streams.emplace_back(log, filter, batch);
    LedgerPage page;
    int reads = 0;
    while (static_cast<std::int64_t>(page.entries.size()) < limit) {
        StoredEntry* const entry = meet(streams, at, end, reads);
        if (entry == nullptr) break;
        page.entries.push_back(std::move(*entry));
        // What was moved out keeps its index, and no stream looks back at it.
        ++at;
    }
    if (at < end) page.next = at;
    return page;
}

}  // namespace pdx::app
