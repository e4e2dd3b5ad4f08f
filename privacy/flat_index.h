#pragma once
/// Counts by 64-bit key in one flat array, 16 bytes a slot, and the memory that several of them may
/// take together.
#include <cstdint>
#include <span>
#include <vector>

namespace pdx::privacy {

/// Unit: bytes of all tables that share it.
class MemoryBudget {
public:
    explicit MemoryBudget(std::uint64_t bytes_max) : left_(bytes_max) {}
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    /// Throws: kTooLarge risk.too_large.
    void take(std::uint64_t bytes);
    void give_back(std::uint64_t bytes) { left_ += bytes; }

private:
    std::uint64_t left_;
};

/// Open addressing, linear probing, at most three quarters full. Keys need not be random.
class FlatIndex {
public:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t count = 0;  ///< 0: the slot is free
        std::uint32_t index = 0;  ///< 0, 1, 2 ... in the order in which keys came
    };
    static_assert(sizeof(Slot) == 16);

    /// The budget outlives the index.
    explicit FlatIndex(MemoryBudget& budget);

    /// The slot of the key. Ensures: a new one has count 0, and the caller must raise it before the
    /// next call. Valid until the next call.
    Slot& at(std::uint64_t key) {
        if (size_ == size_max_) grow();
        Slot* slot = &slots_[position(key)];
        while (slot->count != 0) {
            if (slot->key == key) return *slot;
            if (++slot == slots_.data() + slots_.size()) slot = slots_.data();
        }
        slot->key = key;
        slot->index = size_++;
        return *slot;
    }
    void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[position(key)], 1); }

    std::uint32_t size() const { return size_; }
    /// Free slots among them.
    std::span<const Slot> slots() const { return slots_; }
    /// The slots in use, sorted by key. The index takes nothing more.
    std::span<const Slot> sorted();

private:
    std::size_t position(std::uint64_t key) const {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> shift_);
    }
    void grow();

    MemoryBudget* budget_;
    std::vector<Slot> slots_;
    std::uint32_t size_ = 0;
    std::uint32_t size_max_;
    unsigned shift_;
};

}  // namespace pdx::privacy
