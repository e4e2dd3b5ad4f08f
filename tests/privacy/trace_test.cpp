#include "privacy/trace.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/compiled_operation.h"
#include "privacy/false_accusation.h"
#include "privacy/fingerprint.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

using LeakRow = std::vector<std::string>;
using LeakTable = std::vector<LeakRow>;

constexpr std::size_t kLeakRows = 12'000;
constexpr unsigned kLeakSeed = 20261126;
const std::vector<std::string_view> kLeakHeader{"person", "amount", "town"};

/// Token, money in yuan with fen, town.
const TracePlan kMarksOnly{.marks = MarkPlan{.columns = {{.name = "amount", .decimals = 2}},
                                             .identities = {{"person"}, {"amount"}},
                                             .one_of = 2}};

Secret root_contract(const std::string& contract) {
    return contract_key(as_bytes("root"), contract);
}
Secret rows_key() { return mark_rows_key(as_bytes("root")); }

std::string yuan(std::int64_t fen) {
    const std::string cents = std::to_string(fen % 100);
    return std::to_string(fen / 100) + "." + (cents.size() == 1 ? "0" : "") + cents;
}

std::int64_t fen_of(std::string text) {
    text.erase(text.find('.'), 1);
    return std::stoll(text);
}

std::string leaked_pseudonym(const std::string& value, const std::string& contract) {
    PlannedColumn planned;
    planned.column.name = "person";
    planned.operation = Operation::pseudonym();
    const Secret key = root_contract(contract);
    CompiledOperation operation(planned, key.view());
    Outcome outcome = Outcome::kEmpty;
    return std::string(operation.apply(value, outcome));
}

/// The same rows for everybody, before masking.
const LeakTable& leak_source() {
    static const LeakTable kLeakSource = [] {
        std::mt19937_64 random(kLeakSeed);
        LeakTable table;
        for (std::size_t i = 0; i < kLeakRows; ++i) {
            table.push_back({"person " + std::to_string(i),
                             yuan(static_cast<std::int64_t>(100 + random() % 50'000'000)),
                             "town " + std::to_string(random() % 9)});
        }
        return table;
    }();
    return kLeakSource;
}

/// What a contract gets; in the order of the source, which helps an attacker only.
const LeakTable& copy_of(const std::string& contract) {
    static std::map<std::string, LeakTable> copies;
    const auto found = copies.find(contract);
    if (found != copies.end()) return found->second;
    PlannedColumn planned;
    planned.column.name = "person";
    planned.operation = Operation::pseudonym();
    const Secret key = root_contract(contract);
    CompiledOperation operation(planned, key.view());
    RowMarker marker(*kMarksOnly.marks, kLeakHeader, rows_key().view(), key.view());
    LeakTable copy;
    for (const LeakRow& row : leak_source()) {
        Outcome outcome = Outcome::kEmpty;
        std::vector<std::string_view> fields{operation.apply(row[0], outcome), row[1], row[2]};
        marker.mark(fields);
        copy.emplace_back(fields.begin(), fields.end());
    }
    return copies.emplace(contract, std::move(copy)).first->second;
}

TraceReport trace_leak(const TracePlan& plan, const LeakTable& rows,
                       std::vector<std::string_view> header,
                       const std::vector<std::string>& contracts,
                       std::span<const KnownValues> known = {}) {
    LeakedTable leak(plan, header, rows_key().view());
    for (const LeakRow& row : rows) leak.add(std::vector<std::string_view>(row.begin(), row.end()));
    std::vector<Candidate> candidates;
    for (const std::string& one : contracts) candidates.push_back({one, root_contract(one)});
    return trace(plan, leak, known, candidates);
}

std::vector<std::string> numbered(const std::string& prefix, int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back(prefix + std::to_string(i));
    return names;
}

std::set<std::string> named_in(const TraceReport& report) {
    std::set<std::string> names;
    for (const CandidateEvidence& one : report.candidates) {
        if (one.named) names.insert(one.contract);
    }
    CHECK(names.size() == report.named());
    return names;
}

struct LeakAttack {
    std::string name;
    std::vector<std::string> guilty;
    bool traceable;
    std::function<LeakTable(std::mt19937_64&)> leak;
};

LeakTable some_of(const LeakTable& table, std::mt19937_64& random, unsigned per_thousand) {
    LeakTable kept;
    for (const LeakRow& row : table) {
        if (random() % 1000 < per_thousand) kept.push_back(row);
    }
    return kept;
}

LeakTable with_amounts(const LeakTable& table,
                       const std::function<std::int64_t(std::int64_t)>& change) {
    LeakTable result = table;
    for (LeakRow& row : result) row[1] = yuan(change(fen_of(row[1])));
    return result;
}

