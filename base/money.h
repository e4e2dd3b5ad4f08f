#pragma once
/// Money in minor units with its currency, checked, and the two ways to divide it without losing a
/// fen. No floating point. Source: design D7; largest remainder after Hamilton.
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pdx {

/// Do not renumber: reaches disk.
enum class Currency { kCny = 156 };

std::string_view currency_code(Currency currency);
std::optional<Currency> parse_currency(std::string_view code);

class Money {
public:
    constexpr Money() = default;
    constexpr Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
    static constexpr Money fen(std::int64_t amount) { return {amount, Currency::kCny}; }
    /// Shape: decimal integer, optional '-', no '+', no leading zeros, no "-0".
    static std::optional<Money> parse_fen(std::string_view text);

    constexpr std::int64_t minor() const { return minor_; }
    constexpr Currency currency() const { return currency_; }
    constexpr bool is_zero() const { return minor_ == 0; }
    constexpr bool is_negative() const { return minor_ < 0; }
    std::string text() const { return std::to_string(minor_); }

    /// Throws: InvariantViolation on overflow or two currencies.
    Money plus(Money other) const;
    Money minus(Money other) const;
    Money times(std::int64_t count) const;

    friend constexpr bool operator==(const Money&, const Money&) = default;
    /// Throws: InvariantViolation on two currencies.
    bool less_than(Money other) const;

private:
    std::int64_t minor_ = 0;
    Currency currency_ = Currency::kCny;
};

/// Divides `total` in proportion to `weights` by largest remainder; ties go to the earlier share.
/// Requires: total >= 0, every weight >= 0, at least one weight > 0.
/// Ensures: the shares sum to `total`; each differs from its ideal by less than one unit; weight 0
/// gives 0; no share exceeds its weight while total <= sum of weights. The last is what makes
/// refunds weighted by what each leg can still give back exact (reference settlement 7.3).
std::vector<Money> split(Money total, std::span<const std::int64_t> weights);

/// Share of `total` in basis points, rounded down; the caller says where the remainder goes.
/// Requires: total >= 0, 0 <= basis_points <= 10,000.
Money basis_points_down(Money total, std::int64_t basis_points);

}  // namespace pdx
