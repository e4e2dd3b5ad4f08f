/// Which folder may include what. The two tables below are the architecture; the tests under them
/// hold every file to it. If one fails, move the code, not the table.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/places.h"

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

/// A folder always may include itself. The longest name that fits a file decides, so a file in
/// marketplace/http/handlers belongs to marketplace/http.
const std::map<std::string, Names> kFolders{
    // Level 0: values, errors, time, digests.
    {"base", {}},
    // Pure cores: each stands on base alone, so an auditor can build the ledger by itself.
    {"ledger", {"base"}},
    {"privacy", {"base"}},
    {"catalog", {"base"}},
    // The seam to the databases.
    {"sql", {"base"}},
    // Rows <-> values.
    {"ledger/store", {"base", "ledger", "sql"}},
    {"catalog/store", {"base", "catalog", "sql"}},
    // The market: rules, rows, use cases, edges.
    {"marketplace/domain", {"base"}},
    {"marketplace/store", {"base", "marketplace/domain", "sql"}},
    {"marketplace/bank", {"base", "marketplace/domain"}},
    {"marketplace/app",
     {"base", "ledger", "ledger/store", "catalog", "catalog/store", "privacy", "sql",
      "marketplace/domain", "marketplace/store", "marketplace/bank"}},
    {"marketplace/http",
     {"base", "ledger", "catalog", "privacy", "marketplace/domain", "marketplace/app"}},
    // The demo city: makes rows; the story itself speaks HTTP from the command line.
    {"marketplace/demo", {"base", "privacy", "catalog"}},
    // Composition roots, the only places that may name everything.
    {"marketplace/cli", {"*"}},
    {"marketplace", {"*"}},
};

/// Where a library may be named. "x.cpp" allows one file, "*.cpp" all files but headers.
const std::map<std::string, Names> kLibraries{
    {"openssl/",
     {"base/crypto.cpp", "base/hmac.cpp", "base/sm2.cpp", "ledger", "privacy", "catalog"}},
    {"sodium.h",
     {"base/crypto.cpp", "base/secret.cpp", "base/sealed_box.cpp", "base/sealed_key.cpp", "ledger",
      "privacy", "catalog"}},
    // json.hpp costs four seconds a unit; headers use json_fwd.hpp.
    {"nlohmann/json.hpp", {"*.cpp"}},
    {"nlohmann/json_fwd.hpp",
     {"ledger", "privacy", "catalog", "marketplace/domain", "marketplace/app", "marketplace/http",
      "marketplace/demo", "marketplace/cli"}},
    {"re2/", {"privacy/pattern_set.cpp"}},
    {"simdjson.h", {"privacy"}},
    {"sqlite3.h", {"sql"}},
    {"cppconn/", {"sql"}},
    {"mysql_driver.h", {"sql"}},
    {"Poco/", {"marketplace/http", "marketplace/cli"}},
    {"CLI/", {"marketplace/cli", "marketplace/main.cpp"}},
};

/// The operating system and the processor, which are no libraries.
const Names kSystem{"sys/",      "netinet/", "arpa/",      "unistd.h", "fcntl.h",
                    "poll.h",    "signal.h", "iconv.h",    "netdb.h",  "spawn.h",
                    "termios.h", "dirent.h", "immintrin.h"};

/// Lines; style says aim at 60 to 250.
constexpr std::size_t kSourceLinesMax = 500;
constexpr std::size_t kHeaderLinesMax = 250;

struct Source {
    std::string path;                 ///< from the root of the project
    std::string folder;               ///< its row in kFolders; empty: none
    std::vector<std::string> quoted;  ///< #include "..."
    std::vector<std::string> angled;  ///< #include <...>
    std::size_t lines = 0;
    std::string text;
};

std::string folder_of(const std::string& path) {
    for (std::string at = path; !at.empty();) {
        const std::size_t slash = at.rfind('/');
        at = slash == std::string::npos ? "" : at.substr(0, slash);
        if (kFolders.count(at) != 0) return at;
    }
    return "";
}

void read_include(std::string_view line, Source& source) {
    const auto skip = [&] {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    };
    skip();
    if (!line.starts_with('#')) return;
    line.remove_prefix(1);
    skip();
    if (!line.starts_with("include")) return;
    line.remove_prefix(7);
    skip();
    if (line.empty()) return;
    const char close = line.front() == '<' ? '>' : '"';
    const std::string name(line.substr(1, line.find(close, 1) - 1));
    (close == '>' ? source.angled : source.quoted).push_back(name);
}

Source read_source(const fs::path& root, const fs::path& file) {
    Source source;
    source.path = fs::relative(file, root).generic_string();
    source.folder = folder_of(source.path);
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        ++source.lines;
        read_include(line, source);
        source.text += line + '\n';
    }
    return source;
}

const std::vector<Source>& sources() {
    static const std::vector<Source> all = [] {
        const fs::path root = pdx::test::source_folder();
        std::vector<Source> found;
        for (const char* top :
             {"base", "ledger", "privacy", "catalog", "sql", "marketplace", "tests"}) {
            for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
                const auto extension = entry.path().extension();
                if (entry.is_regular_file() && (extension == ".cpp" || extension == ".h")) {
                    found.push_back(read_source(root, entry.path()));
                }
            }
        }
        return found;
    }();
    return all;
}

bool is_test(const Source& source) { return source.path.starts_with("tests/"); }
bool is_header(const Source& source) { return source.path.ends_with(".h"); }

