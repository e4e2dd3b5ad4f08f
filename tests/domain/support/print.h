#pragma once
/// How Catch prints a day. Without it Catch takes Date for a range, because it has a begin().
#include <string>

#include "base/time.h"
#include "tests/support/catch.h"

namespace Catch {

template <>
struct StringMaker<pdx::Date> {
    static std::string convert(const pdx::Date& day) { return day.iso(); }
};

}  // namespace Catch
