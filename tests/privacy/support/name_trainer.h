#pragma once
/// Makes the weights of privacy/name_weights.cpp: logistic regression over the candidates of
/// sentences of training_prose() and of prose_tuning.txt, held close to weights set by hand, so
/// that what those sentences never show keeps a sensible weight.
#include <array>
#include <cstdint>
#include <vector>

#include "privacy/name_features.h"
#include "tests/privacy/support/name_prose.h"

namespace pdx::test {

using NameWeights = std::array<std::int16_t, privacy::kNameFeatureCount>;

/// Unit: sixteenths of a logit, as kNameWeights. The same for the same tuning sentences: its seed
/// is fixed and its steps are in one order.
NameWeights trained_weights(const std::vector<MarkedText>& tuning);

}  // namespace pdx::test
