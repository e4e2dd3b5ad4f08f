#include "privacy/policy.h"
#include "privacy/number_token.h"
#include "privacy/pattern_set.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::test::column;

namespace {

Policy sample() {
    return {.id = "P-1",
            .version = 3,
            .contract_id = "C-1",
            .rules = {{"phone", Operation::keep(3, 4)},
                      {"amount", Operation::round(5, 1)},
                      {"id_no", Operation::pseudonym("person")},
                      {"引\"号\n", Operation::pass()}}};
}

std::string code_of(const Policy& policy) {
    try {
        check_policy(policy);
    } catch (const Error& error) {
        return error.code();
    }
    return "";
}

}  // namespace

TEST_CASE("policy: it has one text, sorted and without spaces", "[privacy][policy]") {
    const std::string expected =
        R"({"contract":"C-1","fields":[)"
        R"({"field":"amount","operation":{"decimals":1,"kind":"round_number","step":5}},)"
        R"({"field":"id_no","operation":{"domain":"person","kind":"pseudonym"}},)"
        R"({"field":"phone","operation":{"first":3,"kind":"keep_first_last","last":4}},)"
        R"({"field":"引\"号\n","operation":{"kind":"pass"}}],)"
        R"("format":"pdx-policy-1","policy":"P-1","version":3})";
    CHECK(policy_text(sample()) == expected);
    CHECK(policy_hash(sample()) == sha256(expected));
    Policy shuffled = sample();
    std::swap(shuffled.rules[0], shuffled.rules[2]);
    CHECK(policy_hash(shuffled) == policy_hash(sample()));
    const auto parsed = parse_policy(expected);
    REQUIRE(parsed);
    CHECK(policy_text(*parsed) == expected);
    shuffled.version = 4;
    CHECK(policy_hash(shuffled) != policy_hash(sample()));
}

TEST_CASE("policy: steps, marks and canaries are part of its text", "[privacy][policy]") {
    Policy policy = sample();
    policy.risk = RiskRule{{.k_min = 3}, "id_no"};
    policy.risk->steps = {{"amount", Operation::round(10, 1)}, {"amount", Operation::redact()}};
    policy.marks = MarkPlan{.columns = {{.name = "amount", .decimals = 1, .step = 5}},
                            .identities = {{"id_no"}}};
    policy.canaries = CanaryPlan{{{.name = "id_no", .space = "320299"}}, 3};
    const std::string text = policy_text(policy);
    CHECK(text.starts_with(
        R"({"canaries":{"columns":[{"name":"id_no","space":"320299"}],"rows":3},"contract":"C-1")"));
    CHECK(text.find(R"("steps":[{"field":"amount","operation":{"decimals":1,"kind":)"
                    R"("round_number","step":10}},{"field":"amount","operation":)"
                    R"({"kind":"redact"}}],"subject":"id_no"})") != std::string::npos);
    const auto parsed = parse_policy(text);
    REQUIRE(parsed);
    CHECK(policy_text(*parsed) == text);
    CHECK(parsed->marks == policy.marks);
    CHECK(parsed->canaries == policy.canaries);
    CHECK(policy_hash(sample()) != policy_hash(policy));
    const auto with = [&text](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        return parse_policy(changed);
    };
    CHECK_FALSE(with(R"("rows":3)", R"("rows":0)"));
    CHECK_FALSE(with(R"("way":"nearest")", R"("way":"down")"));
    CHECK_FALSE(with(R"("step":10)", R"("step":5)"));  // no coarser than before
    CHECK_FALSE(with(R"("steps":[{"field":"amount")", R"("steps":[{"field":"other")"));
}

TEST_CASE("policy: a step generalises what comes before it", "[privacy][policy]") {
    const auto code = [](const std::vector<FieldRule>& steps) {
        Policy policy = sample();
        policy.risk = RiskRule{{.k_min = 3}, ""};
        policy.risk->steps = steps;
        return code_of(policy);
    };
    const FieldRule coarser{"phone", Operation::keep(3, 0)};
    CHECK(code({coarser}).empty());
    CHECK(code({coarser, coarser}) == "policy.step");
    CHECK(code({{"unlisted", Operation::redact()}}) == "policy.step");
    CHECK(code({{"phone", Operation::keep(3, 4)}}) == "policy.step");
    CHECK(code({{"phone", Operation::keep(-1, 0)}}) == "policy.step");
    std::vector<FieldRule> many;
    for (std::int64_t step = 1; step <= 9; ++step) {
        many.push_back({"amount", Operation::round(std::int64_t{5} << step, 1)});
    }
    CHECK(code(many) == "policy.step");
    many.pop_back();
    CHECK(code(many).empty());
}

