#include "ledger/verify.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "ledger/chain.h"
#include "ledger/entry.h"
#include "ledger/folder_reader.h"
#include "ledger/merkle.h"
#include "ledger/parallel.h"
#include "ledger/tile.h"
#include "ledger/tree.h"
#include "ledger/verify_leaf.h"

namespace pdx::ledger {
namespace {

namespace fs = std::filesystem;

/// Unit: bundles examined before they are judged; the tiles of so many are held at a time.
constexpr std::uint64_t kBlock = 128;

std::size_t first_difference(ByteView a, ByteView b) {
    const auto [at, end] = std::mismatch(
        a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
        b.begin());
    static_cast<void>(end);
    return static_cast<std::size_t>(at - a.begin());
}

/// A file name from the disk, made safe for a terminal.
std::string printable(std::string name) {
    for (char& byte : name) {
        if (static_cast<unsigned char>(byte) < 0x20 || byte == '\x7f') byte = '?';
    }
    return name;
}

class LogAudit {
public:
    LogAudit(const fs::path& folder, const Progress& progress)
        : folder_(folder),
          progress_(progress) {}

    VerifyReport run(std::span<const NoteVerifier> log_keys, const Demands& demands);

private:
    using Place = std::pair<unsigned, std::uint64_t>;  ///< level and index of a hash tile

    bool full() const { return report_.faults.size() >= kFaultsMax; }
    void blame(VerifyFault fault);
    TilePath path_of(unsigned level, std::uint64_t index) const;

    bool check_checkpoint(std::span<const NoteVerifier> log_keys, const Demands& demands);
    void check_seen(const Demands& demands);
    void check_file_set();
    void check_file(const fs::directory_entry& file);
    void check_root();
    void check_level(unsigned level);
    void check_leaves();
    void check_tile(const TilePath& path, const LoadedTile& tile);
    /// Reports an absent, short or long tile.
    void check_length(const TilePath& path, const LoadedTile& tile);
    void check_against_parent(const Place& place, const Digest& root);
    void check_bundle(std::uint64_t index, const ExaminedLeaf& leaf);
    void check_mismatch(std::uint64_t index, const std::string& file, const ExaminedLeaf& leaf);
    void follow_chains(std::uint64_t first, const std::string& file, const ExaminedLeaf& leaf);
    void report_chains();
    void check_stale(const TilePath& path);
    void report_unexplained();

    /// The tile whose hashes are the roots of the 256 below; kept, since they come in order.
    const std::optional<Bytes>& load_parent(const Place& place);

