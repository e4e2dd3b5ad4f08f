#include "privacy/words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

/// What a word ends with when it names a place, an office or a thing rather than a person.
constexpr std::string_view kThingEndings =
    "路街道巷弄桥站场馆园区县市省镇乡村庄湖河江港湾山岛寺庙厂店部局所院校司社队库塔楼厦城苑线型类级"
    "税费款证号码表率额量值度日月年时期业品器机车船房室座栋幢组";

constexpr std::array<std::string_view, 32> kOrganisationEndings{
    "公司",   "集团",   "厂",     "商行",   "经营部", "服务部", "门市部", "事务所",
    "合作社", "学校",   "大学",   "学院",   "小学",   "中学",   "幼儿园", "医院",
    "局",     "委员会", "办公室", "研究院", "研究所", "中心",   "银行",   "支行",
    "协会",   "基金会", "工作室", "店",     "馆",     "所",     "政府",   "院"};

/// Behind a number they name a door.
constexpr std::string_view kDoorCharacters = "号室幢栋弄楼组座层";
constexpr std::string_view kAreaCharacters = "省市区县镇乡村路街巷";
constexpr std::string_view kPlateProvinces =
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

constexpr std::size_t kHanBytes = 3;

using CharacterSet = std::unordered_set<std::string_view>;

CharacterSet characters_of(std::string_view text) {
    CharacterSet set;
    for (std::size_t i = 0; i + kHanBytes <= text.size(); i += kHanBytes) {
        set.insert(text.substr(i, kHanBytes));
    }
    return set;
}

bool is_surname(std::string_view character) {
    static const CharacterSet set = characters_of(kSurnames);
    return set.contains(character);
}

bool is_thing_ending(std::string_view character) {
    static const CharacterSet set = characters_of(kThingEndings);
    return set.contains(character);
}

/// The number of Han characters when the text has nothing else (except middle dots), else 0.
std::size_t han_length(std::string_view text, bool& dotted) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size();) {
        const char32_t c = next_code_point(text, i);
        if (c == U'·' || c == U'•' || c == U'・') {
            dotted = true;
        } else if (is_han(c)) {
            ++count;
        } else {
            return 0;
        }
    }
    return count;
}

bool is_digit_before(std::string_view text, std::size_t position) {
    if (position == 0) return false;
    const char c = text[position - 1];
    if (c >= '0' && c <= '9') return true;
    // Full-width digits U+FF10..FF19 are EF BC 90..99; Chinese numerals are rarer than both.
    if (position < kHanBytes) return false;
    const std::string_view before = text.substr(position - kHanBytes, kHanBytes);
    constexpr std::string_view kNumerals = "一二三四五六七八九十甲乙丙丁";
    return (before[0] == '\xEF' && before[1] == '\xBC' && before[2] >= '\x90' &&
            before[2] <= '\x99') ||
           kNumerals.find(before) != std::string_view::npos;
}

/// The three bytes of a character as one number.
constexpr std::uint32_t packed(std::string_view character) {
    const auto byte = [character](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
    };
    return byte(0) << 16U | byte(1) << 8U | byte(2);
}

/// Compares the first character as a number before it compares texts.
bool has_compound_surname(std::string_view text) {
    const std::uint32_t first = packed(text);
    return std::any_of(kCompoundSurnames.begin(), kCompoundSurnames.end(),
                       [&](std::string_view surname) {
                           return packed(surname) == first && text.starts_with(surname);
                       });
}

constexpr auto province_codes() {
    std::array<std::uint32_t, kPlateProvinces.size() / kHanBytes> codes{};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = packed(kPlateProvinces.substr(i * kHanBytes, kHanBytes));
    }
    return codes;
}
constexpr auto kProvinceCodes = province_codes();

