#include "privacy/flat_index.h"

#include <algorithm>

#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr unsigned kSlotBitsMin = 10;
/// More would not fit the 32 bits of an index.
constexpr unsigned kSlotBitsMax = 32;

}  // namespace

void MemoryBudget::take(std::uint64_t bytes) {
    if (bytes > left_) {
        throw too_large("risk.too_large",
                        {"The table has more combinations of values than the memory allowed for "
                         "counting them holds; allow more, or choose fewer columns.",
                         "取值组合过多，超出允许的计数内存；请调高内存上限或减少列。"});
    }
    left_ -= bytes;
}

FlatIndex::FlatIndex(MemoryBudget& budget)
    : budget_(&budget),
      size_max_((1U << kSlotBitsMin) / 4 * 3),
      shift_(64 - kSlotBitsMin) {
    budget_->take(sizeof(Slot) << kSlotBitsMin);
    slots_.resize(std::size_t{1} << kSlotBitsMin);
}

std::span<const FlatIndex::Slot> FlatIndex::sorted() {
    const auto end = std::remove_if(slots_.begin(), slots_.end(),
                                    [](const Slot& slot) { return slot.count == 0; });
    std::sort(slots_.begin(), end, [](const Slot& a, const Slot& b) { return a.key < b.key; });
    return {slots_.data(), size_};
}

/// While it runs the old slots are there, too; the budget knows.
void FlatIndex::grow() {
    const std::size_t old_bytes = slots_.size() * sizeof(Slot);
    if (64 - shift_ == kSlotBitsMax) MemoryBudget(0).take(1);
    budget_->take(2 * old_bytes);
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    size_max_ = static_cast<std::uint32_t>(slots_.size() / 4 * 3);
    for (const Slot& slot : old) {
        if (slot.count == 0) continue;
        std::size_t at = position(slot.key);
        while (slots_[at].count != 0) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = slot;
    }
    budget_->give_back(old_bytes);
}

}  // namespace pdx::privacy
