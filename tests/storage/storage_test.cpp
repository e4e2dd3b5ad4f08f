/// Every call on a file that the writer makes, from its start to its end, fails once in each way
/// that it may: an input/output error, a full disk, the process killed before it; and fails for
/// good from there on. Afterwards the exchange starts again on what is left, and every answer that
/// was given stands. In three situations: "alone"; "reader", while somebody else reads; "restart",
/// the same after the process was killed between the write of a commit and its sync.
///
/// PDX_STORAGE_CASES says how many cases of the few thousand are tried, or "all"; PDX_STORAGE_ONLY
/// repeats one by its name.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/storage/support/cases.h"
#include "tests/storage/support/laboratory.h"
#include "tests/storage/support/scenario.h"
#include "tests/storage/support/sync_order.h"
#include "tests/storage/support/trace.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::StorageCase;
using test::TracedCall;

namespace {

/// One of each kind, and some more.
constexpr std::size_t kCasesTried = 400;

std::string setting(const char* name) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? "" : text;
}

/// One of each kind, then any others, up to the number asked for.
std::vector<StorageCase> choose(std::vector<StorageCase> cases, unsigned seed) {
    const std::string only = setting("PDX_STORAGE_ONLY");
    const std::string number = setting("PDX_STORAGE_CASES");
    if (!only.empty()) {
        std::erase_if(cases, [&](const StorageCase& one) { return one.name != only; });
        return cases;
    }
    if (number == "all") return cases;
    std::shuffle(cases.begin(), cases.end(), std::mt19937(seed));
    std::set<std::string> kinds;
    std::vector<StorageCase> chosen;
    std::vector<StorageCase> others;
    for (StorageCase& one : cases) {
        (kinds.insert(one.kind).second ? chosen : others).push_back(std::move(one));
    }
    std::move(others.begin(), others.end(), std::back_inserter(chosen));
    const std::size_t count = number.empty() ? kCasesTried : std::stoul(number);
    if (count < chosen.size())
        chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(count), chosen.end());
    return chosen;
}

}  // namespace

TEST_CASE("storage: whichever file call fails, what was answered stands", "[storage]") {
    if (const auto reason = test::why_not_traced()) {
        std::puts(("skipped: " + *reason).c_str());
        return;
    }
    std::map<std::string, test::Laboratory> laboratories;
    std::vector<StorageCase> cases;
    for (const std::string situation : {"alone", "reader", "restart"}) {
        test::Laboratory& laboratory = laboratories.try_emplace(situation, situation).first->second;
        const auto calls = laboratory.count();
        const auto more = test::cases_of(calls, situation);
        std::set<std::string> kinds;
        for (const StorageCase& one : more) kinds.insert(one.kind);
        std::cout << "storage: " << situation << ": " << calls.size() << " calls, " << more.size()
                  << " cases of " << kinds.size() << " kinds\n";
        cases.insert(cases.end(), more.begin(), more.end());
    }
    const unsigned seed = std::random_device{}();
    const auto chosen = choose(cases, seed);
    REQUIRE_FALSE(chosen.empty());
    std::map<std::string, int> ends;
    for (const StorageCase& one : chosen) {
        INFO("PDX_STORAGE_ONLY='" << one.name << "'");
        ++ends[laboratories.at(one.situation).try_case(one)];
    }
    std::cout << "storage: " << chosen.size() << " cases from seed " << seed << ":";
    for (const auto& [end, count] : ends) std::cout << " " << count << " " << end;
    std::cout << "\n";
}

TEST_CASE("storage: a sync that is missing or fails is found in the trace", "[storage]") {
    if (test::why_not_traced()) return;  // as above
    const auto calls = test::Laboratory("alone").count();
    REQUIRE_FALSE(test::find_unsynced(calls, test::kScenarioDatabase).has_value());
    // The sync on which an answer waits, and the one before the write-ahead log is begun anew.
    std::set<std::size_t> needed;
    std::map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const TracedCall& call = calls[i];
        if (call.name == "fdatasync") last[call.file] = i;
        if (call.name == "writev") needed.insert(last.at("pdx.sqlite-wal"));
        if (call.name == "unlink" && call.file == "pdx.sqlite-wal")
            needed.insert(last.at(test::kScenarioDatabase));
    }
    REQUIRE(needed.size() >= test::scenario_batches().size() + 1);
    for (const std::size_t at : needed) {
        INFO(calls[at].name << " " << calls[at].number << " " << calls[at].file);
        auto failed = calls;
        failed[at].result = "-1 EIO (Input/output error)";
        CHECK(test::find_unsynced(failed, test::kScenarioDatabase).has_value());
        auto missing = calls;
        missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(at));
        CHECK(test::find_unsynced(missing, test::kScenarioDatabase).has_value());
    }
}