/// Whether the last character is one of an ending; most texts need no more.
bool ends_like_organisation(std::string_view text) {
    constexpr auto kLast = [] {
        std::array<std::uint32_t, kOrganisationEndings.size()> codes{};
        for (std::size_t i = 0; i < codes.size(); ++i) {
            const std::string_view ending = kOrganisationEndings[i];
            codes[i] = packed(ending.substr(ending.size() - kHanBytes));
        }
        return codes;
    }();
    const std::uint32_t last = packed(text.substr(text.size() - kHanBytes));
    return std::find(kLast.begin(), kLast.end(), last) != kLast.end();
}

/// What a character of an address does. An area's character holds its place in kAreaCharacters.
constexpr std::uint8_t kAreaIndex = 0x0F;
constexpr std::uint8_t kAreaRole = 0x10;
constexpr std::uint8_t kDoorRole = 0x20;
constexpr std::uint8_t kUnitRole = 0x40;   // 单 of 单元
constexpr std::uint8_t kGreatRole = 0x80;  // 大 of 大道
constexpr std::size_t kStreetWord = 14;    // 街道
constexpr std::size_t kAvenueWord = 15;    // 大道
constexpr std::size_t kRoles = 256;

/// Characters by a byte of a multiple of their code; the factor was searched so that no two share
/// it.
struct Role {
    std::uint32_t code = 0;
    std::uint8_t role = 0;
};
constexpr std::size_t role_slot(std::uint32_t code) { return (code * 0x2265B1F5U) >> 24U; }
constexpr bool put_role(std::array<Role, kRoles>& roles, std::string_view word, std::uint8_t role) {
    Role& slot = roles[role_slot(packed(word))];
    if (slot.role != 0) return false;
    slot = {packed(word), role};
    return true;
}
constexpr bool fill_roles(std::array<Role, kRoles>& roles) {
    bool apart = put_role(roles, "单", kUnitRole) && put_role(roles, "大", kGreatRole);
    for (std::size_t i = 0; i < kAreaCharacters.size(); i += kHanBytes) {
        const auto role = static_cast<std::uint8_t>(kAreaRole | (i / kHanBytes));
        apart = put_role(roles, kAreaCharacters.substr(i, kHanBytes), role) && apart;
    }
    for (std::size_t i = 0; i < kDoorCharacters.size(); i += kHanBytes) {
        apart = put_role(roles, kDoorCharacters.substr(i, kHanBytes), kDoorRole) && apart;
    }
    return apart;
}
constexpr auto make_roles() {
    std::array<Role, kRoles> roles{};
    fill_roles(roles);
    return roles;
}
constexpr auto kRoleTable = make_roles();
static_assert(
    [] {
        std::array<Role, kRoles> roles{};
        return fill_roles(roles);
    }(),
    "two characters share a slot");

std::uint8_t role_of(std::uint32_t code) {
    const Role& slot = kRoleTable[role_slot(code)];
    return slot.code == code ? slot.role : std::uint8_t{0};
}

/// A search by bytes stops at each Chinese character that begins like the sought one, which is
/// every other one; this steps from character to character.
std::size_t find_han(std::string_view text, std::string_view han, std::size_t from) {
    while (from + kHanBytes <= text.size()) {
        const auto first = static_cast<unsigned char>(text[from]);
        if (text[from] == han[0] && text[from + 1] == han[1] && text[from + 2] == han[2]) {
            return from;
        }
        from += first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    }
    return std::string_view::npos;
}

}  // namespace

bool is_plate_province(std::string_view character) {
    if (character.size() != kHanBytes) return false;
    const std::uint32_t code = packed(character);
    return std::any_of(kProvinceCodes.begin(), kProvinceCodes.end(),
                       [code](std::uint32_t one) { return one == code; });
}

