#include "privacy/name_features.h"

namespace pdx::privacy {

const std::array<std::int16_t, kNameFeatureCount> kNameWeights{
    // The left side.
    21, 21, 28, 37, 10, 32, 18, 29, 36, 18, 15, 2, 6, -41, -35, -30, -58,
    // The right side.
    31, 29, 30, 36, -2, 53, -2, 33, -30, 37, 47, 19, -84, -57, 14, -47, -43, -31,
    // Surname and length.
    -12, -4, -17, -11, -24, -23, -11, 11, -32,
    // One character given.
    -44, -17, -3, 5,
    // Two characters given.
    -52, -63, -7, -15, -46, -41, -38, -3, -51, -11, 23, 38, -100, -31, 5, 43,
    // Any.
    7, -57, -54, 25, -41, -42, 3, -17, -85, 33};

}  // namespace pdx::privacy
