#include "privacy/mark_plan.h"

#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kMarkColumnsMax = 16;
constexpr std::size_t kMarkIdentitiesMax = 8;
constexpr std::uint32_t kMarkOneOfMax = 10'000;
constexpr std::int64_t kMarkStepMax = 1'000'000'000;
constexpr std::int64_t kMarkDecimalsMax = 6;

Error bad_mark_settings(std::string name) {
    return invalid("mark.settings",
                   {"The marks name 1 to 16 columns once each, a step of 1 to 1,000,000,000, up to "
                    "6 decimals, and one row in 1 to 10,000.",
                    "标记须指明 1 至 16 个互不相同的列，步长 1 至 1,000,000,000，小数不超过 6 "
                    "位，且每 1 至 10,000 行选一行。"},
                   {.pointer = std::move(name)});
}

Error bad_mark_identity(std::string name) {
    return invalid("mark.identity",
                   {"The marks need 1 to 8 identities of 1 to 16 columns, none of them rounded up.",
                    "标记须有 1 至 8 组行标识，每组 1 至 16 列，且不得含向上取整的列。"},
                   {.pointer = std::move(name)});
}

}  // namespace

std::string_view mark_way_code(MarkWay way) { return way == MarkWay::kUp ? "up" : "nearest"; }

std::optional<MarkWay> parse_mark_way(std::string_view text) {
    if (text == "nearest") return MarkWay::kNearest;
    if (text == "up") return MarkWay::kUp;
    return std::nullopt;
}

std::optional<std::size_t> marked_column(const MarkPlan& plan, std::string_view name) {
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
        if (plan.columns[i].name == name) return i;
    }
    return std::nullopt;
}

void check_mark_plan(const MarkPlan& plan) {
    if (plan.columns.empty() || plan.columns.size() > kMarkColumnsMax || plan.one_of < 1 ||
        plan.one_of > kMarkOneOfMax) {
        throw bad_mark_settings({});
    }
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
        const MarkColumn& column = plan.columns[i];
        if (column.name.empty() || marked_column(plan, column.name) != i || column.step < 1 ||
            column.step > kMarkStepMax || column.decimals < 0 ||
            column.decimals > kMarkDecimalsMax) {
            throw bad_mark_settings(column.name);
        }
    }
    if (plan.identities.empty() || plan.identities.size() > kMarkIdentitiesMax) {
        throw bad_mark_identity({});
    }
    for (const auto& identity : plan.identities) {
        if (identity.empty() || identity.size() > kMarkColumnsMax) throw bad_mark_identity({});
        for (const std::string& name : identity) {
            const auto marked = marked_column(plan, name);
            if (marked && plan.columns[*marked].way == MarkWay::kUp) {
                throw bad_mark_identity(name);
            }
        }
    }
}

}  // namespace pdx::privacy