    const fs::path& folder_;
    const Progress& progress_;
    VerifyReport report_;
    std::uint64_t size_ = 0;
    std::vector<TilePath> stale_;
    /// Not proven by the signed root. Value: a fault was found that explains it.
    std::map<Place, bool> suspects_;
    std::set<std::string> blamed_;
    bool root_agrees_ = false;
    ChainAudit chains_;
    std::vector<VerifyFault> chain_faults_;
    std::optional<Place> parent_place_;
    std::optional<Bytes> parent_;
};

void LogAudit::blame(VerifyFault fault) {
    if (full()) return;
    blamed_.insert(fault.file);
    report_.faults.push_back(std::move(fault));
}

TilePath LogAudit::path_of(unsigned level, std::uint64_t index) const {
    return {.level = level, .index = index, .width = tile_width(size_, level, index)};
}

VerifyReport LogAudit::run(std::span<const NoteVerifier> log_keys, const Demands& demands) {
    if (!check_checkpoint(log_keys, demands)) return std::move(report_);
    size_ = report_.checkpoint.size;
    check_file_set();
    check_root();
    // From the top down: what is above a tile is proven by the time the tile is looked at.
    for (unsigned level = kTileLevels; --level > 0 && !full();) check_level(level);
    check_leaves();
    report_unexplained();
    report_chains();
    for (const TilePath& path : stale_) {
        if (!full()) check_stale(path);
    }
    // Only a log that agrees with itself can contradict what was seen.
    if (report_.ok()) check_seen(demands);
    return std::move(report_);
}

bool LogAudit::check_checkpoint(std::span<const NoteVerifier> log_keys, const Demands& demands) {
    const auto refuse = [this](std::string detail, std::string_view code) {
        blame({"checkpoint", "checkpoint", {}, {}, std::move(detail), code});
        return false;
    };
    const auto bytes = read_log_file(folder_ / "checkpoint", kNoteBytesMax);
    if (!bytes) return refuse("the file is absent or cannot be read", "checkpoint.absent");
    OpenedCheckpoint opened = open_checkpoint(as_text(*bytes), log_keys);
    if (opened.status != CheckpointStatus::kVerified) {
        return refuse(std::string(describe(opened.status)), code_of(opened.status));
    }
    report_.checkpoint = std::move(opened.checkpoint);
    report_.note = as_text(*bytes);
    report_.other_signatures = static_cast<std::size_t>(std::count_if(
        opened.note.signatures.begin(), opened.note.signatures.end(),
        [&](const NoteSignature& signature) {
            return std::none_of(log_keys.begin(), log_keys.end(),
                                [&](const NoteVerifier& key) { return key.knows(signature); });
        }));
    if (auto refusal = check_demands(report_.checkpoint, demands)) {
        return refuse(std::move(refusal->detail), refusal->code);
    }
    return true;
}

void LogAudit::check_seen(const Demands& demands) {
    for (const Checkpoint& seen : demands.seen) {
        if (seen.origin != report_.checkpoint.origin) continue;
        if (auto refusal = check_prefix(folder_, report_.checkpoint, seen)) {
            blame({"checkpoint", "checkpoint", {}, {}, std::move(refusal->detail), refusal->code});
        }
    }
}

void LogAudit::check_file_set() {
    std::error_code error;
    fs::recursive_directory_iterator files(folder_, error);
    for (; !error && files != fs::recursive_directory_iterator() && !full();
         files.increment(error)) {
        check_file(*files);
    }
    if (error) blame({"file", ".", {}, {}, "the folder cannot be read: " + error.message()});
}

void LogAudit::check_file(const fs::directory_entry& file) {
    const std::string name = file.path().lexically_relative(folder_).generic_string();
    std::error_code error;
    const fs::file_status status = file.symlink_status(error);
    if (fs::is_directory(status) || name == "checkpoint") return;
    const auto path = parse_tile_path(name);
    if (!fs::is_regular_file(status) || !path) {
        blame({"file", printable(name), {}, {}, "no file of a log has this name or type"});
        return;
    }
    const unsigned width = tile_width(size_, path->level, path->index);
    if (path->width > width) {
        blame(
            {"file", name, {}, {}, "a log of size " + std::to_string(size_) + " has no such tile"});
    } else if (path->width < width) {
        stale_.push_back(*path);
    }
}

void LogAudit::check_length(const TilePath& path, const LoadedTile& tile) {
    if (tile.hashes) return;
    if (!tile.other_length) {
        blame({"file", format_tile_path(path), {}, {}, "the file is absent or cannot be read"});
        return;
    }
    const std::size_t expected = path.width * Digest::kSize;
    blame({"tile",
           format_tile_path(path),
           {},
           std::min(*tile.other_length, expected),
           "the tile must be " + std::to_string(expected) + " bytes long and is " +
               (*tile.other_length < expected ? "shorter" : "longer")});
}

const std::optional<Bytes>& LogAudit::load_parent(const Place& place) {
    const Place parent(place.first + 1, place.second / kTileWidth);
    if (parent_place_ != parent) {
        parent_place_ = parent;
        const TilePath path = path_of(parent.first, parent.second);
        parent_ = read_log_file(folder_ / format_tile_path(path), kTileFileBytes);
        // Its own turn came before and named what is wrong with it.
        if (parent_ && parent_->size() != path.width * Digest::kSize) parent_.reset();
    }
    return parent_;
}

/// The right edge, one partial tile per level, must lead to the signed root.
void LogAudit::check_root() {
    for (unsigned level = 0; level < kTileLevels; ++level) {
        const std::uint64_t index = full_tile_count(size_, level);
        if (tile_width(size_, level, index) != 0) suspects_.emplace(Place(level, index), false);
    }
    std::map<Place, TileNodes> edge;
    for (const auto& [place, found] : suspects_) {
        const TilePath path = path_of(place.first, place.second);
        const auto bytes = read_log_file(folder_ / format_tile_path(path), kTileFileBytes);
        if (!bytes || bytes->size() != path.width * Digest::kSize) return;
        edge[place].push_all(*bytes);
    }
    Prover prover(size_, [&edge](unsigned height, std::uint64_t index) {
        const unsigned inner = height % kTileHeight;
        const unsigned bits = kTileHeight - inner;
        const Place place(height / kTileHeight, index >> bits);
        return edge.at(place).node(inner, index & ((1ULL << bits) - 1));
    });
    root_agrees_ = prover.root() == report_.checkpoint.root;
    if (root_agrees_) suspects_.clear();
}

void LogAudit::check_level(unsigned level) {
    for (std::uint64_t index = 0; !full() && tile_width(size_, level, index) != 0; ++index) {
        const TilePath path = path_of(level, index);
        check_tile(path, load_tile_file(folder_, path));
    }
}

/// Bundles are examined by all cores a block at a time and judged in their order, so that what is
/// reported does not depend on the number of cores.
void LogAudit::check_leaves() {
    std::vector<Bytes> buffers(parallel_lanes());
    std::vector<ExaminedLeaf> block;
    const std::uint64_t full_tiles = full_tile_count(size_, 0);
    const std::uint64_t count = full_tiles + (partial_tile_width(size_, 0) != 0 ? 1 : 0);
    for (std::uint64_t first = 0; first < count && !full(); first += block.size()) {
        block.assign(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, count - first)), {});
        for_each_parallel(block.size(), [&](std::size_t item, std::size_t lane) {
            block[item] = examine_leaf(folder_, path_of(0, first + item), report_.checkpoint.origin,
                                       buffers[lane]);
        });
        for (std::size_t i = 0; i < block.size() && !full(); ++i) {
            check_tile(path_of(0, first + i), block[i].tile);
            check_bundle(first + i, block[i]);
        }
    }
}

