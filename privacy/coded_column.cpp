#include "privacy/coded_column.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "privacy/decimal.h"

namespace pdx::privacy {
namespace {

constexpr std::uint32_t kSetMax = 8;
/// Of the map's node and the two lists, beside the text.
constexpr std::uint64_t kBytesPerValue = 96;

/// 2026, 2026-03 or 2026-03-01.
bool is_date_shape(std::string_view text) {
    if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 4 || i == 7 ? text[i] != '-' : !is_digit(text[i])) return false;
    }
    return true;
}

bool fits(ValueForm form, std::string_view text, std::size_t date_size) {
    switch (form) {
        case ValueForm::kNumber: return decimal_millionths(text).has_value();
        case ValueForm::kDate: return is_date_shape(text) && text.size() == date_size;
        case ValueForm::kCode:
            return std::all_of(text.begin(), text.end(),
                               [](char c) { return is_alnum(c) || c == '.'; });
        case ValueForm::kCategory: return true;
    }
    return true;
}

}  // namespace

CodedColumn::CodedColumn(ValueForm form, MemoryBudget& budget) : form_(form), budget_(&budget) {}

std::uint32_t CodedColumn::add(std::string_view value) {
    const auto known = numbers_.find(value);
    if (known != numbers_.end()) return known->second;
    PDX_CHECK(sorted_.empty());
    budget_->take(kBytesPerValue + value.size());
    const auto number = static_cast<std::uint32_t>(numbers_.size());
    numbers_.emplace(value, number);
    return number;
}

void CodedColumn::finish() {
    std::size_t date_size = 0;
    for (const auto& [text, number] : numbers_) date_size = std::max(date_size, text.size());
    const bool fit = std::all_of(numbers_.begin(), numbers_.end(), [&](const auto& one) {
        return one.first.empty() || fits(form_, one.first, date_size);
    });
    if (!fit) form_ = ValueForm::kCategory;

    // Numbers by their size, then as text, so that "1" and "1.0" have one order.
    std::vector<std::pair<std::int64_t, std::string_view>> values;
    for (const auto& [text, number] : numbers_) {
        const bool is_number = form_ == ValueForm::kNumber && !text.empty();
        values.emplace_back(is_number ? decimal_millionths(text).value_or(0) : INT64_MIN, text);
    }
    std::sort(values.begin(), values.end());
    order_.resize(values.size());
    for (const auto& [size, text] : values) {
        order_[numbers_.find(text)->second] = static_cast<std::uint32_t>(sorted_.size());
        sorted_.push_back(text);
    }
}

std::string CodedColumn::range_text(const CodeRange& range) const {
    const std::string_view low = sorted_[range.low];
    const std::string_view high = sorted_[range.high];
    if (range.low == range.high) return std::string(low);
    if (form_ == ValueForm::kCategory) return set_text(range);
    if (low.empty()) return "*";
    if (form_ == ValueForm::kDate) return std::string(low) + ".." + std::string(high);
    if (form_ == ValueForm::kNumber) {
        const bool negative = low.starts_with('-') || high.starts_with('-');
        return std::string(low) + (negative ? ".." : "-") + std::string(high);
    }
    const auto differ = std::mismatch(low.begin(), low.end(), high.begin(), high.end()).first;
    const auto shared = static_cast<std::size_t>(differ - low.begin());
    if (shared == 0) return "*";
    return std::string(low.substr(0, shared)) +
           std::string(std::max(low.size(), high.size()) - shared, '*');
}

std::string CodedColumn::set_text(const CodeRange& range) const {
    if (range.high - range.low >= kSetMax) return "*";
    std::string text = "{";
    for (std::uint32_t code = range.low; code <= range.high; ++code) {
        const std::string_view value = sorted_[code];
        // Such a value would read like two.
        if (value.find_first_of(",{}") != std::string_view::npos) return "*";
        if (code != range.low) text += ',';
        text += value;
    }
    return text + '}';
}

}  // namespace pdx::privacy
