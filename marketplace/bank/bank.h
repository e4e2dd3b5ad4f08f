#pragma once
/// The bank behind the escrow account. The platform is not a bank: it keeps the books, asks the
/// bank what arrived, and instructs it to pay out (design D7).
#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"

namespace pdx::bank {

/// Money that arrived on the escrow account under a reference.
struct Arrival {
    std::string reference;
    Money amount;
};

/// What became of an instruction. Unknown is an answer: the same key is asked again later, never a
/// new one.
enum class TransferResult { kPaid, kFailed, kUnknown };

/// Thread: any.
class Bank {
public:
    virtual ~Bank() = default;
    /// What arrived under this reference; absent when nothing did. A query: asking changes nothing.
    virtual std::optional<Arrival> arrival(std::string_view reference) = 0;
    /// Pays `amount` out of the escrow account. The same key pays once, however often it is sent.
    virtual TransferResult transfer(std::string_view key, std::string_view payee_id,
                                    Money amount) = 0;
};

}  // namespace pdx::bank
