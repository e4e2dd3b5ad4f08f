#pragma once
/// Authorization contracts: drafted by the authority's grant, signed by both parties with their own
/// keys, suspended and resumed, and ended: revoked, terminated, expired. With the end the
/// contract's key is destroyed, in the same transaction. Source: 发改数据规〔2025〕27号 articles
/// 13, 14.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/money.h"
#include "marketplace/app/context.h"
#include "marketplace/app/contract_view.h"
#include "marketplace/domain/settlement_rules.h"
#include "marketplace/store/application_store.h"
#include "marketplace/store/contract_store.h"
#include "privacy/policy.h"
#include "privacy/privacy_budget.h"

namespace pdx::app {

struct GrantTerms {
    Money price_ceiling;
    std::vector<domain::SplitRule> shares;
    /// What every delivery must satisfy; privacy/risk_gate.h.
    std::optional<privacy::RiskRule> risk{};
    /// What statistics under the contract may cost in all; none are answered without it.
    std::optional<privacy::PrivacySpend> statistics{};
    /// What makes each buyer's copy its own; privacy/fingerprint.h.
    std::optional<privacy::MarkPlan> marks{};
    std::optional<privacy::CanaryPlan> canaries{};
    privacy::Cryptography cryptography = privacy::Cryptography::kInternational;
    privacy::SensitivityProfile profile = privacy::kProfileInForce;
    privacy::VersionRange versions{};          ///< of the resource's datasets
    std::vector<domain::ProductKind> forms{};  ///< of products; empty: all of them
};

class ContractService {
public:
    explicit ContractService(Context& context) : context_(context) {}

    /// Grants the application: the answer is the drafted contract. Admission is checked again on
    /// what is known of the columns today.
    /// Throws: not_found("application"); kConflict `application.transition`,
    /// `application.nothing_granted`, `application.not_admissible`, `price.not_permitted`;
    /// kInvalid `split.rules`, `contract.share_party`, `contract.term`,
    /// `contract.risk_subject`, `contract.statistics_subject`, `policy.risk`, `policy.step`; as
    /// privacy::check_mark_plan() and fit_canaries() against what is known of the columns.
    Outcome grant(const WriteRequest& write, const ApplicationId& application,
                  const GrantTerms& terms);

    /// `signature` is over domain::contract_signing_message(log origin, contract text).
    /// Throws: not_found("contract") unless the caller is operator or authority of it; kInvalid
    /// `contract.key` for a key that the caller has not registered, `contract.signature`;
    /// kConflict `contract.transition`.
    Outcome sign(const WriteRequest& write, const ContractId& id, const PublicKey& key,
                 const Signature& signature);

    /// By the authority that granted it: suspend, resume, revoke or terminate.
    /// Throws: not_found("contract"); kConflict `contract.transition`.
    Outcome supervise(const WriteRequest& write, const ContractId& id, domain::ContractEvent event,
                      const std::string& reason);

    /// By the exchange itself: records the end of all contracts in force or suspended whose last
    /// day is over. One that cannot be ended keeps no other from it. Returns how many ended.
    /// Throws: kBusy, as Writer::submit().
    std::size_t expire_due();

    /// At start, before the writer takes commands: destroys keys that the ledger says were
    /// destroyed and that are there again, as after a table was restored, with an alarm for each;
    /// and makes the first seed of contracts of before there were any.
    void repair_keys();

    /// Throws: not_found("contract") unless the caller is a party of it or reads everything.
    ContractDetail find(const Caller& caller, const ContractId& id);
    /// The caller's own; all of them for whoever reads everything.
    std::vector<store::Contract> list(const Caller& caller, const std::string& after,
                                      std::int64_t limit);

private:
    store::Contract draft(Transaction& tx, const store::Application& application,
                          const GrantTerms& terms);
    bool expire(const ContractId& id);
    Context& context_;
};

}  // namespace pdx::app
