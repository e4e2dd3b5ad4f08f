#include "ledger/disclosure.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// What is read has one part, which reads back the same; what is not names why.
void disclosure(ByteView bytes) {
    std::string_view fault;
    const auto parsed = ledger::parse_disclosure(as_text(bytes), &fault);
    PDX_CHECK(parsed.has_value() == fault.empty());
    if (!parsed) return;
    PDX_CHECK(parsed->salt.size() == ledger::kPrivateSaltBytes);
    const std::string part = ledger::private_part_text(parsed->texts);
    PDX_CHECK(ledger::parse_private_part(part) == parsed->texts);
    const nlohmann::json again{
        {"index", parsed->index}, {"salt", to_hex(parsed->salt)}, {"private_part", parsed->texts}};
    PDX_CHECK(ledger::parse_disclosure(again.dump()) == parsed);
    static_cast<void>(ledger::commit_private_part(parsed->salt, {"log", "kind", "t", "id"}, part));
}

}  // namespace pdx::fuzz
