#pragma once
/// Pages in a real browser, without a window.
#include <filesystem>
#include <string>
#include <vector>

namespace pdx::test {

/// What stands between the two. Throws: std::runtime_error when either is missing.
std::string between(const std::string& text, const std::string& begin, const std::string& end);

/// The document as it is after its scripts ran. `profile`: a folder for the browser alone.
/// Requires: no quote in the address. Throws: std::runtime_error when the browser fails; as
/// find_tool() when there is none.
std::string dump_dom(const std::filesystem::path& profile, const std::string& address,
                     const std::vector<std::string>& options = {});

/// Whether the page's policy names its own script and style by their hashes, once each.
bool names_its_own_parts(const std::string& page, const std::string& policy);

}  // namespace pdx::test
