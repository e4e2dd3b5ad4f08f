#include "ledger/signer.h"

#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kPrefix = "PRIVATE+KEY+";
constexpr std::size_t kIdAndPluses = 10;

}  // namespace

NoteSigner::NoteSigner(std::string name, SigningKey key)
    : key_(std::move(key)),
      verifier_(std::move(name), key_.public_key()) {}

std::optional<NoteSigner> NoteSigner::parse(std::string_view skey) {
    if (!skey.starts_with(kPrefix)) return std::nullopt;
    const std::string_view named = skey.substr(kPrefix.size());
    const std::size_t plus = named.find('+');
    if (plus == std::string_view::npos || named.size() < plus + kIdAndPluses) return std::nullopt;
    const auto blob = from_base64(named.substr(plus + kIdAndPluses));
    if (!is_key_name(named.substr(0, plus)) || !blob || blob->empty() ||
        blob->front() != kEd25519Type) {
        return std::nullopt;
    }
    auto key = SigningKey::from_seed(ByteView(*blob).subspan(1));
    if (!key) return std::nullopt;
    NoteSigner signer(std::string(named.substr(0, plus)), std::move(*key));
    // Writing it again checks the key id and that nothing else is in the text.
    if (signer.skey() != skey) return std::nullopt;
    return signer;
}

std::string NoteSigner::skey() const {
    Bytes blob{kEd25519Type};
    const Bytes seed = key_.seed();
    blob.insert(blob.end(), seed.begin(), seed.end());
    const std::string vkey = verifier_.vkey();
    return std::string(kPrefix) + vkey.substr(0, name().size() + kIdAndPluses) + to_base64(blob);
}

NoteSignature NoteSigner::sign(std::string_view text) const {
    const Signature signature = key_.sign(as_bytes(text));
    return {name(), verifier_.key_id(), Bytes(signature.begin(), signature.end())};
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
    PDX_CHECK(checkpoint.origin == signer.name());
    std::string text = format_checkpoint(checkpoint);
    NoteSignature signature = signer.sign(text);
    return format_note({std::move(text), {std::move(signature)}});
}

}  // namespace pdx::ledger
