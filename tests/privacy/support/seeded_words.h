#pragma once
/// Words that a test can have again: seeded, and in no program.
#include <cstdint>
#include <memory>
#include <random>

#include "privacy/noise.h"

namespace pdx::privacy::test {

inline RandomWords::Source seeded_source(std::uint64_t seed) {
    return [random = std::make_shared<std::mt19937_64>(seed)](std::size_t count) {
        Bytes bytes(count);
        for (std::size_t i = 0; i < count; i += 8) {
            const std::uint64_t word = (*random)();
            for (std::size_t j = 0; j < 8 && i + j < count; ++j) {
                bytes[i + j] = static_cast<std::uint8_t>(word >> (8 * j));
            }
        }
        return bytes;
    };
}

}  // namespace pdx::privacy::test
