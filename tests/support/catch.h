#pragma once
/// The one way a test includes Catch2, so that its version is one line.
#include <catch2/catch.hpp>

#include "base/time.h"

namespace Catch {

/// Catch takes everything with a begin() for a container, a Date included.
template <>
struct StringMaker<pdx::Date> {
    static std::string convert(const pdx::Date& date) { return date.iso(); }
};

}  // namespace Catch
