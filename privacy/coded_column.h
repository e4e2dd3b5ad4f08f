#pragma once
/// A column of texts as dense numbers in the order of its values, for mondrian.h, and a range of
/// them as text for people. Holds the column's values.
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "privacy/flat_index.h"
#include "privacy/mondrian.h"

namespace pdx::privacy {

/// What orders the values and how a range of them reads.
enum class ValueForm {
    kNumber,    ///< "20-29", with negative numbers "-5..3"
    kDate,      ///< "2020..2022"; years, months or days, all of one size
    kCode,      ///< the prefix that all share: "3202**"; ASCII letters, digits and points
    kCategory,  ///< up to eight values: "{a,b}", otherwise "*"
};

/// Thread: not shared.
class CodedColumn {
public:
    /// `form` is kept if all values fit it, otherwise the column is one of categories. Empty values
    /// fit every form and come first.
    /// The budget outlives the column.
    CodedColumn(ValueForm form, MemoryBudget& budget);

    /// Returns: the value's number until finish(). Throws: kTooLarge risk.too_large.
    std::uint32_t add(std::string_view value);
    /// Puts the values in order; add() takes nothing more.
    void finish();
    /// The final number. Requires: finish() has returned.
    std::uint32_t code(std::uint32_t added) const { return order_[added]; }

    ValueForm form() const { return form_; }
    /// One value reads as itself. A range from "empty" to something reads "*".
    std::string range_text(const CodeRange& range) const;

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    std::string set_text(const CodeRange& range) const;

    ValueForm form_;
    MemoryBudget* budget_;
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> numbers_;
    std::vector<std::uint32_t> order_;      ///< [added]
    std::vector<std::string_view> sorted_;  ///< [code], into numbers_
};

}  // namespace pdx::privacy
