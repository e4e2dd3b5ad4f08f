#pragma once
/// Noise of differential privacy, exactly: integers in, integers out. What is drawn has the very
/// distribution that the proofs speak of, because nothing is rounded on the way; noise made from
/// floating point betrays in its low bits what it should hide (Mironov 2012).
/// Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (2020),
/// algorithms 1 to 3.
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.h"
#include "privacy/decimal.h"

namespace pdx::privacy {

/// Random words from a source that is given: pdx::random_bytes() in production, something seeded in
/// a test. Asks for blocks; wipes what it hands on and what is left. Thread: not shared.
class RandomWords {
public:
    /// Returns as many random bytes as it is asked for.
    using Source = std::function<Bytes(std::size_t)>;
    explicit RandomWords(Source source);
    ~RandomWords();
    RandomWords(const RandomWords&) = delete;
    RandomWords& operator=(const RandomWords&) = delete;

    std::uint64_t next() {
        if (used_ == block_.size()) refill();
        const std::uint64_t word = block_[used_];
        block_[used_++] = 0;
        return word;
    }
    /// Uniform in 0 .. bound - 1, without bias: what would favour small numbers is drawn again.
    /// Requires: bound > 0.
    std::uint64_t below(std::uint64_t bound);
    Uint128 below(Uint128 bound);
    bool coin() { return (next() >> 63U) != 0; }

private:
    void refill();

    Source source_;
    std::array<std::uint64_t, 512> block_{};
    std::size_t used_ = block_.size();
};

/// A rational. Requires: denominator > 0.
struct Fraction {
    Uint128 numerator = 0;
    Uint128 denominator = 1;

    /// Of the same value in lowest terms.
    Fraction reduced() const;
};

/// Limits of the parameters below. Within them no product is larger than 128 bits, unless a draw
/// is one that comes up less often than once in e^500; then PDX_CHECK stops the program and no
/// number is given.
inline constexpr Uint128 kLaplaceTermMax = Uint128{1} << 96U;   ///< numerator, denominator
inline constexpr Uint128 kGaussianTermMax = Uint128{1} << 56U;  ///< numerator, denominator

/// True with probability exp(-exponent). Algorithm 1.
bool bernoulli_exp(RandomWords& random, const Fraction& exponent);

/// x with probability proportional to exp(-|x| / scale): epsilon-differentially private for scale =
/// sensitivity / epsilon. Algorithm 2.
/// Requires: 0 < numerator and denominator <= kLaplaceTermMax in lowest terms.
Int128 discrete_laplace(RandomWords& random, const Fraction& scale);

/// x with probability proportional to exp(-x^2 / (2 variance)): rho-concentrated for variance =
/// sensitivity^2 / (2 rho). Algorithm 3. `variance` is the parameter sigma^2; the true variance is
/// not above it.
/// Requires: 0 < numerator and denominator <= kGaussianTermMax in lowest terms.
Int128 discrete_gaussian(RandomWords& random, const Fraction& variance);

/// The smallest w that is certainly not exceeded by |noise| more often than once in twenty.
/// Requires: as above.
Uint128 laplace_half_width(const Fraction& scale);
Uint128 gaussian_half_width(const Fraction& variance);

/// A number m such that noise of this scale is m or more with at most the given chance.
/// Unit of `chance_trillionths`: 10^-12. Requires: 0 < chance_trillionths <= 10^12 / 2, and the
/// numerator of the scale below 2^88.
Uint128 laplace_tail(const Fraction& scale, std::uint64_t chance_trillionths);

/// The largest integer whose square is not above n.
std::uint64_t integer_root(Uint128 n);

}  // namespace pdx::privacy