bool looks_like_person_name(std::string_view text) {
    if (text.size() < 2 * kHanBytes || text.size() > 48) return false;
    bool dotted = false;
    const std::size_t length = han_length(text, dotted);
    if (length < 2) return false;
    if (dotted)
        return length >= 3 && is_han([&] {
                   std::size_t i = 0;
                   return next_code_point(text, i);
               }());
    if (length > 4 || text.size() != length * kHanBytes) return false;
    const std::string_view last = text.substr(text.size() - kHanBytes);
    const bool compound = has_compound_surname(text);
    if (compound) return length >= 3;
    // Four characters with a single surname are rare as names and common as names of places.
    return length <= 3 && is_surname(text.substr(0, kHanBytes)) && !is_thing_ending(last);
}

bool looks_like_organisation(std::string_view text) {
    if (text.ends_with("）") || text.ends_with(")")) {
        // "... 公司（无锡）" and "... 经营部（个体工商户）"
        const std::size_t open = std::min(text.rfind("（"), text.rfind('('));
        if (open != std::string_view::npos && open > 0) text = text.substr(0, open);
    }
    return text.size() > 4 * kHanBytes && ends_like_organisation(text) &&
           std::any_of(kOrganisationEndings.begin(), kOrganisationEndings.end(),
                       [text](std::string_view ending) { return text.ends_with(ending); });
}

AddressPrecision address_precision(std::string_view text) {
    if (text.size() < 3 * kHanBytes || text.size() > 600) return AddressPrecision::kNone;
    std::uint32_t areas = 0;     // one bit for each word of an area
    std::uint32_t at_begin = 0;  // those with which the text begins; they name nothing
    bool door = false;
    const auto take = [&](std::size_t word, std::size_t position) {
        (position == 0 ? at_begin : areas) |= std::uint32_t{1} << word;
    };
    for (std::size_t i = 0; i + kHanBytes <= text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xF0U) != 0xE0U) continue;
        const std::uint8_t role = role_of(packed(text.substr(i, kHanBytes)));
        if (role == 0) continue;
        const std::string_view next = text.substr(i + kHanBytes);
        if ((role & kAreaRole) != 0) {
            take(role & kAreaIndex, i);
            if (next.starts_with("道") && text.substr(i, kHanBytes) == "街") take(kStreetWord, i);
        } else if ((role & kGreatRole) != 0) {
            if (next.starts_with("道")) take(kAvenueWord, i);
        } else if ((role & kUnitRole) == 0 || next.starts_with("元")) {
            door = door || is_digit_before(text, i);
        }
    }
    const int found = std::popcount(areas & ~at_begin);
    if (door && found >= 1) return AddressPrecision::kDoor;
    return found >= 2 ? AddressPrecision::kArea : AddressPrecision::kNone;
}

std::string_view address_district(std::string_view text) {
    // The first 区 or 县 behind a 市 or 省, or the second 市 (江阴市 inside 无锡市); never a
    // 小区 or 园区, which would be finer than a district.
    const std::size_t province = find_han(text, "省", 0);
    std::size_t from = province == std::string_view::npos ? 0 : province + kHanBytes;
    const std::size_t city = find_han(text, "市", from);
    if (city != std::string_view::npos && city - from <= 8 * kHanBytes) from = city + kHanBytes;
    constexpr std::string_view kEstateWords = "小园社校厂景库矿林牧";
    constexpr std::size_t kDistrictBytes = 5 * kHanBytes;
    std::size_t best = std::string_view::npos;
    const std::string_view near = text.substr(0, from + kDistrictBytes + kHanBytes);
    for (const std::string_view word : {"区", "县", "市"}) {
        const std::size_t position = find_han(near, word, from);
        if (position == std::string_view::npos || position < from + kHanBytes) continue;
        const std::string_view before = text.substr(position - kHanBytes, kHanBytes);
        const bool estate = kEstateWords.find(before) != std::string_view::npos;
        if (!estate) best = std::min(best, position + kHanBytes);
    }
    if (best != std::string_view::npos) return text.substr(0, best);
    return from > 0 && city != std::string_view::npos ? text.substr(0, from) : std::string_view{};
}

}  // namespace pdx::privacy
