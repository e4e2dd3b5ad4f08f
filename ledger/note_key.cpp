#include "ledger/note_key.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

using namespace std::string_view_literals;

bool verify_ed25519(ByteView public_key, std::string_view text, ByteView signature) {
    const auto key = PublicKey::from_bytes(public_key);
    return key && verify_signature(*key, as_bytes(text), signature);
}

bool verify_ed25519_cosignature(ByteView public_key, std::string_view text, ByteView signature) {
    const auto time = cosignature_time(signature);
    return time && verify_ed25519(public_key, cosignature_message(*time, text),
                                  signature.subspan(kCosignatureTimeSize));
}

bool verify_sm2_line(ByteView public_key, std::string_view text, ByteView signature) {
    const auto key = Sm2PublicKey::from_bytes(public_key);
    return key && verify_sm2(*key, as_bytes(sm2_message(text)), signature);
}

/// FF says that an identifier follows (C2SP signed-note); ours ends where the key begins.
constexpr std::string_view kSm2TypeBytes = "\xFFpdx.example/sm2-sm3-checkpoint/v1"sv;

struct Scheme {
    NoteKeyType type;
    std::string_view type_bytes;
    std::size_t key_size;
    bool timestamped;
    bool signs_logs;
    bool (*verify)(ByteView public_key, std::string_view text, ByteView signature);
};

constexpr std::array kSchemes{
    Scheme{NoteKeyType::kEd25519, "\x01"sv, PublicKey::kSize, false, true, verify_ed25519},
    Scheme{NoteKeyType::kEd25519Cosignature, "\x04"sv, PublicKey::kSize, true, false,
           verify_ed25519_cosignature},
    Scheme{NoteKeyType::kSm2Sm3, kSm2TypeBytes, Sm2PublicKey::kSize, false, true, verify_sm2_line}};

const Scheme& scheme_of(NoteKeyType type) {
    const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(),
                                           [&](const Scheme& row) { return row.type == type; });
    PDX_CHECK(found != kSchemes.end());
    return *found;
}

Bytes joined(NoteKeyType type, ByteView public_key) {
    const ByteView type_bytes = as_bytes(scheme_of(type).type_bytes);
    Bytes bytes(type_bytes.begin(), type_bytes.end());
    bytes.insert(bytes.end(), public_key.begin(), public_key.end());
    return bytes;
}

}  // namespace

NoteKey NoteKey::ed25519(const PublicKey& key) {
    return {NoteKeyType::kEd25519, joined(NoteKeyType::kEd25519, key.value)};
}

NoteKey NoteKey::ed25519_cosignature(const PublicKey& key) {
    return {NoteKeyType::kEd25519Cosignature, joined(NoteKeyType::kEd25519Cosignature, key.value)};
}

NoteKey NoteKey::sm2(const Sm2PublicKey& key) {
    return {NoteKeyType::kSm2Sm3, joined(NoteKeyType::kSm2Sm3, key.value)};
}

std::optional<NoteKey> NoteKey::from_bytes(ByteView blob) {
    const auto* const found =
        std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& row) {
            return as_text(blob).starts_with(row.type_bytes) &&
                   blob.size() == row.type_bytes.size() + row.key_size;
        });
    if (found == kSchemes.end()) return std::nullopt;
    return NoteKey(found->type, Bytes(blob.begin(), blob.end()));
}

ByteView NoteKey::public_key() const {
    return ByteView(bytes_).subspan(scheme_of(type_).type_bytes.size());
}

bool NoteKey::verify(std::string_view text, ByteView signature) const noexcept {
    return scheme_of(type_).verify(public_key(), text, signature);
}

bool NoteKey::timestamped() const { return scheme_of(type_).timestamped; }

bool NoteKey::signs_logs() const { return scheme_of(type_).signs_logs; }

std::string sm2_message(std::string_view text) {
    return std::string(kSm2TypeBytes.substr(1)).append("\n").append(text);
}

std::string cosignature_message(std::uint64_t time, std::string_view text) {
    std::string message = "cosignature/v1\ntime " + std::to_string(time) + '\n';
    return message.append(text);
}

std::optional<std::uint64_t> cosignature_time(ByteView signature) noexcept {
    if (signature.size() < kCosignatureTimeSize) return std::nullopt;
    std::uint64_t time = 0;
    for (const std::uint8_t byte : signature.first(kCosignatureTimeSize)) time = time << 8U | byte;
    if (time > INT64_MAX) return std::nullopt;
    return time;
}

}  // namespace pdx::ledger
