#pragma once
/// HMAC under one key for millions of short messages. hmac_sha256() in crypto.h sets the
/// key up anew for each message, which costs several times the hashing itself.
#include <array>
#include <cstddef>
#include <memory>

#include "base/bytes.h"

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX

namespace pdx {

/// Source: RFC 2104. Holds the two hash states behind the padded key, not the key, and wipes them
/// when it goes. Thread: of() is const and may be called from any thread.
class HmacSha256 {
public:
    explicit HmacSha256(ByteView key);
    ~HmacSha256();
    HmacSha256(HmacSha256&& other) noexcept;
    HmacSha256& operator=(HmacSha256&& other) noexcept;

    /// Ensures: the same value as hmac_sha256(key, message).
    Digest of(ByteView message) const;

private:
    static constexpr std::size_t kStateBytes = 112;  ///< sizeof(SHA256_CTX), checked in hmac.cpp
    struct alignas(8) State {
        std::array<unsigned char, kStateBytes> bytes{};
    };
    State inner_;
    State outer_;
};

/// HMAC-SM3, where commercial cryptography is demanded; a third as fast.
/// Source: RFC 2104, GB/T 32905-2016. Thread: not shared.
class HmacSm3 {
public:
    explicit HmacSm3(ByteView key);

    Digest of(ByteView message);

private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const;
    };
    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

}  // namespace pdx
