#pragma once
/// Tables that somebody wants to know about before anything is done with them: what the columns
/// are, and how easily persons are found again. Nothing of a table is kept, logged or recorded; the
/// ledger does not hear of it.
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

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
/// Of one party, so that nobody holds them all by sending slowly.
inline constexpr int kExaminationsOfPartyMax = 2;

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
    privacy::FileReport scan(const Caller& caller, privacy::TableFormat format,
                             const ByteSource& source);
    /// The table waits on disk between the two readings, encrypted under a key that is never
    /// stored and in a file without a name.
    /// Throws: as scan(), complete_columns() and privacy::RiskMeter.
    ExaminedRisk measure(const Caller& caller, privacy::TableFormat format,
                         const ByteSource& source, const RiskQuestion& question);

private:
    /// One of the places, for as long as it lives.
    class Place {
    public:
        Place(ExaminationService& service, const Caller& caller);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        ExaminationService& service_;
        std::string party_;
    };

    Context& context_;
    std::uint64_t bytes_max_;
    std::mutex mutex_;
    std::multiset<std::string> running_;  ///< by party
};

}  // namespace pdx::app
