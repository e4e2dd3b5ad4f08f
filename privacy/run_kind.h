#pragma once
/// Which identifier a whole run of ASCII letters and digits is, by length, shape and check digit.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/ascii.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// Unit: bytes. No run that is an identifier is longer.
inline constexpr std::size_t kRunMax = 20;
/// Unit: digits that groups can hold, those of a bank card with a country code to spare.
inline constexpr std::size_t kGroupedMax = 24;

/// A run in capitals. Requires: at most kGroupedMax bytes.
class Capitals {
public:
    explicit Capitals(std::string_view run) : size_(run.size()) {
        std::transform(run.begin(), run.end(), bytes_.begin(), to_upper);
    }
    std::string_view view() const { return {bytes_.data(), size_}; }

private:
    std::array<char, kGroupedMax> bytes_{};
    std::size_t size_;
};

/// Kind::kUnknown when it is none. `digits`: how many of the run are. Requires: 9 to kGroupedMax
/// ASCII letters and digits.
Kind kind_of_run(std::string_view run, std::size_t digits);

/// "aabb.ccdd.eeff" with a letter at least: without one it may be any three numbers.
bool is_dotted_mac(std::string_view text);

/// Ten to twelve digits from the 0 of the area code on.
bool is_landline_digits(std::string_view digits);

}  // namespace pdx::privacy
