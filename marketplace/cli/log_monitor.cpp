#include "marketplace/cli/log_monitor.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/durable_file.h"
#include "base/time.h"
#include "ledger/tree.h"

namespace pdx::cli {
namespace {

namespace fs = std::filesystem;

std::string read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string sizes(const ledger::Checkpoint& before, const ledger::Checkpoint& now) {
    return "signed at size " + std::to_string(before.size) + " before, and at size " +
           std::to_string(now.size) + " now";
}

void write_durably(const fs::path& path, std::string_view text) {
    write_file_durably(path, text, FileAccess::kAll, Existing::kReplace);
}

}  // namespace

std::string_view to_string(LogView view) {
    switch (view) {
        case LogView::kFirst: return "first";
        case LogView::kSame: return "same";
        case LogView::kGrown: return "grown";
        case LogView::kRolledBack: return "rolled_back";
        case LogView::kForked: return "forked";
        case LogView::kUnsigned: return "unsigned";
        case LogView::kUnproven: return "unproven";
    }
    fail_check("unknown view", __FILE__, __LINE__);
}

LogMonitor::LogMonitor(ReadableLog& log, ledger::NoteVerifier key, fs::path state)
    : log_(log),
      key_(std::move(key)),
      state_(std::move(state)) {
    fs::create_directories(state_);
    const fs::path file = state_ / "checkpoint";
    if (!fs::exists(file)) return;
    std::string note = read_whole(file);
    auto opened = ledger::open_checkpoint(note, key_);
    if (opened.status != ledger::CheckpointStatus::kVerified) {
        throw std::runtime_error(file.string() + ": " +
                                 std::string(ledger::describe(opened.status)));
    }
    last_ = Seen{std::move(opened.checkpoint), std::move(note)};
}

Observation LogMonitor::look() {
    Seen now{{}, log_.note()};
    auto opened = ledger::open_checkpoint(now.note, key_);
    ledger::Proof proof;
    Observation seen;
    if (opened.status == ledger::CheckpointStatus::kVerified) {
        now.checkpoint = std::move(opened.checkpoint);
        seen = judge(now, proof);
    } else {
        seen.view = LogView::kUnsigned;
        seen.detail = ledger::describe(opened.status);
    }
    seen.size = now.checkpoint.size;
    seen.old_size = last_ ? last_->checkpoint.size : 0;
    if (is_alert(seen.view)) {
        seen.evidence = keep_evidence(seen, now.note, proof);
    } else if (seen.view != LogView::kSame) {
        write_durably(state_ / "checkpoint", now.note);
        last_ = std::move(now);
    }
    return seen;
}

Observation LogMonitor::judge(const Seen& now, ledger::Proof& proof) {
    Observation seen;
    const ledger::Checkpoint& checkpoint = now.checkpoint;
    if (last_ && checkpoint.size < last_->checkpoint.size) {
        seen.view = LogView::kRolledBack;
        seen.detail = sizes(last_->checkpoint, checkpoint);
        return seen;
    }
    if (last_ && checkpoint.size == last_->checkpoint.size) {
        const bool same = checkpoint.root == last_->checkpoint.root;
        seen.view = same ? LogView::kSame : LogView::kForked;
        if (!same) {
            seen.detail = "two roots are signed for size " + std::to_string(checkpoint.size);
        }
        return seen;
    }
    return judge_growth(now, proof);
}

/// Signed at a larger size, or for the first time: the tiles must lead to the signed root, and
/// prove that the tree begins with the one that was signed before.
Observation LogMonitor::judge_growth(const Seen& now, ledger::Proof& proof) {
    Observation seen;
    const ledger::Checkpoint& checkpoint = now.checkpoint;
    const auto tiles = log_.tiles(checkpoint.size);
    try {
        if (checkpoint.size > 0 && ledger::root_at(*tiles, checkpoint.size) != checkpoint.root) {
            throw LedgerViolation("the tiles lead to another root than the signed one");
        }
        if (!last_) {
            seen.view = LogView::kFirst;
            return seen;
        }
        proof = ledger::consistency_proof(*tiles, last_->checkpoint.size, checkpoint.size);
    } catch (const LedgerViolation& violation) {
        seen.view = LogView::kUnproven;
        seen.detail = violation.what();
        return seen;
    }
    const bool grown = ledger::verify_consistency(last_->checkpoint.size, last_->checkpoint.root,
                                                  checkpoint.size, checkpoint.root, proof);
    seen.view = grown ? LogView::kGrown : LogView::kForked;
    if (!grown) {
        seen.detail =
            "the tree does not begin with the one before: " + sizes(last_->checkpoint, checkpoint);
    }
    return seen;
}

fs::path LogMonitor::keep_evidence(const Observation& seen, const std::string& note,
                                   const ledger::Proof& proof) {
    const fs::path all = state_ / "evidence";
    fs::create_directories(all);
    fs::path folder;
    for (int number = 1; folder.empty() || fs::exists(folder); ++number) {
        folder = all / (std::to_string(number) + "-" + std::string(to_string(seen.view)));
    }
    fs::create_directory(folder);
    if (last_) write_durably(folder / "before.note", last_->note);
    write_durably(folder / "now.note", note);
    std::string hashes;
    for (const Digest& hash : proof) hashes += to_base64(hash.value) + "\n";
    if (!hashes.empty()) write_durably(folder / "consistency-proof", hashes);
    write_durably(folder / "README",
                  "Seen " + SystemClock{}.now().rfc3339() + ": " + seen.detail +
                      ".\nbefore.note was verified then, now.note is what the log gave now; the "
                      "verifier key is\n" +
                      key_.vkey() + "\n");
    return folder;
}

}  // namespace pdx::cli
