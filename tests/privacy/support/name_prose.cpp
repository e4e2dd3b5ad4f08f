#include "tests/privacy/support/name_prose.h"

#include <algorithm>

#include "privacy/name_finder.h"

namespace pdx::test {
namespace {

int per_mille(std::size_t part, std::size_t whole) {
    return whole == 0 ? 1'000 : static_cast<int>(part * 1'000 / whole);
}

}  // namespace

MarkedText read_marked(std::string_view line) {
    MarkedText marked;
    std::size_t begin = 0;
    for (const char c : line) {
        if (c == '[') {
            begin = marked.text.size();
        } else if (c == ']') {
            marked.names.emplace_back(begin, marked.text.size());
        } else {
            marked.text += c;
        }
    }
    return marked;
}

std::string_view ProseMaker::any(const std::vector<std::string_view>& list) {
    return list.at(random_() % list.size());
}

std::string ProseMaker::name() {
    constexpr std::size_t kHanBytes = 3;
    const std::size_t sort = random_() % 40;
    if (sort == 0) return std::string(any(vocabulary_.whole_names));
    if (sort == 1) return std::string(any(vocabulary_.long_surnames)) += any(vocabulary_.given);
    const std::size_t at = random_() % (vocabulary_.surnames.size() / kHanBytes) * kHanBytes;
    return std::string(vocabulary_.surnames.substr(at, kHanBytes)) += any(vocabulary_.given);
}

std::string ProseMaker::digits(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random_() % 10);
    return text;
}

std::string ProseMaker::fill(char slot) {
    switch (slot) {
        case 'N': return name();
        case 'P': return std::string(any(vocabulary_.places));
        case 'O': return std::string(any(vocabulary_.organisations));
        case 'T': return std::string(any(vocabulary_.topics));
        case 'D': return "20" + digits(2) + "年" + std::to_string(1 + random_() % 12) + "月";
        default: return std::to_string(1 + random_() % 900);
    }
}

MarkedText ProseMaker::sentence() {
    constexpr std::size_t kSlotBytes = 3;
    const std::string_view form =
        any(random_() % 3 != 0 ? vocabulary_.with_names : vocabulary_.without_names);
    MarkedText marked;
    for (std::size_t i = 0; i < form.size();) {
        if (form[i] != '{') {
            marked.text += form[i++];
            continue;
        }
        const std::size_t begin = marked.text.size();
        marked.text += fill(form[i + 1]);
        if (form[i + 1] == 'N') marked.names.emplace_back(begin, marked.text.size());
        i += kSlotBytes;
    }
    return marked;
}

void NameTally::add(const MarkedText& marked_text) {
    std::vector<privacy::Finding> findings;
    privacy::find_names(marked_text.text, findings);
    marked += marked_text.names.size();
    found += findings.size();
    for (const auto& [begin, end] : marked_text.names) {
        std::size_t covered = 0;
        for (const privacy::Finding& one : findings) {
            if (one.begin == begin && one.begin + one.size == end) ++right;
            const std::size_t from = std::max(begin, one.begin);
            const std::size_t to = std::min(end, one.begin + one.size);
            if (from < to) covered += to - from;
        }
        if (covered == end - begin) ++touched;
    }
}

int NameTally::recall_per_mille() const { return per_mille(right, marked); }
int NameTally::precision_per_mille() const { return per_mille(right, found); }
int NameTally::cover_per_mille() const { return per_mille(touched, marked); }

}  // namespace pdx::test
