#pragma once
/// Bytes that are wiped when they go: keys and passphrases. Not for what is meant to be printed.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"

namespace pdx {

/// Fills with zeros in a way that the compiler keeps.
void wipe(std::span<std::uint8_t> bytes) noexcept;
void wipe(std::string& text) noexcept;

/// Holds a secret and wipes it when it goes. Moved, never copied by accident.
class Secret {
public:
    Secret() = default;
    explicit Secret(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
    /// Of so many zero bytes, to be written to.
    static Secret of_size(std::size_t size);
    ~Secret() { wipe(bytes_); }
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    Secret& operator=(Secret&& other) noexcept;

    Secret copy() const { return Secret(view()); }
    ByteView view() const { return bytes_; }
    std::span<std::uint8_t> writable() { return bytes_; }
    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }

private:
    Bytes bytes_;
};

}  // namespace pdx
