/// One buyer's copy: marks, canaries and the steps of generalisation, through the masker.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/checksum.h"
#include "privacy/compiled_operation.h"
#include "privacy/fingerprint.h"
#include "privacy/transform.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::test::column;

namespace {

constexpr int kPersons = 600;

class MemorySpill final : public RowSpill {
public:
    void append(std::size_t, std::string_view) override { FAIL("spilled"); }
    std::string take(std::size_t) override { return {}; }
};

const std::vector<ColumnClass> kCopyClasses{
    column("id_no", Kind::kResidentId), column("born", Kind::kBirthDate),
    column("town", Kind::kCategory), column("amount", Kind::kAmount),
    column("note", Kind::kFreeText)};

Policy copy_policy() {
    Policy policy{"P",
                  1,
                  "C",
                  {{"id_no", Operation::pseudonym("person")},
                   {"born", Operation::of(OperationKind::kGeneraliseDateToMonth)},
                   {"town", Operation::pass()},
                   {"amount", Operation::pass()}}};
    policy.marks = MarkPlan{
        .columns = {{.name = "amount", .decimals = 2}}, .identities = {{"id_no"}}, .one_of = 2};
    policy.canaries =
        CanaryPlan{{{.name = "id_no", .space = "320299"},
                    {.name = "town", .choices = {"锡山", "梁溪"}},
                    {.name = "amount", .least = 100'000, .most = 999'999, .decimals = 2}},
                   9};
    return policy;
}

std::string copy_source() {
    std::string csv = "id_no,born,town,amount,note\n";
    for (int i = 0; i < kPersons; ++i) {
        const std::string payload = "3202021990" + std::string(i % 2 == 0 ? "0307" : "0411") +
                                    std::to_string(100 + i % 900);
        csv += payload + *resident_id_check_digit(payload) + ",1990-" +
               (i % 2 == 0 ? "03-07" : "04-11") + "," + (i % 3 == 0 ? "锡山" : "梁溪") + "," +
               std::to_string(1'000 + i) + ".50,来电\n";
    }
    return csv;
}

struct Copy {
    std::vector<std::string> lines;  ///< without the header
    MaskReport report;
    std::string code;
    std::string pointer;
};

Copy make_copy(const Policy& policy, const std::string& buyer, std::size_t steps = 0) {
    Copy copy;
    std::string text;
    MemorySpill spill;
    const Secret key = contract_key(as_bytes("root"), "C");
    const Secret rows = mark_rows_key(as_bytes("root"));
    const Secret own = copy_key(as_bytes("root"), "C", buyer);
    const Secret order = row_order_key(key.view(), buyer);
    try {
        Masker masker(policy, kCopyClasses, key.view(),
                      [&text](std::string_view block) { text += block; },
                      {.order = RowOrder{order.view(), {}, &spill},
                       .copy = CopyKeys{rows.view(), own.view()},
                       .steps = steps});
        CsvReader reader({}, [&masker](const CsvRecord& record) { masker.add(record); });
        reader.feed(copy_source());
        reader.finish();
        copy.report = masker.finish();
    } catch (const Error& error) {
        copy.code = error.code();
        copy.pointer = error.detail().pointer;
    }
    std::istringstream in(text);
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) copy.lines.push_back(line);
    return copy;
}

/// id_no's pseudonym -> the rest of the line.
std::map<std::string, std::string> by_person(const Copy& copy) {
    std::map<std::string, std::string> rows;
    for (const std::string& line : copy.lines) {
        rows[line.substr(0, line.find(','))] = line.substr(line.find(','));
    }
    return rows;
}

std::uint64_t changed_rows(const Copy& one, const Copy& other) {
    const auto mine = by_person(one);
    std::uint64_t changed = 0;
    for (const auto& [person, rest] : by_person(other)) {
        const auto found = mine.find(person);
        if (found != mine.end() && found->second != rest) ++changed;
    }
    return changed;
}

}  // namespace

TEST_CASE("copy: each buyer has marks and canaries of its own, the same each time",
          "[privacy][fingerprint]") {
    const Copy one = make_copy(copy_policy(), "buyer 1");
    const Copy two = make_copy(copy_policy(), "buyer 2");
    REQUIRE(one.code.empty());
    CHECK(one.report.rows_in == kPersons);
    CHECK(one.report.rows_out == kPersons);
    CHECK(one.report.canaries == 9);
    REQUIRE(one.lines.size() == kPersons + 9);
    const Copy again = make_copy(copy_policy(), "buyer 1");
    CHECK(again.lines == one.lines);

    // What is in one copy and not in the other are the canaries: the pseudonyms are the contract's.
    std::set<std::string> persons;
    std::size_t shared = 0;
    for (const auto& [person, rest] : by_person(one)) persons.insert(person);
    for (const auto& [person, rest] : by_person(two)) shared += persons.count(person);
    CHECK(persons.size() == kPersons + 9);
    CHECK(shared == kPersons);

    Policy plain = copy_policy();
    plain.marks.reset();
    plain.canaries.reset();
    const Copy bare = make_copy(plain, "buyer 1");
    CHECK(bare.lines.size() == kPersons);
    CHECK_FALSE(bare.report.marks.has_value());
    REQUIRE(one.report.marks.has_value());
    const MarkedColumnReport& marked = one.report.marks->columns.at(0);
    // Some of the marks are on canaries, which the bare copy has not.
    const std::uint64_t moved = changed_rows(bare, one);
    CHECK(moved > 0);
    CHECK(moved <= marked.raised + marked.lowered);
    CHECK(moved + 9 >= marked.raised + marked.lowered);
    CHECK(changed_rows(one, two) > 0);
}

