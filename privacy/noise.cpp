#include "privacy/noise.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/secret.h"
#include "privacy/diversity.h"

namespace pdx::privacy {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
/// ln 20 and the normal distribution's 97.5 % point, in millionths, rounded up.
constexpr std::uint64_t kLn20Millionths = 2'995'733;
constexpr std::uint64_t kNormalMillionths = 1'959'964;
/// ln 2 in units of 2^-32, rounded up.
constexpr std::uint64_t kLn2 = 2'977'044'472;
constexpr std::uint64_t kTrillion = 1'000'000'000'000;

Uint128 product(Uint128 a, Uint128 b) {
    Uint128 result = 0;
    PDX_CHECK(!__builtin_mul_overflow(a, b, &result));
    return result;
}

Uint128 quotient_up(Uint128 a, Uint128 b) { return a / b + (a % b == 0 ? 0 : 1); }

Fraction checked(const Fraction& given, Uint128 term_max) {
    PDX_CHECK(given.numerator > 0 && given.denominator > 0);
    const Fraction lowest = given.reduced();
    PDX_CHECK(lowest.numerator <= term_max && lowest.denominator <= term_max);
    return lowest;
}

/// exp(-n/d) for n <= d: the number of the first failure is odd.
bool bernoulli_exp_of_part(RandomWords& random, Uint128 numerator, Uint128 denominator) {
    std::uint64_t round = 1;
    // Chance n / (d * round) as two draws, so that there is no product to overflow.
    while (random.below(round) == 0 &&
           (numerator == denominator || random.below(denominator) < numerator)) {
        ++round;
    }
    return round % 2 == 1;
}

}  // namespace

RandomWords::RandomWords(Source source) : source_(std::move(source)) {}

RandomWords::~RandomWords() {
    wipe({reinterpret_cast<std::uint8_t*>(block_.data()), sizeof(block_)});
}

void RandomWords::refill() {
    Bytes bytes = source_(sizeof(block_));
    PDX_CHECK(bytes.size() == sizeof(block_));
    std::memcpy(block_.data(), bytes.data(), bytes.size());
    wipe(bytes);
    used_ = 0;
}

/// Source: Lemire, Fast Random Integer Generation in an Interval (2019).
std::uint64_t RandomWords::below(std::uint64_t bound) {
    PDX_CHECK(bound > 0);
    Uint128 wide = Uint128{next()} * bound;
    if (static_cast<std::uint64_t>(wide) < bound) {
        const std::uint64_t uneven = (0 - bound) % bound;
        while (static_cast<std::uint64_t>(wide) < uneven) wide = Uint128{next()} * bound;
    }
    return static_cast<std::uint64_t>(wide >> 64U);
}

Uint128 RandomWords::below(Uint128 bound) {
    if (bound <= UINT64_MAX) return below(static_cast<std::uint64_t>(bound));
    const auto high = static_cast<std::uint64_t>((bound - 1) >> 64U);
    const std::uint64_t mask =
        high == 0 ? 0 : UINT64_MAX >> static_cast<unsigned>(__builtin_clzll(high));
    while (true) {
        const Uint128 top = next() & mask;
        const Uint128 drawn = top << 64U | next();
        if (drawn < bound) return drawn;
    }
}

Fraction Fraction::reduced() const {
    Uint128 a = numerator;
    Uint128 b = denominator;
    while (b != 0) {
        const Uint128 rest = a % b;
        a = b;
        b = rest;
    }
    return {numerator / a, denominator / a};
}

bool bernoulli_exp(RandomWords& random, const Fraction& exponent) {
    PDX_CHECK(exponent.denominator > 0);
    Uint128 left = exponent.numerator;
    for (; left > exponent.denominator; left -= exponent.denominator) {
        if (!bernoulli_exp_of_part(random, 1, 1)) return false;
    }
    return bernoulli_exp_of_part(random, left, exponent.denominator);
}

Int128 discrete_laplace(RandomWords& random, const Fraction& scale) {
    const auto [t, s] = checked(scale, kLaplaceTermMax);
    while (true) {
        const Uint128 part = random.below(t);
        if (!bernoulli_exp_of_part(random, part, t)) continue;
        std::uint64_t whole = 0;
        while (bernoulli_exp_of_part(random, 1, 1)) ++whole;
        PDX_CHECK(whole < (std::uint64_t{1} << 30U));
        const auto size = static_cast<Int128>((part + t * whole) / s);
        const bool negative = random.coin();
        if (negative && size == 0) continue;
        return negative ? -size : size;
    }
}

Int128 discrete_gaussian(RandomWords& random, const Fraction& variance) {
    // Above this (2 n d t^2) would not fit, or its numerator squared.
    const auto [n, d] = checked(variance, kGaussianTermMax);
    const Uint128 t = integer_root(n / d) + 1;
    const Uint128 twice = product(product(2 * n, d), t * t);
    constexpr Uint128 kSquareRootMax = (Uint128{1} << 63U) - 1;
    while (true) {
        const Int128 drawn = discrete_laplace(random, {t, 1});
        const Uint128 size = static_cast<Uint128>(drawn < 0 ? -drawn : drawn);
        const Uint128 far = product(product(size, d), t);
        const Uint128 distance = far > n ? far - n : n - far;
        // What is too far to be squared is judged by less first, which refuses it almost surely.
        const Uint128 judged = std::min(distance, kSquareRootMax);
        if (!bernoulli_exp(random, {judged * judged, twice})) continue;
        PDX_CHECK(judged == distance);
        return drawn;
    }
}

/// P(|X| > w) = 2 exp(-w/b) / (exp(1/b) + 1) <= exp(-w/b).
Uint128 laplace_half_width(const Fraction& scale) {
    const auto [t, s] = checked(scale, kLaplaceTermMax);
    return quotient_up(product(t, kLn20Millionths), product(s, kMillion));
}

/// P(X >= w + 1) <= P(N >= w). Source: Canonne et al., proposition 25.
Uint128 gaussian_half_width(const Fraction& variance) {
    const auto [n, d] = checked(variance, kGaussianTermMax);
    // The root of the variance in thousandths, rounded up.
    const Uint128 root = Uint128{integer_root(quotient_up(product(n, kMillion), d))} + 1;
    return quotient_up(product(root, kNormalMillionths), Uint128{kMillion} * 1000);
}

/// P(X >= m) = exp(-m/b) / (1 + exp(-1/b)) <= exp(-m/b).
Uint128 laplace_tail(const Fraction& scale, std::uint64_t chance_trillionths) {
    const auto [t, s] = checked(scale, Uint128{1} << 88U);
    PDX_CHECK(chance_trillionths > 0 && chance_trillionths <= kTrillion / 2);
    const auto inverse = static_cast<std::uint64_t>(quotient_up(kTrillion, chance_trillionths));
    // log2_floor() is less than 2 units below the truth. Unit of `logarithm`: 2^-32, rounded up.
    const Uint128 logarithm = (Uint128{log2_floor(inverse) + 2} * kLn2 >> 32U) + 1;
    return quotient_up(product(t, logarithm), product(s, Uint128{1} << 32U));
}

std::uint64_t integer_root(Uint128 n) {
    std::uint64_t root = 0;
    for (std::uint64_t bit = std::uint64_t{1} << 63U; bit != 0; bit >>= 1U) {
        const Uint128 tried = root | bit;
        if (tried * tried <= n) root |= bit;
    }
    return root;
}

}  // namespace pdx::privacy
