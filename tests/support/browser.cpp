#include "tests/support/browser.h"

#include <array>
#include <cstdio>
#include <stdexcept>

#include "base/bytes.h"
#include "base/crypto.h"
#include "tests/support/tool.h"

namespace pdx::test {

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const std::size_t from = text.find(begin);
    const std::size_t to = from == std::string::npos ? from : text.find(end, from + begin.size());
    if (to == std::string::npos) {
        throw std::runtime_error("there is nothing between " + begin + " and " + end + " in:\n" +
                                 text.substr(0, 4'000));
    }
    return text.substr(from + begin.size(), to - from - begin.size());
}

std::string dump_dom(const std::filesystem::path& profile, const std::string& address,
                     const std::vector<std::string>& options) {
    std::string command =
        find_tool("chromium", {"/usr/bin/chromium"}, "chromium") +
        " --headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
        " --disable-background-networking --disable-component-update --disable-sync"
        " --virtual-time-budget=20000 --user-data-dir='" +
        profile.string() + "'";
    for (const std::string& option : options) command += " " + option;
    command += " --dump-dom '" + address + "' 2>/dev/null";
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("the browser does not start");
    std::string text;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        text.append(buffer.data(), n);
    }
    if (::pclose(pipe) != 0) throw std::runtime_error("the browser failed");
    return text;
}

bool names_its_own_parts(const std::string& page, const std::string& policy) {
    const auto hash = [&page](const std::string& begin, const std::string& end) {
        return to_base64(sha256(between(page, begin, end)).view());
    };
    return policy.find("script-src 'sha256-" + hash("<script>", "</script>") +
                       "'; style-src 'sha256-" + hash("<style>", "</style>") +
                       "'; base-uri 'none'") != std::string::npos;
}

}  // namespace pdx::test
