#include "marketplace/app/private_vault.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/sealed_box.h"
#include "marketplace/app/master_key.h"
#include "marketplace/app/private_kinds.h"

namespace pdx::app {
namespace {

constexpr std::string_view kWrapLabel = "pdx/private-part/wrap/v1";
constexpr std::string_view kReferenceLabel = "pdx/payment/reference/v1";

[[noreturn]] void damaged(const Digest& commitment) {
    throw InvariantViolation("private part " + commitment.hex() +
                             " is not what the ledger committed to");
}

}  // namespace

PrivateVault::PrivateVault(ByteView master_key, std::string log)
    : log_(std::move(log)),
      wrap_(derive_from_master(master_key, kWrapLabel)),
      reference_(derive_from_master(master_key, kReferenceLabel)) {}

Fact PrivateVault::make_fact(std::string kind, std::string entity_type, std::string entity_id,
                             nlohmann::json body, std::string rule,
                             const ledger::PrivateTexts& texts) const {
    if (texts.empty()) {
        return app::make_fact(std::move(kind), std::move(entity_type), std::move(entity_id), body,
                              std::move(rule));
    }
    const auto known = private_texts_of(kind);
    PDX_CHECK(!known.empty() && texts.size() == known.size() &&
              std::all_of(known.begin(), known.end(), [&](const PrivateKind& row) {
                  return row.entity_type == entity_type && texts.contains(row.text);
              }));
    const Bytes salt = random_bytes(ledger::kPrivateSaltBytes);
    std::string part = ledger::private_part_text(texts);
    const Digest commitment =
        ledger::commit_private_part(salt, {log_, kind, entity_type, entity_id}, part);
    Secret content = Secret::of_size(salt.size() + part.size());
    const auto middle = std::copy(salt.begin(), salt.end(), content.writable().begin());
    std::copy(part.begin(), part.end(), middle);
    wipe(part);
    Bytes key = random_bytes(kBoxKeyBytes);
    store::SealedPart sealed{close_box(wrap_.view(), commitment.view(), key),
                             close_box(key, commitment.view(), content.view())};
    wipe(key);
    body[ledger::kPrivateCommitment] = commitment.hex();
    Fact fact = app::make_fact(std::move(kind), std::move(entity_type), std::move(entity_id), body,
                               std::move(rule));
    fact.private_part = CommittedPart{commitment, std::move(sealed)};
    return fact;
}

std::optional<OpenedPart> PrivateVault::open(const store::PrivatePart& part) const {
    if (part.erasure) return std::nullopt;
    if (!part.sealed) damaged(part.commitment);
    const auto key = open_box(wrap_.view(), part.commitment.view(), part.sealed->wrapped_key);
    if (!key || key->size() != kBoxKeyBytes) damaged(part.commitment);
    const auto content = open_box(key->view(), part.commitment.view(), part.sealed->content);
    if (!content || content->size() < ledger::kPrivateSaltBytes) damaged(part.commitment);
    const ByteView salt = content->view().first(ledger::kPrivateSaltBytes);
    const std::string_view text = as_text(content->view().subspan(ledger::kPrivateSaltBytes));
    auto texts = ledger::parse_private_part(text);
    if (!texts ||
        ledger::commit_private_part(salt, {log_, part.kind, part.entity_type, part.entity_id},
                                    text) != part.commitment) {
        damaged(part.commitment);
    }
    return OpenedPart{Bytes(salt.begin(), salt.end()), *std::move(texts)};
}

Digest PrivateVault::reference_key(std::string_view bank_reference) const {
    return hmac_sha256(reference_.view(), as_bytes(bank_reference));
}

}  // namespace pdx::app
