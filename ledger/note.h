#pragma once
/// Signed notes (c2sp.org/signed-note): a text, a blank line, signature lines. Lines by keys of the
/// kinds in note_key.h can be verified; all others are carried along, as the format asks.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "ledger/note_key.h"

namespace pdx::ledger {

/// More than this many bytes or signature lines is malformed, as in Go's x/mod.
inline constexpr std::size_t kNoteBytesMax = 1'000'000;
inline constexpr std::size_t kNoteSignaturesMax = 100;

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Bytes signature;  ///< what follows the key id; 64 bytes for Ed25519, 72 for a cosignature

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
/// Signature lines alone, each with its LF, as a witness answers them; nullopt when one is bad,
/// when there is none, or more than kNoteSignaturesMax.
std::optional<std::vector<NoteSignature>> parse_note_signatures(std::string_view lines);
std::string format_note_signature(const NoteSignature& signature);

/// Not empty, UTF-8, without '+', control characters or Unicode space.
bool is_key_name(std::string_view name);
/// First four bytes of SHA-256(name || LF || type || public key), big-endian.
std::uint32_t note_key_id(std::string_view name, const NoteKey& key);
/// Shape: 8 lower-case hex digits.
std::string format_key_id(std::uint32_t key_id);

/// A public key that a note may be signed with.
class NoteVerifier {
public:
    /// Requires: is_key_name(name) (checked).
    NoteVerifier(std::string name, NoteKey key);
    /// An Ed25519 key of type 0x01.
    NoteVerifier(std::string name, const PublicKey& key);
    /// Shape: name+hex8(key id)+base64(type || public key). nullopt too when the id does not match
    /// or the type is not known.
    static std::optional<NoteVerifier> parse(std::string_view vkey);

    const std::string& name() const { return name_; }
    std::uint32_t key_id() const { return key_id_; }
    const NoteKey& key() const { return key_; }
    std::string vkey() const;
    bool knows(const NoteSignature& signature) const;
    bool verify(std::string_view text, const NoteSignature& signature) const noexcept;

private:
    std::string name_;
    NoteKey key_;
    std::uint32_t key_id_;
};

enum class NoteStatus {
    kVerified,
    kMalformed,
    kUnknownKeys,   ///< no signature is by a known key
    kBadSignature,  ///< a known key's signature does not verify: the note is refused whole
};

/// Which line is by which known key; both count from 0.
struct VerifiedLine {
    std::size_t signature = 0;
    std::size_t verifier = 0;

    bool operator==(const VerifiedLine&) const = default;
};

struct OpenedNote {
    NoteStatus status = NoteStatus::kMalformed;
    Note note;                           ///< all signatures; empty when malformed
    std::vector<VerifiedLine> verified;  ///< in the order of the lines, when kVerified
};

/// Source: c2sp.org/signed-note, "Verifying". Does not throw.
OpenedNote open_note(std::string_view bytes, std::span<const NoteVerifier> known);

}  // namespace pdx::ledger
