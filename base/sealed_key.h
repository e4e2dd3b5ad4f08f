#pragma once
/// A private key at rest: encrypted and authenticated by XSalsa20-Poly1305 (libsodium's secretbox)
/// under a key that Argon2id makes of a passphrase, or under a key file. The form is text, one
/// line:
///
///     pdx-sealed-key v1 argon2id <passes> <memory in KiB> <base64 salt> <base64 nonce || box> LF
///     pdx-sealed-key v1 key-file <base64 nonce || box> LF
///
/// Passes and memory are not authenticated by themselves: another value gives another key.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/secret.h"

namespace pdx {

/// What a guess at the passphrase costs. Source: RFC 9106 section 4, the second recommended option
/// (with one lane, which is what libsodium has).
struct SealCost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 64U * 1024U;
};

/// What is read from a file is refused above these, so that no file can ask for all memory.
inline constexpr std::uint32_t kSealPassesMax = 16;
inline constexpr std::uint32_t kSealMemoryKibMax = 1024U * 1024U;
/// Unit: bytes.
inline constexpr std::size_t kSealSaltBytes = 16;
inline constexpr std::size_t kSealKeyFileBytes = 32;
inline constexpr std::size_t kSealedSecretBytesMax = 4096;

enum class SealedUnder { kPassphrase, kKeyFile };

struct SealedKey {
    SealedUnder under = SealedUnder::kPassphrase;
    SealCost cost;  ///< with kPassphrase only
    Bytes salt;     ///< with kPassphrase only
    Bytes box;      ///< nonce || tag || ciphertext

    std::string text() const;
    /// One text per value; nullopt for every other.
    static std::optional<SealedKey> parse(std::string_view text);
};

/// True for a text that claims to be a sealed key, whole or damaged.
bool claims_to_be_sealed(std::string_view text);

/// Throws: std::bad_alloc when there is not as much memory as `cost` says.
SealedKey seal_under_passphrase(const Secret& secret, const Secret& passphrase,
                                const SealCost& cost = {});
/// Requires: kSealKeyFileBytes bytes of key (checked).
SealedKey seal_under_key_file(const Secret& secret, const Secret& key);
/// `with`: the passphrase or the key file's bytes, as `under` says. nullopt when it is another one,
/// or when the sealed key was changed: the two cannot be told apart.
/// Throws: std::bad_alloc as above.
std::optional<Secret> open_sealed(const SealedKey& sealed, const Secret& with);

}  // namespace pdx
