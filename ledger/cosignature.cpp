#include "ledger/cosignature.h"

#include <utility>

#include "base/check.h"
#include "ledger/signer.h"

namespace pdx::ledger {

CosignatureSigner::CosignatureSigner(std::string name, SigningKey key)
    : key_(std::move(key)),
      verifier_(std::move(name), NoteKey::ed25519_cosignature(key_.public_key())) {}

std::optional<CosignatureSigner> CosignatureSigner::parse(std::string_view skey) {
    auto parts = parse_note_secret(skey, kEd25519CosignatureType);
    if (!parts) return std::nullopt;
    CosignatureSigner signer(std::move(parts->first), std::move(parts->second));
    if (signer.skey() != skey) return std::nullopt;
    return signer;
}

std::string CosignatureSigner::skey() const { return format_note_secret(verifier_, key_); }

NoteSignature CosignatureSigner::sign(std::string_view text, std::uint64_t time) const {
    PDX_CHECK(time <= INT64_MAX);
    Bytes bytes;
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        bytes.push_back(static_cast<std::uint8_t>(time >> (shift - 8)));
    }
    const Signature signature = key_.sign(as_bytes(cosignature_message(time, text)));
    bytes.insert(bytes.end(), signature.begin(), signature.end());
    return {name(), verifier_.key_id(), std::move(bytes)};
}

}  // namespace pdx::ledger
