#pragma once
/// The one way a test includes Catch2, so that its version is one line.
#include <catch2/catch.hpp>
