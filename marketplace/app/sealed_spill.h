#pragma once
/// Rows of a delivery that wait on disk while they are put into their order: in one file without a
/// name, encrypted under a key that exists in this process alone, gone with it whatever happens.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "privacy/row_order.h"

namespace pdx::app {

/// Memory: 16 bytes for each append. Thread: not shared.
class SealedSpill final : public privacy::RowSpill {
public:
    /// Makes nothing before something is appended.
    explicit SealedSpill(std::filesystem::path folder);
    ~SealedSpill() override;

    /// Throws: std::system_error, a full disk included.
    void append(std::size_t bucket, std::string_view bytes) override;
    /// Throws: std::system_error; kConflict "delivery.spill" when the disk gives back other bytes.
    std::string take(std::size_t bucket) override;

private:
    struct Extent {
        std::uint64_t at = 0;
        std::uint64_t size = 0;
    };
    void open_file();

    std::filesystem::path folder_;
    Secret key_;
    int fd_ = -1;
    std::uint64_t end_ = 0;
    std::vector<std::vector<Extent>> buckets_;
};

}  // namespace pdx::app
