#pragma once
/// Which kinds of entries have a private part, what its texts are called, and who reads them: a row
/// for each text. The name is also the member under which a view of the entity shows it.
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace pdx::app {

enum class PrivateReaders {
    kParties,  ///< who reads the entity reads the text
    kBuyer,    ///< of the order alone, beside whoever reads everything; not in the entity's view
};

struct PrivateKind {
    std::string_view kind;
    std::string_view entity_type;
    std::string_view text;
    PrivateReaders readers = PrivateReaders::kParties;
};

inline constexpr auto kPrivateKinds = std::to_array<PrivateKind>({
    {"order.placed", "order", "purpose"},
    {"order.paid", "order", "bank_reference", PrivateReaders::kBuyer},
    {"order.rejected", "order", "rejection"},
    {"dispute.filed", "dispute", "statement"},
    {"dispute.accepted", "dispute", "acceptance_reason"},
    {"dispute.not_accepted", "dispute", "acceptance_reason"},
    {"dispute.answered", "dispute", "answer"},
    {"dispute.decided", "dispute", "decision"},
    {"application.refused", "application", "decision_reason"},
    {"contract.suspended", "contract", "state_reason"},
    {"contract.resumed", "contract", "state_reason"},
    {"contract.revoked", "contract", "state_reason"},
    {"contract.terminated", "contract", "state_reason"},
    {"product.registered", "product", "review_reason"},
    {"product.rejected", "product", "review_reason"},
    {"token_reversal.requested", "token_reversal", "reason"},
    {"token_reversal.requested", "token_reversal", "tokens"},  // a line each
    {"token_reversal.refused", "token_reversal", "refusal_reason"},
});

/// The rows of the kind, which stand together; none when its entries have no private part.
constexpr std::span<const PrivateKind> private_texts_of(std::string_view kind) {
    const auto is_its = [kind](const PrivateKind& row) { return row.kind == kind; };
    const auto first = std::find_if(kPrivateKinds.begin(), kPrivateKinds.end(), is_its);
    return {first, std::find_if_not(first, kPrivateKinds.end(), is_its)};
}

}  // namespace pdx::app
