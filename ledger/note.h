#pragma once
/// Signed notes (c2sp.org/signed-note): a text, a blank line, signature lines. Ed25519 (type 0x01)
/// is what is verified; signatures of other types and names are carried along, as the format asks.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"

namespace pdx::ledger {

/// The signature type of Ed25519 in key ids and key blobs (C2SP signed-note).
constexpr std::uint8_t kEd25519Type = 0x01;

/// More than this many bytes or signature lines is malformed, as in Go's x/mod.
inline constexpr std::size_t kNoteBytesMax = 1'000'000;
inline constexpr std::size_t kNoteSignaturesMax = 100;

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Bytes signature;  ///< what follows the key id; 64 bytes for Ed25519

    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    std::string text;  ///< what is signed: ends in LF, without the blank line
    std::vector<NoteSignature> signatures;

    bool operator==(const Note&) const = default;
};

/// Checks the form only. A signature counts for nothing until a NoteVerifier has seen it.
std::optional<Note> parse_note(std::string_view bytes);
/// Requires: the text ends in LF.
std::string format_note(const Note& note);

/// Not empty, UTF-8, without '+', control characters or Unicode space.
bool is_key_name(std::string_view name);
/// First four bytes of SHA-256(name || LF || type || public key), big-endian.
std::uint32_t note_key_id(std::string_view name, const PublicKey& key);

/// A public key that a note may be signed with.
class NoteVerifier {
public:
    /// Requires: is_key_name(name) (checked).
    NoteVerifier(std::string name, const PublicKey& key);
    /// Shape: name+hex8(key id)+base64(0x01 || public key). nullopt too when the id does not match.
    static std::optional<NoteVerifier> parse(std::string_view vkey);

    const std::string& name() const { return name_; }
    std::uint32_t key_id() const { return key_id_; }
    const PublicKey& key() const { return key_; }
    std::string vkey() const;
    bool knows(const NoteSignature& signature) const;
    bool verify(std::string_view text, const NoteSignature& signature) const noexcept;

private:
    std::string name_;
    PublicKey key_;
    std::uint32_t key_id_;
};

enum class NoteStatus {
    kVerified,
    kMalformed,
    kUnknownKeys,   ///< no signature is by a known key
    kBadSignature,  ///< a known key's signature does not verify: the note is refused whole
};

struct OpenedNote {
    NoteStatus status = NoteStatus::kMalformed;
    Note note;  ///< all signatures, verified or not; empty when malformed
};

/// Source: c2sp.org/signed-note, "Verifying". Does not throw.
OpenedNote open_note(std::string_view bytes, std::span<const NoteVerifier> known);

}  // namespace pdx::ledger
