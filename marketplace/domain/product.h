#pragma once
/// A data product that an operator makes under a contract, through the compliance desk to its
/// registration. Source: domain reference 4.3 steps 13, 14; 发改数据规〔2025〕27号 articles 16, 21.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class ProductState {
    kDraft,
    kSubmitted,
    kApproved,
    kRejected,
    kRegistered,
    kSuspended,
    kWithdrawn,
};

enum class ProductEvent {
    kSubmit,
    kApprove,
    kReject,
    kRegister,
    kSuspend,
    kResume,
    kWithdraw,
};

inline constexpr auto kProductStateNames = std::to_array<NameRow<ProductState>>({
    {ProductState::kDraft, "draft", "草稿"},
    {ProductState::kSubmitted, "submitted", "合规审查中"},
    {ProductState::kApproved, "approved", "合规审查通过"},
    {ProductState::kRejected, "rejected", "合规审查不通过"},
    {ProductState::kRegistered, "registered", "已登记"},
    {ProductState::kSuspended, "suspended", "已暂停"},
    {ProductState::kWithdrawn, "withdrawn", "已撤回"},
});
constexpr std::span<const NameRow<ProductState>> names_of(ProductState) {
    return kProductStateNames;
}

inline constexpr auto kProductEventNames = std::to_array<NameRow<ProductEvent>>({
    {ProductEvent::kSubmit, "submit", "提交审查"},
    {ProductEvent::kApprove, "approve", "审查通过"},
    {ProductEvent::kReject, "reject", "审查不通过"},
    {ProductEvent::kRegister, "register", "登记"},
    {ProductEvent::kSuspend, "suspend", "暂停"},
    {ProductEvent::kResume, "resume", "恢复"},
    {ProductEvent::kWithdraw, "withdraw", "撤回"},
});
constexpr std::span<const NameRow<ProductEvent>> names_of(ProductEvent) {
    return kProductEventNames;
}

inline constexpr auto kProductTable = std::to_array<Transition<ProductState, ProductEvent>>({
    {ProductState::kDraft, ProductEvent::kSubmit, ProductState::kSubmitted},
    {ProductState::kDraft, ProductEvent::kWithdraw, ProductState::kWithdrawn},
    {ProductState::kSubmitted, ProductEvent::kApprove, ProductState::kApproved},
    {ProductState::kSubmitted, ProductEvent::kReject, ProductState::kRejected},
    {ProductState::kSubmitted, ProductEvent::kWithdraw, ProductState::kWithdrawn},
    {ProductState::kRejected, ProductEvent::kSubmit, ProductState::kSubmitted},
    {ProductState::kRejected, ProductEvent::kWithdraw, ProductState::kWithdrawn},
    {ProductState::kApproved, ProductEvent::kRegister, ProductState::kRegistered},
    {ProductState::kApproved, ProductEvent::kWithdraw, ProductState::kWithdrawn},
    {ProductState::kRegistered, ProductEvent::kSuspend, ProductState::kSuspended},
    {ProductState::kRegistered, ProductEvent::kWithdraw, ProductState::kWithdrawn},
    {ProductState::kSuspended, ProductEvent::kResume, ProductState::kRegistered},
    {ProductState::kSuspended, ProductEvent::kWithdraw, ProductState::kWithdrawn},
});
constexpr Machine<ProductState, ProductEvent> machine_of(ProductState) {
    return {{"product", "数据产品"}, ProductState::kDraft, kProductTable};
}

constexpr std::optional<ProductState> parse_product_state(std::string_view name) {
    return parse<ProductState>(name);
}

/// A product may hold granted fields only. Source: 27号 article 21 (no use beyond authorization).
/// Throws: kConflict `product.beyond_contract` naming the first field that was not granted;
/// kInvalid `product.fields` when there is none, or one occurs twice.
void check_product_fields(std::span<const std::string> product_fields,
                          std::span<const std::string> granted_fields);

}  // namespace pdx::domain
