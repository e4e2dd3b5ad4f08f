#pragma once
/// Reversible tokens of numbers that persons have. A token looks like no number that is issued: it
/// can be nobody's, and it is known for a token wherever it turns up. Within one key a number has
/// one token; under another key an unrelated one.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/text_buffer.h"
#include "privacy/column_batch.h"
#include "privacy/ff1.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// Resident IDs, mobile numbers and bank cards have tokens.
bool has_number_token(Kind kind);

/// What the text is a token of. Of random digit strings of the right length 0.09 % pass for a
/// resident ID and 0.1 % for a mobile number, 1 % for a bank card; of the cards' tokens of 18
/// digits 0.9 % are named as a resident ID's.
///
/// Resident ID: "00", 15 digits of FF1 over region, day and serial, and the check character moved
/// on by five; no region is 00. Mobile: "12", 10 digits of FF1, ISO 7064 MOD 11-2 over all of it
/// but an X for a 0 and back; no subscriber's number begins with 12. Bank card: "0", FF1 of all
/// digits but the check digit, and the Luhn digit moved on by five; no issuer begins with 0.
std::optional<Kind> number_token_kind(std::string_view text);

/// Thread: not shared.
class NumberToken {
public:
    /// Requires: has_number_token(kind). `key`: 32 bytes; SM4 takes the first 16.
    NumberToken(Kind kind, ByteView key, BlockCipher cipher);

    /// None when the value is no valid number of the kind. Requires: normalise_identifier() of it.
    std::optional<std::string> encode(std::string_view value) const;
    /// The same for many, side by side; "" for none. Requires: `tokens` is empty.
    void encode(std::span<const std::string_view> values, ColumnBatch& tokens);
    /// The number; none when the text is no token of the kind, or none under this key.
    std::optional<std::string> decode(std::string_view token) const;

private:
    /// A number that FF1 takes. No digits: there is none.
    struct Plain {
        std::uint64_t number = 0;
        std::size_t digits = 0;
    };

    const Ff1Numbers* cipher_for(std::size_t digits) const;
    Plain plain_of(std::string_view value) const;
    void print(std::uint64_t encrypted, std::size_t digits, TextBuffer& out) const;

    Kind kind_;
    std::vector<Ff1Numbers> ciphers_;  ///< one per length of digits
    std::size_t digits_min_ = 0;       ///< of the first
    std::vector<Plain> plain_;
    std::vector<std::uint64_t> numbers_;
};

}  // namespace pdx::privacy