void LogAudit::check_tile(const TilePath& path, const LoadedTile& tile) {
    check_length(path, tile);
    ++report_.tiles;
    const Place place(path.level, path.index);
    if (!tile.hashes) {
        suspects_[place] = true;
    } else if (path.width == kTileWidth) {
        check_against_parent(place, tile.root);
    }
}

void LogAudit::check_against_parent(const Place& place, const Digest& root) {
    const auto& parent = load_parent(place);
    const std::size_t slot = place.second % kTileWidth;
    const Place parent_place(place.first + 1, place.second / kTileWidth);
    const auto suspect = suspects_.find(parent_place);
    if (!parent) {
        suspects_[place] = true;
        return;
    }
    const Digest expected = tile_hash(*parent, slot);
    if (expected == root) return;
    if (suspect == suspects_.end()) {
        suspects_[place] = false;
        return;
    }
    suspect->second = true;
    blame({"tile",
           format_tile_path(path_of(parent_place.first, parent_place.second)),
           {},
           slot * Digest::kSize + first_difference(expected.view(), root.view()),
           "hash " + std::to_string(slot) + " is not the root of " +
               format_tile_path(path_of(place.first, place.second))});
}

void LogAudit::check_bundle(std::uint64_t index, const ExaminedLeaf& leaf) {
    const unsigned width = tile_width(size_, 0, index);
    const std::string file = format_tile_path({.is_bundle = true, .index = index, .width = width});
    const std::uint64_t first = index * kTileWidth;
    ++report_.tiles;
    if (!leaf.bundle_read) {
        blame({"file", file, {}, {}, "the file is absent or cannot be read"});
        return;
    }
    report_.entries += leaf.examined;
    report_.uninterpreted += leaf.uninterpreted;
    report_.unknown_kinds += leaf.unknown_kinds;
    for (const EntryFinding& finding : leaf.findings) {
        blame({std::string(finding.check), file, first + finding.position, finding.offset,
               finding.detail});
    }
    follow_chains(first, file, leaf);
    if (leaf.mismatch) {
        check_mismatch(index, file, leaf);
        return;
    }
    if (leaf.decoded < width) {
        blame({"bundle", file, first + leaf.decoded, leaf.end, "the file ends within this entry"});
    } else if (leaf.end != leaf.bundle_bytes) {
        blame({"bundle", file, {}, leaf.end, "bytes follow the last entry"});
    }
    if (progress_) progress_(first + width, size_);
}

void LogAudit::follow_chains(std::uint64_t first, const std::string& file,
                             const ExaminedLeaf& leaf) {
    for (const EntryLink& link : leaf.links) {
        const std::uint64_t index = first + link.position;
        if (!link.interpreted) {
            chains_.add_uninterpreted(index, link.leaf);
            continue;
        }
        const auto fault = chains_.add(index, link.leaf, link.entity, link.prev);
        if (fault && chain_faults_.size() < kFaultsMax) {
            chain_faults_.push_back(
                {"entry-chain", file, index, link.offset, std::string(describe(*fault))});
        }
    }
}