TEST_CASE("copy: a canary looks like everybody and counts for nobody", "[privacy][fingerprint]") {
    Policy policy = copy_policy();
    policy.marks.reset();
    policy.risk = RiskRule{{.k_min = 2}, "id_no"};
    const Copy with = make_copy(policy, "buyer");
    policy.canaries.reset();
    const Copy without = make_copy(policy, "buyer");
    REQUIRE(with.report.risk.has_value());
    REQUIRE(without.report.risk.has_value());
    CHECK(with.report.risk->report.subjects == kPersons);
    CHECK(with.report.risk->report.classes == without.report.risk->report.classes);
    CHECK(with.report.risk->report.size_min == without.report.risk->report.size_min);
    for (std::size_t i = 0; i < with.report.columns.size(); ++i) {
        CHECK(with.report.columns[i].masked == without.report.columns[i].masked);
        CHECK(with.report.columns[i].passed == without.report.columns[i].passed);
    }
    const auto known = by_person(without);
    std::size_t canaries = 0;
    for (const auto& [person, rest] : by_person(with)) {
        CHECK(looks_like_pseudonym(person));
        if (known.contains(person)) continue;
        ++canaries;
        INFO(rest);
        CHECK(
            (rest.find(",锡山,") != std::string::npos || rest.find(",梁溪,") != std::string::npos));
        CHECK(rest.size() > std::string(",1990-03,锡山,1.00").size());
    }
    CHECK(canaries == 9);
}

TEST_CASE("copy: plans that do not fit the data deliver nothing", "[privacy][fingerprint]") {
    const auto refusal = [](const std::function<void(Policy&)>& change) {
        Policy policy = copy_policy();
        change(policy);
        const Copy copy = make_copy(policy, "buyer");
        CHECK(copy.lines.empty());
        return copy.code + " " + copy.pointer;
    };
    CHECK(refusal([](Policy& p) { p.canaries->columns.erase(p.canaries->columns.begin() + 1); }) ==
          "canary.column_missing town");
    CHECK(refusal([](Policy& p) { p.canaries->columns.push_back({.name = "city"}); }) ==
          "canary.column_missing city");
    CHECK(refusal([](Policy& p) { p.canaries->columns[0].space.clear(); }) ==
          "canary.settings id_no");
    CHECK(refusal([](Policy& p) { p.marks->columns[0].name = "note"; }) ==
          "mark.column_missing note");
    CHECK(refusal([](Policy& p) { p.marks->identities = {{"note"}}; }) ==
          "mark.column_missing note");
    CHECK(refusal([](Policy& p) {
              p.marks->columns[0].name = "town";
              p.marks->identities = {{"id_no"}};
          }) == "mark.column_class town");
    CHECK(refusal([](Policy& p) { p.rules[3].operation = Operation::round(100, 2); }) ==
          "mark.unit amount");
    // A canary needs no value for what is dropped or only numbered.
    Policy policy = copy_policy();
    policy.rules.push_back({"note", Operation::drop()});
    CHECK(make_copy(policy, "buyer").code.empty());
}

TEST_CASE("copy: a step of generalisation is taken for the whole table", "[privacy][risk]") {
    Policy policy = copy_policy();
    policy.marks.reset();
    policy.canaries.reset();
    // 600 persons, half of them born in one month; all of them in one year.
    policy.risk = RiskRule{{.k_min = 400}, "id_no"};
    policy.risk->steps = {{"born", Operation::of(OperationKind::kGeneraliseDateToYear)},
                          {"town", Operation::redact()}};
    check_policy(policy);
    CHECK(make_copy(policy, "buyer", 0).code == "delivery.risk");
    const Copy taken = make_copy(policy, "buyer", 1);
    REQUIRE(taken.code.empty());
    CHECK(taken.report.steps == 1);
    CHECK(taken.report.policy_digest == policy_hash(policy));
    CHECK(taken.report.columns[1].operation == Operation::of(OperationKind::kGeneraliseDateToYear));
    CHECK(taken.report.columns[2].operation == Operation::pass());
    for (const std::string& line : taken.lines) CHECK(line.find(",1990,") != std::string::npos);
    CHECK(make_copy(policy, "buyer", 2).report.columns[2].operation == Operation::redact());
    CHECK(is_risk_refusal("delivery.risk"));
    CHECK(is_risk_refusal("delivery.joint_risk"));
    CHECK_FALSE(is_risk_refusal("delivery.personal_data_in_output"));
}
