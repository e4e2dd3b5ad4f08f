#include "marketplace/demo/entities.h"

#include <array>
#include <charconv>
#include <chrono>
#include <vector>

#include "base/check.h"
#include "marketplace/demo/words.h"
#include "privacy/checksum.h"

namespace pdx::demo {
namespace {

/// One per attribute that is drawn independently; the order fixes the bytes: do not renumber.
enum Tag : std::uint64_t {
    kPersonTag = 1,
    kMobileTag,
    kGuardianTag,
    kFirmNameTag,
    kDistrictTag,
    kIndustryTag,
    kTypeTag,
    kRepresentativeTag,
    kPhoneTag,
    kCapitalTag,
    kFoundedTag,
    kStatusTag,
    kAddressTag,
    kHeadsTag,
    kTraderTag,
    kShopTag,
    kCodeTag,
};

template <class Words>
Weighted weigh(const Words& words) {
    std::vector<std::uint32_t> weights;
    weights.reserve(std::size(words));
    for (const auto& word : words) {
        weights.push_back(word.weight);
    }
    return Weighted(weights);
}

Weighted weigh_numbers(std::initializer_list<std::uint32_t> weights) {
    return Weighted(std::vector<std::uint32_t>(weights));
}

std::string_view letters() { return "ABCDEFGHJKLMNPQRSTUVWXYZ"; }

struct Birth {
    bool male;
    std::int64_t day;
    std::int64_t sequence;  // 001 to 999, odd for men
};

Birth birth_of(const Person& person, Random& random) {
    Birth birth{};
    birth.male = random.chance(51);
    if (person.generation == Generation::kPupil) {
        birth.day = random.between(14853, 18139);  // 2010-09-01 to 2019-08-31
    } else {
        // Weights of the five-year groups from 1945 to 2004.
        static const Weighted kGroups = weigh_numbers({2, 4, 6, 9, 11, 14, 15, 16, 15, 12, 8, 4});
        const auto group = static_cast<std::int64_t>(kGroups.pick(random));
        birth.day = -9131 + group * 1826 + random.between(0, 1825);  // -9131 = 1945-01-01
    }
    birth.sequence = random.between(0, 498) * 2 + (birth.male ? 1 : 2);
    return birth;
}

/// A code that no two numbers share: multiplication by a number prime to 31 permutes 0..31^6-1.
void append_organisation(std::string& out, std::string_view head, std::uint64_t seed,
                         std::uint64_t number) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    constexpr std::uint64_t kCodes = 887503681;  // 31^6
    const std::uint64_t shift = mix(seed + kCodeTag) % kCodes;
    std::uint64_t code = (number % kCodes * 387420489 + shift) % kCodes;
    std::array<char, 18> text{};
    std::string_view("MA").copy(text.data() + 8, 2);
    head.copy(text.data(), 8);
    for (std::size_t position = 10; position < 16; ++position) {
        text[position] = kAlphabet[static_cast<std::size_t>(code % 31)];
        code /= 31;
    }
    text[16] = privacy::org_code_check_digit({text.data() + 8, 8}).value();
    text[17] = privacy::uscc_check_digit({text.data(), 17}).value();
    out.append(text.data(), text.size());
}

void append_mobile_number(std::string& out, Random& random) {
    out += random.pick(kMobilePrefixes);
    append_padded(out, random.between(0, 99999999), 8);
}

/// Floor and door: 2103室.
void append_room(std::string& out, std::int64_t floors, std::int64_t doors, Random& random) {
    const std::int64_t floor = random.between(1, floors);
    append_number(out, floor * 100 + random.between(1, doors));
    out += "室";
}

}  // namespace

