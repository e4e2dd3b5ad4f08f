/// Why a column is not what it might have been.
#include <algorithm>

#include "privacy/column_profiler.h"
#include "privacy/confidence.h"
#include "privacy/identifier_rules.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kRefusedMax = 3;
/// Words have no chance that anybody could compute; their shares are the ones of column_rules.cpp.
constexpr IdentifierRule kWordRules[] = {
    {Kind::kPersonName, 8'500, 0},    {Kind::kOrganisationName, 6'000, 0},
    {Kind::kAddress, 5'000, 0},       {Kind::kDate, 8'000, 0},
    {Kind::kDiagnosis, 8'000, 0},     {Kind::kEthnicity, 8'000, 0},
    {Kind::kBeliefOrStatus, 8'000, 0}};
constexpr IdentifierRule kResidentIdRule{Kind::kResidentId, 1, 1};

}  // namespace

std::optional<Refusal> ColumnProfiler::refusal(const IdentifierRule& rule) const {
    const std::uint64_t count = hits(rule.kind);
    Refusal refusal{rule.kind, "", share(count), rule.chance};
    const bool chance =
        rule.kind == Kind::kResidentId
            ? resident_ids_are_chance() || count * 2 < id_shaped_
            : rule.chance > 0 && share_low(count) <= rule.chance && share(count) < rule.share_min;
    if (header_names(rule.kind)) {
        refusal.code = "header_contradicted";
    } else if (count == 0) {
        return std::nullopt;
    } else if (chance || (rule.kind == Kind::kIpAddress && wide_octets_ * 10 < count)) {
        refusal.code = "chance_explains";
    } else if (share(count) < rule.share_min) {
        refusal.code = "share_too_small";
    } else if (share_low(count) <= std::max(rule.chance, rule.share_min / 2)) {
        refusal.code = "too_few_values";
    } else {
        refusal.code = "other_fits_better";
    }
    return refusal;
}

std::vector<Refusal> ColumnProfiler::refusals(Kind chosen) const {
    std::vector<Refusal> list;
    const auto consider = [&](const IdentifierRule& rule) {
        if (rule.kind == chosen) return;
        if (auto one = refusal(rule)) list.push_back(*std::move(one));
    };
    if (values_ == 0) return list;
    consider(kResidentIdRule);
    for (const IdentifierRule& rule : kIdentifierRules) consider(rule);
    for (const IdentifierRule& rule : kWordRules) consider(rule);
    const bool listed =
        header_ && std::any_of(list.begin(), list.end(),
                               [this](const Refusal& one) { return one.kind == header_->kind; });
    if (header_ && header_->kind != chosen && !listed) {
        list.push_back(
            {header_->kind, "header_contradicted", share(agreement(header_->kind).hits), 0});
    }
    std::sort(list.begin(), list.end(), [](const Refusal& a, const Refusal& b) {
        if (a.share_basis_points != b.share_basis_points) {
            return a.share_basis_points > b.share_basis_points;
        }
        return a.kind < b.kind;
    });
    if (list.size() > kRefusedMax) list.resize(kRefusedMax);
    return list;
}

}  // namespace pdx::privacy
