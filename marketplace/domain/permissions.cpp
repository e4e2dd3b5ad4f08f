#include "marketplace/domain/permissions.h"

#include <iterator>

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(Role{})));

namespace {

using P = Permission;
using R = Role;

// One row per use case, in the order of the enum. Read it aloud: "<role> may <name>".
constexpr auto kMatrix = std::to_array<PermissionRow>({
    {P::kReadPublic, "read_public", "浏览公开信息", kEveryone},
    {P::kReadOwn, "read_own", "查看本方事项", kEveryParty},
    {P::kReadWorkQueue, "read_work_queue", "查看待办事项",
     roles(R::kDataAuthority, R::kRegistryClerk, R::kRegistryReviewer, R::kRegistryHead,
           R::kArbitrator, R::kExchangeAdmin)},
    {P::kReadEverything, "read_everything", "审计查阅", roles(R::kAuditor)},
    {P::kRegisterParty, "register_party", "登记主体", roles(R::kExchangeAdmin)},
    {P::kIssueToken, "issue_token", "发放令牌", roles(R::kExchangeAdmin)},
    {P::kRegisterResource, "register_resource", "编制资源", roles(R::kDataProvider)},
    {P::kUploadDataset, "upload_dataset", "上传数据", roles(R::kDataProvider)},
    {P::kReviewColumns, "review_columns", "确认字段分类", roles(R::kDataProvider)},
    {P::kSubmitResource, "submit_resource", "申请登记", roles(R::kDataProvider)},
    {P::kAcceptRegistration, "accept_registration", "受理登记", roles(R::kRegistryClerk)},
    {P::kReviewRegistration, "review_registration", "审核登记", roles(R::kRegistryReviewer)},
    {P::kObjectToRegistration, "object_to_registration", "提出登记异议",
     roles(R::kDataProvider, R::kDataAuthority, R::kOperator, R::kBuyer)},
    {P::kDecideObjection, "decide_objection", "复核异议", roles(R::kRegistryReviewer)},
    {P::kIssueCode, "issue_code", "赋码", roles(R::kRegistryHead)},
    {P::kCancelRegistration, "cancel_registration", "注销登记",
     roles(R::kDataProvider, R::kRegistryHead)},
    {P::kRevokeRegistration, "revoke_registration", "撤销登记", roles(R::kRegistryHead)},
    {P::kApplyForAccess, "apply_for_access", "申请授权", roles(R::kOperator)},
    {P::kDecideSource, "decide_source", "逐字段决定", roles(R::kDataProvider)},
    {P::kDecideAccess, "decide_access", "授权或不予授权", roles(R::kDataAuthority)},
    {P::kDraftContract, "draft_contract", "拟定协议", roles(R::kDataAuthority)},
    {P::kSignContract, "sign_contract", "签署协议", roles(R::kOperator, R::kDataAuthority)},
    {P::kSuspendContract, "suspend_contract", "暂停或恢复协议", roles(R::kDataAuthority)},
    {P::kRevokeContract, "revoke_contract", "撤销授权或终止协议", roles(R::kDataAuthority)},
    {P::kSetPriceCeiling, "set_price_ceiling", "核定上限价格", roles(R::kDataAuthority)},
    {P::kCreateProduct, "create_product", "编制并提交产品", roles(R::kOperator)},
    {P::kApproveProduct, "approve_product", "产品合规审查", roles(R::kExchangeAdmin)},
    {P::kRegisterProduct, "register_product", "产品登记赋码", roles(R::kRegistryHead)},
    {P::kListProduct, "list_product", "挂牌与摘牌", roles(R::kOperator)},
    {P::kSuspendListing, "suspend_listing", "停牌与复牌",
     roles(R::kDataAuthority, R::kExchangeAdmin)},
    {P::kFundWallet, "fund_wallet", "入金", roles(R::kBuyer)},
    {P::kPlaceOrder, "place_order", "下单", roles(R::kBuyer)},
    {P::kPayOrder, "pay_order", "付款托管", roles(R::kBuyer)},
    {P::kCancelOrder, "cancel_order", "取消订单", roles(R::kBuyer)},
    {P::kDeliverOrder, "deliver_order", "交付", roles(R::kOperator)},
    {P::kDownloadDelivery, "download_delivery", "下载交付物", roles(R::kBuyer)},
    {P::kAskStatistic, "ask_statistic", "统计查询", roles(R::kOperator)},
    {P::kRequestTokenReversal, "request_token_reversal", "申请令牌还原",
     roles(R::kDataProvider, R::kDataAuthority, R::kOperator)},
    {P::kDecideTokenReversal, "decide_token_reversal", "同意或拒绝令牌还原",
     roles(R::kDataProvider, R::kDataAuthority)},
    {P::kDiscloseTokens, "disclose_tokens", "还原令牌", roles(R::kDataProvider)},
    {P::kAcceptDelivery, "accept_delivery", "验收合格", roles(R::kBuyer)},
    {P::kRejectDelivery, "reject_delivery", "验收不合格", roles(R::kBuyer)},
    {P::kSettleOrder, "settle_order", "结算", roles(R::kExchangeAdmin)},
    {P::kFileDispute, "file_dispute", "提起争议", roles(R::kBuyer, R::kOperator)},
    {P::kAnswerDispute, "answer_dispute", "答辩", roles(R::kBuyer, R::kOperator)},
    {P::kAcceptDispute, "accept_dispute", "受理争议", roles(R::kArbitrator)},
    {P::kDecideDispute, "decide_dispute", "作出处理决定", roles(R::kArbitrator)},
    {P::kExecuteDecision, "execute_decision", "执行处理决定", roles(R::kExchangeAdmin)},
    {P::kErasePrivatePart, "erase_private_part", "删除不公开内容", roles(R::kExchangeAdmin)},
});

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < kMatrix.size(); ++i) {
        if (static_cast<std::size_t>(kMatrix[i].permission) != i) return false;
    }
    return static_cast<std::size_t>(P::kErasePrivatePart) + 1 == kMatrix.size();
}
static_assert(in_enum_order());

}  // namespace

