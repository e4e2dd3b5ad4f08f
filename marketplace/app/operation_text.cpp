#include "marketplace/app/operation_text.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace pdx::app {
namespace {

constexpr std::size_t kDomainBytesMax = 64;
constexpr std::int64_t kStepMax = 1'000'000'000'000;

bool is_domain(std::string_view text) {
    return !text.empty() && text.size() <= kDomainBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

/// Decimal numbers separated by commas. Other spellings and what does not fit the operation are
/// found by printing the result again.
std::optional<std::vector<std::int64_t>> numbers(std::string_view text) {
    std::vector<std::int64_t> values;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::int64_t value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc() || value < 0 || value > kStepMax) return std::nullopt;
        values.push_back(value);
        at = next;
        if (at != end && *at++ != ',') return std::nullopt;
    }
    return values;
}

std::optional<privacy::Operation> with_parameters(privacy::OperationKind kind,
                                                  std::string_view inner) {
    if (kind == privacy::OperationKind::kPseudonym) {
        if (!is_domain(inner)) return std::nullopt;
        return privacy::Operation::pseudonym(std::string(inner));
    }
    const auto values = numbers(inner);
    if (!values) return std::nullopt;
    if (kind == privacy::OperationKind::kKeepFirstLast && values->size() == 2) {
        return privacy::Operation::keep(static_cast<std::uint32_t>(values->at(0)),
                                        static_cast<std::uint32_t>(values->at(1)));
    }
    if (kind == privacy::OperationKind::kRoundNumber && !values->empty() && values->size() <= 2) {
        return privacy::Operation::round(
            values->at(0), values->size() == 2 ? static_cast<std::uint32_t>(values->at(1)) : 0);
    }
    return std::nullopt;
}

/// As privacy::check_policy() has them.
bool is_in_range(const privacy::Operation& operation) {
    constexpr std::uint32_t kKeepMax = 1'000;
    constexpr std::uint32_t kDecimalsMax = 6;
    return operation.first <= kKeepMax && operation.last <= kKeepMax && operation.step >= 1 &&
           operation.step <= kStepMax && operation.decimals <= kDecimalsMax;
}

}  // namespace

std::string operation_text(const privacy::Operation& operation) {
    std::string text(privacy::operation_code(operation.kind));
    if (operation.kind == privacy::OperationKind::kKeepFirstLast) {
        text += "(" + std::to_string(operation.first) + "," + std::to_string(operation.last) + ")";
    } else if (operation.kind == privacy::OperationKind::kRoundNumber) {
        text += "(" + std::to_string(operation.step);
        if (operation.decimals != 0) text += "," + std::to_string(operation.decimals);
        text += ")";
    } else if (operation.kind == privacy::OperationKind::kPseudonym && !operation.domain.empty()) {
        text += "(" + operation.domain + ")";
    }
    return text;
}

std::optional<privacy::Operation> parse_operation(std::string_view text) {
    if (text.size() > kOperationTextMax) return std::nullopt;
    const std::size_t open = text.find('(');
    const auto kind = privacy::parse_operation_kind(text.substr(0, open));
    if (!kind) return std::nullopt;
    std::optional<privacy::Operation> operation = privacy::Operation::of(*kind);
    if (open != std::string_view::npos) {
        if (!text.ends_with(')')) return std::nullopt;
        operation = with_parameters(*kind, text.substr(open + 1, text.size() - open - 2));
    }
    if (!operation || operation_text(*operation) != text || !is_in_range(*operation)) {
        return std::nullopt;
    }
    return operation;
}

}  // namespace pdx::app
