#include "privacy/token_reversal.h"

#include "base/ascii.h"
#include "privacy/compiled_operation.h"

namespace pdx::privacy {

TokenReversal::TokenReversal(const PlannedColumn& planned, ByteView key_of_contract,
                             Cryptography cryptography, std::span<const std::string> tokens)
    : numbers_(tokens.size()) {
    const NumberToken cipher = number_token_of(planned, key_of_contract, cryptography);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (auto number = cipher.decode(tokens[i])) {
            candidates_[*std::move(number)].places.push_back(i);
        }
    }
    left_ = candidates_.size();
}

void TokenReversal::see(std::string_view value) {
    if (is_done()) return;
    text_ = one_spelling(trimmed(value), buffer_);
    const auto found = candidates_.find(text_);
    if (found == candidates_.end() || found->second.seen) return;
    found->second.seen = true;
    --left_;
    for (const std::size_t place : found->second.places) numbers_[place] = found->first;
}

}  // namespace pdx::privacy
