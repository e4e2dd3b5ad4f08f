#pragma once
/// How sure a finding is: upper bounds of the probability that chance alone accuses any innocent.
/// Integers only, so that two parties who compute them get the same. A bound is told as the largest
/// x for which it is at most 10^-x, rounded down; each can be checked with a pocket calculator.
#include <cstdint>

namespace pdx::privacy {

/// The least x with number <= 10^x.
int digits_up(std::uint64_t number);

/// Chance: each mark agrees with an innocent's bit with probability 1/2, independently, because the
/// bits are an HMAC under a key that had no part in the file. Far fewer agreements than half count
/// like far more: somebody turned all marks round.
/// Source: W. Hoeffding (1963), theorem 2: 2 exp(-d^2 / 2n) with d = 2 * agreed - looked.
/// Requires: agreed <= looked < 2^32; trials >= 1 is how often chance may try.
int agreement_exponent(std::uint64_t looked, std::uint64_t agreed, std::uint64_t trials);

/// Chance: an innocent's `drawn` values fall into the `looked` ones of the file so often as `hits`
/// says, when a value is one of 10^space. Bound: (looked * drawn / 10^space)^hits.
int coincidence_exponent(int space, std::uint64_t looked, std::uint64_t drawn, std::uint64_t hits,
                         std::uint64_t trials);

/// d / sqrt(looked), the number of standard deviations. Unit: thousandths, towards zero.
std::int64_t agreement_z_thousandths(std::uint64_t looked, std::uint64_t agreed);

}  // namespace pdx::privacy
