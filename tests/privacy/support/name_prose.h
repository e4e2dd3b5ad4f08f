#pragma once
/// Administrative prose with its names marked: from templates, or from a line with [ ] about them.
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pdx::test {

struct MarkedText {
    std::string text;
    std::vector<std::pair<std::size_t, std::size_t>> names;  ///< begin and end, unit: bytes
};

/// "[张三]来电" gives 张三来电 with one name.
MarkedText read_marked(std::string_view line);

/// What sentences are made of. In templates {N} is a name, {P} a place, {O} an organisation, {T}
/// what it is about, {D} a day, {M} a number.
struct ProseVocabulary {
    std::string_view surnames;  ///< of one character, frequent ones repeatedly
    std::vector<std::string_view> long_surnames;
    std::vector<std::string_view> given;
    std::vector<std::string_view> whole_names;  ///< foreign and minority names
    std::vector<std::string_view> places;
    std::vector<std::string_view> organisations;
    std::vector<std::string_view> topics;
    std::vector<std::string_view> with_names;
    std::vector<std::string_view> without_names;
};
/// The weights are trained on the first and measured on the second; they share no template and no
/// given name.
const ProseVocabulary& training_prose();
const ProseVocabulary& measuring_prose();

class ProseMaker {
public:
    ProseMaker(const ProseVocabulary& vocabulary, unsigned seed)
        : vocabulary_(vocabulary),
          random_(seed) {}
    /// Some two in three have a name.
    MarkedText sentence();

private:
    std::string_view any(const std::vector<std::string_view>& list);
    std::string name();
    std::string digits(int count);
    std::string fill(char slot);

    const ProseVocabulary& vocabulary_;
    std::mt19937 random_;
};

/// Names found against those marked; a name counts when both of its ends are right.
struct NameTally {
    std::size_t marked = 0;
    std::size_t found = 0;
    std::size_t right = 0;
    std::size_t touched = 0;  ///< marked names of which every byte was found, whatever the ends

    void add(const MarkedText& marked_text);
    int recall_per_mille() const;
    int precision_per_mille() const;
    int cover_per_mille() const;
};

}  // namespace pdx::test
