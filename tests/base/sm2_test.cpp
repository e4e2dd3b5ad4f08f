#include "base/sm2.h"

#include <openssl/evp.h>

#include "tests/support/catch.h"

namespace pdx {
namespace {

Bytes hex(const std::string& text) {
    const auto bytes = from_hex(text);
    REQUIRE(bytes);
    return *bytes;
}

/// GB/T 32918.5-2017 annex A.2 (GM/T 0003.5-2012): signature over the recommended curve.
const std::string kScalar = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const std::string kPoint =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const std::string kSignature =
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
/// The order of the group.
const std::string kOrder = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
constexpr std::string_view kMessage = "message digest";

Sm2PublicKey published_key() {
    const auto key = Sm2PublicKey::from_bytes(hex(kPoint));
    REQUIRE(key);
    return *key;
}

TEST_CASE("sm3: the vectors of GB/T 32905", "[base][sm2]") {
    const auto sm3 = [](std::string_view text) {
        Bytes digest(32);
        unsigned size = 0;
        REQUIRE(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sm3(), nullptr) ==
                1);
        return to_hex(digest);
    };
    CHECK(sm3("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    std::string text;
    for (int i = 0; i < 16; ++i) text += "abcd";
    CHECK(sm3(text) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST_CASE("sm2: the published signature holds, for its key and message alone", "[base][sm2]") {
    const Sm2PublicKey key = published_key();
    const Bytes signature = hex(kSignature);
    CHECK(verify_sm2(key, as_bytes(kMessage), signature));
    CHECK_FALSE(verify_sm2(key, as_bytes("message digesu"), signature));
    CHECK_FALSE(verify_sm2(key, {}, signature));
    CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), signature, "1234567812345679"));
    CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), signature, ""));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        Bytes changed = signature;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE_FALSE(verify_sm2(key, as_bytes(kMessage), changed));
    }
    Bytes longer = signature;
    longer.push_back(0);
    CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), longer));
    CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), ByteView(signature).first(63)));
    CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), {}));
    // r or s zero, or not below the order.
    for (const std::string& part : {std::string(64, '0'), kOrder, std::string(64, 'f')}) {
        CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), hex(part + kSignature.substr(64))));
        CHECK_FALSE(verify_sm2(key, as_bytes(kMessage), hex(kSignature.substr(0, 64) + part)));
    }
}

TEST_CASE("sm2: the published private key has the published public key", "[base][sm2]") {
    const auto key = Sm2SigningKey::from_scalar(hex(kScalar));
    REQUIRE(key);
    CHECK(to_hex(key->public_key().value) == kPoint);
    CHECK(to_hex(key->scalar().view()) == kScalar);
    const Signature signature = key->sign(as_bytes(kMessage));
    CHECK(verify_sm2(published_key(), as_bytes(kMessage), signature));
    CHECK(key->sign(as_bytes(kMessage)) != signature);
}

TEST_CASE("sm2: what was signed verifies, under no other key or message", "[base][sm2]") {
    const Sm2SigningKey key = Sm2SigningKey::generate();
    const Sm2SigningKey other = Sm2SigningKey::generate();
    CHECK(key.public_key() != other.public_key());
    // Often enough that an r or s with leading zero bytes occurs.
    for (int i = 0; i < 300; ++i) {
        const std::string message = "message " + std::to_string(i);
        const Signature signature = key.sign(as_bytes(message));
        REQUIRE(verify_sm2(key.public_key(), as_bytes(message), signature));
        REQUIRE_FALSE(verify_sm2(other.public_key(), as_bytes(message), signature));
        REQUIRE_FALSE(verify_sm2(key.public_key(), as_bytes(message + " "), signature));
    }
    const Signature named = key.sign(as_bytes("m"), "alice@example.org");
    CHECK(verify_sm2(key.public_key(), as_bytes("m"), named, "alice@example.org"));
    CHECK_FALSE(verify_sm2(key.public_key(), as_bytes("m"), named));
}

TEST_CASE("sm2: only points of the curve are keys", "[base][sm2]") {
    const Bytes point = hex(kPoint);
    for (std::size_t bit = 0; bit < point.size() * 8; ++bit) {
        Bytes changed = point;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE_FALSE(Sm2PublicKey::from_bytes(changed));
    }
    CHECK_FALSE(Sm2PublicKey::from_bytes({}));
    CHECK_FALSE(Sm2PublicKey::from_bytes(ByteView(point).first(64)));
    CHECK_FALSE(Sm2PublicKey::from_bytes(ByteView(point).first(33)));
    CHECK_FALSE(Sm2PublicKey::from_bytes(Bytes(65)));
    CHECK_FALSE(Sm2PublicKey::from_bytes(Bytes{0}));
    // Compressed, and the hybrid form that repeats the sign of y.
    Bytes compressed(point.begin(), point.begin() + 33);
    compressed[0] = 0x03;
    CHECK_FALSE(Sm2PublicKey::from_bytes(compressed));
    Bytes hybrid = point;
    hybrid[0] = 0x07;
    CHECK_FALSE(Sm2PublicKey::from_bytes(hybrid));
}

TEST_CASE("sm2: private numbers are within 1 and n-2", "[base][sm2]") {
    const std::string order_less = kOrder.substr(0, 62);
    CHECK(Sm2SigningKey::from_scalar(hex(std::string(63, '0') + "1")));
    CHECK(Sm2SigningKey::from_scalar(hex(order_less + "21")));
    for (const std::string& scalar :
         {std::string(64, '0'), order_less + "22", kOrder, std::string(64, 'f'),
          std::string(62, '1'), std::string(66, '1'), std::string()}) {
        CHECK_FALSE(Sm2SigningKey::from_scalar(hex(scalar)));
    }
}

}  // namespace
}  // namespace pdx
