#include "ledger/verify.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "ledger/chain.h"
#include "ledger/entry.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace pdx::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTileBytes = kTileWidth * Digest::kSize;
constexpr std::size_t kBundleBytesMax = kTileWidth * (kEntryBytesMax + 2);

/// The first `limit` + 1 bytes, so that a longer file shows; nullopt when it cannot be read.
std::optional<Bytes> read_file(const fs::path& path, std::size_t limit) {
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(path, error))) return std::nullopt;
    const std::uintmax_t size = fs::file_size(path, error);
    if (error) return std::nullopt;
    Bytes bytes(static_cast<std::size_t>(std::min<std::uintmax_t>(size, limit + 1)));
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file || file.gcount() != static_cast<std::streamsize>(bytes.size())) return std::nullopt;
    return bytes;
}

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

    VerifyReport run(const NoteVerifier& log_key);

private:
    using Place = std::pair<unsigned, std::uint64_t>;  ///< level and index of a hash tile

    bool full() const { return report_.faults.size() >= kFaultsMax; }
    void blame(VerifyFault fault);
    TilePath path_of(unsigned level, std::uint64_t index) const;

    bool check_checkpoint(const NoteVerifier& log_key);
    void check_file_set();
    void check_file(const fs::directory_entry& file);
    void check_root();
    void check_level(unsigned level);
    void check_tile(unsigned level, std::uint64_t index);
    void check_against_parent(const Place& place, const Bytes& tile);
    void check_bundle(std::uint64_t index, const std::optional<Bytes>& tile);
    void check_entry(std::uint64_t index, const BundleEntry& entry, const Digest& leaf,
                     const std::string& file);
    void report_chains();
    void check_stale(const TilePath& path);
    void report_unexplained();

    /// Reports an absent, short or long tile.
    std::optional<Bytes> load_tile(const Place& place);
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

VerifyReport LogAudit::run(const NoteVerifier& log_key) {
    if (!check_checkpoint(log_key)) return std::move(report_);
    size_ = report_.checkpoint.size;
    check_file_set();
    check_root();
    // From the top down: what is above a tile is proven by the time the tile is looked at.
    for (unsigned level = kTileLevels; level-- > 0 && !full();) check_level(level);
    report_unexplained();
    report_chains();
    for (const TilePath& path : stale_) {
        if (!full()) check_stale(path);
    }
    return std::move(report_);
}

