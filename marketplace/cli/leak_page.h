#pragma once
/// The report of `pdx trace --data`: which of the exchange's own deliveries a leaked table is.
/// Names contracts, deliveries and parties; never a value of a file.
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "marketplace/app/leak_trace.h"
#include "marketplace/cli/report_page.h"
#include "marketplace/cli/trace_page.h"

namespace pdx::cli {

struct LeakFinding {
    TracedFile leak;
    std::uint64_t rows = 0;
    std::uint64_t tokens = 0;    ///< distinct, in the file
    std::uint64_t left_out = 0;  ///< above the limit of memory
    app::LeakTrace trace;
    std::map<std::string, Text> parties;  ///< by id, of all that are named below
};

nlohmann::json to_json(const LeakFinding& finding);

class LeakPage : private FilePage {
public:
    using FilePage::FilePage;
    void show(const LeakFinding& finding) const;

private:
    void show_contract(const LeakFinding& finding, const app::TracedContract& one) const;
    void show_copy(const privacy::CopyEvidence& copy) const;
    void show_verdict(const LeakFinding& finding) const;
    void show_method() const;
    std::string party(const LeakFinding& finding, const PartyId& id) const;
};

}  // namespace pdx::cli