LeakTable mixed_copies(const std::vector<std::string>& contracts, std::mt19937_64& random) {
    LeakTable result;
    for (std::size_t i = 0; i < kLeakRows; ++i) {
        result.push_back(copy_of(contracts[random() % contracts.size()])[i]);
    }
    return result;
}

/// The middle value of all copies; the pseudonyms of nobody.
LeakTable majority_copy(const std::vector<std::string>& contracts) {
    LeakTable result;
    for (std::size_t i = 0; i < kLeakRows; ++i) {
        std::vector<std::int64_t> values;
        for (const std::string& one : contracts) values.push_back(fen_of(copy_of(one)[i][1]));
        std::sort(values.begin(), values.end());
        result.push_back({"", yuan(values[values.size() / 2]), leak_source()[i][2]});
    }
    return result;
}

std::vector<LeakAttack> leak_attacks() {
    const std::vector<std::string> two = numbered("guilty ", 2);
    const std::vector<std::string> five = numbered("guilty ", 5);
    const auto one = [](std::mt19937_64&) { return copy_of("guilty 0"); };
    const auto each = [](std::function<std::int64_t(std::int64_t, std::mt19937_64&)> change) {
        return [change](std::mt19937_64& random) {
            return with_amounts(copy_of("guilty 0"),
                                [&](std::int64_t fen) { return change(fen, random); });
        };
    };
    return {
        {"none", {"guilty 0"}, true, one},
        {"rows in another order, each twice",
         {"guilty 0"},
         true,
         [](std::mt19937_64& random) {
             LeakTable table = copy_of("guilty 0");
             table.insert(table.end(), copy_of("guilty 0").begin(), copy_of("guilty 0").end());
             std::shuffle(table.begin(), table.end(), random);
             return table;
         }},
        {"delete 90 %",
         {"guilty 0"},
         true,
         [](std::mt19937_64& random) { return some_of(copy_of("guilty 0"), random, 100); }},
        {"delete 99 %",
         {"guilty 0"},
         true,
         [](std::mt19937_64& random) { return some_of(copy_of("guilty 0"), random, 10); }},
        {"flip 40 % of the last digits",
         {"guilty 0"},
         true,
         each([](std::int64_t fen, std::mt19937_64& random) {
             return random() % 10 < 4 ? fen ^ 1 : fen;
         })},
        {"flip all last digits", {"guilty 0"}, true, each([](std::int64_t fen, std::mt19937_64&) {
             return fen ^ 1;
         })},
        {"2 colluders, mixed", two, true,
         [two](std::mt19937_64& random) { return mixed_copies(two, random); }},
        {"5 colluders, mixed", five, true,
         [five](std::mt19937_64& random) { return mixed_copies(five, random); }},
        {"5 colluders, majority", five, true,
         [five](std::mt19937_64&) { return majority_copy(five); }},
        {"round to 0.1 yuan", {"guilty 0"}, false, each([](std::int64_t fen, std::mt19937_64&) {
             return (fen + 5) / 10 * 10;
         })},
        // As many odd shifts as even ones; eleven shifts, of -5 to 5, would be traced.
        {"add -5 to 4 fen of noise",
         {"guilty 0"},
         false,
         each([](std::int64_t fen, std::mt19937_64& random) {
             return fen + static_cast<std::int64_t>(random() % 10) - 5;
         })},
        {"amounts left out",
         {"guilty 0"},
         false,
         [](std::mt19937_64&) {
             LeakTable table = copy_of("guilty 0");
             for (LeakRow& row : table) row[1].clear();
             return table;
         }},
        {"somebody else's table", {}, false, [](std::mt19937_64& random) {
             LeakTable table = leak_source();
             for (LeakRow& row : table) {
                 row[1] = yuan(static_cast<std::int64_t>(random() % 50'000'000));
             }
             return table;
         }}};
}

}  // namespace

