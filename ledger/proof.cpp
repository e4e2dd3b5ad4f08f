#include "ledger/proof.h"

#include <charconv>
#include <utility>

#include "ledger/canonical_json.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kMagic = "c2sp.org/tlog-proof@v1";

/// Consumes one line with its LF; nullopt when there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> parse_index(std::string_view line) {
    constexpr std::string_view kPrefix = "index ";
    if (!line.starts_with(kPrefix)) return std::nullopt;
    line.remove_prefix(kPrefix.size());
    std::int64_t index = 0;
    const char* const end = line.data() + line.size();
    const auto result = std::from_chars(line.data(), end, index);
    if (result.ec != std::errc{} || result.ptr != end || index < 0 ||
        std::to_string(index) != line) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(index);
}

}  // namespace

std::string format_proof(const LogProof& proof) {
    std::string text(kMagic);
    text += '\n';
    if (proof.extra) text += "extra " + to_base64(*proof.extra) + '\n';
    text += "index " + std::to_string(proof.index) + '\n';
    for (const Digest& hash : proof.hashes) text += to_base64(hash.view()) + '\n';
    text += '\n';
    text += proof.checkpoint;
    return text;
}

std::optional<LogProof> parse_proof(std::string_view text, ProofFault* fault) {
    constexpr std::string_view kExtra = "extra ";
    LogProof proof;
    std::size_t number = 0;
    const auto next = [&] {
        ++number;
        return take_line(text);
    };
    const auto refuse = [&](std::string_view what) {
        if (fault != nullptr) *fault = {number, what};
        return std::nullopt;
    };
    if (next() != kMagic) return refuse("not c2sp.org/tlog-proof@v1");
    auto line = next();
    if (line && line->starts_with(kExtra)) {
        proof.extra = from_base64(line->substr(kExtra.size()));
        if (!proof.extra) return refuse("the extra line is not base64");
        line = next();
    }
    const auto index = line ? parse_index(*line) : std::nullopt;
    if (!index) return refuse("an index line with a decimal below 2^63 was expected");
    proof.index = *index;
    while (true) {
        line = next();
        if (!line) return refuse("the file ends before the checkpoint");
        if (line->empty()) break;
        const auto bytes = from_base64(*line);
        const auto hash = bytes ? Digest::from_bytes(*bytes) : std::nullopt;
        if (!hash) return refuse("neither a hash of 32 bytes in base64 nor the empty line");
        if (proof.hashes.size() == kProofHashesMax) return refuse("more than 63 hashes");
        proof.hashes.push_back(*hash);
    }
    proof.checkpoint = std::string(text);
    return proof;
}

std::string format_receipt(ByteView entry, std::uint64_t index, const Proof& hashes,
                           std::string_view checkpoint) {
    return format_proof({.extra = Bytes(entry.begin(), entry.end()),
                         .index = index,
                         .hashes = hashes,
                         .checkpoint = std::string(checkpoint)});
}

std::string_view ReceiptResult::code() const {
    switch (status) {
        case ReceiptStatus::kVerified: return "";
        case ReceiptStatus::kMalformed: return "receipt.malformed";
        case ReceiptStatus::kNoEntry: return "receipt.no_entry";
        case ReceiptStatus::kBadCheckpoint: return code_of(checkpoint_status);
        case ReceiptStatus::kIndexOutOfRange: return "receipt.index_out_of_range";
        case ReceiptStatus::kNotInTree: return "receipt.not_in_tree";
        case ReceiptStatus::kEntryNotCanonical: return "receipt.entry_not_canonical";
    }
    return "";
}

ReceiptResult verify_receipt(std::string_view text, const NoteVerifier& log_key) {
    return verify_receipt(text, std::span(&log_key, 1));
}

ReceiptResult verify_receipt(std::string_view text, std::span<const NoteVerifier> log_keys) {
    ReceiptResult result;
    const auto refuse = [&result](ReceiptStatus status, std::string reason) {
        result.status = status;
        result.reason = std::move(reason);
        return result;
    };
    ProofFault fault;
    auto proof = parse_proof(text, &fault);
    if (!proof) {
        return refuse(ReceiptStatus::kMalformed, "the receipt is not a tlog-proof file: line " +
                                                     std::to_string(fault.line) + ": " +
                                                     std::string(fault.what));
    }
    result.index = proof->index;
    if (!proof->extra) {
        return refuse(ReceiptStatus::kNoEntry, "the receipt has no extra line with the entry");
    }
    result.entry = std::move(*proof->extra);
    OpenedCheckpoint opened = open_checkpoint(proof->checkpoint, log_keys);
    if (opened.status != CheckpointStatus::kVerified) {
        result.checkpoint_status = opened.status;
        return refuse(ReceiptStatus::kBadCheckpoint, std::string(describe(opened.status)));
    }
    result.checkpoint = std::move(opened.checkpoint);
    const Checkpoint& checkpoint = result.checkpoint;
    if (result.index >= checkpoint.size) {
        return refuse(ReceiptStatus::kIndexOutOfRange, "index " + std::to_string(result.index) +
                                                           " is outside a tree of size " +
                                                           std::to_string(checkpoint.size));
    }
    if (!verify_inclusion(leaf_hash(result.entry), result.index, checkpoint.size, proof->hashes,
                          checkpoint.root)) {
        return refuse(ReceiptStatus::kNotInTree,
                      "the entry, its index " + std::to_string(result.index) +
                          " and the path do not lead to the signed root");
    }
    if (const auto wrong = canonical_fault(as_text(result.entry))) {
        return refuse(
            ReceiptStatus::kEntryNotCanonical,
            "byte " + std::to_string(wrong->offset) + " of the entry: " + std::string(wrong->what));
    }
    return refuse(ReceiptStatus::kVerified, "the entry is in the log at the signed size");
}

}  // namespace pdx::ledger
