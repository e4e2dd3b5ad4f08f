#include "base/sealed_key.h"

#include <sodium.h>

#include <array>
#include <charconv>
#include <new>
#include <vector>

#include "base/check.h"
#include "base/crypto.h"

namespace pdx {
namespace {

constexpr std::string_view kName = "pdx-sealed-key ";
constexpr std::string_view kVersion = "v1";
constexpr std::string_view kPassphrase = "argon2id";
constexpr std::string_view kKeyFile = "key-file";
constexpr std::string_view kLabel = "pdx/sealed-key/v1";
constexpr std::size_t kOverheadBytes = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
constexpr std::uint32_t kMemoryKibMin = 8;
static_assert(kSealSaltBytes == crypto_pwhash_argon2id_SALTBYTES);

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> words;
    for (;;) {
        const std::size_t space = text.find(' ');
        words.push_back(text.substr(0, space));
        if (space == std::string_view::npos) return words;
        text.remove_prefix(space + 1);
    }
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t least,
                                          std::uint32_t most) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most ||
        std::to_string(value) != text) {
        return std::nullopt;
    }
    return value;
}

/// The key of the box: never the passphrase's hash or the key file itself.
Secret box_key(ByteView root) { return derive_key(root, kLabel); }

Secret stretch(const Secret& passphrase, ByteView salt, const SealCost& cost) {
    PDX_CHECK(salt.size() == kSealSaltBytes);
    Secret root = Secret::of_size(Digest::kSize);
    std::string_view text = as_text(passphrase.view());
    if (text.empty()) text = "";  // libsodium takes no null pointer
    if (crypto_pwhash_argon2id(root.writable().data(), root.size(), text.data(), text.size(),
                               salt.data(), cost.passes, std::size_t{cost.memory_kib} * 1024U,
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        throw std::bad_alloc();
    }
    return box_key(root.view());
}

Bytes close_key_box(const Secret& secret, const Secret& key) {
    PDX_CHECK(secret.size() <= kSealedSecretBytesMax && key.size() == crypto_secretbox_KEYBYTES);
    Bytes box = random_bytes(crypto_secretbox_NONCEBYTES);
    box.resize(kOverheadBytes + secret.size());
    PDX_CHECK(crypto_secretbox_easy(box.data() + crypto_secretbox_NONCEBYTES, secret.view().data(),
                                    secret.size(), box.data(), key.view().data()) == 0);
    return box;
}

}  // namespace

std::string SealedKey::text() const {
    std::string line(kName);
    line += std::string(kVersion) + ' ';
    if (under == SealedUnder::kPassphrase) {
        line += std::string(kPassphrase) + ' ' + std::to_string(cost.passes) + ' ' +
                std::to_string(cost.memory_kib) + ' ' + to_base64(salt) + ' ';
    } else {
        line += std::string(kKeyFile) + ' ';
    }
    return line + to_base64(box) + '\n';
}

std::optional<SealedKey> SealedKey::parse(std::string_view text) {
    if (!claims_to_be_sealed(text) || !text.ends_with('\n')) return std::nullopt;
    const auto words = split(text.substr(kName.size(), text.size() - kName.size() - 1));
    if (words.size() < 3 || words[0] != kVersion) return std::nullopt;
    SealedKey sealed;
    const auto box = from_base64(words.back());
    if (!box || box->size() < kOverheadBytes ||
        box->size() > kOverheadBytes + kSealedSecretBytesMax) {
        return std::nullopt;
    }
    sealed.box = *box;
    if (words[1] == kKeyFile && words.size() == 3) {
        sealed.under = SealedUnder::kKeyFile;
        return sealed;
    }
    if (words[1] != kPassphrase || words.size() != 6) return std::nullopt;
    const auto passes = parse_number(words[2], 1, kSealPassesMax);
    const auto memory = parse_number(words[3], kMemoryKibMin, kSealMemoryKibMax);
    const auto salt = from_base64(words[4]);
    if (!passes || !memory || !salt || salt->size() != kSealSaltBytes) return std::nullopt;
    sealed.cost = {*passes, *memory};
    sealed.salt = *salt;
    return sealed;
}

bool claims_to_be_sealed(std::string_view text) { return text.starts_with(kName); }

SealedKey seal_under_passphrase(const Secret& secret, const Secret& passphrase,
                                const SealCost& cost) {
    SealedKey sealed;
    sealed.cost = cost;
    sealed.salt = random_bytes(kSealSaltBytes);
    sealed.box = close_key_box(secret, stretch(passphrase, sealed.salt, cost));
    return sealed;
}

SealedKey seal_under_key_file(const Secret& secret, const Secret& key) {
    PDX_CHECK(key.size() == kSealKeyFileBytes);
    SealedKey sealed;
    sealed.under = SealedUnder::kKeyFile;
    sealed.box = close_key_box(secret, box_key(key.view()));
    return sealed;
}

std::optional<Secret> open_sealed(const SealedKey& sealed, const Secret& with) {
    if (sealed.box.size() < kOverheadBytes) return std::nullopt;
    const Secret key = sealed.under == SealedUnder::kPassphrase
                           ? stretch(with, sealed.salt, sealed.cost)
                           : box_key(with.view());
    Secret secret = Secret::of_size(sealed.box.size() - kOverheadBytes);
    if (crypto_secretbox_open_easy(secret.writable().data(),
                                   sealed.box.data() + crypto_secretbox_NONCEBYTES,
                                   sealed.box.size() - crypto_secretbox_NONCEBYTES,
                                   sealed.box.data(), key.view().data()) != 0) {
        return std::nullopt;
    }
    return secret;
}

}  // namespace pdx
