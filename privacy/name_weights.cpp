#include "privacy/name_features.h"

namespace pdx::privacy {

const std::array<std::int16_t, kNameFeatureCount> kNameWeights{
    // The left side.
    36, 23, 18, 27, 4, 25, 12, 22, 25, 20, 16, 11, 2, 6, -43, -24, -23, -53,
    // The right side.
    28, 29, 27, 30, -17, 56, -1, 34, -28, 25, 41, 13, -92, -61, 8, -34, -31, -21,
    // Surname and length.
    -11, 3, -17, -6, -28, -22, -13, 3, -30,
    // One character given.
    -77, -6, 3, 13,
    // Two characters given.
    -80, -63, -3, -4, -34, -44, -10, 12, -86, -17, 24, 48, -99, -38, 18, 49,
    // Any.
    16, -62, -67, 24, -50, -46, 14, -5, -65, 10};

}  // namespace pdx::privacy
