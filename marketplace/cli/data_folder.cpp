#include "marketplace/cli/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace pdx::cli {
namespace {

namespace fs = std::filesystem;

/// A new exchange takes a new or empty folder (keys may be laid into it beforehand), because it
/// closes the folder to others.
void check_folder_is_ours(const fs::path& folder) {
    if (!fs::exists(folder) || fs::exists(folder / "lock")) return;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename() == "keys") continue;
        throw conflict("data.foreign_folder",
                       {"This folder holds other files. Name a new or an empty one with --data.",
                        "该目录中已有其他文件，请用 --data 指定新的或空的目录。"},
                       {.pointer = folder.string()});
    }
}

}  // namespace

Error key_lost(const fs::path& path) {
    return conflict("data.key_lost",
                    {"A key of this exchange is missing. Put it back from your copy.",
                     "平台密钥文件缺失，请从备份恢复。"},
                    {.pointer = path.string()});
}

fs::path ledger_key_file(const fs::path& data) { return data / "keys" / "ledger.key"; }
fs::path master_key_file(const fs::path& data) { return data / "keys" / "master.key"; }
fs::path blob_folder(const fs::path& data) { return data / "blobs"; }
fs::path vkey_file(const fs::path& data) { return data / "ledger.vkey"; }

void check_keys_are_there(const fs::path& data) {
    fs::create_directories(data / "keys");
    if (!fs::exists(vkey_file(data))) return;
    if (!fs::exists(master_key_file(data))) throw key_lost(master_key_file(data));
}

FolderLock::FolderLock(const fs::path& data) {
    check_folder_is_ours(data);
    fs::create_directories(data);
    fs::permissions(data, fs::perms::owner_all);
    const fs::path file = data / "lock";
    fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), file.string());
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd_);
        throw busy("data.locked", {"Another exchange is running on this data folder.",
                                   "该数据目录正被另一个进程使用。"});
    }
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace pdx::cli
