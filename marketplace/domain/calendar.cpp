#include "marketplace/domain/calendar.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace pdx::domain {

namespace {

constexpr auto kHolidays2025 = std::to_array<Holiday>({
    {{2025, 1, 1}, {2025, 1, 1}},    // New Year
    {{2025, 1, 28}, {2025, 2, 4}},   // Spring Festival
    {{2025, 4, 4}, {2025, 4, 6}},    // Qingming
    {{2025, 5, 1}, {2025, 5, 5}},    // Labour Day
    {{2025, 5, 31}, {2025, 6, 2}},   // Dragon Boat
    {{2025, 10, 1}, {2025, 10, 8}},  // National Day and Mid-Autumn
});
constexpr auto kWorking2025 = std::to_array<Date>({
    {2025, 1, 26},
    {2025, 2, 8},
    {2025, 4, 27},
    {2025, 9, 28},
    {2025, 10, 11},
});

constexpr auto kHolidays2026 = std::to_array<Holiday>({
    {{2026, 1, 1}, {2026, 1, 3}},    // New Year
    {{2026, 2, 15}, {2026, 2, 23}},  // Spring Festival
    {{2026, 4, 4}, {2026, 4, 6}},    // Qingming
    {{2026, 5, 1}, {2026, 5, 5}},    // Labour Day
    {{2026, 6, 19}, {2026, 6, 21}},  // Dragon Boat
    {{2026, 9, 25}, {2026, 9, 27}},  // Mid-Autumn
    {{2026, 10, 1}, {2026, 10, 7}},  // National Day
});
constexpr auto kWorking2026 = std::to_array<Date>({
    {2026, 1, 4},
    {2026, 2, 14},
    {2026, 2, 28},
    {2026, 5, 9},
    {2026, 9, 20},
    {2026, 10, 10},
});

constexpr auto kCalendars = std::to_array<YearCalendar>({
    {2025,
     "State Council General Office, notice on holidays in 2025 "
     "(国务院办公厅关于2025年部分节假日安排的通知)",
     kHolidays2025, kWorking2025},
    {2026,
     "State Council General Office, notice on holidays in 2026 "
     "(国务院办公厅关于2026年部分节假日安排的通知)",
     kHolidays2026, kWorking2026},
});

const YearCalendar* find_calendar(int year) {
    for (const YearCalendar& calendar : kCalendars) {
        if (calendar.year == year) return &calendar;
    }
    return nullptr;
}

}  // namespace

std::span<const YearCalendar> published_calendars() { return kCalendars; }

bool is_published(int year) { return find_calendar(year) != nullptr; }

bool is_working_day(Date day) {
    const bool weekend = day.weekday() >= 5;
    const YearCalendar* calendar = find_calendar(day.year);
    if (calendar == nullptr) return !weekend;
    const auto is_day = [&](const Date& other) { return other == day; };
    if (std::any_of(calendar->working_weekends.begin(), calendar->working_weekends.end(), is_day)) {
        return true;
    }
    const auto covers = [&](const Holiday& h) { return h.first <= day && day <= h.last; };
    return !weekend && std::none_of(calendar->holidays.begin(), calendar->holidays.end(), covers);
}

DueDate add_working_days(Date start, int count) {
    PDX_CHECK(count >= 0 && count <= 10'000);
    DueDate result{start, false};
    while (count > 0) {
        result.due = result.due.plus_days(1);
        result.provisional = result.provisional || !is_published(result.due.year);
        if (is_working_day(result.due)) --count;
    }
    return result;
}

DueDate add_calendar_days(Date start, int count) {
    PDX_CHECK(count >= 0 && count <= 36'600);
    DueDate result{start.plus_days(count), false};
    if (count == 0) return result;
    result.provisional = !is_published(result.due.year);
    while (!is_working_day(result.due)) {
        result.due = result.due.plus_days(1);
        result.provisional = result.provisional || !is_published(result.due.year);
    }
    return result;
}

Date plus_years(Date day, int years) {
    Date result = day;
    result.year += years;
    const int y = result.year;
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (result.month == 2 && result.day == 29 && !leap) result.day = 28;
    return result;
}

}  // namespace pdx::domain
