#include "marketplace/app/sealed_spill.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/sealed_box.h"

namespace pdx::app {
namespace {

[[noreturn]] void fail_spill(int error) {
    throw std::system_error(error, std::generic_category(), "rows that wait for their order");
}

/// Where an extent belongs: one that is read from another place does not open.
std::array<std::uint8_t, 16> place_of(std::uint64_t bucket, std::uint64_t at) {
    std::array<std::uint8_t, 16> place{};
    for (unsigned i = 0; i < 8; ++i) {
        place.at(i) = static_cast<std::uint8_t>(bucket >> (8 * i));
        place.at(8 + i) = static_cast<std::uint8_t>(at >> (8 * i));
    }
    return place;
}

}  // namespace

SealedSpill::SealedSpill(std::filesystem::path folder)
    : folder_(std::move(folder)),
      key_(random_bytes(kBoxKeyBytes)) {}

SealedSpill::~SealedSpill() {
    if (fd_ >= 0) ::close(fd_);
}

/// A name for a moment, because not every file system has files without one. A kill in that moment
/// leaves an empty file that the next start removes with other parts.
void SealedSpill::open_file() {
    std::string name = (folder_ / "spill-XXXXXX.part").string();
    constexpr int kSuffix = 5;
    fd_ = ::mkostemps(name.data(), kSuffix, O_CLOEXEC);
    if (fd_ < 0) fail_spill(errno);
    if (::unlink(name.c_str()) != 0) fail_spill(errno);
}

void SealedSpill::append(std::size_t bucket, std::string_view bytes) {
    if (fd_ < 0) open_file();
    if (buckets_.size() <= bucket) buckets_.resize(bucket + 1);
    const Bytes box = close_box(key_.view(), place_of(bucket, end_), as_bytes(bytes));
    for (std::size_t done = 0; done < box.size();) {
        const ssize_t count =
            ::pwrite(fd_, box.data() + done, box.size() - done, static_cast<off_t>(end_ + done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail_spill(count == 0 ? ENOSPC : errno);
        done += static_cast<std::size_t>(count);
    }
    buckets_[bucket].push_back({end_, box.size()});
    end_ += box.size();
}

std::string SealedSpill::take(std::size_t bucket) {
    std::string all;
    if (bucket >= buckets_.size()) return all;
    for (const Extent& extent : buckets_[bucket]) {
        Bytes box(extent.size);
        for (std::size_t done = 0; done < box.size();) {
            const ssize_t count = ::pread(fd_, box.data() + done, box.size() - done,
                                          static_cast<off_t>(extent.at + done));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail_spill(errno);
            if (count == 0) break;  // cut short: it will not open
            done += static_cast<std::size_t>(count);
        }
        const auto opened = open_box(key_.view(), place_of(bucket, extent.at), box);
        if (!opened) {
            throw conflict("delivery.spill", {"The disk gave back other bytes than were written; "
                                              "nothing is delivered.",
                                              "磁盘读回的数据与写入不符，已停止交付。"});
        }
        all += as_text(opened->view());
    }
    return all;
}

}  // namespace pdx::app