std::span<const PermissionRow> permission_matrix() { return kMatrix; }

bool permitted(Role role, Permission permission) {
    const auto index = static_cast<std::size_t>(permission);
    const auto role_index = static_cast<unsigned>(role);
    if (index >= kMatrix.size() || role_index >= kRoleNames.size()) return false;
    return ((static_cast<unsigned>(kMatrix.at(index).roles) >> role_index) & 1U) != 0;
}

std::string_view to_string(Permission permission) {
    return kMatrix.at(static_cast<std::size_t>(permission)).name;
}

std::string_view label_zh(Permission permission) {
    return kMatrix.at(static_cast<std::size_t>(permission)).zh;
}

std::optional<Permission> parse_permission(std::string_view name) {
    for (const PermissionRow& row : kMatrix) {
        if (row.name == name) return row.permission;
    }
    return std::nullopt;
}

void check_permitted(Role role, Permission permission) {
    if (permitted(role, permission)) return;
    ErrorDetail detail;
    detail.rule = to_string(permission);
    throw forbidden(
        "permission.denied",
        {"The role '" + std::string(to_string(role)) + "' lacks the permission that this needs, '" +
             std::string(to_string(permission)) + "'.",
         "“" + std::string(label_zh(role)) + "”无权执行“" + std::string(label_zh(permission)) +
             "”。"},
        std::move(detail));
}

void check_distinct(std::span<const Duty> duties) {
    for (auto duty = duties.begin(); duty != duties.end(); ++duty) {
        if (duty->holder.empty()) continue;
        for (auto other = std::next(duty); other != duties.end(); ++other) {
            if (duty->holder != other->holder) continue;
            ErrorDetail detail;
            detail.rule = "design, domain reference 4.10";
            detail.pointer = other->name;
            throw forbidden(
                "duties.separated",
                {"Whoever acted as " + std::string(duty->name) +
                     " on this record cannot act as its " + std::string(other->name) + ".",
                 "同一记录的" + std::string(duty->zh) + "与" + std::string(other->zh) +
                     "不得为同一人。"},
                std::move(detail));
        }
    }
}

void check_distinct(const RegistrationDuties& duties) {
    const std::array<Duty, 4> all{{
        {"applicant", "申请人", duties.applicant},
        {"acceptor", "受理人", duties.acceptor},
        {"reviewer", "审核人", duties.reviewer},
        {"code issuer", "赋码人", duties.code_issuer},
    }};
    check_distinct(all);
}

}  // namespace pdx::domain
