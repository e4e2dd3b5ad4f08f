#pragma once
/// The kinds of public key that a note line can be by. Each kind is one row of a table in
/// note_key.cpp: its type bytes, the length of its keys and how a signature is checked. Everything
/// else (key ids, verifier keys, notes, policies) is generic over that row.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/sm2.h"

namespace pdx::ledger {

/// The signature type of Ed25519 in key ids and key blobs (C2SP signed-note).
constexpr std::uint8_t kEd25519Type = 0x01;
/// The type of a timestamped Ed25519 cosignature (C2SP tlog-cosignature).
constexpr std::uint8_t kEd25519CosignatureType = 0x04;

enum class NoteKeyType {
    kEd25519,             ///< 0x01: 64 bytes over the text
    kEd25519Cosignature,  ///< 0x04: time (8 bytes) and 64 bytes over label, time and text
    kSm2Sm3,              ///< 0xff and our identifier: 64 bytes over label and text
};

/// A public key with its kind. Values only: no name belongs to it yet.
class NoteKey {
public:
    static NoteKey ed25519(const PublicKey& key);
    static NoteKey ed25519_cosignature(const PublicKey& key);
    static NoteKey sm2(const Sm2PublicKey& key);
    /// Shape: type bytes || public key, as in a vkey. nullopt too for a kind that is not known.
    static std::optional<NoteKey> from_bytes(ByteView blob);

    NoteKeyType type() const { return type_; }
    /// Shape: type bytes || public key.
    const Bytes& bytes() const { return bytes_; }
    /// The public key alone: the same under every kind that it is used for.
    ByteView public_key() const;
    /// `signature` is what follows the key id in the line.
    bool verify(std::string_view text, ByteView signature) const noexcept;
    /// Such lines begin with a time, as witnesses' do.
    bool timestamped() const;
    /// A log may sign its own checkpoints with it. Source: c2sp.org/tlog-checkpoint.
    bool signs_logs() const;

    bool operator==(const NoteKey&) const = default;

private:
    NoteKey(NoteKeyType type, Bytes bytes) : type_(type), bytes_(std::move(bytes)) {}

    NoteKeyType type_;
    Bytes bytes_;
};

/// What an SM2 line signs: our identifier and LF, so that it is good for nothing else, and the
/// text.
std::string sm2_message(std::string_view text);

/// What a timestamped Ed25519 cosignature signs. Unit: POSIX seconds.
/// Source: c2sp.org/tlog-cosignature, "Ed25519 signed message".
std::string cosignature_message(std::uint64_t time, std::string_view text);

/// Unit: bytes. Every timestamped line begins with that many, big-endian.
inline constexpr std::size_t kCosignatureTimeSize = 8;
/// The time of a line by a timestamped key; nullopt when it is too short or the time is not below
/// 2^63. It means nothing until the signature is verified. Unit: POSIX seconds.
std::optional<std::uint64_t> cosignature_time(ByteView signature) noexcept;

}  // namespace pdx::ledger
