#include "ledger/signer.h"

#include <algorithm>
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
    auto parts = parse_note_secret(skey, kEd25519Type);
    if (!parts) return std::nullopt;
    NoteSigner signer(std::move(parts->first), std::move(parts->second));
    // Writing it again checks the key id and that nothing else is in the text.
    if (signer.skey() != skey) return std::nullopt;
    return signer;
}

std::string NoteSigner::skey() const { return format_note_secret(verifier_, key_); }

NoteSignature NoteSigner::sign(std::string_view text) const {
    const Signature signature = key_.sign(as_bytes(text));
    return {name(), verifier_.key_id(), Bytes(signature.begin(), signature.end())};
}

std::string format_note_secret(const NoteVerifier& verifier, const SigningKey& key) {
    PDX_CHECK(std::ranges::equal(verifier.key().public_key(), key.public_key().value));
    Bytes blob{verifier.key().bytes().front()};
    const Secret seed = key.seed();
    blob.insert(blob.end(), seed.view().begin(), seed.view().end());
    return std::string(kPrefix) + verifier.name() + '+' + format_key_id(verifier.key_id()) + '+' +
           to_base64(blob);
}

std::optional<std::pair<std::string, SigningKey>> parse_note_secret(std::string_view skey,
                                                                    std::uint8_t type) {
    if (!skey.starts_with(kPrefix)) return std::nullopt;
    const std::string_view named = skey.substr(kPrefix.size());
    const std::size_t plus = named.find('+');
    if (plus == std::string_view::npos || named.size() < plus + kIdAndPluses) return std::nullopt;
    const auto blob = from_base64(named.substr(plus + kIdAndPluses));
    if (!is_key_name(named.substr(0, plus)) || !blob || blob->empty() || blob->front() != type) {
        return std::nullopt;
    }
    auto key = SigningKey::from_seed(ByteView(*blob).subspan(1));
    if (!key) return std::nullopt;
    return std::pair(std::string(named.substr(0, plus)), std::move(*key));
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
    PDX_CHECK(checkpoint.origin == signer.name());
    std::string text = format_checkpoint(checkpoint);
    NoteSignature signature = signer.sign(text);
    return format_note({std::move(text), {std::move(signature)}});
}

}  // namespace pdx::ledger
