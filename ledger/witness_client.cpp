#include "ledger/witness_client.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "ledger/witness.h"

namespace pdx::ledger {
namespace {

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kUnprocessable = 422;
constexpr int kTooMany = 429;
constexpr int kServerFault = 500;

/// "text/x.tlog.size; charset=utf-8" counts, too.
bool is_tlog_size(std::string_view content_type) {
    content_type = content_type.substr(0, content_type.find(';'));
    while (content_type.ends_with(' ')) content_type.remove_suffix(1);
    return content_type == kTlogSizeType;
}

std::optional<NoteSignature> verified_line(std::string_view body, const NoteVerifier& witness,
                                           std::string_view text) {
    const auto lines = parse_note_signatures(body);
    if (!lines) return std::nullopt;
    std::optional<NoteSignature> found;
    for (const NoteSignature& line : *lines) {
        if (!witness.knows(line)) continue;
        // A known key's line that fails spoils the answer, as it would spoil the note.
        if (!witness.verify(text, line)) return std::nullopt;
        if (!found) found = line;
    }
    return found;
}

bool is_trouble(WitnessReplyKind kind) {
    return kind == WitnessReplyKind::kAhead || kind == WitnessReplyKind::kForked ||
           kind == WitnessReplyKind::kRefused || kind == WitnessReplyKind::kGarbage;
}

std::string joined(const std::string& prefix, const std::string& rest) {
    return prefix.ends_with('/') ? prefix + rest : prefix + '/' + rest;
}

WitnessView read_view(WitnessView view, const PolicyWitness& witness,
                      std::span<const NoteVerifier> log_keys, std::string note) {
    std::vector<NoteVerifier> keys(log_keys.begin(), log_keys.end());
    const OpenedNote opened = open_note(note, keys);
    const auto checkpoint = parse_checkpoint(opened.note.text);
    view.how = WitnessView::How::kInvalid;
    if (opened.status != NoteStatus::kVerified || !checkpoint ||
        checkpoint->origin != log_keys.front().name()) {
        return view;
    }
    view.how = WitnessView::How::kSigned;
    view.size = checkpoint->size;
    view.root = checkpoint->root;
    view.cosigned = std::any_of(
        opened.note.signatures.begin(), opened.note.signatures.end(),
        [&](const NoteSignature& line) { return witness.key.verify(opened.note.text, line); });
    view.note = std::move(note);
    return view;
}

/// The 409 body of a witness without a monitoring GET.
WitnessView ask_size(WitnessView view, const PolicyWitness& witness, const std::string& newest,
                     WitnessTransport& transport) {
    const WitnessHttpAnswer answer = transport.post(joined(witness.url, "add-checkpoint"),
                                                    format_witness_request({0, {}, newest}));
    if (answer.status == kOk) {
        view.how = WitnessView::How::kNever;
    } else if (answer.status == kConflict && is_tlog_size(answer.content_type)) {
        const auto size = parse_tlog_size(answer.body);
        view.how = size ? WitnessView::How::kClaimed : WitnessView::How::kInvalid;
        view.size = size.value_or(0);
    } else if (answer.status != 0 && answer.status != kTooMany && answer.status < kServerFault) {
        view.how = WitnessView::How::kInvalid;
    }
    return view;
}

}  // namespace

WitnessReply read_witness_answer(const WitnessHttpAnswer& answer, const NoteVerifier& witness,
                                 std::string_view text, std::uint64_t our_size) {
    WitnessReply reply;
    reply.retry_after = answer.retry_after;
    if (answer.status == 0 || answer.status == kTooMany || answer.status >= kServerFault) {
        reply.kind = WitnessReplyKind::kBusy;
    } else if (answer.status == kOk) {
        reply.line = verified_line(answer.body, witness, text);
        reply.kind = reply.line ? WitnessReplyKind::kCosigned : WitnessReplyKind::kGarbage;
    } else if (answer.status == kConflict && is_tlog_size(answer.content_type)) {
        const auto size = parse_tlog_size(answer.body);
        reply.size = size.value_or(0);
        reply.kind = !size                   ? WitnessReplyKind::kGarbage
                     : reply.size > our_size ? WitnessReplyKind::kAhead
                                             : WitnessReplyKind::kStale;
    } else if (answer.status == kConflict || answer.status == kUnprocessable) {
        reply.kind = WitnessReplyKind::kForked;
    } else if (answer.status >= 400) {
        reply.kind = WitnessReplyKind::kRefused;
    } else {
        reply.kind = WitnessReplyKind::kGarbage;
    }
    return reply;
}

WitnessNext take_witness_reply(WitnessProgress& progress, const WitnessReply& reply,
                               std::uint64_t submitted_size) {
    const bool alarm = is_trouble(reply.kind) && reply.kind != progress.last;
    progress.last = reply.kind;
    switch (reply.kind) {
        case WitnessReplyKind::kCosigned:
            progress = {submitted_size, 0, 0, reply.kind};
            return {WitnessStep::kDone, false};
        case WitnessReplyKind::kStale:
            progress.old_size = reply.size;
            // Somebody (another node of ours) has shown it more already: the next one will do.
            if (reply.size > submitted_size) {
                progress.again = 0;
                progress.failures = 0;
                return {WitnessStep::kDone, false};
            }
            if (progress.again < kWitnessAgainMax) {
                ++progress.again;
                return {WitnessStep::kAgain, false};
            }
            break;
        case WitnessReplyKind::kAhead: return {WitnessStep::kStop, alarm};
        case WitnessReplyKind::kForked:
        case WitnessReplyKind::kRefused:
        case WitnessReplyKind::kBusy:
        case WitnessReplyKind::kGarbage: break;
    }
    progress.again = 0;
    ++progress.failures;
    return {WitnessStep::kLater, alarm};
}

std::chrono::milliseconds witness_delay(const WitnessBackOff& back_off, unsigned failures,
                                        double chance,
                                        std::optional<std::chrono::seconds> retry_after) {
    PDX_CHECK(chance >= 0.0 && chance < 1.0);
    auto delay = back_off.first;
    for (unsigned i = 1; i < failures && delay < back_off.most; ++i) delay *= 2;
    delay = std::min(delay, back_off.most);
    const std::int64_t half = delay.count() / 2;
    delay = std::chrono::milliseconds(
        half + static_cast<std::int64_t>(static_cast<double>(half) * chance));
    if (retry_after) {
        const auto asked = std::clamp<std::chrono::milliseconds>(
            std::min(*retry_after, std::chrono::seconds(86'400)), std::chrono::milliseconds(0),
            back_off.most);
        delay = std::max(delay, asked);
    }
    return delay;
}

WitnessView view_witness(const PolicyWitness& witness, std::span<const NoteVerifier> log_keys,
                         const std::string& newest, WitnessTransport& transport) {
    PDX_CHECK(!witness.url.empty() && !log_keys.empty());
    WitnessView view;
    view.witness = witness.name;
    const std::string log_id = witness_log_id(log_keys.front().name());
    WitnessHttpAnswer answer = transport.get(joined(witness.url, log_id + "/checkpoint"));
    if (answer.status == kOk) {
        return read_view(std::move(view), witness, log_keys, std::move(answer.body));
    }
    if (answer.status != kNotFound) {
        const bool busy =
            answer.status == 0 || answer.status == kTooMany || answer.status >= kServerFault;
        view.how = busy ? WitnessView::How::kUnreachable : WitnessView::How::kInvalid;
        return view;
    }
    view.how = newest.empty() ? WitnessView::How::kNever : WitnessView::How::kUnreachable;
    return newest.empty() ? view : ask_size(std::move(view), witness, newest, transport);
}

}  // namespace pdx::ledger
