#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace pdx {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
constexpr std::int64_t kShanghaiOffset = std::int64_t{8} * 3'600 * kMicrosPerSecond;

std::chrono::sys_days to_days(const Date& date) {
    return std::chrono::year{date.year} / std::chrono::month{date.month} /
           std::chrono::day{date.day};
}

Date from_days(std::chrono::sys_days days) {
    const std::chrono::year_month_day ymd{days};
    return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
            static_cast<unsigned>(ymd.day())};
}

std::int64_t floor_days(std::int64_t micros) {
    const std::int64_t days = micros / kMicrosPerDay;
    return micros % kMicrosPerDay < 0 ? days - 1 : days;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

}  // namespace

std::string Timestamp::rfc3339() const {
    const std::int64_t days = floor_days(micros);
    const std::int64_t in_day = micros - days * kMicrosPerDay;
    const Date date = from_days(std::chrono::sys_days{std::chrono::days{days}});
    const std::int64_t seconds = in_day / kMicrosPerSecond;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", date.year,
                  date.month, date.day, static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                  static_cast<int>(in_day % kMicrosPerSecond));
    return text.data();
}

std::optional<Timestamp> Timestamp::parse(std::string_view text) {
    if (text.size() < 20 || text.back() != 'Z' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    const auto date = Date::parse(text.substr(0, 10));
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    std::int64_t fraction = 0;
    if (text.size() > 20) {
        const std::size_t count = text.size() - 21;
        if (text[19] != '.' || count == 0 || count > 6) return std::nullopt;
        const auto value = digits(text, 20, count);
        if (!value) return std::nullopt;
        fraction = *value;
        for (std::size_t i = count; i < 6; ++i) fraction *= 10;
    }
    const std::int64_t seconds = *hour * 3600 + *minute * 60 + *second;
    return Timestamp{date->begin().micros + kShanghaiOffset + seconds * kMicrosPerSecond +
                     fraction};
}

std::string Date::iso() const {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", year, month, day);
    return text.data();
}

std::optional<Date> Date::parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    if (!year || !month || !day || *year < 1970) return std::nullopt;
    const Date date{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
    const std::chrono::year_month_day ymd{
        std::chrono::year{date.year}, std::chrono::month{date.month}, std::chrono::day{date.day}};
    return ymd.ok() ? std::optional(date) : std::nullopt;
}

Date Date::of(Timestamp instant) {
    const std::int64_t days = floor_days(instant.micros + kShanghaiOffset);
    return from_days(std::chrono::sys_days{std::chrono::days{days}});
}

Timestamp Date::begin() const {
    return {to_days(*this).time_since_epoch().count() * kMicrosPerDay - kShanghaiOffset};
}

Date Date::plus_days(int days) const { return from_days(to_days(*this) + std::chrono::days{days}); }

unsigned Date::weekday() const { return std::chrono::weekday{to_days(*this)}.iso_encoding() - 1; }

Timestamp SystemClock::now() const {
    return {std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

}  // namespace pdx
