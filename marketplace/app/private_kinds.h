#pragma once
/// Which kinds of entries have a private part, what its text is called, and who reads it. One text
/// for each kind; the name is also the member under which a view of the entity shows it.
#include <array>
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
    {"product.registered", "product", "review_reason"},
    {"product.rejected", "product", "review_reason"},
});

/// nullptr when entries of the kind have no private part.
constexpr const PrivateKind* find_private_kind(std::string_view kind) {
    for (const PrivateKind& row : kPrivateKinds) {
        if (row.kind == kind) return &row;
    }
    return nullptr;
}

}  // namespace pdx::app
