#pragma once
/// Instants in UTC, calendar days in Asia/Shanghai, and the clock as an argument. China keeps one
/// offset (+08:00) and no summer time, so a legal day needs no time-zone database.
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pdx {

/// Unit: microseconds since 1970-01-01T00:00:00Z. The year lies in 1970..9999.
struct Timestamp {
    std::int64_t micros = 0;

    auto operator<=>(const Timestamp&) const = default;
    /// Shape: RFC 3339, UTC, six decimals: 2026-03-01T08:00:00.000000Z.
    std::string rfc3339() const;
    /// Accepts what rfc3339() prints, with 0 to 6 decimals.
    static std::optional<Timestamp> parse(std::string_view text);
    Timestamp plus(std::chrono::microseconds duration) const { return {micros + duration.count()}; }
};

/// A legal day in Asia/Shanghai.
struct Date {
    int year = 1970;
    unsigned month = 1;
    unsigned day = 1;

    auto operator<=>(const Date&) const = default;
    /// Shape: 2026-03-01.
    std::string iso() const;
    static std::optional<Date> parse(std::string_view text);
    /// The day on which this instant falls in Asia/Shanghai.
    static Date of(Timestamp instant);
    /// The instant at which the day begins in Asia/Shanghai.
    Timestamp begin() const;
    Date plus_days(int days) const;
    /// 0 = Monday ... 6 = Sunday.
    unsigned weekday() const;
};

/// Thread: now() may be called from any thread.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
public:
    Timestamp now() const override;
};

}  // namespace pdx
