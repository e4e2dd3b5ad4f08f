#include "marketplace/app/entity_history.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pdx::app {
namespace {

using ledger::ChainFault;
using ledger::PreviousEntry;

LinkFault describe_link(ChainFault fault) {
    const std::string en(ledger::describe(fault));
    switch (fault) {
        case ChainFault::kReordered: return {"reordered", {en, "该记录不在前一条记录之后"}};
        case ChainFault::kNotEarlier: return {"not_earlier", {en, "所指的前一条记录并不更早"}};
        case ChainFault::kFirstWithPrev:
            return {"first_with_prev", {en, "该记录指向前一条记录，但对象此前没有记录"}};
        case ChainFault::kNoPrev: return {"no_prev", {en, "该记录自称首条记录，实际并非首条"}};
        case ChainFault::kMissing: return {"missing", {en, "所指的前一条记录缺失"}};
        case ChainFault::kSkipsBack:
            return {"skips_back", {en, "该记录越过了对象的最近一条记录，历史出现分叉"}};
        case ChainFault::kOtherLeaf: return {"other_leaf", {en, "前一条记录的叶哈希与所指的不同"}};
        case ChainFault::kOtherEntity: return {"other_entity", {en, "该记录属于另一对象"}};
    }
    return {"unknown", {en, "未知"}};
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find(' '));
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || failure != std::errc() || end != word.data() + word.size()) {
        return std::nullopt;
    }
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return value;
}

}  // namespace

std::string HistoryPlace::text() const {
    std::string text = std::to_string(from);
    if (before) text += " " + std::to_string(before->index) + " " + before->leaf.hex();
    return text;
}

std::optional<HistoryPlace> HistoryPlace::parse(std::string_view text) {
    HistoryPlace place;
    const auto from = take_number(text);
    if (!from) return std::nullopt;
    place.from = *from;
    if (text.empty()) return place;
    const auto index = take_number(text);
    const auto leaf = Digest::from_hex(text);
    if (!index || !leaf) return std::nullopt;
    place.before = PreviousEntry{*index, *leaf};
    return place;
}

std::vector<HistoryItem> check_links(std::vector<ledger::StoredEntry> entries,
                                     std::optional<PreviousEntry> before) {
    std::vector<HistoryItem> items;
    items.reserve(entries.size());
    for (ledger::StoredEntry& stored : entries) {
        HistoryItem item;
        if (stored.parsed.reading == ledger::EntryReading::kRead) {
            item.prev = stored.parsed.entry.prev;
            if (const auto fault = ledger::check_link(stored.index, item.prev, before)) {
                item.fault = describe_link(*fault);
            }
        } else {
            item.fault = LinkFault{"cannot_interpret",
                                   {"the entry cannot be interpreted", "该记录无法解读"}};
        }
        before = PreviousEntry{stored.index, stored.leaf};
        item.stored = std::move(stored);
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace pdx::app
