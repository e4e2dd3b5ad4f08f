#pragma once
/// The log's side of c2sp.org/tlog-witness, pure: what an answer means and what to do next. Who
/// sends, waits and stores is marketplace/app/witness_publisher.h.
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/policy.h"

namespace pdx::ledger {

/// What came back over HTTP.
struct WitnessHttpAnswer {
    int status = 0;  ///< 0: nothing, or nothing whole, in time
    std::string content_type;
    std::string body;
    std::optional<std::chrono::seconds> retry_after;
};

/// How witnesses are reached. Thread: any. Does not throw; bounded in time and in bytes, both ways.
class WitnessTransport {
public:
    virtual ~WitnessTransport() = default;
    virtual WitnessHttpAnswer post(const std::string& url, const std::string& body) = 0;
    virtual WitnessHttpAnswer get(const std::string& url) = 0;
    /// Gives up what has been running for too long in all, however steadily it drips.
    virtual void expire() {}
    /// Gives up everything, now and later.
    virtual void cancel() {}
};

enum class WitnessReplyKind {
    kCosigned,  ///< `line` is verified
    kStale,     ///< it stands at `size`, which we have
    kAhead,     ///< it says that it stands at `size`, which we do not have: we went back
    kForked,    ///< 422, or a bare 409: to it our tree is no extension of what it cosigned
    kRefused,   ///< it does not know our log or key, or took nothing of what we say
    kBusy,      ///< 429, 5xx, or no answer
    kGarbage,   ///< an answer that no honest witness gives
};

struct WitnessReply {
    WitnessReplyKind kind = WitnessReplyKind::kBusy;
    std::optional<NoteSignature> line;
    std::uint64_t size = 0;
    std::optional<std::chrono::seconds> retry_after;
};

/// `text`: of the checkpoint that was submitted. `our_size`: entries that the log has, read after
/// the answer came. Lines by other keys are ignored. Does not throw.
WitnessReply read_witness_answer(const WitnessHttpAnswer& answer, const NoteVerifier& witness,
                                 std::string_view text, std::uint64_t our_size);

enum class WitnessStep {
    kDone,   ///< nothing more for this checkpoint
    kAgain,  ///< submit again at once, from `old_size`
    kLater,  ///< wait, then submit the newest
    kStop,   ///< sign nothing more
};

/// What is remembered of one witness between requests.
struct WitnessProgress {
    std::uint64_t old_size = 0;  ///< what it is thought to have cosigned last
    unsigned again = 0;          ///< submissions of this checkpoint beyond the first
    unsigned failures = 0;       ///< in a row
    WitnessReplyKind last = WitnessReplyKind::kCosigned;
};

struct WitnessNext {
    WitnessStep step = WitnessStep::kDone;
    /// A person should look. Only when the kind of trouble is new, not for every repetition.
    bool alarm = false;
};

/// Unit: submissions of one checkpoint to one witness.
inline constexpr unsigned kWitnessAgainMax = 3;

WitnessNext take_witness_reply(WitnessProgress& progress, const WitnessReply& reply,
                               std::uint64_t submitted_size);

struct WitnessBackOff {
    std::chrono::milliseconds first{1'000};
    std::chrono::milliseconds most{300'000};
};

/// Doubles with each failure; between half and all of it, by `chance` in [0, 1), so that many logs
/// do not return at once. Never shorter than the witness asked for, up to `most`.
std::chrono::milliseconds witness_delay(const WitnessBackOff& back_off, unsigned failures,
                                        double chance,
                                        std::optional<std::chrono::seconds> retry_after);

/// What a witness was found to remember of a log.
struct WitnessView {
    enum class How {
        kSigned,       ///< a checkpoint by the log's own key: `size`, `root`, `note`
        kClaimed,      ///< a size alone, out of a 409: nothing proves it
        kNever,        ///< it has seen nothing of the log
        kUnreachable,  ///< no answer, or a busy one
        kInvalid,      ///< an answer that is not signed by the log, or no answer of a witness
    };
    std::string witness;  ///< its name in the policy
    How how = How::kUnreachable;
    std::uint64_t size = 0;
    std::optional<Digest> root;
    std::string note;
    bool cosigned = false;  ///< the note has the witness's own valid line, too
};

/// Asks one witness: its monitoring GET, and when that is a 404 the 409 of a submission from size 0
/// of `newest`, our newest signed checkpoint (empty: that is left out). A witness that never saw
/// the log cosigns it. Requires: witness.url is not empty.
WitnessView view_witness(const PolicyWitness& witness, std::span<const NoteVerifier> log_keys,
                         const std::string& newest, WitnessTransport& transport);

}  // namespace pdx::ledger
