#pragma once
/// Government guide prices for products made from public data: free for public purposes, at most
/// the ceiling otherwise. The ceiling is data passed in. Source: 发改价格〔2025〕65号.
#include <optional>
#include <vector>

#include "base/money.h"
#include "marketplace/domain/reason.h"
#include "marketplace/domain/terms.h"

namespace pdx::domain {

/// Ensures: empty when `unit_price` may be charged. Zero needs no ceiling.
std::vector<Reason> price_defects(Money unit_price, std::optional<Money> ceiling,
                                  BeneficiaryClass beneficiary);
/// Throws: kConflict `price.not_permitted`.
void check_price(Money unit_price, std::optional<Money> ceiling, BeneficiaryClass beneficiary);

}  // namespace pdx::domain
