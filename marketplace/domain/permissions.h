#pragma once
/// Who may do what: THE permission matrix, and the separation of duties on one record. Ownership
/// (is this my order?) and state (can it take this event?) are asked elsewhere.
/// Source: domain reference 4.10.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class Role {
    kAnonymous,
    kDataProvider,
    kDataAuthority,
    kRegistryClerk,
    kRegistryReviewer,
    kRegistryHead,
    kOperator,
    kBuyer,
    kArbitrator,
    kAuditor,
    kExchangeAdmin,
};

inline constexpr auto kRoleNames = std::to_array<NameRow<Role>>({
    {Role::kAnonymous, "anonymous", "公众"},
    {Role::kDataProvider, "data_provider", "数据提供方"},
    {Role::kDataAuthority, "data_authority", "数据主管部门"},
    {Role::kRegistryClerk, "registry_clerk", "登记受理人"},
    {Role::kRegistryReviewer, "registry_reviewer", "登记审核人"},
    {Role::kRegistryHead, "registry_head", "登记赋码人"},
    {Role::kOperator, "operator", "运营机构"},
    {Role::kBuyer, "buyer", "数据需求方"},
    {Role::kArbitrator, "arbitrator", "争议处理人"},
    {Role::kAuditor, "auditor", "审计人员"},
    {Role::kExchangeAdmin, "exchange_admin", "交易所管理员"},
});
constexpr std::span<const NameRow<Role>> names_of(Role) { return kRoleNames; }
constexpr std::optional<Role> parse_role(std::string_view name) { return parse<Role>(name); }

enum class Permission {
    kReadPublic,
    kReadOwn,
    kReadWorkQueue,
    kReadEverything,
    kRegisterParty,
    kIssueToken,
    kRegisterResource,
    kUploadDataset,
    kReviewColumns,
    kSubmitResource,
    kAcceptRegistration,
    kReviewRegistration,
    kObjectToRegistration,
    kDecideObjection,
    kIssueCode,
    kCancelRegistration,
    kRevokeRegistration,
    kApplyForAccess,
    kDecideSource,
    kDecideAccess,
    kDraftContract,
    kSignContract,
    kSuspendContract,
    kRevokeContract,
    kSetPriceCeiling,
    kCreateProduct,
    kApproveProduct,
    kRegisterProduct,
    kListProduct,
    kSuspendListing,
    kFundWallet,
    kPlaceOrder,
    kPayOrder,
    kCancelOrder,
    kDeliverOrder,
    kDownloadDelivery,
    kAskStatistic,
    kRequestTokenReversal,
    kDecideTokenReversal,
    kDiscloseTokens,
    kAcceptDelivery,
    kRejectDelivery,
    kSettleOrder,
    kFileDispute,
    kAnswerDispute,
    kAcceptDispute,
    kDecideDispute,
    kExecuteDecision,
    kErasePrivatePart,
};

/// A set of roles as bits.
using RoleSet = std::uint16_t;

template <class... Roles>
constexpr RoleSet roles(Roles... role) {
    return static_cast<RoleSet>((0U | ... | (1U << static_cast<unsigned>(role))));
}

inline constexpr RoleSet kEveryone = static_cast<RoleSet>((1U << kRoleNames.size()) - 1U);
inline constexpr RoleSet kEveryParty =
    static_cast<RoleSet>(kEveryone & ~static_cast<unsigned>(roles(Role::kAnonymous)));

struct PermissionRow {
    Permission permission;
    std::string_view name;
    std::string_view zh;
    RoleSet roles;
};

/// Thread: constant data.
std::span<const PermissionRow> permission_matrix();

/// False for what is not in the matrix.
bool permitted(Role role, Permission permission);
std::string_view to_string(Permission permission);
std::string_view label_zh(Permission permission);
std::optional<Permission> parse_permission(std::string_view name);

/// Throws: kForbidden `permission.denied`, naming the role and the permission.
void check_permitted(Role role, Permission permission);

/// A duty on one record and who performed it. `holder` is empty while nobody has.
struct Duty {
    std::string_view name;
    std::string_view zh;
    std::string holder;
};

/// The duties of one registration record, in the order in which they are performed.
struct RegistrationDuties {
    std::string applicant;
    std::string acceptor;
    std::string reviewer;
    std::string code_issuer;
};

/// Throws: kForbidden `duties.separated` when one holder performs two of the duties.
void check_distinct(std::span<const Duty> duties);
void check_distinct(const RegistrationDuties& duties);

}  // namespace pdx::domain
