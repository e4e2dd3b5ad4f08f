#pragma once
/// The report of `pdx trace`, made to be put before the arbitrators of a dispute: what was looked
/// at, what was counted, how sure that is and how it is computed. Never a value of a file.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "marketplace/cli/report_page.h"
#include "privacy/encoding.h"
#include "privacy/trace.h"

namespace pdx::cli {

/// A file that was read. Digest and size of the bytes as they came.
struct TracedFile {
    std::string path;
    Digest sha256;
    std::uint64_t bytes = 0;
    privacy::Encoding encoding = privacy::Encoding::kAscii;
};

struct TraceFinding {
    TracedFile leak;
    TracedFile candidates;
    std::optional<TracedFile> known;
    std::size_t identities = 0;  ///< of the plan
    privacy::TraceReport report;
};

nlohmann::json to_json(const TraceFinding& finding);
nlohmann::json to_json(const TracedFile& file);
nlohmann::json to_json(const privacy::HitEvidence& evidence);
nlohmann::json to_json(const privacy::MarkEvidence& evidence);
/// "10^-6"; of 0 it is "1".
std::string power(int exponent);

/// A report about files, each named with its digest and size.
class FilePage : public ReportPage {
public:
    using ReportPage::ReportPage;
    void show_file(const std::string& what, const TracedFile& file) const;
};

class TracePage : private FilePage {
public:
    using FilePage::FilePage;
    void show(const TraceFinding& finding) const;

private:
    void show_looked_at(const TraceFinding& finding) const;
    void show_candidate(const privacy::CandidateEvidence& one) const;
    void show_verdict(const privacy::TraceReport& report) const;
    void show_method() const;
};

}  // namespace pdx::cli
