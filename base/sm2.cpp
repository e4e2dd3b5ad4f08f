#include "base/sm2.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace pdx {
namespace {

/// Frees what OpenSSL made, by the function that belongs to it.
template <auto kFree>
struct Freer {
    template <class T>
    void operator()(T* object) const {
        kFree(object);
    }
};
using Number = std::unique_ptr<BIGNUM, Freer<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Freer<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freer<EC_POINT_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;

constexpr std::size_t kHalf = 32;
constexpr std::size_t kDerBytesMax = 80;

Group curve() { return Group(EC_GROUP_new_by_curve_name(NID_sm2)); }

/// Null when the key is none of the curve.
Pkey make_pkey(const Sm2PublicKey& point, const BIGNUM* scalar) {
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.value.data(),
                                         point.value.size()) != 1 ||
        (scalar != nullptr &&
         OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1)) {
        return nullptr;
    }
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
    EVP_PKEY* key = nullptr;
    const int selection = scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
        return nullptr;
    }
    return Pkey(key);
}

Sm2PublicKey point_of(const BIGNUM* scalar) {
    const Group group = curve();
    PDX_CHECK(group != nullptr);
    const Point point(EC_POINT_new(group.get()));
    Sm2PublicKey key;
    PDX_CHECK(point != nullptr &&
              EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) == 1);
    PDX_CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                 key.value.data(), key.value.size(),
                                 nullptr) == Sm2PublicKey::kSize);
    return key;
}

/// Raw r || s as the DER that OpenSSL takes; empty when it cannot be.
Bytes to_der(ByteView signature) noexcept {
    const EcdsaSignature parts(ECDSA_SIG_new());
    Number r(BN_bin2bn(signature.data(), kHalf, nullptr));
    Number s(BN_bin2bn(signature.data() + kHalf, kHalf, nullptr));
    if (!parts || !r || !s || ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) return {};
    static_cast<void>(r.release());  // parts owns them now
    static_cast<void>(s.release());
    Bytes der(kDerBytesMax);
    std::uint8_t* out = der.data();
    const int size = i2d_ECDSA_SIG(parts.get(), nullptr);
    if (size <= 0 || static_cast<std::size_t>(size) > der.size()) return {};
    i2d_ECDSA_SIG(parts.get(), &out);
    der.resize(static_cast<std::size_t>(size));
    return der;
}

Signature from_der(ByteView der) {
    const std::uint8_t* in = der.data();
    const EcdsaSignature parts(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
    PDX_CHECK(parts != nullptr);
    Signature signature{};
    PDX_CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.data(), kHalf) == kHalf);
    PDX_CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.data() + kHalf, kHalf) ==
              kHalf);
    return signature;
}

}  // namespace

struct Sm2SigningKey::Key {
    EVP_PKEY* pkey = nullptr;

    Key() = default;
    ~Key() { EVP_PKEY_free(pkey); }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
};

std::optional<Sm2PublicKey> Sm2PublicKey::from_bytes(ByteView bytes) {
    if (bytes.size() != kSize || bytes.front() != POINT_CONVERSION_UNCOMPRESSED) {
        return std::nullopt;
    }
    const Group group = curve();
    const Point point(group ? EC_POINT_new(group.get()) : nullptr);
    PDX_CHECK(point != nullptr);
    // Refuses what does not lie on the curve.
    if (EC_POINT_oct2point(group.get(), point.get(), bytes.data(), bytes.size(), nullptr) != 1) {
        return std::nullopt;
    }
    Sm2PublicKey key;
    std::copy(bytes.begin(), bytes.end(), key.value.begin());
    return key;
}

bool verify_sm2(const Sm2PublicKey& key, ByteView message, ByteView signature,
                std::string_view identity) noexcept {
    if (signature.size() != 2 * kHalf) return false;
    const Pkey pkey = make_pkey(key, nullptr);
    if (!pkey) return false;
    const Bytes der = to_der(signature);
    const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr));
    const DigestContext digest(EVP_MD_CTX_new());
    if (der.empty() || !context || !digest) return false;
    EVP_MD_CTX_set_pkey_ctx(digest.get(), context.get());
    return EVP_PKEY_CTX_set1_id(context.get(), identity.data(),
                                static_cast<int>(identity.size())) == 1 &&
           EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sm3(), nullptr, pkey.get()) == 1 &&
           EVP_DigestVerify(digest.get(), der.data(), der.size(), message.data(), message.size()) ==
               1;
}

Sm2SigningKey::Sm2SigningKey() : key_(std::make_unique<Key>()) {}
Sm2SigningKey::~Sm2SigningKey() = default;
Sm2SigningKey::Sm2SigningKey(Sm2SigningKey&& other) noexcept = default;
Sm2SigningKey& Sm2SigningKey::operator=(Sm2SigningKey&& other) noexcept = default;

Sm2SigningKey Sm2SigningKey::generate() {
    for (;;) {
        // One in 2^32 numbers is above the order.
        Bytes bytes = random_bytes(kScalarSize);
        auto key = from_scalar(bytes);
        wipe(bytes);
        if (key) return std::move(*key);
    }
}

std::optional<Sm2SigningKey> Sm2SigningKey::from_scalar(ByteView scalar) {
    if (scalar.size() != kScalarSize) return std::nullopt;
    const Group group = curve();
    const Number number(BN_bin2bn(scalar.data(), kScalarSize, nullptr));
    const Number most(group ? BN_dup(EC_GROUP_get0_order(group.get())) : nullptr);
    PDX_CHECK(number != nullptr && most != nullptr && BN_sub_word(most.get(), 2) == 1);
    if (BN_is_zero(number.get()) != 0 || BN_cmp(number.get(), most.get()) > 0) return std::nullopt;
    Sm2SigningKey key;
    key.scalar_ = Secret(scalar);
    key.public_key_ = point_of(number.get());
    key.key_->pkey = make_pkey(key.public_key_, number.get()).release();
    PDX_CHECK(key.key_->pkey != nullptr);
    return key;
}

Signature Sm2SigningKey::sign(ByteView message, std::string_view identity) const {
    const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_->pkey, nullptr));
    const DigestContext digest(EVP_MD_CTX_new());
    PDX_CHECK(context != nullptr && digest != nullptr);
    EVP_MD_CTX_set_pkey_ctx(digest.get(), context.get());
    PDX_CHECK(EVP_PKEY_CTX_set1_id(context.get(), identity.data(),
                                   static_cast<int>(identity.size())) == 1);
    PDX_CHECK(EVP_DigestSignInit(digest.get(), nullptr, EVP_sm3(), nullptr, key_->pkey) == 1);
    Bytes der(kDerBytesMax);
    std::size_t size = der.size();
    PDX_CHECK(EVP_DigestSign(digest.get(), der.data(), &size, message.data(), message.size()) == 1);
    return from_der(ByteView(der).first(size));
}

}  // namespace pdx
