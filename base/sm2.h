#pragma once
/// SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905; GM/T 0009 for the identity), by OpenSSL.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/secret.h"

namespace pdx {

/// The identity that goes into Z_A when two sides agreed on nothing else. Source: GM/T 0009-2012
/// section 10.
inline constexpr std::string_view kSm2DefaultIdentity = "1234567812345678";

/// A point of the recommended curve. Shape: 04 || x || y.
struct Sm2PublicKey {
    static constexpr std::size_t kSize = 65;
    std::array<std::uint8_t, kSize> value{};
    auto operator<=>(const Sm2PublicKey&) const = default;
    /// nullopt for what is not an uncompressed point of the curve.
    static std::optional<Sm2PublicKey> from_bytes(ByteView bytes);
};

/// Shape of the signature: r || s, 32 bytes each, big-endian.
/// Never throws; a signature in another form is a false.
bool verify_sm2(const Sm2PublicKey& key, ByteView message, ByteView signature,
                std::string_view identity = kSm2DefaultIdentity) noexcept;

/// Holds a private key; OpenSSL wipes it when it goes.
class Sm2SigningKey {
public:
    static constexpr std::size_t kScalarSize = 32;
    static Sm2SigningKey generate();
    /// Shape: the private number d, big-endian. nullopt when it is not within 1 .. n-2.
    static std::optional<Sm2SigningKey> from_scalar(ByteView scalar);
    ~Sm2SigningKey();
    Sm2SigningKey(Sm2SigningKey&& other) noexcept;
    Sm2SigningKey& operator=(Sm2SigningKey&& other) noexcept;

    const Sm2PublicKey& public_key() const { return public_key_; }
    /// For writing to a key file only.
    Secret scalar() const { return scalar_.copy(); }
    /// Two signatures of one message differ: SM2 draws a number for each.
    Signature sign(ByteView message, std::string_view identity = kSm2DefaultIdentity) const;

private:
    struct Key;
    Sm2SigningKey();
    Secret scalar_;
    Sm2PublicKey public_key_;
    std::unique_ptr<Key> key_;
};

}  // namespace pdx
