#include "marketplace/app/contract_keys.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/sealed_box.h"
#include "marketplace/app/master_key.h"
#include "marketplace/store/contract_key_store.h"

namespace pdx::app {
namespace {

constexpr std::size_t kSeedBytes = 32;
// Reach what is stored and what is delivered: do not change.
constexpr std::string_view kWrapLabel = "pdx/contract-key/wrap/v1";
constexpr std::string_view kRootLabel = "pdx/contract-key/root/v1";
constexpr std::string_view kOwnerLabel = "pdx/contract-key/owner/v1:";
constexpr std::string_view kContractLabel = "pdx/contract-key/contract/v1:";

Secret level(ByteView above, std::string_view label, const std::string& id) {
    return derive_key(above, std::string(label) + id);
}

}  // namespace

ContractKeys::ContractKeys(ByteView master_key)
    : wrap_(derive_from_master(master_key, kWrapLabel)),
      root_(derive_from_master(master_key, kRootLabel)) {}

Bytes ContractKeys::make_sealed_seed(const ContractId& contract) const {
    Bytes seed = random_bytes(kSeedBytes);
    Bytes sealed = close_box(wrap_.view(), as_bytes(contract.text()), seed);
    wipe(seed);
    return sealed;
}

std::optional<Secret> ContractKeys::find_key(sql::Connection& db,
                                             const store::Contract& contract) const {
    // Whatever the table of keys may hold again.
    if (domain::is_terminal(contract.state)) return std::nullopt;
    const std::string id = contract.id.text();
    const auto stored = store::find_contract_key(db, contract.id);
    if (stored && stored->destroyed_at) return std::nullopt;
    const auto seed = stored && stored->sealed_seed
                          ? open_box(wrap_.view(), as_bytes(id), *stored->sealed_seed)
                          : std::nullopt;
    if (!seed || seed->size() != kSeedBytes) {
        throw InvariantViolation("the key of contract " + id + " is not what was stored");
    }
    const Secret owner = level(root_.view(), kOwnerLabel, contract.provider_id.text());
    Secret joined = Secret::of_size(owner.size() + seed->size());
    const auto middle =
        std::copy(owner.view().begin(), owner.view().end(), joined.writable().begin());
    std::copy(seed->view().begin(), seed->view().end(), middle);
    return level(joined.view(), kContractLabel, id);
}

Secret ContractKeys::key_of(sql::Connection& db, const store::Contract& contract) const {
    auto key = find_key(db, contract);
    if (key) return *std::move(key);
    ErrorDetail detail;
    detail.state = domain::to_string(contract.state);
    throw conflict("contract.key_destroyed",
                   {"The contract has ended and its key is destroyed; nothing is delivered under "
                    "it any more.",
                    "该协议已终结，其密钥已销毁，不再据此交付。"},
                   std::move(detail));
}

}  // namespace pdx::app
