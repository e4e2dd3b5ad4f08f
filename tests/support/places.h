#pragma once
/// Where the project and its build lie. Only places.cpp is compiled with the two paths, so that a
/// checkout in another folder need not compile every test again.
#include <filesystem>

namespace pdx::test {

/// The root of the checkout.
std::filesystem::path source_folder();
/// Where `pdx` and the test programs are built.
std::filesystem::path binary_folder();

}  // namespace pdx::test
