#include "ledger/canonical_json.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {
namespace {

/// By another road: read by the library, written in canonical form.
bool is_canonical_by_writing(std::string_view text) {
    const auto value = nlohmann::json::parse(text, nullptr, false);
    if (value.is_discarded()) return false;
    try {
        return ledger::canonical_json(value) == text;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

/// Reader and writer accept the same texts, and a fault lies within the text.
void canonical_json(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto fault = ledger::canonical_fault(text);
    if (fault) PDX_CHECK(fault->offset <= text.size() && !fault->what.empty());
    PDX_CHECK(is_canonical_by_writing(text) == !fault);
}

}  // namespace pdx::fuzz
