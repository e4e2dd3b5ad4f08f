#include "ledger/store/witness_role.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

std::string_view sentence(WitnessStatus status) {
    switch (status) {
        case WitnessStatus::kCosigned:
        case WitnessStatus::kStale: return "";
        case WitnessStatus::kMalformed:
            return "the body is no add-checkpoint request, or old is above the checkpoint's size\n";
        case WitnessStatus::kNotSigned: return "no trusted key of this log signed the checkpoint\n";
        case WitnessStatus::kUnknownLog: return "this witness does not watch this log\n";
        case WitnessStatus::kInconsistent:
            return "the checkpoint does not extend the tree that was cosigned before\n";
    }
    return "";
}

}  // namespace

WitnessRole::WitnessRole(sql::Database& database, CosignatureSigner signer, WitnessedLogs logs,
                         const Clock& clock)
    : database_(database),
      signer_(std::move(signer)),
      logs_(std::move(logs)),
      clock_(clock) {
    for (const auto& [origin, keys] : logs_) {
        for (const NoteVerifier& key : keys) {
            PDX_CHECK(key.name() == origin && key.key().signs_logs());
        }
    }
}

WitnessAnswer WitnessRole::add_checkpoint(std::string_view body) {
    const WitnessCandidate candidate = open_witness_request(body, logs_);
    if (candidate.status != WitnessStatus::kCosigned) {
        return {candidate.status, std::string(sentence(candidate.status))};
    }
    const std::lock_guard lock(mutex_);
    try {
        return decide(candidate);
    } catch (...) {
        connection_.reset();  // closing rolls back
        throw;
    }
}

WitnessAnswer WitnessRole::decide(const WitnessCandidate& candidate) {
    sql::Transaction transaction(connection());
    WitnessStore store(*connection_);
    const std::string& origin = candidate.checkpoint.origin;
    const WitnessState state = store.state(origin);
    const WitnessStatus status = judge_witness_request(candidate, state);
    if (status == WitnessStatus::kStale) return {status, format_tlog_size(state.size)};
    const Timestamp now = clock_.now();
    if (status == WitnessStatus::kInconsistent) {
        store.keep_evidence(origin, {now, state, candidate.note, candidate.request.proof});
        transaction.commit();
        return {status, std::string(sentence(status))};
    }
    PDX_CHECK(status == WitnessStatus::kCosigned && now.micros >= 0);
    const std::string text = candidate.note.substr(0, candidate.note.find("\n\n") + 1);
    const std::string line = format_note_signature(
        signer_.sign(text, static_cast<std::uint64_t>(now.micros / kMicrosPerSecond)));
    const WitnessState next{candidate.checkpoint.size, candidate.checkpoint.root};
    if (!store.advance(origin, state, next, candidate.note + line)) {
        // Another process on this database came between; what it cosigned is what counts.
        return {WitnessStatus::kStale, format_tlog_size(store.state(origin).size)};
    }
    transaction.commit();
    return {status, line};
}

std::optional<std::string> WitnessRole::checkpoint(std::string_view log_id) {
    const std::lock_guard lock(mutex_);
    try {
        return WitnessStore(connection()).note_by_id(log_id);
    } catch (...) {
        connection_.reset();
        throw;
    }
}

sql::Connection& WitnessRole::connection() {
    if (!connection_) {
        connection_ = database_.open();
        connection_->make_durable();  // a state that power takes back could be cosigned twice
    }
    return *connection_;
}

}  // namespace pdx::ledger
