#include "base/error.h"

#include "base/check.h"
#include "tests/support/catch.h"

namespace pdx {
namespace {

TEST_CASE("error: each factory gives its kind", "[base][error]") {
    const Text text{"en", "zh"};
    CHECK(malformed("a.b", text).kind() == ErrorKind::kMalformed);
    CHECK(unauthenticated("a.b", text).kind() == ErrorKind::kUnauthenticated);
    CHECK(forbidden("a.b", text).kind() == ErrorKind::kForbidden);
    CHECK(not_found("order").kind() == ErrorKind::kNotFound);
    CHECK(conflict("a.b", text).kind() == ErrorKind::kConflict);
    CHECK(stale("order").kind() == ErrorKind::kStale);
    CHECK(too_large("a.b", text).kind() == ErrorKind::kTooLarge);
    CHECK(unsupported("a.b", text).kind() == ErrorKind::kUnsupported);
    CHECK(invalid("a.b", text).kind() == ErrorKind::kInvalid);
    CHECK(precondition_required("order").kind() == ErrorKind::kPreconditionRequired);
    CHECK(busy("a.b", text, "context").kind() == ErrorKind::kBusy);
    CHECK(not_found("order").code() == "order.not_found");
    CHECK(stale("order").code() == "order.stale");
    CHECK(precondition_required("order").code() == "order.precondition_required");
}

TEST_CASE("error: what it shows never holds the context", "[base][error]") {
    const Error error = busy("a.b", {"Later.", "稍后。"}, "SELECT secret");
    CHECK(error.context() == "SELECT secret");
    CHECK(std::string(error.what()) == "a.b: Later.");
    CHECK(error.text().zh == "稍后。");
    CHECK(error.detail().pointer.empty());
}

TEST_CASE("check: a failure names the place and the condition", "[base][error]") {
    try {
        PDX_CHECK(1 + 1 == 3);
        FAIL("passed");
    } catch (const InvariantViolation& violation) {
        const std::string what = violation.what();
        CHECK(what.find("error_test.cpp") != std::string::npos);
        CHECK(what.find("1 + 1 == 3") != std::string::npos);
    }
}

}  // namespace
}  // namespace pdx