bool allowed(const Names& places, const Source& source) {
    return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
        if (place == "*.cpp") return !is_header(source);
        return source.path == place || source.path.starts_with(place + "/");
    });
}

bool has_prefix(const Names& prefixes, const std::string& name) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& prefix) { return name.starts_with(prefix); });
}

TEST_CASE("layers: every folder has its row in the table", "[architecture][layers]") {
    CHECK(sources().size() > 20);
    for (const Source& source : sources()) {
        INFO(source.path);
        CHECK((is_test(source) || !source.folder.empty()));
    }
}

TEST_CASE("layers: a folder includes only the folders it stands on", "[architecture][layers]") {
    for (const Source& source : sources()) {
        if (is_test(source) || source.folder.empty()) continue;
        const Names& below = kFolders.at(source.folder);
        for (const std::string& name : source.quoted) {
            const std::string target = folder_of(name);
            INFO(source.path << " includes \"" << name << '"');
            CHECK(fs::exists(pdx::test::source_folder() / name));  // from the root, not relative
            CHECK((target == source.folder || below.count(target) != 0 || below.count("*") != 0));
        }
    }
}

TEST_CASE("layers: the table has no cycle", "[architecture][layers]") {
    // Kahn: take away what stands on nothing that is left, until nothing is left.
    auto left = kFolders;
    left.erase("marketplace");
    left.erase("marketplace/cli");
    while (!left.empty()) {
        const auto free = std::find_if(left.begin(), left.end(), [&](const auto& row) {
            return std::none_of(row.second.begin(), row.second.end(),
                                [&](const std::string& name) { return left.count(name) != 0; });
        });
        REQUIRE(free != left.end());
        left.erase(free);
    }
}

TEST_CASE("layers: a library is named only where it belongs", "[architecture][layers]") {
    for (const Source& source : sources()) {
        if (is_test(source)) continue;
        for (const std::string& name : source.angled) {
            const bool standard = name.find_first_of("./") == std::string::npos;
            if (standard || has_prefix(kSystem, name)) continue;
            INFO(source.path << " includes <" << name << '>');
            const auto library =
                std::find_if(kLibraries.begin(), kLibraries.end(),
                             [&](const auto& row) { return name.starts_with(row.first); });
            CHECK(library != kLibraries.end());
            if (library != kLibraries.end()) CHECK(allowed(library->second, source));
        }
    }
}

TEST_CASE("layers: the domain reads no clock, no file and no chance", "[architecture][layers]") {
    for (const Source& source : sources()) {
        if (source.folder != "marketplace/domain") continue;
        for (const char* word : {"SystemClock", "system_clock", "steady_clock", "random_device",
                                 "mt19937", "random_bytes", "getenv", "fstream", "std::cout"}) {
            INFO(source.path << " names " << word);
            CHECK(source.text.find(word) == std::string::npos);
        }
    }
}

TEST_CASE("tokens: one file turns them back, for one service", "[architecture][layers]") {
    const Names own{"privacy/number_token.cpp", "privacy/number_token.h"};
    const Names masking{"privacy/compiled_operation.cpp", "privacy/compiled_operation.h"};
    const Names reading{"privacy/token_reversal.cpp", "privacy/token_reversal.h"};
    const std::string service = "marketplace/app/token_reversal_service.cpp";
    std::size_t seen = 0;
    for (const Source& source : sources()) {
        if (is_test(source) || own.count(source.path) != 0) continue;
        INFO(source.path);
        const bool reads = reading.count(source.path) != 0;
        if (reads || masking.count(source.path) != 0 || source.path == service) ++seen;
        if (reads) continue;
        CHECK((
            source.text.find("NumberToken") == std::string::npos ||
            (masking.count(source.path) != 0 && source.text.find("decode(") == std::string::npos)));
        const bool includes = std::find(source.quoted.begin(), source.quoted.end(),
                                        "privacy/token_reversal.h") != source.quoted.end();
        CHECK(includes == (source.path == service));
    }
    CHECK(seen == masking.size() + reading.size() + 1);
}

TEST_CASE("tests: Catch2 is included through one header", "[architecture][style]") {
    for (const Source& source : sources()) {
        if (source.path == "tests/support/catch.h") continue;
        INFO(source.path);
        CHECK(std::none_of(source.angled.begin(), source.angled.end(),
                           [](const auto& name) { return name.starts_with("catch2/"); }));
    }
}

TEST_CASE("files: none is too long to be read at once", "[architecture][style]") {
    for (const Source& source : sources()) {
        INFO(source.path);
        CHECK(source.lines <= (is_header(source) ? kHeaderLinesMax : kSourceLinesMax));
    }
}

TEST_CASE("headers: each is guarded and documented", "[architecture][style]") {
    for (const Source& source : sources()) {
        if (!is_header(source)) continue;
        INFO(source.path);
        CHECK(source.text.starts_with("#pragma once\n"));
        CHECK(source.text.find("/// ") != std::string::npos);
    }
}

TEST_CASE("files: nothing is left for later", "[architecture][style]") {
    const std::vector<std::string> marks{std::string("TO") + "DO", std::string("FIX") + "ME"};
    for (const Source& source : sources()) {
        for (const std::string& mark : marks) {
            INFO(source.path);
            CHECK(source.text.find(mark) == std::string::npos);
        }
    }
}

}  // namespace
