#pragma once
/// A new key takes over from the ledger's present one, on a data folder that nothing serves. Begin:
/// the new key is made, an entry under the old key's signature names it, and from then on both
/// sign. Finish: an entry retires the old key, and the new one signs alone.
///
/// Each step is durable before the next, and the entries decide what is true: a process that is
/// killed anywhere leaves a folder that starts, and the command can be given again.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "marketplace/cli/settings.h"

namespace pdx::cli {

enum class RotationStep {
    kKeyMade,     ///< the new key's file is on the disk; nothing names it yet
    kEntryMade,   ///< the entry is committed: the new state holds
    kListWritten  ///< DATA/ledger.vkey says so, too
};
/// For fault tests: called when a step is done.
using RotationHook = std::function<void(RotationStep)>;

struct Rotation {
    std::string key;                 ///< vkey that was added or retired
    std::filesystem::path key_file;  ///< of that key
    std::uint64_t index = 0;         ///< of the entry
    std::vector<std::string> valid;  ///< vkeys that sign from now on
};

/// Throws: Error kConflict "key_rotation.begun" when two keys sign already,
/// "key_rotation.no_ledger"; as load_ledger_keys() and check_rollback(). A key that an earlier
/// attempt made and nothing named is used.
Rotation begin_key_rotation(const Settings& settings, const RotationHook& done = {});
/// Throws: Error kConflict "key_rotation.not_begun" when one key signs alone; as above.
Rotation finish_key_rotation(const Settings& settings, const RotationHook& done = {});

}  // namespace pdx::cli