void append_number(std::string& out, std::int64_t value) {
    std::array<char, 20> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

void append_padded(std::string& out, std::int64_t value, int digits) {
    std::array<char, 20> text{};
    for (int position = digits - 1; position >= 0; --position) {
        text[static_cast<std::size_t>(position)] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(text.data(), static_cast<std::size_t>(digits));
}

void append_decimal(std::string& out, std::int64_t scaled, int decimals) {
    if (scaled < 0) {
        out += '-';
        scaled = -scaled;
    }
    std::int64_t unit = 1;
    for (int position = 0; position < decimals; ++position) {
        unit *= 10;
    }
    append_number(out, scaled / unit);
    if (decimals > 0) {
        out += '.';
        append_padded(out, scaled % unit, decimals);
    }
}

void append_day(std::string& out, std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
}

void append_month(std::string& out, std::int64_t months) {
    append_padded(out, 1970 + months / 12, 4);
    append_padded(out, months % 12 + 1, 2);
}

void append_time(std::string& out, std::int64_t seconds) {
    append_day(out, seconds / 86400);
    out += ' ';
    append_padded(out, seconds / 3600 % 24, 2);
    out += ':';
    append_padded(out, seconds / 60 % 60, 2);
    out += ':';
    append_padded(out, seconds % 60, 2);
}

void append_pattern(std::string& out, std::string_view pattern, Random& random) {
    for (const char c : pattern) {
        if (c == '#') {
            out += static_cast<char>('0' + random.below(10));
        } else if (c == '@') {
            out += random.pick(letters());
        } else {
            out += c;
        }
    }
}

void Person::append_name(std::string& out) const {
    static const Weighted kWeights = weigh(kSurnames);
    Random random = stream(seed, number, kPersonTag);
    const bool male = birth_of(*this, random).male;
    out += kSurnames[kWeights.pick(random)].word;
    const std::uint64_t characters = random.chance(14) ? 1 : 2;
    for (std::uint64_t count = 0; count < characters; ++count) {
        out += male ? random.pick(kGivenMale) : random.pick(kGivenFemale);
    }
}

void Person::append_resident_id(std::string& out) const {
    Random random = stream(seed, number, kPersonTag);
    const Birth birth = birth_of(*this, random);
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{birth.day}}};
    const std::size_t start = out.size();
    out += "320299";
    append_padded(out, static_cast<int>(date.year()), 4);
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    append_padded(out, birth.sequence, 3);
    out += privacy::resident_id_check_digit(std::string_view(out).substr(start)).value();
}

void Person::append_mobile(std::string& out) const {
    Random random = stream(seed, number, kMobileTag);
    append_mobile_number(out, random);
}

Person Person::guardian() const {
    return {seed, stream(seed, number, kGuardianTag).next(), Generation::kAdult};
}

std::size_t pick_district(Random& random) {
    static const Weighted kWeights = weigh(kDistricts);
    return kWeights.pick(random);
}

void append_address(std::string& out, std::size_t district, Place place, Random& random) {
    const District& where = kDistricts.at(district);
    out += where.address;
    out += random.pick(where.streets);
    out += random.pick(kRoads);
    append_number(out, random.between(1, 399));
    out += "号";
    if (place == Place::kHome) {
        append_number(out, random.between(1, 60));
        out += "幢";
        append_room(out, 32, 6, random);
    } else if (random.chance(60)) {
        append_room(out, 28, 30, random);
    }
}

std::int64_t longitude_in(std::size_t district, Random& random) {
    return kDistricts.at(district).longitude + random.between(-50000, 50000);
}

std::int64_t latitude_in(std::size_t district, Random& random) {
    return kDistricts.at(district).latitude + random.between(-45000, 45000);
}

void Firm::append_uscc(std::string& out) const {
    append_organisation(out, "91320299", seed, number);
}

std::size_t Firm::district() const {
    Random random = stream(seed, number, kDistrictTag);
    return pick_district(random);
}

std::size_t Firm::industry() const {
    static const Weighted kWeights = weigh(kIndustries);
    Random random = stream(seed, number, kIndustryTag);
    return kWeights.pick(random);
}

std::string_view Firm::type_code() const {
    // Limited company of natural persons, sole shareholder (person, company), state-held, shares,
    // listed shares, partnership, foreign.
    static constexpr std::array<std::string_view, 8> kCodes{"1130", "1151", "1152", "1140",
                                                            "1222", "1211", "4532", "6150"};
    static const Weighted kWeights = weigh_numbers({48, 26, 12, 2, 3, 1, 5, 3});
    Random random = stream(seed, number, kTypeTag);
    return kCodes.at(kWeights.pick(random));
}

void Firm::append_name(std::string& out) const {
    static constexpr std::array<std::string_view, 4> kCities{"无锡", "无锡市", "江苏", "无锡"};
    Random random = stream(seed, number, kFirmNameTag);
    const std::size_t where = district();
    if (where >= 5) {
        out += kDistricts.at(where).name;
    } else {
        out += random.pick(kCities);
    }
    const std::uint64_t characters = random.chance(25) ? 3 : 2;
    for (std::uint64_t count = 0; count < characters; ++count) {
        out += random.pick(kTradeCharacters);
    }
    out += kIndustries.at(industry()).words;
    const std::string_view type = type_code();
    if (type == "4532") {
        out += "中心（有限合伙）";
    } else if (type == "1222" || type == "1211") {
        out += "股份有限公司";
    } else {
        out += type == "6150" && random.chance(50) ? "（中国）有限公司" : "有限公司";
    }
}