/// Where a hash is wrong or an entry absent, its links say nothing more.
void LogAudit::report_chains() {
    const bool proven =
        root_agrees_ &&
        std::all_of(report_.faults.begin(), report_.faults.end(), [](const VerifyFault& fault) {
            return fault.check == "entry-json" || fault.check == "entry-log" ||
                   fault.check == "entry-schema";
        });
    if (!proven) return;
    for (VerifyFault& fault : chain_faults_) blame(std::move(fault));
}

void LogAudit::check_mismatch(std::uint64_t index, const std::string& file,
                              const ExaminedLeaf& leaf) {
    const LeafMismatch& mismatch = *leaf.mismatch;
    const std::uint64_t entry = index * kTileWidth + mismatch.position;
    const auto suspect = suspects_.find({0, index});
    if (suspect == suspects_.end()) {
        blame({"entry-hash", file, entry, mismatch.offset, mismatch.detail});
        return;
    }
    suspect->second = true;
    const Digest wrong = tile_hash(*leaf.tile.hashes, mismatch.position);
    blame({"tile", format_tile_path(path_of(0, index)), entry,
           mismatch.position * Digest::kSize + first_difference(wrong.view(), mismatch.hash.view()),
           "hash " + std::to_string(mismatch.position) + " is not the hash of its entry"});
}

void LogAudit::check_stale(const TilePath& path) {
    TilePath wider = path;
    wider.width = tile_width(size_, path.level, path.index);
    // When the wider file is itself at fault, which of the two is wrong is known already.
    if (blamed_.contains(format_tile_path(wider))) return;
    ++report_.tiles;
    const std::string name = format_tile_path(path);
    const auto bytes = read_log_file(folder_ / name, kBundleFileBytesMax);
    const auto current = read_log_file(folder_ / format_tile_path(wider), kBundleFileBytesMax);
    if (!bytes || !current) {
        blame({"file", name, {}, {}, "the file is absent or cannot be read"});
        return;
    }
    const std::size_t length =
        path.is_bundle ? decode_bundle(*current, path.width).end : path.width * Digest::kSize;
    const ByteView expected = ByteView(*current).first(length);
    if (std::equal(bytes->begin(), bytes->end(), expected.begin(), expected.end())) return;
    blame({"stale",
           name,
           {},
           first_difference(*bytes, expected),
           "differs from the start of " + format_tile_path(wider)});
}

/// What the root does not prove although everything below agrees with it was replaced as a whole.
void LogAudit::report_unexplained() {
    bool explained = full();
    for (const auto& [place, found] : suspects_) explained = explained || found;
    if (!root_agrees_ && !explained && report_.ok()) {
        blame({"root",
               "checkpoint",
               {},
               {},
               "the tiles and entries agree with each other but not with the signed root"});
        return;
    }
    for (const auto& [place, found] : suspects_) {
        const TilePath path = path_of(place.first, place.second);
        if (found || path.width != kTileWidth) continue;
        blame({"tile",
               format_tile_path(path),
               {},
               {},
               "this tile and everything below it agree with each other but not with the signed "
               "root"});
    }
}

}  // namespace

std::string VerifyFault::text() const {
    std::string text = file;
    if (entry) text += ", entry " + std::to_string(*entry);
    if (offset) text += ", byte " + std::to_string(*offset);
    return text + ": " + detail + " [" + check + "]";
}

std::string VerifyFault::code() const {
    return reason.empty() ? "log." + check : std::string(reason);
}

VerifyReport verify_log(const fs::path& folder, const NoteVerifier& log_key,
                        const Progress& progress) {
    return verify_log(folder, std::span(&log_key, 1), {}, progress);
}

VerifyReport verify_log(const fs::path& folder, std::span<const NoteVerifier> log_keys,
                        const Demands& demands, const Progress& progress) {
    return LogAudit(folder, progress).run(log_keys, demands);
}

std::optional<std::string> find_receipt(std::string_view file) {
    if (file.starts_with("c2sp.org/tlog-proof@")) return std::string(file);
    const auto answer = nlohmann::json::parse(file, nullptr, false);
    if (!answer.is_object()) return std::nullopt;
    const auto receipt = answer.find("receipt");
    if (receipt == answer.end() || !receipt->is_object()) return std::nullopt;
    const auto proof = receipt->find("proof");
    if (proof == receipt->end() || !proof->is_string()) return std::nullopt;
    return proof->get<std::string>();
}

}  // namespace pdx::ledger
