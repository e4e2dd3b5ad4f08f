#pragma once
/// Text that grows by many short pieces: a std::string copies each of them by two calls, which cost
/// more than the bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace pdx {

/// Copies with no call when it is short. Requires: no overlap.
inline void copy_short(char* to, const char* from, std::size_t size) {
    const auto two = [&](auto piece) {  // of one size, which may overlap each other
        constexpr std::size_t kSize = sizeof piece;
        std::memcpy(&piece, from, kSize);
        std::memcpy(to, &piece, kSize);
        std::memcpy(&piece, from + size - kSize, kSize);
        std::memcpy(to + size - kSize, &piece, kSize);
    };
    struct Sixteen {
        char bytes[16];
    };
    if (size > 2 * sizeof(Sixteen)) {
        std::memcpy(to, from, size);
    } else if (size >= sizeof(Sixteen)) {
        two(Sixteen{});
    } else if (size >= sizeof(std::uint64_t)) {
        two(std::uint64_t{});
    } else if (size >= sizeof(std::uint32_t)) {
        two(std::uint32_t{});
    } else {
        for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
}

/// Thread: not shared. Views are valid until the next append.
class TextBuffer {
public:
    void append(std::string_view text) {
        char* const to = room_for(text.size());
        copy_short(to, text.data(), text.size());
        size_ += text.size();
    }
    void append(char c) {
        *room_for(1) = c;
        ++size_;
    }
    void append(std::size_t count, char c) {
        std::memset(room_for(count), c, count);
        size_ += count;
    }
    /// Room for as many bytes, which the caller writes.
    char* extend(std::size_t count) {
        char* const to = room_for(count);
        size_ += count;
        return to;
    }

    std::size_t size() const { return size_; }
    std::string_view view() const { return {bytes_.get(), size_}; }
    void clear() { size_ = 0; }

private:
    char* room_for(std::size_t count) {
        if (capacity_ - size_ < count) grow(count);
        return bytes_.get() + size_;
    }
    void grow(std::size_t count) {
        constexpr std::size_t kLeast = 4'096;
        const std::size_t capacity = std::max({kLeast, 2 * capacity_, size_ + count});
        // Not zeroed: every byte is written before it is seen.
        std::unique_ptr<char[]> bytes(new char[capacity]);
        if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Many short texts that stay where they are until all go. Thread: not shared.
class TextArena {
public:
    /// The view is valid until clear().
    std::string_view keep(std::string_view text) {
        if (blocks_.empty() || blocks_.back().capacity - used_ < text.size()) {
            add_block(text.size());
        }
        char* const to = blocks_.back().bytes.get() + used_;
        copy_short(to, text.data(), text.size());
        used_ += text.size();
        bytes_ += text.size();
        return {to, text.size()};
    }
    /// Of all texts.
    std::size_t bytes() const { return bytes_; }
    void clear() {
        if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
        used_ = 0;
        bytes_ = 0;
    }

private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t capacity = 0;
    };
    void add_block(std::size_t count) {
        constexpr std::size_t kLeast = std::size_t{64} << 10U;
        const std::size_t capacity = std::max(kLeast, count);
        // Not zeroed: every byte is written before it is seen.
        blocks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity});
        used_ = 0;
    }

    std::vector<Block> blocks_;
    std::size_t used_ = 0;  ///< of the last block
    std::size_t bytes_ = 0;
};

}  // namespace pdx
