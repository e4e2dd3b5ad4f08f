#include "base/sealed_key.h"

#include "base/crypto.h"
#include "tests/support/catch.h"

namespace pdx {
namespace {

/// Cheap, so that a test of every byte is quick. The file says what was used.
constexpr SealCost kCheap{1, 8};

Secret secret_of(std::string_view text) { return Secret(as_bytes(text)); }

std::string text_of(const std::optional<Secret>& secret) {
    return secret ? std::string(as_text(secret->view())) : "(closed)";
}

TEST_CASE("sealed key: what was sealed comes back, under the same words only", "[base][sealed]") {
    const Secret passphrase = secret_of("correct horse battery");
    for (const std::size_t size : {0U, 1U, 32U, 4096U}) {
        const std::string plain(size, 'k');
        const std::string text = seal_under_passphrase(secret_of(plain), passphrase, kCheap).text();
        const auto sealed = SealedKey::parse(text);
        REQUIRE(sealed);
        CHECK(text_of(open_sealed(*sealed, passphrase)) == plain);
        for (const char* other :
             {"", "correct horse batter", "correct horse battery ", "Correct"}) {
            CHECK_FALSE(open_sealed(*sealed, secret_of(other)));
        }
    }
}

TEST_CASE("sealed key: a key file opens what it sealed, and no other does", "[base][sealed]") {
    const Secret key(random_bytes(kSealKeyFileBytes));
    const auto sealed = SealedKey::parse(seal_under_key_file(secret_of("private"), key).text());
    REQUIRE(sealed);
    CHECK(sealed->under == SealedUnder::kKeyFile);
    CHECK(text_of(open_sealed(*sealed, key)) == "private");
    for (std::size_t bit = 0; bit < kSealKeyFileBytes * 8; ++bit) {
        Secret near = key.copy();
        near.writable()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        REQUIRE_FALSE(open_sealed(*sealed, near));
    }
}

TEST_CASE("sealed key: the default cost is the recommended one", "[base][sealed]") {
    const auto sealed = seal_under_passphrase(secret_of("k"), secret_of("correct horse"));
    CHECK(sealed.text().starts_with("pdx-sealed-key v1 argon2id 3 65536 "));
    CHECK(text_of(open_sealed(sealed, secret_of("correct horse"))) == "k");
}

TEST_CASE("sealed key: two seals of one secret share nothing", "[base][sealed]") {
    const Secret passphrase = secret_of("correct horse battery");
    const auto a = seal_under_passphrase(secret_of("same"), passphrase, kCheap);
    const auto b = seal_under_passphrase(secret_of("same"), passphrase, kCheap);
    CHECK(a.salt != b.salt);
    CHECK(a.box != b.box);
}

TEST_CASE("sealed key: a changed character opens nothing", "[base][sealed]") {
    const Secret passphrase = secret_of("correct horse battery");
    const Secret key(random_bytes(kSealKeyFileBytes));
    const auto under_words = seal_under_passphrase(secret_of("private"), passphrase, kCheap).text();
    const auto under_key = seal_under_key_file(secret_of("private"), key).text();
    for (const std::string& text : {under_words, under_key}) {
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (const char with : {'A', '1', '9', ' ', '\n', '\0', '\xFF'}) {
                if (text[at] == with) continue;
                std::string changed = text;
                changed[at] = with;
                INFO("byte " << at << " becomes " << static_cast<int>(with));
                const auto sealed = SealedKey::parse(changed);
                if (!sealed) continue;
                REQUIRE_FALSE(open_sealed(*sealed, text == under_words ? passphrase : key));
            }
        }
        for (std::size_t size = 0; size < text.size(); ++size) {
            REQUIRE_FALSE(SealedKey::parse(text.substr(0, size)));
        }
        CHECK_FALSE(SealedKey::parse(text + "\n"));
        CHECK_FALSE(SealedKey::parse(text + text));
    }
}

TEST_CASE("sealed key: no file can ask for more work than the limit", "[base][sealed]") {
    const std::string salt = to_base64(Bytes(kSealSaltBytes, 1));
    const std::string box = to_base64(Bytes(72, 1));
    const auto parses = [&](const std::string& passes, const std::string& memory) {
        return SealedKey::parse("pdx-sealed-key v1 argon2id " + passes + " " + memory + " " + salt +
                                " " + box + "\n")
            .has_value();
    };
    CHECK(parses("1", "8"));
    CHECK(parses("16", "1048576"));
    for (const char* passes : {"0", "17", "-1", "01", "", "4294967297", "3x"}) {
        CHECK_FALSE(parses(passes, "65536"));
    }
    for (const char* memory : {"0", "7", "1048577", "065536", "18446744073709551616"}) {
        CHECK_FALSE(parses("3", memory));
    }
    CHECK_FALSE(SealedKey::parse("pdx-sealed-key v2 key-file " + box + "\n"));
    CHECK_FALSE(SealedKey::parse("pdx-sealed-key v1 scrypt " + box + "\n"));
    CHECK_FALSE(SealedKey::parse("pdx-sealed-key v1 key-file " + to_base64(Bytes(39)) + "\n"));
    CHECK_FALSE(SealedKey::parse("pdx-sealed-key v1 key-file " + to_base64(Bytes(4137)) + "\n"));
}

TEST_CASE("secret: it is gone where it was moved from", "[base][sealed]") {
    Secret first = secret_of("private");
    Secret second = std::move(first);
    CHECK(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
    CHECK(as_text(second.view()) == "private");
    second = Secret::of_size(3);
    CHECK(second.view().size() == 3);
    std::string text = "private";
    wipe(text);
    CHECK(text.empty());
}

}  // namespace
}  // namespace pdx
