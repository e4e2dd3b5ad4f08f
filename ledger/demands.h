#pragma once
/// What a careful reader asks of a checkpoint beyond its signature: that the log did not go back,
/// and that it tells everybody the same story. The signature says who spoke; this says whether they
/// contradict themselves.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/checkpoint.h"

namespace pdx::ledger {

/// Why something signed is refused all the same. Codes are stable: do not rename.
struct Refusal {
    std::string_view code;  ///< a literal: lives as long as the program
    std::string detail;     ///< a sentence for people
};

inline constexpr std::string_view kRollbackCode = "checkpoint.rollback";
inline constexpr std::string_view kForkCode = "checkpoint.fork";
inline constexpr std::string_view kLogBehindCode = "log.behind";
inline constexpr std::string_view kLogIncompleteCode = "log.incomplete";

struct Demands {
    std::uint64_t size_min = 0;    ///< Unit: entries
    std::vector<Checkpoint> seen;  ///< verified ones; those of other logs are not looked at
};

/// kRollbackCode when the checkpoint is smaller than `size_min` or than one seen; kForkCode when it
/// gives another root for the size of one seen. Smaller ones seen need the log: check_prefix().
std::optional<Refusal> check_demands(const Checkpoint& checkpoint, const Demands& demands);

/// Whether the tree of `earlier` is the beginning of the tree of `log`, whose files are in the
/// folder. The proof is made of those files and checked against both roots, so none of them needs
/// to be trusted. kForkCode: it is not, or the files are not the log's, which verify_log() tells.
/// kLogBehindCode: the log in the folder is the smaller one. kLogIncompleteCode: a tile is absent.
/// Does not throw for what the folder holds.
std::optional<Refusal> check_prefix(const std::filesystem::path& folder, const Checkpoint& log,
                                    const Checkpoint& earlier);

}  // namespace pdx::ledger
