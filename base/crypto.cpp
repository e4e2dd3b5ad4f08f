#include "base/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"

namespace pdx {
namespace {

/// Fetched once: a fetch per hash halves the speed.
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    PDX_CHECK(algorithm != nullptr);
    return algorithm;
}

void start_sodium() {
    static const int status = sodium_init();
    PDX_CHECK(status >= 0);
}

}  // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() {
        PDX_CHECK(context != nullptr);
        PDX_CHECK(EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr) == 1);
    }
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(ByteView bytes) {
    PDX_CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
    return *this;
}

Digest Sha256::finish() {
    Digest digest;
    PDX_CHECK(EVP_DigestFinal_ex(state_->context, digest.value.data(), nullptr) == 1);
    PDX_CHECK(EVP_DigestInit_ex2(state_->context, sha256_algorithm(), nullptr) == 1);
    return digest;
}

Digest sha256(ByteView bytes) {
    thread_local Sha256 hasher;
    return hasher.update(bytes).finish();
}

Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }

Digest hmac_sha256(ByteView key, ByteView message) {
    Digest digest;
    unsigned int size = Digest::kSize;
    // OpenSSL takes a null key for "the key of before", and an empty span may hold one.
    const std::uint8_t none = 0;
    const std::uint8_t* key_data = key.empty() ? &none : key.data();
    PDX_CHECK(HMAC(sha256_algorithm(), key_data, static_cast<int>(key.size()), message.data(),
                   message.size(), digest.value.data(), &size) != nullptr);
    PDX_CHECK(size == Digest::kSize);
    return digest;
}

Secret derive_key(ByteView root, std::string_view label) {
    const std::array<std::uint8_t, Digest::kSize> no_salt{};
    Digest extracted = hmac_sha256(no_salt, root);
    std::string block(label);
    block += '\x01';
    Digest key = hmac_sha256(extracted.value, as_bytes(block));
    Secret secret(key.view());
    wipe(extracted.value);
    wipe(key.value);
    return secret;
}

Bytes random_bytes(std::size_t count) {
    start_sodium();
    Bytes bytes(count);
    if (count > 0) randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

std::uint64_t random_uint64() {
    start_sodium();
    std::uint64_t number = 0;
    randombytes_buf(&number, sizeof number);
    return number;
}

bool equal_constant_time(ByteView a, ByteView b) {
    if (a.size() != b.size()) return false;
    return a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<PublicKey> PublicKey::from_bytes(ByteView bytes) {
    if (bytes.size() != kSize) return std::nullopt;
    PublicKey key;
    std::copy(bytes.begin(), bytes.end(), key.value.begin());
    return key;
}

bool verify_signature(const PublicKey& key, ByteView message, ByteView signature) noexcept {
    return signature.size() == std::tuple_size_v<Signature> &&
           crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                       key.value.data()) == 0;
}

SigningKey SigningKey::generate() {
    Secret seed = Secret::of_size(kSeedSize);
    start_sodium();
    randombytes_buf(seed.writable().data(), seed.size());
    auto key = from_seed(seed.view());
    PDX_CHECK(key.has_value());
    return std::move(*key);
}

std::optional<SigningKey> SigningKey::from_seed(ByteView seed) {
    start_sodium();
    if (seed.size() != kSeedSize) return std::nullopt;
    SigningKey key;
    PDX_CHECK(crypto_sign_seed_keypair(key.public_key_.value.data(), key.secret_.data(),
                                       seed.data()) == 0);
    return key;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

SigningKey::SigningKey(SigningKey&& other) noexcept
    : secret_(other.secret_),
      public_key_(other.public_key_) {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
    if (this != &other) {
        secret_ = other.secret_;
        public_key_ = other.public_key_;
        sodium_memzero(other.secret_.data(), other.secret_.size());
    }
    return *this;
}

Secret SigningKey::seed() const { return Secret(ByteView(secret_).first(kSeedSize)); }

Signature SigningKey::sign(ByteView message) const {
    Signature signature{};
    PDX_CHECK(crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                                   secret_.data()) == 0);
    return signature;
}

}  // namespace pdx
