#pragma once
/// Which delivery a leaked table is, from what every delivery carries without any mark: pseudonyms
/// and tokens under the contract's key, and an order of rows under the delivery's own key. The
/// first name the contract, the second the delivery and so the buyer. Somebody who leaves out the
/// tokens, or sorts the rows, leaves nothing to find. Holds tokens and numbers of rows, and no
/// value of the source.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "privacy/compiled_operation.h"
#include "privacy/policy.h"
#include "privacy/trace.h"

namespace pdx::privacy {

/// Kinds of token, by how many there are of them.
enum class TokenSpace : std::uint8_t { kPseudonym, kResidentId, kBankCard, kMobile };
inline constexpr std::size_t kTokenSpaces = 4;

/// None for a text that is no pseudonym and no token of a number.
std::optional<TokenSpace> token_space(std::string_view text);

/// The tokens of a leaked table, whatever its columns are called now. Memory: 4 bytes for each
/// token in the table and some 100 for each distinct one, up to a limit; what is above it is
/// counted and not looked at. Thread: not shared.
class LeakedTokens {
public:
    using Fields = std::span<const std::string_view>;
    using Number = std::uint32_t;

    /// Requires: the same number of fields every time; not the header.
    void add(Fields fields);

    std::uint64_t rows() const { return rows_; }
    std::uint64_t left_out() const { return left_out_; }
    std::size_t distinct() const { return numbers_.size(); }
    std::uint64_t distinct(TokenSpace space) const {
        return distinct_.at(static_cast<std::size_t>(space));
    }
    /// Distinct tokens are numbered from 0.
    std::optional<Number> find(const std::string& token) const;
    /// Of each column its tokens from row to row.
    const std::vector<std::vector<Number>>& columns() const { return columns_; }

private:
    std::unordered_map<std::string, Number> numbers_;
    std::array<std::uint64_t, kTokenSpaces> distinct_{};
    std::vector<std::vector<Number>> columns_;
    std::uint64_t rows_ = 0;
    std::uint64_t held_ = 0;
    std::uint64_t left_out_ = 0;
};

/// Of rows of a dataset in the order of a leaked table, how many pairs, one behind the other and
/// none in two pairs, stand as in the delivery whose row_order_key() this is. Requires: how the
/// rows were found does not depend on the key; each of them once.
MarkEvidence weigh_order(std::span<const std::uint64_t> rows, ByteView order_key,
                         std::uint64_t trials);

/// One contract and one dataset against the leaked table. Thread: not shared.
class DeliveryTrace {
public:
    /// `leak` must outlive it. `plan`: all columns of the dataset, as plan_columns() made it.
    DeliveryTrace(const LeakedTokens& leak, std::span<const PlannedColumn> plan,
                  ByteView key_of_contract, Cryptography cryptography);

    /// A record of the dataset, in its order, without the header.
    void add(std::span<const std::string_view> fields);

    /// That the table was delivered under the contract. `trials`: how many innocents chance may
    /// accuse, in all ways together.
    HitEvidence tokens(std::uint64_t trials) const;
    /// That it was the delivery whose row_order_key() this is: weigh_order() of the rows that the
    /// tokens tell.
    MarkEvidence order(ByteView order_key, std::uint64_t trials) const {
        return weigh_order(rows(), order_key, trials);
    }
    /// Rows of the dataset in the order in which the table has them, each once, by the column that
    /// tells most of them.
    std::vector<std::uint64_t> rows() const;

private:
    struct Source {
        std::uint64_t row = 0;
        bool is_unique = true;
    };
    struct TokenColumn {
        std::size_t field;
        CompiledOperation operation;
    };
    const LeakedTokens& leak_;
    std::vector<TokenColumn> columns_;
    std::unordered_map<LeakedTokens::Number, Source> sources_;
    std::array<std::uint64_t, kTokenSpaces> made_{};
    std::array<std::uint64_t, kTokenSpaces> hits_{};
    std::uint64_t rows_ = 0;
};

}  // namespace pdx::privacy
