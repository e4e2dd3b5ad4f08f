#pragma once
/// How each column of each asset is filled. A model prepares a row (which firm, person or station,
/// when) and then writes its columns from it, so that what belongs together agrees.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "marketplace/demo/entities.h"
#include "marketplace/demo/random.h"
#include "marketplace/demo/words.h"

namespace pdx::demo {

/// What one row is about. Only what the asset's model sets means anything.
struct Row {
    std::uint64_t seed = 0;
    std::uint64_t index = 0;
    Random random{0};  ///< of this row alone
    Firm firm;
    Person person;
    Trader trader;
    std::size_t place = 0;     ///< district, hospital, station, stop, lot, spot
    std::int64_t day = 0;      ///< days since 1970-01-01
    std::int64_t month = 0;    ///< months since January 1970
    std::int64_t seconds = 0;  ///< since 1970-01-01 00:00 in Shanghai
    bool flag = false;         ///< what the model says of its two kinds of row
    std::array<std::int64_t, 6> amounts{};
};

struct Column {
    std::string_view name;
    /// Appends the value, quoted where CSV needs it.
    void (*write)(Row& row, std::string& out);
};

struct Model {
    int asset_no = 0;
    void (*prepare)(Row& row) = nullptr;
    std::span<const Column> columns;
};

/// Assets 1, 2, 3, 4, 7, 17, 18: firms, property and credit.
std::span<const Model> firm_models();
/// Assets 5, 6, 8, 20: people.
std::span<const Model> person_models();
/// Assets 9 to 16, 19: the city.
std::span<const Model> city_models();

/// Picks in proportion to the weights. For short lists.
template <std::size_t N>
std::string_view choose(Random& random, const std::array<WeightedWord, N>& words) {
    std::uint32_t total = 0;
    for (const auto& word : words) {
        total += word.weight;
    }
    auto at = static_cast<std::uint32_t>(random.below(total));
    for (const auto& word : words) {
        if (at < word.weight) {
            return word.word;
        }
        at -= word.weight;
    }
    return {};
}

inline std::string_view truth(bool value) { return value ? "true" : "false"; }

}  // namespace pdx::demo
