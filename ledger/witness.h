#pragma once
/// The rules of a witness (c2sp.org/tlog-witness), pure: a request and what is remembered of a log
/// give a status and what is remembered next. Storage and HTTP are elsewhere; whoever uses this
/// compares and stores in one durable step before the answer leaves.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/note.h"

namespace pdx::ledger {

/// Unit: bytes of an add-checkpoint body. Other witnesses read 16 KiB; we ask no more of ourselves
/// as a client, and take more as a witness.
inline constexpr std::size_t kWitnessRequestBytesMax = std::size_t{64} * 1024;
inline constexpr std::size_t kWitnessSubmitBytesMax = std::size_t{16} * 1024;

/// The media type of the size in a 409. Source: c2sp.org/tlog-witness.
inline constexpr std::string_view kTlogSizeType = "text/x.tlog.size";

struct WitnessRequest {
    std::uint64_t old_size = 0;
    Proof proof;
    std::string checkpoint;  ///< the signed note, verbatim

    bool operator==(const WitnessRequest&) const = default;
};

/// Shape: "old N" LF, base64 hashes, an empty line, the note.
std::string format_witness_request(const WitnessRequest& request);
/// Takes exactly that; the note is not looked into.
std::optional<WitnessRequest> parse_witness_request(std::string_view body);

/// Shape of the body of a 409: the size in decimal and LF.
std::string format_tlog_size(std::uint64_t size);
std::optional<std::uint64_t> parse_tlog_size(std::string_view body);

/// Where a witness serves its latest checkpoint of a log, below its prefix: hex(SHA-256(origin)).
std::string witness_log_id(std::string_view origin);

/// The logs that a witness watches: origin -> keys that may sign for it.
using WitnessedLogs = std::map<std::string, std::vector<NoteVerifier>, std::less<>>;

/// The latest tree that was cosigned; as it stands for a log that was never seen.
struct WitnessState {
    std::uint64_t size = 0;
    Digest root = empty_root();

    bool operator==(const WitnessState&) const = default;
};

/// The values are the HTTP statuses of the protocol.
enum class WitnessStatus {
    kCosigned = 200,
    kMalformed = 400,     ///< the body, or an old size above the checkpoint's
    kNotSigned = 403,     ///< no trusted key signed, or a line by one does not verify
    kUnknownLog = 404,    ///< the origin is none of ours
    kStale = 409,         ///< old is not the size cosigned last; the answer says which is
    kInconsistent = 422,  ///< validly signed, and not an extension of what was cosigned
};

/// A request whose checkpoint is by a trusted key of a known log.
struct WitnessCandidate {
    WitnessStatus status = WitnessStatus::kMalformed;  ///< kCosigned: to be judged by the state
    WitnessRequest request;
    Checkpoint checkpoint;
    std::string note;  ///< the text with the lines of the log's trusted keys alone
};

/// Everything that needs no memory. Does not throw.
WitnessCandidate open_witness_request(std::string_view body, const WitnessedLogs& logs);

/// The rest: kStale, kInconsistent or kCosigned. Requires: candidate.status is kCosigned (checked).
WitnessStatus judge_witness_request(const WitnessCandidate& candidate, const WitnessState& state);

/// What leaves the witness.
struct WitnessAnswer {
    WitnessStatus status = WitnessStatus::kMalformed;
    std::string body;  ///< signature lines, the size with kStale, or a sentence
};

}  // namespace pdx::ledger
