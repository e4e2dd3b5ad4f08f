#pragma once
/// Finds addresses in Chinese prose, with their places and how close they come to a door: names
/// that end in 省 市 区 县 镇 路 村 小区 one behind the other, then numbers that end in 号 栋 单元
/// 室.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "privacy/kind.h"

namespace pdx::privacy {

/// From coarse to fine. An address that skips levels has the level of its finest part.
enum class AddressLevel : std::uint8_t {
    kProvince,
    kCity,
    kDistrict,
    kTown,
    kStreet,  ///< also an estate or a village
    kNumber,  ///< also a group of a village
    kBuilding,
    kRoom,
};

struct AddressFinding {
    std::size_t begin = 0;  ///< Unit: bytes
    std::size_t size = 0;   ///< Unit: bytes
    AddressLevel level = AddressLevel::kProvince;

    bool operator==(const AddressFinding&) const = default;
};

/// Appends in the order of the text; no two overlap. At least two parts make an address: one place
/// alone is none. Requires: well-formed UTF-8. Never throws but std::bad_alloc.
void find_addresses(std::string_view text, std::vector<AddressFinding>& findings);

/// A door is a direct identifier; what is coarser narrows a person down.
constexpr Sensitivity address_sensitivity(AddressLevel level) {
    return level >= AddressLevel::kNumber ? Sensitivity::kDirectIdentifier
                                          : Sensitivity::kQuasiIdentifier;
}

}  // namespace pdx::privacy
