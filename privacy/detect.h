#pragma once
/// What a single value looks like, by format, check digit and words. No regular expressions: every
/// identifier here is a run of ASCII letters and digits of known length, or a few words.
/// What a *column* is, is decided in classify.h; one value is weak evidence (5.5 % of all 11-digit
/// numbers are mobile numbers).
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/kind.h"

namespace pdx::privacy {

/// Full-width forms and the dashes and spaces of typography become ASCII, letters upper case,
/// single spaces and dashes between characters of a number go, and so does the apostrophe with
/// which spreadsheets mark text. Shape: at most 64 bytes; a longer value is no identifier and gives
/// an empty text.
std::string normalise_identifier(std::string_view value);

/// The same for a value that is letters and digits but for what is taken away, and an empty text
/// for most others. Requires: no spaces at the ends. The view is of `value` or of `buffer`.
std::string_view run_of(std::string_view value, std::string& buffer);

/// All kinds that the whole value satisfies, identifiers as well as dates, numbers, addresses and
/// names. Requires: UTF-8. An empty set means that nothing was recognised.
KindSet detect_value(std::string_view value);
/// For whom has the run of the value already. Requires: no spaces at the ends.
KindSet detect_value(std::string_view value, std::string_view run);

/// A day in one of the common spellings: 2026-03-01, 2026/3/1, 2026.3.1, 20260301, 2026年3月1日,
/// each also with a time behind it.
struct Day {
    int year = 0;
    int month = 0;
    int day = 0;
};
std::optional<Day> parse_day(std::string_view value);

/// The kind to name when only one may be named: identifiers before words before plain numbers.
std::optional<Kind> strongest_kind(const KindSet& kinds);

/// How often a random value of the right length passes the check, in parts per million; 0 for
/// kinds whose shape says nothing about chance. Source: reference measurement of 20 million draws.
int random_acceptance_ppm(Kind kind);

}  // namespace pdx::privacy
