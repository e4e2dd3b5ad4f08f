#pragma once
/// PDX_CHECK states what must be true. It is on in every build; a failure is a bug, not a refusal.
#include <stdexcept>
#include <string>

namespace pdx {

/// A bug. The command rolls back, the caller sees a bare 500, an alarm is raised.
class InvariantViolation : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// A bug in the ledger itself: the writer stops, reads go on, writes get 503.
class LedgerViolation : public InvariantViolation {
public:
    using InvariantViolation::InvariantViolation;
};

[[noreturn]] inline void fail_check(const char* expression, const char* file, int line) {
    throw InvariantViolation(std::string(file) + ":" + std::to_string(line) + ": " + expression);
}

}  // namespace pdx

#define PDX_CHECK(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ::pdx::fail_check(#condition, __FILE__, __LINE__);                                     \
        }                                                                                          \
    } while (false)
