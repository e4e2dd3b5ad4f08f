#pragma once
/// Tables that somebody wants to know about before anything is done with them: what the columns
/// are, and how easily persons are found again. Nothing of a table is kept, logged or recorded; the
/// ledger does not hear of it.
#include <atomic>
#include <cstdint>

#include "marketplace/app/context.h"
#include "marketplace/app/dataset_service.h"
#include "marketplace/app/risk_table.h"
#include "privacy/file_scan.h"
#include "privacy/risk_judge.h"
#include "privacy/table_format.h"

namespace pdx::app {

/// Unit: bytes of one table.
inline constexpr std::uint64_t kExaminedBytesMax = std::uint64_t{1} << 30U;
/// At the same time; each takes a thread and, for the risk, memory and disk.
inline constexpr int kExaminationsMax = 4;

struct RiskQuestion {
    RiskColumns columns;  ///< by position; without quasi-identifiers as classified
    privacy::RiskLimits limits;
};

struct ExaminedRisk {
    privacy::FileReport scan;
    RiskColumns columns;
    RiskFinding found;
};

/// Thread: any.
class ExaminationService {
public:
    explicit ExaminationService(Context& context, std::uint64_t bytes_max = kExaminedBytesMax)
        : context_(context),
          bytes_max_(bytes_max) {}

    /// Throws: kBusy "examination.busy"; kTooLarge "examination.too_large"; as privacy::FileScan.
    privacy::FileReport scan(privacy::TableFormat format, const ByteSource& source);
    /// The table waits on disk between the two readings, encrypted under a key that is never
    /// stored and in a file without a name.
    /// Throws: as scan(), complete_columns() and privacy::RiskMeter.
    ExaminedRisk measure(privacy::TableFormat format, const ByteSource& source,
                         const RiskQuestion& question);

private:
    Context& context_;
    std::uint64_t bytes_max_;
    std::atomic<int> running_{0};
};

}  // namespace pdx::app
