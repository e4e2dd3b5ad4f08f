#include "ledger/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

bool is_origin(std::string_view origin) {
    return !origin.empty() && origin.size() <= kOriginBytesMax &&
           origin.find('\n') == std::string_view::npos;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    std::int64_t size = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, size);
    if (result.ec != std::errc{} || result.ptr != end || size < 0 || std::to_string(size) != text) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(size);
}

}  // namespace

std::string format_checkpoint(const Checkpoint& checkpoint) {
    PDX_CHECK(is_origin(checkpoint.origin) && checkpoint.extensions.empty());
    PDX_CHECK(checkpoint.size <= INT64_MAX);
    return checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' +
           to_base64(checkpoint.root.view()) + '\n';
}

std::optional<Checkpoint> parse_checkpoint(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos || end == 0) return std::nullopt;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 3 || !is_origin(lines[0])) return std::nullopt;
    const auto size = parse_size(lines[1]);
    const auto root = from_base64(lines[2]);
    if (!size || !root) return std::nullopt;
    const auto digest = Digest::from_bytes(*root);
    if (!digest) return std::nullopt;
    return Checkpoint{std::string(lines[0]), *size, *digest,
                      std::vector<std::string>(lines.begin() + 3, lines.end())};
}

CheckpointStatus checkpoint_status(NoteStatus status) noexcept {
    switch (status) {
        case NoteStatus::kVerified: return CheckpointStatus::kVerified;
        case NoteStatus::kMalformed: return CheckpointStatus::kMalformedNote;
        case NoteStatus::kUnknownKeys: return CheckpointStatus::kUnknownKeys;
        case NoteStatus::kBadSignature: return CheckpointStatus::kBadSignature;
    }
    return CheckpointStatus::kMalformedNote;
}

OpenedCheckpoint open_checkpoint(std::string_view note, const NoteVerifier& log_key) {
    return open_checkpoint(note, std::span(&log_key, 1));
}

OpenedCheckpoint open_checkpoint(std::string_view note, std::span<const NoteVerifier> log_keys) {
    OpenedNote opened = open_note(note, log_keys);
    OpenedCheckpoint result{checkpoint_status(opened.status), {}, std::move(opened.note)};
    if (result.status != CheckpointStatus::kVerified) return result;
    auto checkpoint = parse_checkpoint(result.note.text);
    if (!checkpoint) {
        result.status = CheckpointStatus::kMalformedText;
    } else if (std::none_of(opened.verified.begin(), opened.verified.end(),
                            [&](const VerifiedLine& line) {
                                const NoteVerifier& key = log_keys[line.verifier];
                                return key.name() == checkpoint->origin && key.key().signs_logs();
                            })) {
        result.status = CheckpointStatus::kOtherOrigin;
    } else {
        result.checkpoint = std::move(*checkpoint);
    }
    return result;
}

std::string_view describe(CheckpointStatus status) {
    switch (status) {
        case CheckpointStatus::kVerified: return "the checkpoint is signed by the log's key";
        case CheckpointStatus::kMalformedNote: return "the checkpoint is not a signed note";
        case CheckpointStatus::kUnknownKeys:
            return "no signature of the checkpoint is by the given key";
        case CheckpointStatus::kBadSignature:
            return "the log's signature does not match the checkpoint";
        case CheckpointStatus::kMalformedText:
            return "the checkpoint's lines are not origin, size and root";
        case CheckpointStatus::kOtherOrigin:
            return "the checkpoint is of a log of another name than the key's";
    }
    return "";
}

std::string_view code_of(CheckpointStatus status) {
    switch (status) {
        case CheckpointStatus::kVerified: return "";
        case CheckpointStatus::kMalformedNote: return "checkpoint.malformed_note";
        case CheckpointStatus::kUnknownKeys: return "checkpoint.unknown_key";
        case CheckpointStatus::kBadSignature: return "checkpoint.bad_signature";
        case CheckpointStatus::kMalformedText: return "checkpoint.malformed_text";
        case CheckpointStatus::kOtherOrigin: return "checkpoint.other_origin";
    }
    return "";
}

}  // namespace pdx::ledger
