#pragma once
/// Tokens back to numbers (number_token.h): of one column, and only numbers that the column's
/// source shows. Decrypting alone makes a number of many a token that this key never made, and
/// would name a person who has nothing to do with it: of random mobile tokens more than half (55 %)
/// decrypt to a number that somebody may have. Who may ask is decided elsewhere; nothing that masks
/// includes this.
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "privacy/policy.h"

namespace pdx::privacy {

/// Thread: not shared.
class TokenReversal {
public:
    /// Requires: as number_token_of(), with the column's class as it was when it was delivered.
    TokenReversal(const PlannedColumn& planned, ByteView key_of_contract, Cryptography cryptography,
                  std::span<const std::string> tokens);

    /// A value of the column as the source has it, in whatever spelling.
    void see(std::string_view value);

    /// True when nothing more can be found.
    bool is_done() const { return left_ == 0; }

    /// As many as tokens, in their order; none for what is no token of this column, and for a
    /// number that was not seen.
    const std::vector<std::optional<std::string>>& numbers() const { return numbers_; }

private:
    struct Candidate {
        std::vector<std::size_t> places;
        bool seen = false;
    };

    std::unordered_map<std::string, Candidate> candidates_;
    std::vector<std::optional<std::string>> numbers_;
    std::size_t left_ = 0;  ///< candidates that were not seen
    std::string text_;
    std::string buffer_;
};

}  // namespace pdx::privacy
