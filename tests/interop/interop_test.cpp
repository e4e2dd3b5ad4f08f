/// A stranger's checker (logcheck.go, on Go's own tree and note packages) and ours must say the
/// same of the same files: roots, both kinds of proofs, and what is refused.
#include <sys/wait.h>
#include <array>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "ledger/export.h"
#include "ledger/proof.h"
#include "ledger/verify.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/tree_fixture.h"
#include "tests/support/catch.h"
#include "tests/support/tool.h"

using namespace pdx;
using namespace pdx::ledger;
namespace fs = std::filesystem;

namespace {

/// Made by the build, where Debian's Go is.
std::string checker() {
    return test::find_tool("logcheck", {PDX_LOGCHECK}, "golang-go, golang-golang-x-mod-dev");
}

struct Answer {
    bool holds = false;
    std::string text;
};

/// Requires: words without quotes, as paths and keys here are.
Answer ask(const std::vector<std::string>& words) {
    std::string command = checker();
    for (const std::string& word : words) command += " '" + word + "'";
    std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    Answer answer;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) {
        answer.text += buffer.data();
    }
    const int status = ::pclose(pipe);
    REQUIRE(WIFEXITED(status));
    answer.holds = WEXITSTATUS(status) == 0;
    return answer;
}

std::string vkey() { return test::sample_signer().verifier().vkey(); }

std::string line(const std::string& kind, std::uint64_t number, const Proof& hashes) {
    std::string text = kind + " " + std::to_string(number);
    for (const Digest& hash : hashes) text += " " + to_base64(hash.view());
    return text + "\n";
}

/// What the checker must print for these prefixes, by our own code.
std::string expected(test::SampleLog& log, const std::vector<std::uint64_t>& sizes) {
    const std::uint64_t whole = log.checkpoint.size;
    std::string text =
        "size " + std::to_string(whole) + " " + to_base64(log.checkpoint.root.view()) + "\n";
    for (const std::uint64_t size : sizes) {
        text += line("root", size, {root_at(log.tiles, size)});
        if (size == 0) continue;
        text += line("consistency", size, consistency_proof(log.tiles, size, whole));
        text += line("inclusion", size - 1, inclusion_proof(log.tiles, size - 1, whole));
    }
    return text;
}

/// Both must agree on the folder as it is now. Returns: whether they hold it for true.
bool agreed(const fs::path& folder) {
    const bool ours = verify_log(folder, test::sample_signer().verifier()).ok();
    const Answer theirs = ask({"log", folder.string(), vkey()});
    INFO(theirs.text);
    REQUIRE(theirs.holds == ours);
    return ours;
}

}  // namespace

TEST_CASE("interop: a stranger's checker finds the same roots and proofs", "[interop]") {
    if (test::is_left_out("logcheck")) return;
    for (const std::uint64_t whole : {0U, 1U, 2U, 3U, 255U, 256U, 257U, 700U}) {
        INFO(whole);
        auto log = test::make_log(whole);
        const test::TempFolder folder;
        export_log(log.tiles, whole, log.note, folder.path());
        std::vector<std::uint64_t> sizes{0};
        for (std::uint64_t size = 1; size <= whole; size += 1 + whole / 37) sizes.push_back(size);
        if (whole > 0) sizes.push_back(whole);
        std::vector<std::string> words{"log", folder.path().string(), vkey()};
        for (const std::uint64_t size : sizes) words.push_back(std::to_string(size));
        const Answer answer = ask(words);
        REQUIRE(answer.text == expected(log, sizes));
        REQUIRE(answer.holds);
    }
}

TEST_CASE("interop: a stranger's checker refuses the folders that ours refuses", "[interop]") {
    if (test::is_left_out("logcheck")) return;
    auto log = test::make_log(std::uint64_t{300});
    const test::TempFolder folder;
    export_log(log.tiles, 300, log.note, folder.path());
    REQUIRE(agreed(folder.path()));
    for (const std::string file : {"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
                                   "tile/entries/000", "tile/entries/001.p/44"}) {
        INFO(file);
        const fs::path path = folder.path() / file;
        const std::string text = test::read_text(path);
        for (std::size_t offset = 1; offset < text.size(); offset += 1 + text.size() / 5) {
            test::overwrite(path, offset, static_cast<char>(text[offset] ^ 1));
            REQUIRE_FALSE(agreed(folder.path()));
            test::overwrite(path, offset, text[offset]);
        }
        for (const std::string& other :
             {std::string(), text.substr(0, text.size() - 1), text + "x", text + text}) {
            test::write_text(path, other);
            REQUIRE_FALSE(agreed(folder.path()));
        }
        fs::remove(path);
        REQUIRE_FALSE(agreed(folder.path()));
        test::write_text(path, text);
    }
    // A history written anew under the old signature, and another log's key.
    auto entries = log.entries;
    std::swap(entries[3], entries[4]);
    auto forged = test::make_log(entries);
    test::write_text(folder.path() / "checkpoint", forged.note);
    REQUIRE_FALSE(agreed(folder.path()));
    test::write_text(folder.path() / "checkpoint", log.note);
    REQUIRE(agreed(folder.path()));
    const std::string stranger =
        NoteSigner(std::string(test::kOrigin), SigningKey::generate()).verifier().vkey();
    REQUIRE_FALSE(ask({"log", folder.path().string(), stranger}).holds);
}

TEST_CASE("interop: receipts hold and are refused in both", "[interop]") {
    if (test::is_left_out("logcheck")) return;
    auto log = test::make_log(std::uint64_t{300});
    const test::TempFolder folder;
    const fs::path file = folder.path() / "a.tlog-proof";
    const auto both = [&](const std::string& text) {
        test::write_text(file, text);
        const bool ours = verify_receipt(text, test::sample_signer().verifier()).ok();
        const Answer theirs = ask({"receipt", file.string(), vkey()});
        INFO(theirs.text);
        REQUIRE(theirs.holds == ours);
        return ours;
    };
    for (const std::uint64_t index : {0U, 1U, 255U, 256U, 299U}) {
        const std::string text = format_receipt(log.entries[index], index,
                                                inclusion_proof(log.tiles, index, 300), log.note);
        REQUIRE(both(text));
        LogProof lie = *parse_proof(text);
        lie.index = (index + 1) % 300;
        REQUIRE_FALSE(both(format_proof(lie)));
        lie = *parse_proof(text);
        lie.extra = log.entries[(index + 1) % 300];
        REQUIRE_FALSE(both(format_proof(lie)));
        lie = *parse_proof(text);
        lie.hashes.pop_back();
        REQUIRE_FALSE(both(format_proof(lie)));
        lie.checkpoint[lie.checkpoint.find("300")] = '4';
        REQUIRE_FALSE(both(format_proof(lie)));
    }
}
