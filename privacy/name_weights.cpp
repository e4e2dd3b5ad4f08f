#include "privacy/name_features.h"

namespace pdx::privacy {

const std::array<std::int16_t, kNameFeatureCount> kNameWeights{
    // The left side.
    37, 23, 19, 28, 4, 26, 12, 22, 25, 20, 17, 11, 2, 6, -44, -24, -23, -53,
    // The right side.
    27, 28, 26, 29, 9, 55, 0, 34, -29, 24, 40, 11, -93, -63, 7, -35, -32, -22,
    // Surname and length.
    -11, 3, -16, -6, -28, -22, -12, 3, -30,
    // One character given.
    -78, -3, 3, 12,
    // Two characters given.
    -81, -63, -3, -3, -42, -37, -11, 14, -86, -17, 24, 48, -99, -37, 17, 49,
    // Any.
    16, -65, -67, 24, -51, -46, 15, -2, -65, 12};

}  // namespace pdx::privacy
