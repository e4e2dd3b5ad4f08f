#include "ledger/store/witness_store.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::ledger {
namespace {

using sql::Query;

constexpr Query kState{"witness.state", "SELECT size, root FROM witness_log WHERE log = ?"};
constexpr Query kInsert{"witness.insert",
                        "INSERT INTO witness_log (log, log_id, size, root, note) "
                        "VALUES (?, ?, ?, ?, ?)"};
constexpr Query kAdvance{"witness.advance",
                         "UPDATE witness_log SET size = ?, root = ?, note = ? "
                         "WHERE log = ? AND size = ? AND root = ?"};
constexpr Query kNoteById{"witness.note_by_id", "SELECT note FROM witness_log WHERE log_id = ?"};
constexpr Query kInsertEvidence{
    "witness.insert_evidence",
    "INSERT INTO witness_evidence (log, text_hash, seen_at, "
    "known_size, known_root, note, proof) VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr Query kCountEvidence{"witness.count_evidence",
                               "SELECT COUNT(*) FROM witness_evidence WHERE log = ?"};
constexpr Query kHasEvidence{"witness.has_evidence",
                             "SELECT seen_at FROM witness_evidence "
                             "WHERE log = ? AND text_hash = ?"};
constexpr Query kEvidence{"witness.evidence",
                          "SELECT seen_at, known_size, known_root, note, proof "
                          "FROM witness_evidence WHERE log = ? "
                          "ORDER BY seen_at, text_hash LIMIT 1000"};

constexpr std::array kQueries{kState,          kInsert,        kAdvance,     kNoteById,
                              kInsertEvidence, kCountEvidence, kHasEvidence, kEvidence};

std::uint64_t size_of(const sql::Row& row, std::size_t column) {
    PDX_CHECK(row.integer(column) >= 0);
    return static_cast<std::uint64_t>(row.integer(column));
}

std::string proof_text(const Proof& proof) {
    std::string text;
    for (const Digest& hash : proof) text += to_base64(hash.view()) + '\n';
    return text;
}

Proof read_proof(std::string_view text) {
    Proof proof;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const auto bytes = from_base64(text.substr(0, end));
        PDX_CHECK(bytes.has_value() && end != std::string_view::npos);
        proof.push_back(Digest::from_bytes(*bytes).value());
        text.remove_prefix(end + 1);
    }
    return proof;
}

}  // namespace

WitnessState WitnessStore::state(std::string_view log) {
    const auto row = connection_.one(kState, log);
    return row ? WitnessState{size_of(*row, 0), row->digest(1)} : WitnessState{};
}

bool WitnessStore::advance(std::string_view log, const WitnessState& from, const WitnessState& to,
                           std::string_view note) {
    PDX_CHECK(to.size >= from.size);
    if (connection_.run(kAdvance, to.size, to.root, note, log, from.size, from.root) == 1) {
        return true;
    }
    if (from != WitnessState{}) return false;
    try {
        connection_.run(kInsert, log, witness_log_id(log), to.size, to.root, note);
        return true;
    } catch (const Error& error) {
        if (error.code() == "database.duplicate") return false;
        throw;
    }
}

std::optional<std::string> WitnessStore::note_by_id(std::string_view log_id) {
    const auto row = connection_.one(kNoteById, log_id);
    return row ? std::optional(row->text(0)) : std::nullopt;
}

void WitnessStore::keep_evidence(std::string_view log, const WitnessEvidence& evidence) {
    const auto note = parse_note(evidence.note);
    PDX_CHECK(note.has_value());
    const Digest hash = sha256(note->text);
    if (connection_.one(kHasEvidence, log, hash)) return;
    if (connection_.one(kCountEvidence, log)->integer(0) >= kEvidenceMax) return;
    connection_.run(kInsertEvidence, log, hash, evidence.at, evidence.known.size,
                    evidence.known.root, evidence.note, proof_text(evidence.proof));
}

std::vector<WitnessEvidence> WitnessStore::evidence(std::string_view log) {
    std::vector<WitnessEvidence> found;
    for (const sql::Row& row : connection_.all(kEvidence, log)) {
        found.push_back(
            {row.time(0), {size_of(row, 1), row.digest(2)}, row.text(3), read_proof(row.text(4))});
    }
    return found;
}

std::span<const sql::Query> witness_queries() { return kQueries; }

}  // namespace pdx::ledger
