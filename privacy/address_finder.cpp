#include "privacy/address_finder.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "privacy/name_features.h"
#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

/// What ends a part of an address. Longer words stand before those they begin with.
struct Unit {
    std::string_view word;
    AddressLevel level;
    bool counted;  ///< a number stands before it
};
constexpr std::array kUnits{
    Unit{"自治区", AddressLevel::kProvince, false}, Unit{"自治州", AddressLevel::kCity, false},
    Unit{"自治县", AddressLevel::kDistrict, false}, Unit{"新区", AddressLevel::kDistrict, false},
    Unit{"省", AddressLevel::kProvince, false},     Unit{"市", AddressLevel::kCity, false},
    Unit{"小区", AddressLevel::kStreet, false},     Unit{"社区", AddressLevel::kStreet, false},
    Unit{"区", AddressLevel::kDistrict, false},     Unit{"县", AddressLevel::kDistrict, false},
    Unit{"街道", AddressLevel::kTown, false},       Unit{"镇", AddressLevel::kTown, false},
    Unit{"乡", AddressLevel::kTown, false},         Unit{"大道", AddressLevel::kStreet, false},
    Unit{"胡同", AddressLevel::kStreet, false},     Unit{"花园", AddressLevel::kStreet, false},
    Unit{"新村", AddressLevel::kStreet, false},     Unit{"家园", AddressLevel::kStreet, false},
    Unit{"公寓", AddressLevel::kStreet, false},     Unit{"大厦", AddressLevel::kStreet, false},
    Unit{"广场", AddressLevel::kStreet, false},     Unit{"路", AddressLevel::kStreet, false},
    Unit{"街", AddressLevel::kStreet, false},       Unit{"巷", AddressLevel::kStreet, false},
    Unit{"苑", AddressLevel::kStreet, false},       Unit{"村", AddressLevel::kStreet, false},
    Unit{"弄", AddressLevel::kNumber, true},        Unit{"组", AddressLevel::kNumber, true},
    Unit{"号楼", AddressLevel::kBuilding, true},    Unit{"号", AddressLevel::kNumber, true},
    Unit{"栋", AddressLevel::kBuilding, true},      Unit{"幢", AddressLevel::kBuilding, true},
    Unit{"座", AddressLevel::kBuilding, true},      Unit{"单元", AddressLevel::kRoom, true},
    Unit{"室", AddressLevel::kRoom, true},          Unit{"层", AddressLevel::kRoom, true},
    Unit{"楼", AddressLevel::kRoom, true}};

/// Behind a unit: then it is the beginning of a word (市民, 路面) and no unit.
constexpr std::array<std::u16string_view, 7> kNoUnits{
    u"市民场政长委值容",         u"区别域间分块委长", u"县委长", u"村民委长干支",
    u"路面灯边口由过况程径人障", u"街头边办",         u"镇长政"};

/// A name of a place does not reach over these.
constexpr std::u16string_view kPlaceStops =
    u"在住到从往沿于至位的是和与及或了去来向由对经把被为有因将即址自路市区县镇乡村街省号我你他她这"
    u"那该本全";
constexpr std::u16string_view kChineseNumerals = u"一二三四五六七八九十百〇零甲乙丙丁";

const Unit* unit_at_place(std::string_view text, std::size_t position) {
    const TextChar first = char_at_place(text, position);
    if (!traits_of(first.code).has(kCharUnit)) return nullptr;
    const std::string_view rest = text.substr(position);
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                    [rest](const Unit& one) { return rest.starts_with(one.word); });
    if (unit == kUnits.end()) return nullptr;
    const char16_t next = char_at_place(text, position + unit->word.size()).code;
    const bool longer = std::any_of(kNoUnits.begin(), kNoUnits.end(), [&](auto word) {
        return word.front() == first.code && word.find(next, 1) != std::u16string_view::npos;
    });
    return longer ? nullptr : unit;
}

bool is_counter(std::string_view text, std::size_t position, TextChar c) {
    if (c.size == 1) {
        return is_alnum(static_cast<char>(c.code)) || c.code == '-' || c.code == '#';
    }
    return is_alnum(half_width(text, position)) ||
           kChineseNumerals.find(c.code) != std::u16string_view::npos;
}

/// Unit: bytes; where the number that ends at `end` begins, or `end`.
std::size_t counter_begin(std::string_view text, std::size_t end, std::size_t least) {
    constexpr int kCounterMax = 8;
    for (int i = 0; i < kCounterMax && end > least; ++i) {
        const TextChar c = char_before_place(text, end);
        if (!is_counter(text, end - c.size, c)) break;
        end -= c.size;
    }
    return end;
}

