#pragma once
/// A small file that is on the disk when the call returns, whole or not at all: written beside its
/// place, synced, moved into it, and the folder synced too.
#include <filesystem>
#include <string_view>

namespace pdx {

enum class Existing {
    kReplace,  ///< the old file is there until the new one is
    kRefuse,   ///< std::errc::file_exists, also when two processes try at once
};

enum class FileAccess {
    kOwner,  ///< mode 0600
    kAll,    ///< mode 0644
};

/// Uses "<path>.part" beside it; what an earlier attempt left there is dropped.
/// Throws: std::system_error with the path.
void write_file_durably(const std::filesystem::path& path, std::string_view text, FileAccess access,
                        Existing existing);

/// Makes names that were created, moved or removed in a folder durable.
/// Throws: std::system_error.
void sync_folder(const std::filesystem::path& folder);

}  // namespace pdx
