#pragma once
/// The cryptographic primitives that more than one folder needs, once: SHA-256 and HMAC by OpenSSL
/// (its kept context is the fastest measured), Ed25519 and random bytes by libsodium.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/secret.h"

namespace pdx {

/// Streaming SHA-256; reusable after finish(). Thread: not shared.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    Sha256& update(ByteView bytes);
    Sha256& update(std::string_view text) { return update(as_bytes(text)); }
    /// Ensures: the object is as new.
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

Digest sha256(ByteView bytes);
Digest sha256(std::string_view text);
Digest hmac_sha256(ByteView key, ByteView message);
/// RFC 5869 with SHA-256 and an output of one block.
/// Requires: label is unique per purpose.
Secret derive_key(ByteView root, std::string_view label);

/// Source: the kernel, through libsodium.
Bytes random_bytes(std::size_t count);
std::uint64_t random_uint64();
/// Compares in time that depends on the length only.
bool equal_constant_time(ByteView a, ByteView b);

/// Ed25519 (RFC 8032).
struct PublicKey {
    static constexpr std::size_t kSize = 32;
    std::array<std::uint8_t, kSize> value{};
    auto operator<=>(const PublicKey&) const = default;
    static std::optional<PublicKey> from_bytes(ByteView bytes);
};

using Signature = std::array<std::uint8_t, 64>;

/// Never throws; a key or signature that is not canonical is a false.
bool verify_signature(const PublicKey& key, ByteView message, ByteView signature) noexcept;

/// Holds a private key and wipes it when it goes.
class SigningKey {
public:
    static constexpr std::size_t kSeedSize = 32;
    static SigningKey generate();
    /// Shape: the 32-byte seed of RFC 8032 section 5.1.5.
    static std::optional<SigningKey> from_seed(ByteView seed);
    ~SigningKey();
    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&& other) noexcept;

    const PublicKey& public_key() const { return public_key_; }
    /// For writing to a key file only.
    Secret seed() const;
    Signature sign(ByteView message) const;

private:
    SigningKey() = default;
    std::array<std::uint8_t, 64> secret_{};
    PublicKey public_key_;
};

}  // namespace pdx
