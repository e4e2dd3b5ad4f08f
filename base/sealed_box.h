#pragma once
/// Short secrets at rest: XChaCha20-Poly1305 under a 32-byte key, bound to what they belong to, so
/// that one stored under another's name does not open. Files are catalog/blob_store's.
#include <cstddef>
#include <optional>

#include "base/bytes.h"
#include "base/secret.h"

namespace pdx {

inline constexpr std::size_t kBoxKeyBytes = 32;
/// Unit: bytes by which a box is longer than what is in it: nonce (24) and tag (16).
inline constexpr std::size_t kBoxOverheadBytes = 40;

/// Shape: nonce, ciphertext, tag. Do not renumber. Requires: a key of kBoxKeyBytes.
Bytes close_box(ByteView key, ByteView bound_to, ByteView content);
/// nullopt when key, `bound_to` or any byte is another. Requires: a key of kBoxKeyBytes.
std::optional<Secret> open_box(ByteView key, ByteView bound_to, ByteView box);

}  // namespace pdx