TEST_CASE("policy: text with anything amiss is refused", "[privacy][policy]") {
    const std::string good = policy_text(sample());
    const auto with = [&good](const std::string& from, const std::string& to) {
        std::string text = good;
        const auto position = text.find(from);
        REQUIRE(position != std::string::npos);
        return text.replace(position, from.size(), to);
    };
    REQUIRE(parse_policy("  " + good + "\n"));
    const std::vector<std::string> wrong{
        "",
        "null",
        "[]",
        "{}",
        good + "x",
        good.substr(0, good.size() - 1),
        with("\"version\":3", "\"version\":3,\"version\":3"),
        with("\"version\":3", "\"version\":0"),
        with("\"version\":3", "\"version\":1.5"),
        with("\"version\":3", "\"version\":18446744073709551615"),
        with("\"version\":3", "\"version\":3,\"note\":1"),
        with("pdx-policy-1", "pdx-policy-2"),
        with("\"C-1\"", "\"\""),
        with("\"kind\":\"pass\"", "\"kind\":\"clone\""),
        with("\"kind\":\"pass\"", "\"kind\":\"pass\",\"first\":1"),
        with("\"first\":3,", ""),
        with("\"first\":3", "\"first\":-3"),
        with("\"step\":5", "\"step\":0"),
        with("\"decimals\":1", "\"decimals\":9"),
        with("\"field\":\"phone\"", "\"field\":\"amount\""),
        with("\"field\":\"phone\"", "\"field\":\"\xFF\""),
        std::string(100'000, '['),
    };
    for (const std::string& text : wrong) {
        INFO(text.substr(0, 300));
        CHECK_FALSE(parse_policy(text));
    }
}

TEST_CASE("policy: what is amiss in a text is named by its place", "[privacy][policy]") {
    const std::string good = policy_text(sample());
    const auto place = [&good](const std::string& from, const std::string& to) {
        std::string text = good;
        const auto position = text.find(from);
        REQUIRE(position != std::string::npos);
        try {
            read_policy(text.replace(position, from.size(), to));
        } catch (const Error& error) {
            return error.code() + " " + error.detail().pointer;
        }
        return std::string("read");
    };
    CHECK(place("\"contract\"", "\"contract\"") == "read");
    CHECK(place("\"version\":3", "\"version\":\"3\"") == "policy.form /version");
    CHECK(place("\"version\":3", "\"note\":1,\"version\":3") == "policy.form /note");
    CHECK(place("\"policy\":", "\"polcy\":") == "policy.form /polcy");
    CHECK(place("pdx-policy-1", "pdx-policy-2") == "policy.form /format");
    CHECK(place("\"kind\":\"pass\"", "\"kind\":\"pas\"").ends_with("/operation/kind"));
    CHECK(place("\"kind\":\"pass\"", "\"knd\":\"pass\"").ends_with("/operation/knd"));
    CHECK(place("\"step\":5", "\"step\":-5").ends_with("/operation/step"));
    CHECK(place("\"step\":5", "\"step\":\"a/b\"").ends_with("/operation/step"));
    CHECK(place("\"first\":3,", "").ends_with("/operation/first"));
    CHECK(place("\"field\":\"phone\"", "\"field\":\"amount\"") == "policy.field_duplicate amount");
    try {
        read_policy("{\n\"format\": \"pdx-policy-1\",\n}");
        FAIL("read");
    } catch (const Error& error) {
        CHECK(error.text().en.find("line 3 is no JSON") != std::string::npos);
    }
}

TEST_CASE("policy: the examples of docs/PRIVACY.md are understood", "[privacy][policy]") {
    std::ifstream file(pdx::test::source_folder() / "docs" / "PRIVACY.md", std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    const auto example = [&page](const std::string& begin, std::size_t from) {
        const std::size_t at = page.find(begin, from);
        REQUIRE(at != std::string::npos);
        return page.substr(at, page.find("\n\n", at) - at);
    };
    CHECK(PatternSet::read(example("{\"format\": \"pdx-patterns-1\"", 0)).size() == 1);
    std::string policy = example("{\"format\": \"pdx-policy-1\"", 0);
    REQUIRE(parse_policy(policy));
    policy.pop_back();
    const std::string risk = "    \"risk\": {\"k_min\"";
    std::size_t at = 0;
    for (const bool has_steps : {false, true}) {
        at = page.find(risk, at + 1);
        const auto limited = parse_policy(policy + ",\n" + example(risk, at) + "}");
        REQUIRE(limited);
        CHECK(limited->risk->steps.empty() == !has_steps);
    }
    const auto scoped = parse_policy(policy + ",\n" + example("    \"scope\": {", 0) + "}");
    REQUIRE(scoped);
    CHECK(scoped->scope->versions == VersionRange{1, 4});
    CHECK(scoped->profile == kProfileInForce);
}

TEST_CASE("policy: a malformed one is named by its code", "[privacy][policy]") {
    Policy policy = sample();
    CHECK(code_of(policy).empty());
    policy.rules.push_back({"phone", Operation::drop()});
    CHECK(code_of(policy) == "policy.field_duplicate");
    policy.rules.clear();
    CHECK(code_of(policy) == "policy.empty");
    policy = sample();
    policy.contract_id.clear();
    CHECK(code_of(policy) == "policy.id_missing");
    policy = sample();
    policy.rules[0].operation.step = 7;
    CHECK(code_of(policy) == "policy.operation");
    policy.rules[0].operation = Operation::keep(2'000, 0);
    CHECK(code_of(policy) == "policy.operation");
}

TEST_CASE("policy: no personal or unknown column ever passes", "[privacy][policy]") {
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const ColumnClass c = column("x", static_cast<Kind>(i));
        INFO(kind_code(c.kind));
        CHECK(is_permitted(c, default_operation(c)));
        CHECK(is_permitted(c, Operation::drop()));
        const bool open = c.sensitivity <= Sensitivity::kQuasiIdentifier &&
                          c.kind != Kind::kSerialNumber;  // joins two copies
        CHECK(is_permitted(c, Operation::pass()) == open);
        if (c.sensitivity == Sensitivity::kUnknown) {
            CHECK_THROWS_AS(effective_operation(c, Operation::redact()), Error);
            CHECK(effective_operation(c, Operation::drop()) == Operation::drop());
        } else {
            const Operation effective = effective_operation(c, Operation::pass());
            CHECK((effective == Operation::pass()) == open);
        }
        // Ways around: keeping everything, rounding to nothing.
        if (c.sensitivity == Sensitivity::kDirectIdentifier) {
            CHECK_FALSE(is_permitted(c, Operation::keep(10, 8)));
            CHECK_FALSE(is_permitted(c, Operation::round(1)));
        }
        if (c.sensitivity >= Sensitivity::kSensitive) {
            CHECK(is_permitted(c, Operation::of(OperationKind::kMaskText)) ==
                  (c.sensitivity == Sensitivity::kFreeText));
        }
    }
    // Of a sensitive value nearly nothing may stay, whatever the operation is called.
    ColumnClass salary = column("x", Kind::kAmount);
    salary.sensitivity = Sensitivity::kSensitive;
    for (const Operation& operation :
         {Operation::round(1), Operation::round(1, 2), Operation::round(9), Operation::keep(2, 0),
          Operation::keep(0, 1), Operation::age_band(1), Operation::token(),
          Operation::bound(0, 100)}) {
        INFO(operation_text(operation));
        CHECK_FALSE(is_permitted(salary, operation));
    }
    CHECK(is_permitted(salary, Operation::round(10)));
    CHECK(is_permitted(salary, Operation::keep(1, 0)));
    CHECK(is_permitted(salary, Operation::age_band(5)));
    // A kind without tokens would end every delivery.
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const ColumnClass c = column("x", static_cast<Kind>(i));
        if (!has_number_token(c.kind)) CHECK_FALSE(is_permitted(c, Operation::token()));
    }
    CHECK_FALSE(is_permitted(column("x", Kind::kPersonName), Operation::keep(1, 1)));
    CHECK(is_permitted(column("x", Kind::kMobile), Operation::keep(3, 4)));
    ColumnClass declared = column("x", Kind::kAmount);
    declared.sensitivity = Sensitivity::kDirectIdentifier;
    CHECK(effective_operation(declared, Operation::pass()).kind == OperationKind::kPseudonym);
}

TEST_CASE("policy: a plan drops what is not listed and refuses what does not fit",
          "[privacy][policy]") {
    const std::vector<ColumnClass> columns{column("name", Kind::kPersonName),
                                           column("status", Kind::kCategory),
                                           column("odd", Kind::kUnknown)};
    Policy policy{.id = "P",
                  .version = 1,
                  .contract_id = "C",
                  .rules = {{"status", Operation::pass()}, {"name", Operation::pass()}}};
    const auto plan = plan_columns(policy, columns);
    REQUIRE(plan.size() == 3);
    CHECK(plan[0].operation == Operation::keep(1, 0));
    CHECK(plan[0].replaced);
    CHECK(plan[1].operation == Operation::pass());
    CHECK_FALSE(plan[1].replaced);
    CHECK(plan[2].operation == Operation::drop());
    CHECK_FALSE(plan[2].listed);

    const auto refused = [&columns](std::vector<FieldRule> rules) {
        try {
            plan_columns({.id = "P", .version = 1, .contract_id = "C", .rules = std::move(rules)},
                         columns);
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::kConflict);
            return error.code();
        }
        return std::string();
    };
    CHECK(refused({{"odd", Operation::redact()}}) == "delivery.column_unclassified");
    CHECK(refused({{"odd", Operation::drop()}}) == "delivery.nothing_allowed");
    CHECK(refused({{"gone", Operation::pass()}}) == "delivery.field_missing");
    CHECK(refused({{"odd", Operation::drop()}, {"status", Operation::pass()}}).empty());
}
