#pragma once
/// Well-formed ids for tests: the same number gives the same id.
#include <cstdio>
#include <string>

#include "base/ids.h"
#include "tests/support/catch.h"

namespace pdx::domain::testing {

template <class IdType>
IdType make_id(unsigned number) {
    char text[37];
    std::snprintf(text, sizeof text, "01900000-0000-7000-8000-%012x", number);
    const auto id = IdType::parse(text);
    REQUIRE(id.has_value());
    return *id;
}

}  // namespace pdx::domain::testing