/// Where a first name of a place that ends at `end` begins: at a mark, behind a word that says what
/// happens, or after six characters.
std::size_t place_begin(std::string_view text, std::size_t end, std::size_t least) {
    constexpr int kPlaceMax = 6;
    std::size_t begin = end;
    for (int i = 0; i < kPlaceMax && begin > least; ++i) {
        const TextChar c = char_before_place(text, begin);
        if (!is_han_unit(c.code) || kPlaceStops.find(c.code) != std::u16string_view::npos) break;
        const TextChar earlier = char_before_place(text, begin - c.size);
        constexpr std::uint8_t kNoPlace = kPairLabel | kPairRole | kPairTitle | kPairSpeech;
        if ((pair_of(earlier.code, c.code) & kNoPlace) != 0) break;
        begin -= c.size;
    }
    return begin;
}

/// The address that is being read.
class AddressWalk {
public:
    AddressWalk(std::string_view text, std::vector<AddressFinding>& findings)
        : text_(text),
          findings_(findings) {}

    void run() {
        for (std::size_t at = 0; at < text_.size();) {
            if (static_cast<unsigned char>(text_[at]) < 0xE4) {
                ++at;
                continue;
            }
            const Unit* unit = unit_at_place(text_, at);
            if (unit != nullptr && take(*unit, at)) {
                at += unit->word.size();
            } else {
                at += std::max<std::size_t>(1, char_at_place(text_, at).size);
            }
        }
        close();
    }

private:
    bool take(const Unit& unit, std::size_t at) {
        const std::size_t name = name_begin(unit, at);
        if (name == at) return false;
        if (parts_ == 0 || name != end_) {
            close();
            begin_ = name;
            level_ = unit.level;
        }
        level_ = std::max(level_, unit.level);
        ++parts_;
        end_ = at + unit.word.size();
        return true;
    }

    /// Where the part that ends in `unit` begins: at the end of what is open, if only a name is
    /// between. `at` itself when it is no part.
    std::size_t name_begin(const Unit& unit, std::size_t at) const {
        constexpr std::size_t kNameBytesMin = 6;
        if (unit.counted) {
            const std::size_t number = counter_begin(text_, at, end_);
            if (parts_ > 0 && at > end_ && is_only_name(end_, number)) return end_;
            // A first part of this sort needs digits: 一层, 五组 and 三楼 are said of much.
            const bool opens =
                number < at && is_digit(text_[number]) && unit.level >= AddressLevel::kBuilding;
            return opens ? number : at;
        }
        if (parts_ > 0 && at > end_ && is_only_name(end_, at)) return end_;
        const std::size_t begin = place_begin(text_, at, end_);
        return at - begin >= kNameBytesMin ? begin : at;
    }

    /// Between two parts: nothing, or a name of at most eight characters. A number has gone before.
    bool is_only_name(std::size_t begin, std::size_t end) const {
        constexpr int kNameMax = 8;
        int count = 0;
        while (begin < end) {
            const TextChar c = char_at_place(text_, begin);
            const bool fits = is_han_unit(c.code) || is_counter(text_, begin, c);
            if (!fits || ++count > kNameMax ||
                (count > 1 && kPlaceStops.find(c.code) != std::u16string_view::npos)) {
                return false;
            }
            begin += c.size;
        }
        return true;
    }

    /// 12-3-401 behind an estate is as good as building, unit and room.
    void take_dashed() {
        std::size_t end = end_;
        bool dashed = false;
        while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '-')) {
            dashed = dashed || text_[end] == '-';
            ++end;
        }
        if (!dashed || !is_digit(text_[end_]) || text_[end - 1] == '-') return;
        end_ = end;
        level_ = AddressLevel::kRoom;
        ++parts_;
    }

    void close() {
        if (parts_ > 0) take_dashed();
        if (parts_ >= 2) findings_.push_back({begin_, end_ - begin_, level_});
        parts_ = 0;
    }

    std::string_view text_;
    std::vector<AddressFinding>& findings_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;  ///< of the last part
    std::size_t parts_ = 0;
    AddressLevel level_ = AddressLevel::kProvince;
};

}  // namespace

void find_addresses(std::string_view text, std::vector<AddressFinding>& findings) {
    AddressWalk(text, findings).run();
}

}  // namespace pdx::privacy
