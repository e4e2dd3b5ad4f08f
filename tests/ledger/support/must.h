#pragma once
/// For values that a test knows to be there.
#include <optional>
#include <stdexcept>
#include <utility>

namespace pdx::test {

using namespace pdx::ledger;

/// Throws: std::logic_error, which fails the test, when there is none.
template <class T>
T must(std::optional<T> value) {
    if (!value) throw std::logic_error("the value is absent");
    return std::move(*value);
}

}  // namespace pdx::test