TEST_CASE("trace: marks name all who are guilty and nobody else, whatever is done to the file",
          "[privacy][trace]") {
    std::mt19937_64 random(kLeakSeed);
    INFO("seed " << kLeakSeed);
    for (const LeakAttack& attack : leak_attacks()) {
        INFO(attack.name);
        std::vector<std::string> contracts = numbered(attack.name, 200);
        const auto suspects = numbered("guilty ", 5);
        contracts.insert(contracts.begin() + 100, suspects.begin(), suspects.end());
        const TraceReport report =
            trace_leak(kMarksOnly, attack.leak(random), kLeakHeader, contracts);
        const std::set<std::string> guilty(attack.guilty.begin(), attack.guilty.end());
        CHECK(report.candidates.size() == contracts.size());
        CHECK(named_in(report) == (attack.traceable ? guilty : std::set<std::string>{}));
        for (const CandidateEvidence& one : report.candidates) {
            if (guilty.count(one.contract) != 0) continue;
            CHECK(std::abs(one.marks.z_thousandths) < 6'000);
        }
    }
}

TEST_CASE("trace: of 1,000 innocents none is accused", "[privacy][trace]") {
    std::mt19937_64 random(kLeakSeed + 1);
    INFO("seed " << kLeakSeed + 1);
    const auto innocents = numbered("innocent ", 1'000);
    const LeakTable tenth = some_of(copy_of("guilty 0"), random, 100);
    const LeakTable rounded = with_amounts(tenth, [](std::int64_t fen) { return fen / 10 * 10; });
    const LeakTable alike =
        with_amounts(tenth, [](std::int64_t fen) { return fen / 100 * 100 + 500; });
    for (const LeakTable& leak : {tenth, rounded, alike}) {
        const TraceReport report = trace_leak(kMarksOnly, leak, kLeakHeader, innocents);
        CHECK(report.named() == 0);
        CHECK(report.marks > 100);
        CHECK(report.candidates.front().exponent < 3);
    }
    auto all = innocents;
    all.push_back("guilty 0");
    const TraceReport report = trace_leak(kMarksOnly, tenth, kLeakHeader, all);
    CHECK(named_in(report) == std::set<std::string>{"guilty 0"});
    CHECK(report.candidates.front().marks.agreed == report.candidates.front().marks.looked);
}

TEST_CASE("trace: copies of few rows are no evidence", "[privacy][trace]") {
    LeakTable few(copy_of("guilty 0").begin(), copy_of("guilty 0").begin() + 12);
    LeakTable many;
    for (int i = 0; i < 500; ++i) many.insert(many.end(), few.begin(), few.end());
    const TraceReport report = trace_leak(kMarksOnly, many, kLeakHeader, {"guilty 0", "innocent"});
    CHECK(report.named() == 0);
    CHECK(report.marks <= 12);
    CHECK(report.rows == 6'000);
}

TEST_CASE("trace: marks are found without the column that names the person", "[privacy][trace]") {
    LeakTable amounts;
    for (const LeakRow& row : copy_of("guilty 0")) amounts.push_back({row[1]});
    const TraceReport report =
        trace_leak(kMarksOnly, amounts, {"amount"}, {"innocent 1", "guilty 0", "innocent 2"});
    CHECK(named_in(report) == std::set<std::string>{"guilty 0"});
    CHECK(report.identities == 1);
    // Under another name the column is not known; the command maps names.
    CHECK(trace_leak(kMarksOnly, amounts, {"money"}, {"innocent 1", "guilty 0"}).named() == 0);
}

TEST_CASE("trace: one pseudonym of one known person names the contract", "[privacy][trace]") {
    const TracePlan plan{.tokens = {{"person"}}};
    // In a column of another name, beside pseudonyms of persons whom nobody knows.
    LeakTable leak;
    for (std::size_t i = 0; i < 100; ++i) leak.push_back({"x", copy_of("guilty 0")[i][0]});
    const std::vector<std::string> contracts{"innocent", "guilty 0", "guilty 1"};
    std::vector<KnownValues> known{{{"person"}, {"person 7", "person 5000"}}};
    const TraceReport report = trace_leak(plan, leak, {"a", "b"}, contracts, known);
    CHECK(named_in(report) == std::set<std::string>{"guilty 0"});
    CHECK(report.tokens == 100);
    CHECK(report.candidates[0].tokens.made == 2);
    CHECK(report.candidates[0].tokens.hits == 1);
    CHECK(report.candidates[0].exponent == 39 - 2 - 1 - 1);
    known[0].values = {"person 5000"};
    CHECK(trace_leak(plan, leak, {"a", "b"}, contracts, known).named() == 0);
    // Under another field or domain there are other pseudonyms.
    known = {{{"person", "tax"}, {"person 7"}}, {{"human"}, {"person 7"}}};
    CHECK(trace_leak(plan, leak, {"a", "b"}, contracts, known).named() == 0);
}

TEST_CASE("trace: a canary names the contract by its pseudonym or by its codes",
          "[privacy][trace]") {
    const TracePlan plan{
        .tokens = {{"person"}},
        .canaries =
            CanaryPlan{.columns = {{.name = "person", .kind = Kind::kResidentId, .space = "320299"},
                                   {.name = "firm", .kind = Kind::kUscc, .space = "91320299"}},
                       .rows = 5}};
    const auto rows = make_canaries(*plan.canaries, root_contract("C-1").view());
    const std::vector<std::string> contracts{"C-0", "C-1", "C-2"};
    const TraceReport by_token = trace_leak(
        plan,
        {{leaked_pseudonym(rows[3][0], "C-1"), "firm"}, {leaked_pseudonym("somebody", "C-2"), ""}},
        {"a", "b"}, contracts);
    CHECK(named_in(by_token) == std::set<std::string>{"C-1"});
    CHECK(by_token.candidates[0].canaries.hits == 1);
    const TraceReport by_codes =
        trace_leak(plan, {{rows[0][1]}, {rows[4][1]}, {"91320299MA00000000"}}, {"a"}, contracts);
    CHECK(named_in(by_codes) == std::set<std::string>{"C-1"});
    CHECK(by_codes.codes == 3);
    CHECK(by_codes.candidates[0].canaries.hits == 2);
    CHECK(by_codes.candidates[0].exponent == 2 * (11 - 1 - 1) - 1);
    // The raw number of a canary person is delivered to nobody and says nothing.
    CHECK(trace_leak(plan, {{rows[0][0]}}, {"a"}, contracts).named() == 0);
}

TEST_CASE("trace: nothing to look for, and no or double candidates, are refused",
          "[privacy][trace]") {
    const auto code = [](const TracePlan& plan, const std::vector<std::string>& contracts) {
        try {
            trace_leak(plan, {}, kLeakHeader, contracts);
        } catch (const Error& error) {
            return error.code();
        }
        return std::string("taken");
    };
    CHECK(code(kMarksOnly, {"a", "b"}) == "taken");
    CHECK(code({}, {"a"}) == "trace.plan");
    TracePlan limit = kMarksOnly;
    for (const int value : {0, 31}) {
        limit.limit = value;
        CHECK(code(limit, {"a"}) == "trace.plan");
    }
    CHECK(code({.marks = MarkPlan{}}, {"a"}) == "mark.settings");
    CHECK(code({.canaries = CanaryPlan{}}, {"a"}) == "canary.settings");
    CHECK(code(kMarksOnly, {}) == "trace.candidates");
    CHECK(code(kMarksOnly, {"a", "b", "a"}) == "trace.candidates");
}

TEST_CASE("trace: the bound is never below the exact probability", "[privacy][trace]") {
    // 2 P(X >= a) of a fair coin, by Pascal's triangle; long double has the bits for n <= 60.
    std::vector<long double> row{1};
    for (std::uint64_t n = 1; n <= 60; ++n) {
        std::vector<long double> next(n + 1, 0);
        for (std::size_t k = 0; k < n; ++k) {
            next[k] += row[k] / 2;
            next[k + 1] += row[k] / 2;
        }
        row = std::move(next);
        for (std::uint64_t a = 0; a <= n; ++a) {
            long double tail = 0;
            for (std::uint64_t k = std::max(a, n - a); k <= n; ++k) {
                tail += 2 * row[static_cast<std::size_t>(k)];
            }
            long double bound = 1;
            const int exponent = agreement_exponent(n, a, 1);
            for (int i = 0; i < exponent; ++i) bound /= 10;
            CHECK(std::min(tail, 1.0L) <= bound);
            CHECK(exponent == agreement_exponent(n, n - a, 1));
            CHECK(agreement_z_thousandths(n, a) == -agreement_z_thousandths(n, n - a));
        }
    }
    // By a pocket calculator: 200^2 / (2 * 1000) = 20 nats = 8.68 digits.
    CHECK(agreement_exponent(1'000, 600, 1) == 7);
    CHECK(agreement_exponent(1'000, 600, 5) == 7);
    CHECK(agreement_exponent(1'000, 600, 6) == 6);
    CHECK(agreement_exponent(1'000, 600, 3'000) == 4);
    CHECK(agreement_z_thousandths(1'000, 600) == 6'324);
    CHECK(agreement_z_thousandths(10'000, 10'000) == 100'000);
    CHECK(agreement_exponent(0, 0, 1) == 0);
    CHECK(agreement_exponent(UINT32_MAX, UINT32_MAX, UINT32_MAX) > 900'000'000);
    CHECK(digits_up(1) == 0);
    CHECK(digits_up(2) == 1);
    CHECK(digits_up(10) == 1);
    CHECK(digits_up(11) == 2);
    CHECK(digits_up(UINT64_MAX) == 20);
    CHECK(coincidence_exponent(39, 1'000, 10, 1, 30) == 33);
    CHECK(coincidence_exponent(11, 1'000'000, 1'000'000, 9, 30) == 0);
    CHECK(coincidence_exponent(39, 1'000, 10, 0, 30) == 0);
}
