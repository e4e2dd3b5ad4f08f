#pragma once
/// The folder that an exchange owns: what lies where, who may use it, and what must be there.
#include <filesystem>

#include "base/error.h"

namespace pdx::cli {

/// DATA/keys/ledger.key: the key that the log began with. Keys that it was given later lie beside
/// it as ledger-<key id>.key.
std::filesystem::path ledger_key_file(const std::filesystem::path& data);
std::filesystem::path master_key_file(const std::filesystem::path& data);
std::filesystem::path blob_folder(const std::filesystem::path& data);
/// DATA/ledger.vkey, written last at the first start: a folder that has it has a ledger.
std::filesystem::path vkey_file(const std::filesystem::path& data);

/// Refusal "data.key_lost".
Error key_lost(const std::filesystem::path& path);

/// Makes the folder for keys. A master key that was lost is not made anew: nothing encrypted under
/// the old one could be read again.
/// Throws: Error kConflict "data.key_lost".
void check_keys_are_there(const std::filesystem::path& data);

/// One process per data folder: two would each think they own the blobs.
class FolderLock {
public:
    /// Makes the folder and closes it to others.
    /// Throws: Error kBusy "data.locked", kConflict "data.foreign_folder"; std::system_error.
    explicit FolderLock(const std::filesystem::path& data);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int fd_ = -1;
};

}  // namespace pdx::cli
