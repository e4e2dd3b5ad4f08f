#pragma once
/// A small signed log of real entries and its files in a temporary folder.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/entry.h"
#include "ledger/signer.h"
#include "ledger/tree.h"
#include "tests/ledger/support/tree_fixture.h"
#include "tests/support/temp_folder.h"

namespace pdx::test {

using namespace pdx::ledger;

inline constexpr std::string_view kOrigin = "exchange.example/test";

/// The same key in every run, so that a failure repeats.
NoteSigner sample_signer(std::string_view name = kOrigin);
/// Without its link: `prev` is none.
Entry sample_entry(std::uint64_t index);
/// The first sample entries as a log has them, each linked to the one before it of its entity.
std::vector<Entry> chained_entries(std::uint64_t size);

std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, std::string_view text);
/// One byte in place: writing a file anew makes the file system flush it.
void overwrite(const std::filesystem::path& path, std::size_t offset, char byte);

struct SampleLog {
    MemoryLog tiles;
    std::vector<Bytes> entries;
    Checkpoint checkpoint;
    std::string note;
};

/// Requires: `entries` may be any bytes; the checkpoint signs what is there.
SampleLog make_log(std::vector<Bytes> entries);
SampleLog make_log(std::uint64_t size);

}  // namespace pdx::test
