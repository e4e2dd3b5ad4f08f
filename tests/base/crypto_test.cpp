#include "base/crypto.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

namespace pdx {
namespace {

Bytes hex(const std::string& text) {
    const auto bytes = from_hex(text);
    REQUIRE(bytes);
    return *bytes;
}

TEST_CASE("sha256: the vectors of FIPS 180-4", "[base][crypto]") {
    CHECK(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc").hex() ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256(std::string(1'000'000, 'a')).hex() ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256: pieces hash like the whole and the hasher is as new after", "[base][crypto]") {
    const std::string text(1'000, 'q');
    Sha256 hasher;
    for (std::size_t size = 1; size < 200; size += 7) {
        for (std::size_t at = 0; at < text.size(); at += size) {
            hasher.update(std::string_view(text).substr(at, size));
        }
        REQUIRE(hasher.finish() == sha256(text));
    }
    CHECK(hasher.finish() == sha256(""));
    Sha256 moved = std::move(hasher);
    CHECK(moved.update("abc").finish() == sha256("abc"));
}

TEST_CASE("hmac: the vectors of RFC 4231", "[base][crypto]") {
    CHECK(hmac_sha256(Bytes(20, 0x0B), as_bytes("Hi There")).hex() ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).hex() ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hmac_sha256(Bytes(20, 0xAA), Bytes(50, 0xDD)).hex() ==
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(hmac_sha256(Bytes(131, 0xAA),
                      as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))
              .hex() == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(hmac_sha256({}, {}).hex() ==
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("derive: the first block of RFC 5869, without salt", "[base][crypto]") {
    CHECK(to_hex(derive_key(Bytes(22, 0x0B), "").view()) ==  // test case 3, its first 32 bytes
          "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    const auto differ = [](const Secret& a, const Secret& b) {
        return !std::ranges::equal(a.view(), b.view());
    };
    CHECK(differ(derive_key(Bytes(32), "a"), derive_key(Bytes(32), "b")));
    CHECK(differ(derive_key(Bytes(32), "a"), derive_key(Bytes(32, 1), "a")));
}

TEST_CASE("ed25519: the vectors of RFC 8032 section 7.1", "[base][crypto]") {
    struct Vector {
        const char* seed;
        const char* key;
        const char* message;
        const char* signature;
    };
    const std::vector<Vector> vectors{
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
         "84dc6594a7c15e9716ed28dc027beceea1ec40a"}};
    for (const Vector& vector : vectors) {
        const auto key = SigningKey::from_seed(hex(vector.seed));
        REQUIRE(key);
        CHECK(to_hex(key->public_key().value) == vector.key);
        CHECK(to_hex(key->seed().view()) == vector.seed);
        const Bytes message = hex(vector.message);
        const Signature signature = key->sign(message);
        CHECK(to_hex(signature) == vector.signature);
        CHECK(verify_signature(key->public_key(), message, signature));
    }
}

TEST_CASE("ed25519: any changed bit of key, message or signature is refused", "[base][crypto]") {
    const SigningKey key = SigningKey::generate();
    Bytes message{1, 2, 3};
    const Signature signature = key.sign(message);
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        Signature changed = signature;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        if (verify_signature(key.public_key(), message, changed)) FAIL(bit);
    }
    for (std::size_t bit = 0; bit < PublicKey::kSize * 8; ++bit) {
        PublicKey changed = key.public_key();
        changed.value[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        if (verify_signature(changed, message, signature)) FAIL(bit);
    }
    message.push_back(0);
    CHECK_FALSE(verify_signature(key.public_key(), message, signature));
    CHECK_FALSE(verify_signature(key.public_key(), message, ByteView(signature).first(63)));
    CHECK_FALSE(verify_signature(key.public_key(), message, {}));
    CHECK_FALSE(SigningKey::from_seed(Bytes(31)));
    CHECK_FALSE(PublicKey::from_bytes(Bytes(33)));
}

TEST_CASE("ed25519: the Wycheproof vectors", "[base][crypto]") {
    const auto path = test::shared_data("vectors/wycheproof/ed25519_test.json");
    if (!path) return;
    std::ifstream file(*path);
    const auto document = nlohmann::json::parse(file);
    std::size_t checked = 0;
    for (const auto& group : document.at("testGroups")) {
        const auto key = PublicKey::from_bytes(hex(group.at("publicKey").at("pk")));
        REQUIRE(key);
        for (const auto& vector : group.at("tests")) {
            INFO(vector.dump());
            const bool valid = verify_signature(*key, hex(vector.at("msg")), hex(vector.at("sig")));
            CHECK(valid == (vector.at("result") == "valid"));
            ++checked;
        }
    }
    CHECK(checked == document.at("numberOfTests"));
}

TEST_CASE("key: a moved key signs the same and keys differ", "[base][crypto]") {
    SigningKey first = SigningKey::generate();
    const PublicKey name = first.public_key();
    const Secret seed = first.seed();
    SigningKey second = std::move(first);
    CHECK(second.public_key() == name);
    CHECK(equal_constant_time(second.seed().view(), seed.view()));
    first = SigningKey::generate();
    CHECK(first.public_key() != name);
    first = std::move(second);
    CHECK(verify_signature(name, as_bytes("x"), first.sign(as_bytes("x"))));
}

TEST_CASE("random: asked for n bytes, gives n that do not repeat", "[base][crypto]") {
    CHECK(random_bytes(0).empty());
    CHECK(random_bytes(32).size() == 32);
    CHECK(random_bytes(32) != random_bytes(32));
    CHECK(equal_constant_time(Bytes{1, 2}, Bytes{1, 2}));
    CHECK_FALSE(equal_constant_time(Bytes{1, 2}, Bytes{1, 3}));
    CHECK_FALSE(equal_constant_time(Bytes{1, 2}, Bytes{1, 2, 3}));
    CHECK(equal_constant_time({}, {}));
}

}  // namespace
}  // namespace pdx
