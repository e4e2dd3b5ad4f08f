#include "ledger/head_record.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/crypto.h"
#include "base/error.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace pdx::ledger {
namespace {

const std::string kRecordOrigin = "log.example/record";
const std::string kRecordBegin = "pdx-ledger-record v1 log.example/record\n";

RecordedHead head_of(std::uint64_t size) { return {size, sha256(std::to_string(size))}; }

std::string read_record(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_record(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// "none", a size, or the code of the refusal.
std::string last_in(const std::filesystem::path& path, const std::string& origin = kRecordOrigin) {
    try {
        const auto head = read_last_head(path, origin);
        if (!head) return "none";
        CHECK(*head == head_of(head->size));
        return std::to_string(head->size);
    } catch (const Error& error) {
        return error.code();
    }
}

TEST_CASE("head record: the last of many heads is found", "[ledger][record]") {
    const pdx::test::TempFolder folder("pdx-record");
    const auto path = folder.path() / "ledger-record";
    CHECK(last_in(path) == "none");
    std::uint64_t size = 0;
    for (int start = 0; start < 5; ++start) {
        HeadRecord record(path, kRecordOrigin);
        CHECK(last_in(path) == (size == 0 ? "none" : std::to_string(size)));
        for (unsigned i = 0; i < 40; ++i) {
            // Up to the longest numbers.
            constexpr std::uint64_t kLarge = std::uint64_t{1} << 62U;
            size = size < kLarge ? size + size + 1 : size + i;
            record.append(head_of(size));
            REQUIRE(last_in(path) == std::to_string(record.last()->size));
        }
        record.append(head_of(1));  // a smaller one is no news
        CHECK(last_in(path) == std::to_string(record.last()->size));
        size = record.last()->size;
    }
    CHECK(read_record(path).starts_with(kRecordBegin));
    CHECK(last_in(path, "other.example") == "ledger_record.other_log");
}

TEST_CASE("head record: cut anywhere, it is at an earlier head and goes on", "[ledger][record]") {
    const pdx::test::TempFolder folder("pdx-record");
    const auto path = folder.path() / "ledger-record";
    {
        HeadRecord record(path, kRecordOrigin);
        for (const std::uint64_t size : {7U, 12U, 300U}) record.append(head_of(size));
    }
    const std::string whole = read_record(path);
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        // A disk may also have made room that was never written.
        for (const std::string& tail : {std::string(), std::string("0123"), std::string(4, '\0')}) {
            const std::string rest = cut == whole.size() || cut < kRecordBegin.size() ? "" : tail;
            write_record(path, whole.substr(0, cut) + rest);
            const auto lines =
                std::count(whole.begin(), whole.begin() + static_cast<long>(cut), '\n');
            const std::vector<std::string> expected{"none", "none", "7", "12", "300"};
            INFO("cut at " << cut);
            REQUIRE(last_in(path) == expected[static_cast<std::size_t>(lines)]);
            HeadRecord record(path, kRecordOrigin);
            record.append(head_of(500));
            REQUIRE(last_in(path) == "500");
        }
    }
}

TEST_CASE("head record: what it does not hold is refused", "[ledger][record]") {
    const pdx::test::TempFolder folder("pdx-record");
    const auto path = folder.path() / "ledger-record";
    const std::string root = to_base64(head_of(7).root.view());
    for (const std::string& line :
         {std::string("7"), std::string(""), "7 " + root + " ", "07 " + root, "+7 " + root,
          "7  " + root, " 7 " + root, "7 " + root.substr(1), std::string("7 "), "x " + root,
          "18446744073709551616 " + root, std::string(2000, '7')}) {
        write_record(path, kRecordBegin + line + "\n");
        INFO(line);
        CHECK(last_in(path) == "ledger_record.damaged");
        CHECK_THROWS_AS(HeadRecord(path, kRecordOrigin), Error);
        CHECK(read_record(path) == kRecordBegin + line + "\n");
    }
    for (const char* text : {"7 x", "pdx-ledger-record v2 log.example/record\n", "\n", "\n\n"}) {
        write_record(path, text);
        CHECK(last_in(path) == "ledger_record.damaged");
    }
}

}  // namespace
}  // namespace pdx::ledger
