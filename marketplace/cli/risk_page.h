#pragma once
/// The report of `pdx risk`, for people and for programs. It shows names of columns and counts and
/// never a value of the file.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "marketplace/cli/report_page.h"
#include "marketplace/cli/risk_table.h"

namespace pdx::cli {

/// A table, as it is or as it was generalised, and what was decided about it.
struct RiskFinding {
    privacy::RiskReport report;
    privacy::TableContent content;
    privacy::RiskJudgement judgement;
    privacy::DeidentificationLevel level = privacy::DeidentificationLevel::kIdentified;
};

struct RiskPageInput {
    std::string file;
    std::string out;  ///< empty: nothing was generalised
    privacy::FileReport scan;
    RiskColumns columns;
    std::uint32_t threshold_basis_points = 0;
    std::uint32_t population_min = 0;
    RiskFinding found;
    std::optional<RiskFinding> generalised;

    /// What the exit status is about.
    const RiskFinding& decisive() const { return generalised ? *generalised : found; }
};

nlohmann::json to_json(const RiskPageInput& input);

class RiskPage : private ReportPage {
public:
    using ReportPage::ReportPage;
    void show(const RiskPageInput& input) const;

private:
    void show_columns(const RiskPageInput& input) const;
    void show_figures(const RiskFinding& finding, const RiskPageInput& input) const;
    void show_sizes(const privacy::RiskReport& report) const;
    void show_sensitive(const privacy::RiskReport& report) const;
    void show_judgement(const RiskFinding& finding) const;
    std::string names(const RiskPageInput& input, const std::vector<std::size_t>& columns) const;
};

}  // namespace pdx::cli
