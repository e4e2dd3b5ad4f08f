#pragma once
/// Working days in China: weekends, public holidays and make-up days as data, year by year.
/// Source: State Council holiday notices; Civil Code articles 201 and 203.
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"

namespace pdx::domain {

/// First and last day of a holiday, both included.
struct Holiday {
    Date first;
    Date last;
};

struct YearCalendar {
    int year;
    std::string_view source;
    std::span<const Holiday> holidays;
    std::span<const Date> working_weekends;
};

/// The published years, ascending.
std::span<const YearCalendar> published_calendars();
bool is_published(int year);

/// In a year that is not published: Monday to Friday.
bool is_working_day(Date day);

/// A due day; provisional when it rests on a year whose calendar is not published.
struct DueDate {
    Date due;
    bool provisional = false;
    bool operator==(const DueDate&) const = default;
};

/// The start day is not counted (Civil Code 201); make-up weekends count. 0 gives the start day.
/// Requires: 0 <= count <= 10,000.
DueDate add_working_days(Date start, int count);

/// Calendar days; a last day that is not a working day moves to the next one (Civil Code 203).
/// Requires: 0 <= count <= 36,600.
DueDate add_calendar_days(Date start, int count);

/// The same day `years` later; 29 February becomes the 28th.
Date plus_years(Date day, int years);

}  // namespace pdx::domain
