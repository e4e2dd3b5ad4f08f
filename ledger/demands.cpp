#include "ledger/demands.h"

#include "ledger/folder_reader.h"
#include "ledger/merkle.h"

namespace pdx::ledger {
namespace {

std::string name_of(const Checkpoint& checkpoint) {
    return "size " + std::to_string(checkpoint.size) + " with root " +
           to_base64(checkpoint.root.view());
}

Refusal fork(const Checkpoint& one, const Checkpoint& other) {
    return {kForkCode, "the log signed two histories, " + name_of(one) + " and " + name_of(other) +
                           ": keep both signed checkpoints, they are the evidence"};
}

/// Gives zeros for an absent tile and remembers it: a proof of zeros proves nothing, and a folder
/// from elsewhere is no reason to throw.
class PatientReader final : public TileReader {
public:
    explicit PatientReader(FolderReader& files) : files_(files) {}
    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override {
        auto tile = files_.read_tile(level, index, width);
        if (tile) return tile;
        absent_ = format_tile_path({.level = level, .index = index, .width = width});
        return Bytes(width * Digest::kSize);
    }
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override {
        return files_.read_bundle(index, width);
    }
    const std::string& absent() const { return absent_; }

private:
    FolderReader& files_;
    std::string absent_;
};

}  // namespace

std::optional<Refusal> check_demands(const Checkpoint& checkpoint, const Demands& demands) {
    if (checkpoint.size < demands.size_min) {
        return Refusal{kRollbackCode, "the checkpoint has size " + std::to_string(checkpoint.size) +
                                          ", less than the " + std::to_string(demands.size_min) +
                                          " asked for"};
    }
    for (const Checkpoint& seen : demands.seen) {
        if (seen.origin != checkpoint.origin) continue;
        if (seen.size > checkpoint.size) {
            return Refusal{kRollbackCode, "the checkpoint has size " +
                                              std::to_string(checkpoint.size) +
                                              ", and one of size " + std::to_string(seen.size) +
                                              " was seen before"};
        }
        if (seen.size == checkpoint.size && seen.root != checkpoint.root) {
            return fork(seen, checkpoint);
        }
    }
    return std::nullopt;
}

std::optional<Refusal> check_prefix(const std::filesystem::path& folder, const Checkpoint& log,
                                    const Checkpoint& earlier) {
    if (earlier.size > log.size) {
        return Refusal{kLogBehindCode, "the downloaded log has size " + std::to_string(log.size) +
                                           ", less than " + std::to_string(earlier.size) +
                                           ": download it again"};
    }
    FolderReader files(folder, log.size);
    PatientReader reader(files);
    const Proof proof = consistency_proof(reader, earlier.size, log.size);
    if (verify_consistency(earlier.size, earlier.root, log.size, log.root, proof)) {
        return std::nullopt;
    }
    if (!reader.absent().empty()) {
        return Refusal{kLogIncompleteCode,
                       "the downloaded log lacks " + reader.absent() + " or cannot be read there"};
    }
    return fork(earlier, log);
}

}  // namespace pdx::ledger
