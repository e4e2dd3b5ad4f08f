#pragma once
/// How a test says what must be refused: by kind and code, since words may change.
#include <optional>
#include <string>

#include "base/error.h"

namespace pdx::test {

/// The refusal of `run`; nothing when it went through. Other exceptions pass.
template <class Run>
std::optional<Error> refusal_of(Run run) {
    try {
        run();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

/// The code of the refusal, or "none".
template <class Run>
std::string code_of(Run run) {
    const auto refusal = refusal_of(run);
    return refusal ? refusal->code() : "none";
}

}  // namespace pdx::test
