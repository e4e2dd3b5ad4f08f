#pragma once
/// Numbers that no national format knows and a city has of its own: housing fund accounts, subsidy
/// numbers, cards for the old. Whoever runs the exchange, or a data officer with files alone,
/// states them as regular expressions of RE2, which take time in proportion to the text, whatever
/// it is.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "privacy/kind.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

/// Unit: patterns, and bytes of one.
inline constexpr std::size_t kPatternsMax = 64;
inline constexpr std::size_t kPatternBytesMax = 512;

struct LocalPattern {
    std::string name;  ///< a-z, 0-9 and "_", up to 64; stands in evidence
    Text label;        ///< for people
    Sensitivity sensitivity = Sensitivity::kDirectIdentifier;  ///< of a column of them
    std::string value;                                         ///< RE2 syntax, for a whole number
    std::vector<std::string> headers{};  ///< words of which one in a column's name names the column
};

/// Thread: any, once it is made.
class PatternSet {
public:
    /// Throws: kInvalid patterns.form, which points at what is missing or wrong: also a pattern
    /// that cannot be compiled, that fits the empty text, or that fits everyday values.
    explicit PatternSet(std::vector<LocalPattern> patterns);
    /// Shape:
    /// {"format":"pdx-patterns-1","patterns":[{"name":"housing_fund","label_zh":"公积金账号",
    /// "label_en":"housing fund account","class":"direct_identifier","value":"3202[0-9]{8}",
    /// "headers":["公积金账号","gjjzh"]}]}; "headers" may be left out.
    static PatternSet read(std::string_view text);
    ~PatternSet();
    PatternSet(PatternSet&&) noexcept;
    PatternSet& operator=(PatternSet&&) noexcept;

    std::size_t size() const;
    const LocalPattern& at(std::size_t index) const;
    /// The first that fits the whole value. Full-width characters count as their ASCII forms.
    std::optional<std::size_t> match(std::string_view value) const;
    /// Appends what fits anywhere, as Kind::kLocalNumber; the neighbours are no ASCII letter or
    /// digit. In the order of the patterns; several may overlap.
    void find(std::string_view text, std::vector<Finding>& findings) const;
    /// The first of which a word stands in the column's name or label.
    std::optional<std::size_t> named_by(std::string_view name, std::string_view label) const;
    /// All of it in one text, for detector.h. Shape: a JSON array a line.
    const std::string& text() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
