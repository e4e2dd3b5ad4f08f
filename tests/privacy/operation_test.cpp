#include "privacy/operation.h"

#include "privacy/policy.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

TEST_CASE("operation: it has one spelling", "[privacy][policy]") {
    for (const char* text :
         {"pass", "redact", "drop", "pseudonym", "pseudonym(uscc)", "keep_first_last(3,4)",
          "keep_first_last(0,0)", "round_number(1000)", "round_number(1,2)", "generalise_region",
          "generalise_date_to_month", "generalise_address_to_district", "bound_number(-40,600,1)",
          "bound_number(0,100)", "age_band(5)", "shift_date(30)", "shift_date(30,id_no)",
          "generalise_diagnosis"}) {
        INFO(text);
        const auto operation = parse_operation(text);
        REQUIRE(operation.has_value());
        CHECK(operation_text(*operation) == text);
    }
    for (const char* text : {"",
                             "keep",
                             "pass()",
                             "pass(1)",
                             "Pass",
                             " pass",
                             "drop ",
                             "pseudonym()",
                             "pseudonym(A b)",
                             "keep_first_last",
                             "keep_first_last(3)",
                             "keep_first_last(3,4,5)",
                             "keep_first_last(03,4)",
                             "keep_first_last(3,4",
                             "keep_first_last(3,-4)",
                             "keep_first_last(1001,0)",
                             "keep_first_last(4294967299,4)",
                             "round_number(0)",
                             "round_number(1,0)",
                             "round_number(1,7)",
                             "round_number(1,)",
                             "round_number(,)",
                             "round_number(1000000000001)",
                             "round_number(99999999999999999999)",
                             "bound_number(5,4)",
                             "bound_number(5)",
                             "age_band",
                             "age_band(1)",
                             "age_band(51)",
                             "age_band(5,x)",
                             "shift_date(0)",
                             "shift_date(id_no)",
                             "shift_date(3,a,b)",
                             "redact(person)"}) {
        INFO(text);
        // A rounding without its step is none: the default step is one, and prints with it.
        CHECK_FALSE(parse_operation(text).has_value());
    }
    CHECK_FALSE(parse_operation("round_number").has_value());
}

TEST_CASE("operation: the example of a kind is one that is understood", "[privacy][policy]") {
    CHECK(operation_kinds().size() == 17);
    for (const OperationKind kind : operation_kinds()) {
        const Operation example = example_of(kind);
        INFO(operation_text(example));
        CHECK(example.kind == kind);
        CHECK(parse_operation(operation_text(example)) == example);
    }
}

TEST_CASE("operation: every kind passes through a policy's text unchanged", "[privacy][policy]") {
    for (const char* text :
         {"pass", "bound_number(-40,600,1)", "round_number(1,2)", "age_band(5)",
          "shift_date(30,id_no)", "generalise_date_to_month", "generalise_date_to_year",
          "generalise_region", "generalise_address_to_district", "generalise_diagnosis",
          "mask_text", "keep_first_last(3,4)", "token", "token(person)", "pseudonym(person)",
          "row_number", "redact", "drop"}) {
        INFO(text);
        const Policy policy{"P", 1, "C", {{"field", parse_operation(text).value()}}};
        const std::string written = policy_text(policy);
        CHECK(parse_policy(written) == policy);
        // A member more, and a member less, is another policy or none.
        std::string more = written;
        more.insert(more.find("\"kind\":"), "\"extra\":1,");
        CHECK_FALSE(parse_policy(more).has_value());
    }
}

TEST_CASE("operation: coarser is never as fine", "[privacy][policy]") {
    const auto of = [](std::string_view text) {
        const auto operation = parse_operation(text);
        REQUIRE(operation);
        return *operation;
    };
    // From fine to coarse.
    const std::vector<std::vector<std::string_view>> ladders{
        {"pass", "bound_number(0,100)", "bound_number(10,90)", "redact", "drop"},
        {"pass", "round_number(5)", "round_number(10)", "age_band(10)", "age_band(20)", "redact",
         "drop"},
        {"pass", "round_number(5,2)", "round_number(1)", "round_number(2)", "redact", "drop"},
        {"pass", "generalise_date_to_month", "generalise_date_to_year", "redact"},
        {"pass", "shift_date(30)", "redact"},
        {"pass", "mask_text", "redact"},
        {"pass", "keep_first_last(3,4)", "keep_first_last(3,0)", "keep_first_last(0,0)", "redact",
         "drop"},
        {"pass", "pseudonym", "row_number", "drop"},
        {"pass", "generalise_region", "redact", "drop"}};
    for (const auto& ladder : ladders) {
        for (std::size_t i = 0; i < ladder.size(); ++i) {
            for (std::size_t j = 0; j < ladder.size(); ++j) {
                INFO(ladder[i] << " -> " << ladder[j]);
                CHECK(is_coarser(of(ladder[i]), of(ladder[j])) == (j > i));
            }
        }
    }
    for (const auto& [before, after] : std::vector<std::pair<std::string_view, std::string_view>>{
             {"round_number(5)", "round_number(7)"},  // no multiple: both together tell more
             {"round_number(10)", "age_band(5)"},
             {"age_band(5)", "round_number(10)"},
             {"keep_first_last(3,0)", "keep_first_last(2,1)"},
             {"bound_number(0,10)", "bound_number(5,11)"},
             {"bound_number(0,100)", "round_number(1)"},  // what was above the bound would leave
             {"round_number(1000)", "mask_text"},
             {"generalise_date_to_year", "mask_text"},
             {"shift_date(90)", "generalise_date_to_month"},
             {"keep_first_last(0,0)", "pseudonym"},
             {"pseudonym", "token"},
             {"pseudonym(a)", "pseudonym(b)"}}) {
        INFO(before << " -> " << after);
        CHECK_FALSE(is_coarser(of(before), of(after)));
    }
}

}  // namespace
}  // namespace pdx::privacy