bool LogAudit::check_checkpoint(const NoteVerifier& log_key) {
    const auto bytes = read_file(folder_ / "checkpoint", kNoteBytesMax);
    if (!bytes) {
        blame({"checkpoint", "checkpoint", {}, {}, "the file is absent or cannot be read"});
        return false;
    }
    OpenedCheckpoint opened = open_checkpoint(as_text(*bytes), log_key);
    if (opened.status != CheckpointStatus::kVerified) {
        blame({"checkpoint", "checkpoint", {}, {}, std::string(describe(opened.status))});
        return false;
    }
    report_.checkpoint = std::move(opened.checkpoint);
    report_.other_signatures = static_cast<std::size_t>(
        std::count_if(opened.note.signatures.begin(), opened.note.signatures.end(),
                      [&](const NoteSignature& signature) { return !log_key.knows(signature); }));
    return true;
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

std::optional<Bytes> LogAudit::load_tile(const Place& place) {
    const TilePath path = path_of(place.first, place.second);
    auto bytes = read_file(folder_ / format_tile_path(path), kTileBytes);
    if (bytes && bytes->size() == path.width * Digest::kSize) return bytes;
    const std::size_t expected = path.width * Digest::kSize;
    if (!bytes) {
        blame({"file", format_tile_path(path), {}, {}, "the file is absent or cannot be read"});
    } else {
        blame({"tile",
               format_tile_path(path),
               {},
               std::min(bytes->size(), expected),
               "the tile must be " + std::to_string(expected) + " bytes long and is " +
                   (bytes->size() < expected ? "shorter" : "longer")});
    }
    return std::nullopt;
}

const std::optional<Bytes>& LogAudit::load_parent(const Place& place) {
    const Place parent(place.first + 1, place.second / kTileWidth);
    if (parent_place_ != parent) {
        parent_place_ = parent;
        const TilePath path = path_of(parent.first, parent.second);
        parent_ = read_file(folder_ / format_tile_path(path), kTileBytes);
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
        const auto bytes = read_file(folder_ / format_tile_path(path), kTileBytes);
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
        check_tile(level, index);
    }
}

void LogAudit::check_tile(unsigned level, std::uint64_t index) {
    const Place place(level, index);
    const auto tile = load_tile(place);
    ++report_.tiles;
    if (!tile) {
        suspects_[place] = true;
    } else if (path_of(level, index).width == kTileWidth) {
        check_against_parent(place, *tile);
    }
    if (level == 0) check_bundle(index, tile);
}

void LogAudit::check_against_parent(const Place& place, const Bytes& tile) {
    TileNodes nodes;
    nodes.push_all(tile);
    const auto& parent = load_parent(place);
    const std::size_t slot = place.second % kTileWidth;
    const Digest& root = nodes.node(kTileHeight, 0);
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

void LogAudit::check_bundle(std::uint64_t index, const std::optional<Bytes>& tile) {
    const unsigned width = tile_width(size_, 0, index);
    const std::string file = format_tile_path({.is_bundle = true, .index = index, .width = width});
    const std::uint64_t first = index * kTileWidth;
    const auto bytes = read_file(folder_ / file, kBundleBytesMax);
    ++report_.tiles;
    if (!bytes) {
        blame({"file", file, {}, {}, "the file is absent or cannot be read"});
        return;
    }
    const DecodedBundle decoded = decode_bundle(*bytes, width);
    const auto suspect = suspects_.find({0, index});
    for (std::size_t i = 0; i < decoded.entries.size(); ++i) {
        const BundleEntry& entry = decoded.entries[i];
        ++report_.entries;
        const Digest hash = leaf_hash(entry.bytes);
        if (!tile || hash == tile_hash(*tile, i)) {
            check_entry(first + i, entry, hash, file);
            continue;
        }
        if (suspect != suspects_.end()) {
            suspect->second = true;
            const Digest wrong = tile_hash(*tile, i);
            blame({"tile", format_tile_path(path_of(0, index)), first + i,
                   i * Digest::kSize + first_difference(wrong.view(), hash.view()),
                   "hash " + std::to_string(i) + " is not the hash of its entry"});
            return;
        }
        std::string detail = "the entry (" + std::to_string(entry.bytes.size()) +
                             " bytes) is not the one that was logged, or the length before it is "
                             "not its length";
        if (const auto fault = canonical_fault(as_text(entry.bytes))) {
            detail +=
                "; its byte " + std::to_string(fault->offset) + ": " + std::string(fault->what);
        }
        blame({"entry-hash", file, first + i, entry.offset, std::move(detail)});
        return;
    }
    if (decoded.entries.size() < width) {
        blame({"bundle", file, first + decoded.entries.size(), decoded.end,
               "the file ends within this entry"});
    } else if (decoded.end != bytes->size()) {
        blame({"bundle", file, {}, decoded.end, "bytes follow the last entry"});
    }
    if (progress_) progress_(first + width, size_);
}

void LogAudit::check_entry(std::uint64_t index, const BundleEntry& entry, const Digest& leaf,
                           const std::string& file) {
    const ParsedEntry parsed = parse_entry(as_text(entry.bytes));
    if (parsed.reading != EntryReading::kRead) {
        chains_.add_uninterpreted(index, leaf);
        if (parsed.reading == EntryReading::kCannotInterpret) {
            ++report_.uninterpreted;
        } else {
            blame({"entry-json", file, index, entry.offset + parsed.fault.offset,
                   "not canonical JSON: " + std::string(parsed.fault.what)});
        }
        return;
    }
    if (parsed.entry.log != report_.checkpoint.origin) {
        blame({"entry-log", file, index, entry.offset, "the entry names another log"});
    }
    const auto fault = chains_.add(
        index, leaf, ChainAudit::key_of(parsed.entry.entity_type, parsed.entry.entity_id),
        parsed.entry.prev);
    if (fault && chain_faults_.size() < kFaultsMax) {
        chain_faults_.push_back(
            {"entry-chain", file, index, entry.offset, std::string(describe(*fault))});
    }
}

/// Where a hash is wrong or an entry absent, its links say nothing more.
void LogAudit::report_chains() {
    const bool proven =
        root_agrees_ &&
        std::all_of(report_.faults.begin(), report_.faults.end(), [](const VerifyFault& fault) {
            return fault.check == "entry-json" || fault.check == "entry-log";
        });
    if (!proven) return;
    for (VerifyFault& fault : chain_faults_) blame(std::move(fault));
}

void LogAudit::check_stale(const TilePath& path) {
    TilePath wider = path;
    wider.width = tile_width(size_, path.level, path.index);
    // When the wider file is itself at fault, which of the two is wrong is known already.
    if (blamed_.contains(format_tile_path(wider))) return;
    ++report_.tiles;
    const std::string name = format_tile_path(path);
    const auto bytes = read_file(folder_ / name, kBundleBytesMax);
    const auto current = read_file(folder_ / format_tile_path(wider), kBundleBytesMax);
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

VerifyReport verify_log(const fs::path& folder, const NoteVerifier& log_key,
                        const Progress& progress) {
    return LogAudit(folder, progress).run(log_key);
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
