#include "privacy/delivery_trace.h"

#include <algorithm>
#include <unordered_set>

#include "base/ascii.h"
#include "base/check.h"
#include "privacy/false_accusation.h"
#include "privacy/number_token.h"
#include "privacy/row_order.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kDistinctTokensMax = 4'000'000;
constexpr std::uint64_t kTokensMax = 64'000'000;

/// How many tokens there are, as an exponent of 10 that is not too large: 2^130 pseudonyms, and as
/// many tokens as FF1 has digits, of the shortest card.
constexpr std::array<int, kTokenSpaces> kSpaceExponents{39, 15, 14, 10};

}  // namespace

std::optional<TokenSpace> token_space(std::string_view text) {
    if (looks_like_pseudonym(text)) return TokenSpace::kPseudonym;
    const auto kind = number_token_kind(text);
    if (!kind) return std::nullopt;
    switch (*kind) {
        case Kind::kResidentId: return TokenSpace::kResidentId;
        case Kind::kBankCard: return TokenSpace::kBankCard;
        default: return TokenSpace::kMobile;
    }
}

void LeakedTokens::add(Fields fields) {
    if (rows_++ == 0) columns_.resize(fields.size());
    PDX_CHECK(fields.size() == columns_.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view text = trimmed(fields[i]);
        const auto space = token_space(text);
        if (!space) continue;
        std::string token(text);
        auto found = numbers_.find(token);
        if (held_ >= kTokensMax || (found == numbers_.end() && distinct() >= kDistinctTokensMax)) {
            ++left_out_;
            continue;
        }
        if (found == numbers_.end()) {
            ++distinct_.at(static_cast<std::size_t>(*space));
            found = numbers_.emplace(std::move(token), static_cast<Number>(distinct())).first;
        }
        columns_[i].push_back(found->second);
        ++held_;
    }
}

std::optional<LeakedTokens::Number> LeakedTokens::find(const std::string& token) const {
    const auto found = numbers_.find(token);
    if (found == numbers_.end()) return std::nullopt;
    return found->second;
}

DeliveryTrace::DeliveryTrace(const LeakedTokens& leak, std::span<const PlannedColumn> plan,
                             ByteView key_of_contract, Cryptography cryptography)
    : leak_(leak) {
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const OperationKind kind = plan[i].operation.kind;
        if (kind != OperationKind::kPseudonym && kind != OperationKind::kToken) continue;
        columns_.push_back({i, CompiledOperation(plan[i], key_of_contract, cryptography)});
    }
}

void DeliveryTrace::add(std::span<const std::string_view> fields) {
    const std::uint64_t row = rows_++;
    for (TokenColumn& column : columns_) {
        Outcome outcome = Outcome::kEmpty;
        const std::string token(column.operation.apply(fields[column.field], outcome));
        const auto space = token_space(token);
        if (!space) continue;
        ++made_.at(static_cast<std::size_t>(*space));
        const auto number = leak_.find(token);
        if (!number) continue;
        const auto [source, is_new] = sources_.try_emplace(*number, Source{row});
        if (is_new) ++hits_.at(static_cast<std::size_t>(*space));
        if (source->second.row != row) source->second.is_unique = false;
    }
}

HitEvidence DeliveryTrace::tokens(std::uint64_t trials) const {
    HitEvidence evidence;
    for (std::size_t i = 0; i < kTokenSpaces; ++i) {
        const std::uint64_t looked = leak_.distinct(static_cast<TokenSpace>(i));
        evidence.made += made_.at(i);
        evidence.hits += hits_.at(i);
        evidence.exponent = std::max(
            evidence.exponent,
            coincidence_exponent(kSpaceExponents.at(i), looked, made_.at(i), hits_.at(i), trials));
    }
    return evidence;
}

std::vector<std::uint64_t> DeliveryTrace::rows() const {
    std::vector<std::uint64_t> longest;
    for (const auto& column : leak_.columns()) {
        std::vector<std::uint64_t> rows;
        std::unordered_set<std::uint64_t> seen;
        for (const LeakedTokens::Number number : column) {
            const auto source = sources_.find(number);
            if (source == sources_.end() || !source->second.is_unique) continue;
            if (seen.insert(source->second.row).second) rows.push_back(source->second.row);
        }
        if (rows.size() > longest.size()) longest = std::move(rows);
    }
    return longest;
}

MarkEvidence weigh_order(std::span<const std::uint64_t> rows, ByteView order_key,
                         std::uint64_t trials) {
    MarkEvidence evidence;
    const RowLabels labels(order_key);
    // Pairs that share no row: for an innocent's key each is a coin of its own.
    for (std::size_t i = 0; i + 1 < rows.size(); i += 2) {
        ++evidence.looked;
        if (labels.of(rows[i]) < labels.of(rows[i + 1])) ++evidence.agreed;
    }
    evidence.z_thousandths = agreement_z_thousandths(evidence.looked, evidence.agreed);
    evidence.exponent = agreement_exponent(evidence.looked, evidence.agreed, trials);
    return evidence;
}

}  // namespace pdx::privacy
