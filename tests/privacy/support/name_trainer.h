#pragma once
/// Makes the weights of privacy/name_weights.cpp: logistic regression over the candidates of
/// sentences of training_prose(), held close to weights set by hand, so that what those sentences
/// never show keeps a sensible weight. `test_privacy "[.train]"` prints the table.
#include <array>
#include <cstdint>
#include <vector>

#include "privacy/name_features.h"
#include "tests/privacy/support/name_prose.h"

namespace pdx::test {

using NameWeights = std::array<std::int16_t, privacy::kNameFeatureCount>;

/// Unit: sixteenths of a logit, as the result.
const NameWeights& weights_by_hand();
NameWeights train_names(const std::vector<MarkedText>& sentences);

}  // namespace pdx::test
