#include "ledger/witness.h"

#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kOld = "old ";

/// One text per value, below 2^63, as in a checkpoint.
std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end || value < 0 ||
        std::to_string(value) != text) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(value);
}

}  // namespace

std::string format_witness_request(const WitnessRequest& request) {
    PDX_CHECK(request.proof.size() <= kProofHashesMax);
    std::string body(kOld);
    body += std::to_string(request.old_size) + '\n';
    for (const Digest& hash : request.proof) body += to_base64(hash.view()) + '\n';
    return body += '\n' + request.checkpoint;
}

std::optional<WitnessRequest> parse_witness_request(std::string_view body) {
    if (body.size() > kWitnessRequestBytesMax || !body.starts_with(kOld)) return std::nullopt;
    WitnessRequest request;
    bool first = true;
    for (;;) {
        const std::size_t end = body.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view line = body.substr(0, end);
        body.remove_prefix(end + 1);
        if (first) {
            const auto size = parse_decimal(line.substr(kOld.size()));
            if (!size) return std::nullopt;
            request.old_size = *size;
            first = false;
            continue;
        }
        if (line.empty()) break;
        const auto bytes = from_base64(line);
        const auto hash = bytes ? Digest::from_bytes(*bytes) : std::nullopt;
        if (!hash || request.proof.size() == kProofHashesMax) return std::nullopt;
        request.proof.push_back(*hash);
    }
    request.checkpoint = body;
    return request;
}

std::string format_tlog_size(std::uint64_t size) { return std::to_string(size) + '\n'; }

std::optional<std::uint64_t> parse_tlog_size(std::string_view body) {
    if (!body.ends_with('\n')) return std::nullopt;
    body.remove_suffix(1);
    return parse_decimal(body);
}

std::string witness_log_id(std::string_view origin) { return sha256(origin).hex(); }

WitnessCandidate open_witness_request(std::string_view body, const WitnessedLogs& logs) {
    WitnessCandidate candidate;
    auto request = parse_witness_request(body);
    if (!request) return candidate;
    candidate.request = std::move(*request);
    auto note = parse_note(candidate.request.checkpoint);
    auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
    if (!checkpoint || candidate.request.old_size > checkpoint->size) return candidate;
    candidate.checkpoint = std::move(*checkpoint);

    const auto keys = logs.find(candidate.checkpoint.origin);
    if (keys == logs.end()) {
        candidate.status = WitnessStatus::kUnknownLog;
        return candidate;
    }
    OpenedNote opened = open_note(candidate.request.checkpoint, keys->second);
    if (opened.status != NoteStatus::kVerified) {
        candidate.status = WitnessStatus::kNotSigned;
        return candidate;
    }
    // Lines that nobody verified are not handed on under our name.
    Note kept{std::move(opened.note.text), {}};
    for (const VerifiedLine& line : opened.verified) {
        kept.signatures.push_back(std::move(opened.note.signatures[line.signature]));
    }
    candidate.note = format_note(kept);
    candidate.status = WitnessStatus::kCosigned;
    return candidate;
}

WitnessStatus judge_witness_request(const WitnessCandidate& candidate, const WitnessState& state) {
    PDX_CHECK(candidate.status == WitnessStatus::kCosigned);
    if (candidate.request.old_size != state.size) return WitnessStatus::kStale;
    // Covers the rest of the table: the root of an empty tree, a proof where none belongs, another
    // root at the same size, and a proof that does not hold.
    return verify_consistency(state.size, state.root, candidate.checkpoint.size,
                              candidate.checkpoint.root, candidate.request.proof)
               ? WitnessStatus::kCosigned
               : WitnessStatus::kInconsistent;
}

}  // namespace pdx::ledger
