#include "base/sealed_box.h"

#include <sodium.h>

#include "base/check.h"
#include "base/crypto.h"

namespace pdx {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(kBoxKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kBoxOverheadBytes == kNonceBytes + crypto_aead_xchacha20poly1305_ietf_ABYTES);

}  // namespace

Bytes close_box(ByteView key, ByteView bound_to, ByteView content) {
    PDX_CHECK(key.size() == kBoxKeyBytes);
    Bytes box = random_bytes(kNonceBytes);
    box.resize(kBoxOverheadBytes + content.size());
    PDX_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(
                  box.data() + kNonceBytes, nullptr, content.data(), content.size(),
                  bound_to.data(), bound_to.size(), nullptr, box.data(), key.data()) == 0);
    return box;
}

std::optional<Secret> open_box(ByteView key, ByteView bound_to, ByteView box) {
    PDX_CHECK(key.size() == kBoxKeyBytes);
    if (box.size() < kBoxOverheadBytes) return std::nullopt;
    Secret content = Secret::of_size(box.size() - kBoxOverheadBytes);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(content.writable().data(), nullptr, nullptr,
                                                   box.data() + kNonceBytes,
                                                   box.size() - kNonceBytes, bound_to.data(),
                                                   bound_to.size(), box.data(), key.data()) != 0) {
        return std::nullopt;
    }
    return content;
}

}  // namespace pdx
