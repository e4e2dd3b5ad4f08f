#pragma once
/// A disclosure: salt and texts of one private part, as a party hands them to a third person, such
/// as a court. Checked offline against the receipt of the entry that committed to them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ledger/demands.h"
#include "ledger/private_part.h"
#include "ledger/proof.h"

namespace pdx::ledger {

struct Disclosure {
    std::uint64_t index = 0;  ///< of the entry
    Bytes salt;
    PrivateTexts texts;

    bool operator==(const Disclosure&) const = default;
};

/// Shape: a JSON object with index, salt (64 hex digits) and private_part ({"name":"text"}); other
/// members are not looked at. A member that comes twice is refused: a reader might be shown one
/// value while the other is checked. `fault`, if given, is set when there is no value; a literal.
std::optional<Disclosure> parse_disclosure(std::string_view file,
                                           std::string_view* fault = nullptr);

/// The entry that a disclosure was held against, as far as it could be read.
struct DisclosedEntry {
    PrivatePlace place;
    Digest commitment;
};

/// nullopt when salt and texts are exactly what the entry of the receipt committed to; `entry`, if
/// given, is then set. Codes: disclosure.other_entry, disclosure.no_commitment,
/// disclosure.not_committed. Requires: the receipt is verified (checked): it is what makes the
/// entry the log's.
std::optional<Refusal> check_disclosure(const Disclosure& disclosure, const ReceiptResult& receipt,
                                        DisclosedEntry* entry = nullptr);

}  // namespace pdx::ledger
