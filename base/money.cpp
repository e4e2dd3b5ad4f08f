#include "base/money.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/check.h"

namespace pdx {
namespace {

__extension__ using Wide = __int128;

}  // namespace

std::string_view currency_code(Currency currency) {
    switch (currency) {
        case Currency::kCny: return "CNY";
    }
    fail_check("unknown currency", __FILE__, __LINE__);
}

std::optional<Currency> parse_currency(std::string_view code) {
    return code == "CNY" ? std::optional(Currency::kCny) : std::nullopt;
}

std::optional<Money> Money::parse_fen(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    const Money money = fen(value);
    return money.text() == text ? std::optional(money) : std::nullopt;
}

Money Money::plus(Money other) const {
    PDX_CHECK(currency_ == other.currency_);
    std::int64_t sum = 0;
    PDX_CHECK(!__builtin_add_overflow(minor_, other.minor_, &sum));
    return {sum, currency_};
}

Money Money::minus(Money other) const {
    PDX_CHECK(currency_ == other.currency_);
    std::int64_t difference = 0;
    PDX_CHECK(!__builtin_sub_overflow(minor_, other.minor_, &difference));
    return {difference, currency_};
}

Money Money::times(std::int64_t count) const {
    std::int64_t product = 0;
    PDX_CHECK(!__builtin_mul_overflow(minor_, count, &product));
    return {product, currency_};
}

bool Money::less_than(Money other) const {
    PDX_CHECK(currency_ == other.currency_);
    return minor_ < other.minor_;
}

std::vector<Money> split(Money total, std::span<const std::int64_t> weights) {
    PDX_CHECK(!total.is_negative());
    Wide sum = 0;
    for (const std::int64_t weight : weights) {
        PDX_CHECK(weight >= 0);
        sum += weight;
    }
    PDX_CHECK(sum > 0);

    std::vector<Wide> remainders(weights.size());
    std::vector<std::int64_t> shares(weights.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Wide product = static_cast<Wide>(total.minor()) * weights[i];
        shares[i] = static_cast<std::int64_t>(product / sum);
        remainders[i] = product % sum;
        given += shares[i];  // cannot overflow: the floors sum to at most total
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    const auto left = static_cast<std::size_t>(total.minor() - given);
    PDX_CHECK(left <= order.size());
    for (std::size_t i = 0; i < left; ++i) {
        PDX_CHECK(remainders[order[i]] > 0);
        ++shares[order[i]];
    }

    std::vector<Money> result;
    result.reserve(shares.size());
    for (const std::int64_t share : shares) result.emplace_back(share, total.currency());
    return result;
}

Money basis_points_down(Money total, std::int64_t basis_points) {
    PDX_CHECK(!total.is_negative() && basis_points >= 0 && basis_points <= 10'000);
    return {static_cast<std::int64_t>(static_cast<Wide>(total.minor()) * basis_points / 10'000),
            total.currency()};
}

}  // namespace pdx
