#include "ledger/note.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // U+2014 EM DASH, SP
constexpr std::size_t kKeyIdSize = 4;

/// White space outside ASCII (Unicode property White_Space), as UTF-8.
constexpr std::array<std::string_view, 19> kUnicodeSpaces{
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20; }

std::uint32_t read_key_id(ByteView bytes) {
    return static_cast<std::uint32_t>(bytes[0]) << 24U |
           static_cast<std::uint32_t>(bytes[1]) << 16U |
           static_cast<std::uint32_t>(bytes[2]) << 8U | static_cast<std::uint32_t>(bytes[3]);
}

Bytes key_id_bytes(std::uint32_t key_id) {
    return {static_cast<std::uint8_t>(key_id >> 24U), static_cast<std::uint8_t>(key_id >> 16U),
            static_cast<std::uint8_t>(key_id >> 8U), static_cast<std::uint8_t>(key_id)};
}

/// One line without its LF.
std::optional<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
    line.remove_prefix(kSignaturePrefix.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::string_view name = line.substr(0, space);
    const auto blob = from_base64(line.substr(space + 1));
    if (!is_key_name(name) || !blob || blob->size() <= kKeyIdSize) return std::nullopt;
    return NoteSignature{std::string(name), read_key_id(*blob),
                         Bytes(blob->begin() + kKeyIdSize, blob->end())};
}

}  // namespace

bool is_key_name(std::string_view name) {
    return !name.empty() && is_utf8(name) && name.find('+') == std::string_view::npos &&
           std::none_of(name.begin(), name.end(),
                        [](char byte) { return is_control(byte) || byte == ' '; }) &&
           std::none_of(kUnicodeSpaces.begin(), kUnicodeSpaces.end(), [&](std::string_view space) {
               return name.find(space) != std::string_view::npos;
           });
}

std::uint32_t note_key_id(std::string_view name, const NoteKey& key) {
    Sha256 hasher;
    return read_key_id(hasher.update(name).update("\n").update(key.bytes()).finish().view());
}

std::string format_key_id(std::uint32_t key_id) { return to_hex(key_id_bytes(key_id)); }

std::optional<std::vector<NoteSignature>> parse_note_signatures(std::string_view lines) {
    if (lines.empty() || lines.size() > kNoteBytesMax || lines.back() != '\n') return std::nullopt;
    std::vector<NoteSignature> signatures;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        auto signature = parse_signature(lines.substr(0, end));
        if (!signature || signatures.size() == kNoteSignaturesMax) return std::nullopt;
        signatures.push_back(std::move(*signature));
        lines.remove_prefix(end + 1);
    }
    return signatures;
}

std::string format_note_signature(const NoteSignature& signature) {
    Bytes blob = key_id_bytes(signature.key_id);
    blob.insert(blob.end(), signature.signature.begin(), signature.signature.end());
    std::string line(kSignaturePrefix);
    return line += signature.name + ' ' + to_base64(blob) + '\n';
}

std::optional<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > kNoteBytesMax || !is_utf8(bytes)) return std::nullopt;
    if (std::any_of(bytes.begin(), bytes.end(),
                    [](char byte) { return is_control(byte) && byte != '\n'; })) {
        return std::nullopt;
    }
    // The text may hold empty lines itself: the last one is the boundary.
    const std::size_t boundary = bytes.rfind("\n\n");
    if (boundary == std::string_view::npos) return std::nullopt;
    auto signatures = parse_note_signatures(bytes.substr(boundary + 2));
    if (!signatures) return std::nullopt;
    return Note{std::string(bytes.substr(0, boundary + 1)), std::move(*signatures)};
}

std::string format_note(const Note& note) {
    PDX_CHECK(note.text.ends_with('\n'));
    std::string bytes = note.text + '\n';
    for (const NoteSignature& signature : note.signatures) {
        bytes += format_note_signature(signature);
    }
    return bytes;
}

NoteVerifier::NoteVerifier(std::string name, NoteKey key)
    : name_(std::move(name)),
      key_(std::move(key)),
      key_id_(note_key_id(name_, key_)) {
    PDX_CHECK(is_key_name(name_));
}

NoteVerifier::NoteVerifier(std::string name, const PublicKey& key)
    : NoteVerifier(std::move(name), NoteKey::ed25519(key)) {}

std::optional<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
    // Base64 may hold '+' too, so only the first two separate.
    const std::size_t first = vkey.find('+');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = vkey.find('+', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const std::string_view name = vkey.substr(0, first);
    const std::string_view id = vkey.substr(first + 1, second - first - 1);
    const auto blob = from_base64(vkey.substr(second + 1));
    if (!is_key_name(name) || !blob) return std::nullopt;
    auto key = NoteKey::from_bytes(*blob);
    if (!key || format_key_id(note_key_id(name, *key)) != id) return std::nullopt;
    return NoteVerifier(std::string(name), std::move(*key));
}

std::string NoteVerifier::vkey() const {
    return name_ + '+' + format_key_id(key_id_) + '+' + to_base64(key_.bytes());
}

bool NoteVerifier::knows(const NoteSignature& signature) const {
    return signature.name == name_ && signature.key_id == key_id_;
}

bool NoteVerifier::verify(std::string_view text, const NoteSignature& signature) const noexcept {
    return knows(signature) && key_.verify(text, signature.signature);
}

OpenedNote open_note(std::string_view bytes, std::span<const NoteVerifier> known) {
    auto note = parse_note(bytes);
    if (!note) return {};
    OpenedNote opened{NoteStatus::kUnknownKeys, std::move(*note), {}};
    for (std::size_t line = 0; line < opened.note.signatures.size(); ++line) {
        const NoteSignature& signature = opened.note.signatures[line];
        const auto verifier =
            std::find_if(known.begin(), known.end(),
                         [&](const NoteVerifier& candidate) { return candidate.knows(signature); });
        if (verifier == known.end()) continue;
        if (!verifier->verify(opened.note.text, signature)) {
            return {NoteStatus::kBadSignature, std::move(opened.note), {}};
        }
        opened.status = NoteStatus::kVerified;
        opened.verified.push_back({line, static_cast<std::size_t>(verifier - known.begin())});
    }
    return opened;
}

}  // namespace pdx::ledger
