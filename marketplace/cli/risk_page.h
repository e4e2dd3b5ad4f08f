#pragma once
/// The report of `pdx risk`, for people and for programs. It shows names of columns and counts and
/// never a value of the file.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "marketplace/app/risk_table.h"
#include "marketplace/cli/report_page.h"

namespace pdx::cli {

struct RiskPageInput {
    std::string file;
    std::string out;  ///< empty: nothing was generalised
    privacy::FileReport scan;
    app::RiskColumns columns;
    std::uint32_t threshold_basis_points = 0;
    std::uint32_t population_min = 0;
    app::RiskFinding found;
    std::optional<app::RiskFinding> generalised;

    /// What the exit status is about.
    const app::RiskFinding& decisive() const { return generalised ? *generalised : found; }
};

nlohmann::json to_json(const RiskPageInput& input);

class RiskPage : private ReportPage {
public:
    using ReportPage::ReportPage;
    void show(const RiskPageInput& input) const;

private:
    void show_columns(const RiskPageInput& input) const;
    void show_figures(const app::RiskFinding& finding, const RiskPageInput& input) const;
    void show_sizes(const privacy::RiskReport& report) const;
    void show_sensitive(const privacy::RiskReport& report) const;
    void show_judgement(const app::RiskFinding& finding) const;
    std::string names(const RiskPageInput& input, const std::vector<std::size_t>& columns) const;
};

}  // namespace pdx::cli
