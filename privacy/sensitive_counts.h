#pragma once
/// The values of one sensitive column, class by class: what l and t of a table are made of.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/class_counts.h"
#include "privacy/flat_index.h"
#include "privacy/tuple_hash.h"

namespace pdx::privacy {

struct SensitiveColumn {
    std::string name;
    /// The values are quantities: t is the earth mover's distance. It falls back to categories,
    /// which is stricter, as soon as a value is no number.
    bool ordered = false;
};

/// Thread: not shared.
class SensitiveCounts {
public:
    /// The budget outlives the counts.
    SensitiveCounts(SensitiveColumn column, Subjects subjects, MemoryBudget& budget);

    /// A value of the record that was counted at `place`. Throws: kTooLarge risk.too_large.
    void add(std::string_view text, const ClassCounts::Place& place, const HashKey& key);
    /// Callable once.
    SensitiveRisk finish();

private:
    std::uint32_t index_of(std::string_view text, const HashKey& key);
    std::vector<std::uint32_t> ranks() const;

    SensitiveColumn column_;
    MemoryBudget* budget_;
    FlatIndex values_;
    FlatIndex cells_;                ///< key: class index, value index
    std::optional<FlatIndex> seen_;  ///< key: pair index, value index
    std::vector<std::int64_t> numbers_;
    std::optional<std::uint32_t> empty_;
};

}  // namespace pdx::privacy
