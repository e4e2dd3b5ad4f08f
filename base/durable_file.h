#pragma once
/// Files that are on the disk when the call returns, whole or not at all: written beside their
/// place, synced, moved into it, and the folder synced too.
#include <filesystem>
#include <string>
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

/// A file that is written piece by piece. Uses "<path>.part" beside it; what a killed attempt left
/// there is dropped, and another that is still writing is not disturbed.
/// Throws: std::system_error with the path; std::errc::device_or_resource_busy while another
/// writes.
class DurableFile {
public:
    DurableFile(const std::filesystem::path& path, FileAccess access, Existing existing);
    /// What was not published is removed.
    ~DurableFile();
    DurableFile(const DurableFile&) = delete;
    DurableFile& operator=(const DurableFile&) = delete;

    void append(std::string_view text);
    /// Callable once; nothing is appended after it.
    void publish();

private:
    void open_staged();
    bool is_ours() const;

    std::filesystem::path path_;
    std::string staged_;
    FileAccess access_;
    Existing existing_;
    int fd_ = -1;
};

/// A small file at once. Throws: as DurableFile.
void write_file_durably(const std::filesystem::path& path, std::string_view text, FileAccess access,
                        Existing existing);

/// Makes names that were created, moved or removed in a folder durable.
/// Throws: std::system_error.
void sync_folder(const std::filesystem::path& folder);

}  // namespace pdx
