/// Memory of the built program on a file: constant, whatever the file.
#include <Poco/Pipe.h>
#include <Poco/Process.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {
namespace {

constexpr int kCopies = 4;
constexpr const char* kPolicy =
    R"({"contract":"bench","fields":[)"
    R"({"field":"姓名","operation":{"first":1,"kind":"keep_first_last","last":0}},)"
    R"({"field":"手机号","operation":{"domain":"","kind":"pseudonym"}},)"
    R"({"field":"登记日期","operation":{"kind":"generalise_date_to_month"}},)"
    R"({"field":"身份证号","operation":{"domain":"","kind":"token"}},)"
    R"({"field":"金额","operation":{"decimals":0,"kind":"round_number","step":100}}],)"
    R"("format":"pdx-policy-1","policy":"bench","version":1})";

void write_rows(const std::string& path, const std::string& table) {
    std::ofstream file(path, std::ios::binary);
    file << table;
    const std::size_t rows = table.find('\n') + 1;
    for (int i = 1; i < kCopies; ++i) {
        file.write(table.data() + rows, static_cast<std::streamsize>(table.size() - rows));
    }
    if (!file.flush()) throw std::runtime_error("the table was not written");
}

/// Between fork and exec a child still has the memory of its parent.
bool is_running(int pid, std::string_view program) {
    std::error_code gone;
    return std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", gone)
               .filename() == program;
}

}  // namespace

void privacy_memory(const std::string& table) {
    const test::TempFolder folder;
    write_rows(folder.file("table.csv"), table);
    std::ofstream(folder.file("policy.json"), std::ios::binary) << kPolicy;
    Poco::Pipe output;
    const Poco::ProcessHandle mask = Poco::Process::launch(
        (test::binary_folder() / "pdx").string(),
        {"mask", folder.file("table.csv"), "--policy", folder.file("policy.json"), "--out",
         folder.file("masked.csv"), "--json"},
        nullptr, &output, nullptr);
    double most = 0;
    for (;;) {
        const bool has_begun = is_running(mask.id(), "pdx");
        const auto now = peak_rss_mb(mask.id());
        if (!now) break;
        if (has_begun) most = std::max(most, *now);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    if (mask.wait() != 0 || most == 0) throw std::runtime_error("pdx mask failed");
    report("privacy.peak_rss_mb", most, "MB",
           "pdx mask on the dense table four times over, 420 MB, with a token and a pseudonym");
}

}  // namespace pdx::bench