Person Firm::representative() const {
    return {seed, stream(seed, number, kRepresentativeTag).next(), Generation::kAdult};
}

void Firm::append_phone(std::string& out) const {
    Random random = stream(seed, number, kPhoneTag);
    if (random.chance(15)) {
        out += "0510-";
        append_number(out, random.between(81000000, 88999999));
    } else {
        append_mobile_number(out, random);
    }
}

std::int64_t Firm::capital() const {
    static constexpr std::array<std::int64_t, 17> kTenThousandYuan{
        3, 10, 20, 30, 50, 100, 200, 300, 500, 600, 1000, 2000, 3000, 5000, 10000, 50000, 200000};
    static const Weighted kWeights =
        weigh_numbers({30, 70, 30, 45, 150, 220, 120, 50, 110, 15, 75, 30, 15, 20, 12, 3, 1});
    Random random = stream(seed, number, kCapitalTag);
    const std::int64_t round = kTenThousandYuan.at(kWeights.pick(random)) * 1000000;
    // One in ten is not a round sum: foreign currency, or profits turned into capital.
    if (!random.chance(10)) {
        return round;
    }
    const std::int64_t percent = random.between(61, 299);
    return round / 100 * percent + random.between(0, 99);
}

std::int64_t Firm::founded() const {
    // Weights of the years 1990 to 2025: registrations grew sixfold.
    static const Weighted kYears =
        weigh_numbers({1,  1,  2,  3,  3,  3,  3,  4,  4,  5,  6,  7,  8,  9,  10, 10, 11, 11,
                       11, 12, 14, 15, 16, 19, 25, 28, 31, 33, 35, 36, 38, 42, 40, 41, 40, 38});
    Random random = stream(seed, number, kFoundedTag);
    const auto year = static_cast<std::int64_t>(kYears.pick(random));
    return 7305 + year * 1461 / 4 + random.between(0, 364);  // 7305 = 1990-01-01
}

std::string_view Firm::status() const {
    static constexpr std::array<std::string_view, 5> kStatus{"存续", "注销", "吊销未注销", "迁出",
                                                             "停业"};
    static const Weighted kWeights = weigh_numbers({780, 150, 45, 10, 15});
    Random random = stream(seed, number, kStatusTag);
    return kStatus.at(kWeights.pick(random));
}

void Firm::append_address(std::string& out) const {
    Random random = stream(seed, number, kAddressTag);
    demo::append_address(out, district(), Place::kBusiness, random);
}

std::int64_t Firm::heads() const {
    Random random = stream(seed, number, kHeadsTag);
    std::int64_t most = 5;
    while (most < 5000 && random.chance(45)) {
        most *= 2;
    }
    return random.between(most / 5, most);
}

void Trader::append_uscc(std::string& out) const {
    append_organisation(out, "92320299", seed + 1, number);
}

std::size_t Trader::trade() const {
    return static_cast<std::size_t>(stream(seed, number, kShopTag).below(kShops.size()));
}

std::size_t Trader::district() const {
    Random random = stream(seed, number, kDistrictTag);
    return pick_district(random);
}

Person Trader::owner() const {
    return {seed, stream(seed, number, kTraderTag).next(), Generation::kAdult};
}

void Trader::append_name(std::string& out) const {
    Random random = stream(seed, number, kFirmNameTag);
    const District& where = kDistricts.at(district());
    out += where.name;
    out += random.pick(where.streets);
    out += random.pick(kTradeCharacters);
    out += random.pick(kTradeCharacters);
    out += kShops.at(trade());
}

void append_plate(std::string& out, Random& random, bool new_energy) {
    static constexpr std::array<std::string_view, 10> kPlaces{"苏B", "苏B", "苏B", "苏B", "苏B",
                                                              "苏B", "苏B", "苏E", "苏D", "沪A"};
    out += random.pick(kPlaces);
    if (new_energy) {
        append_pattern(out, random.chance(85) ? "D#####" : "F#####", random);
        return;
    }
    static constexpr std::array<std::string_view, 6> kShapes{"#####", "@####", "##@##",
                                                             "@#@##", "###@#", "@@###"};
    append_pattern(out, random.pick(kShapes), random);
}

}  // namespace pdx::demo
