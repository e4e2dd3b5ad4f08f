#pragma once
/// A monitor of one log: it keeps the last checkpoint that it verified, and believes another only
/// with a proof that the log only grew. What contradicts a signature that it holds is evidence, and
/// is kept. Source: RFC 9162 section 8.1.2.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/note.h"
#include "marketplace/cli/readable_log.h"

namespace pdx::cli {

enum class LogView {
    kFirst,       ///< nothing was known before
    kSame,        ///< as it was
    kGrown,       ///< and proven to be what it was before, and more
    kRolledBack,  ///< signed at a smaller size than before: the log hides entries
    kForked,      ///< signed at a root that does not agree with one signed before
    kUnsigned,    ///< the checkpoint does not verify under the key
    kUnproven,    ///< signed, but the tiles do not lead to the signed root
};

/// Stable word for JSON.
std::string_view to_string(LogView view);
/// Something to tell a person at once.
constexpr bool is_alert(LogView view) { return view > LogView::kGrown; }

struct Observation {
    LogView view = LogView::kFirst;
    std::uint64_t old_size = 0;
    std::uint64_t size = 0;
    std::string detail;                             ///< a sentence for people
    std::optional<std::filesystem::path> evidence;  ///< the folder in which it was kept
};

/// Thread: not shared; one process per state folder.
class LogMonitor {
public:
    /// `state`: made when absent. It holds `checkpoint`, the last note that was verified, and
    /// `evidence/`. Throws: std::runtime_error when `checkpoint` there does not verify under the
    /// key: the monitor's own memory was changed, or it is another log's.
    LogMonitor(ReadableLog& log, ledger::NoteVerifier key, std::filesystem::path state);

    /// Looks once. The new checkpoint is on the disk before it returns.
    /// Throws: what the source throws; std::runtime_error when the state cannot be written.
    Observation look();

private:
    struct Seen {
        ledger::Checkpoint checkpoint;
        std::string note;
    };

    Observation judge(const Seen& now, ledger::Proof& proof);
    Observation judge_growth(const Seen& now, ledger::Proof& proof);
    std::filesystem::path keep_evidence(const Observation& seen, const std::string& note,
                                        const ledger::Proof& proof);

    ReadableLog& log_;
    ledger::NoteVerifier key_;
    std::filesystem::path state_;
    std::optional<Seen> last_;
};

}  // namespace pdx::cli
