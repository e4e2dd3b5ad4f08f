#pragma once
/// Random numbers that are the same on every machine and compiler: SplitMix64 (Steele, Lea and
/// Flood 2014) and integer arithmetic only. For invented rows; never for keys.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pdx::demo {

constexpr std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

/// Both ends belong to it.
struct Range {
    std::int64_t low;
    std::int64_t high;
};

class Random {
public:
    constexpr explicit Random(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15U); }
    /// Uniform in 0 .. bound - 1 (bias below 2^-32 * bound). Requires: 0 < bound <= 2^32.
    constexpr std::uint64_t below(std::uint64_t bound) { return (next() >> 32U) * bound >> 32U; }
    /// Uniform in low .. high. Requires: 0 <= high - low < 2^32.
    constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
    }
    /// Two draws, the first one first: the operands of + and * are evaluated in no fixed order.
    constexpr std::int64_t sum(Range first, Range second) {
        const std::int64_t one = between(first.low, first.high);
        return one + between(second.low, second.high);
    }
    constexpr std::int64_t product(Range first, Range second) {
        const std::int64_t one = between(first.low, first.high);
        return one * between(second.low, second.high);
    }
    constexpr bool chance(std::uint64_t percent) { return below(100) < percent; }
    template <class Items>
    constexpr const auto& pick(const Items& items) {
        return items[static_cast<std::size_t>(below(std::size(items)))];
    }

private:
    std::uint64_t state_;
};

/// A stream of its own for one attribute (`tag`) of one thing (`number`): what the thing is does
/// not depend on which columns are asked for, so two assets agree on the same enterprise.
constexpr Random stream(std::uint64_t seed, std::uint64_t number, std::uint64_t tag) {
    return Random(mix(seed ^ mix(number + (tag << 56U))));
}

/// Picks positions in proportion to small integer weights, in one look-up.
class Weighted {
public:
    Weighted() = default;
    explicit Weighted(std::span<const std::uint32_t> weights) {
        for (std::size_t position = 0; position < weights.size(); ++position) {
            slots_.insert(slots_.end(), weights[position], static_cast<std::uint16_t>(position));
        }
    }
    std::size_t pick(Random& random) const {
        return slots_[static_cast<std::size_t>(random.below(slots_.size()))];
    }

private:
    std::vector<std::uint16_t> slots_;
};

}  // namespace pdx::demo
