#pragma once
/// A log that an auditor reads: a downloaded folder, or the address of one that is served. Nothing
/// of it is believed here; who reads it verifies.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace pdx::cli {

/// Thread: not shared.
class ReadableLog {
public:
    virtual ~ReadableLog() = default;
    /// The signed note as it is now. Throws: std::runtime_error when there is none.
    virtual std::string note() = 0;
    /// The tiles of a tree of this size.
    virtual std::unique_ptr<ledger::TileReader> tiles(std::uint64_t size) = 0;
};

/// `where`: as LogAddress::parse takes it, or a folder on the disk.
/// Throws: Error kInvalid "log.place" when it is neither; kBusy when nobody answers.
std::unique_ptr<ReadableLog> open_log(const std::string& where);

/// What the note says, unverified. Throws: std::runtime_error when it is no checkpoint.
ledger::Checkpoint read_checkpoint(const std::string& note);

/// A verifier key as it is given on the command line: the line itself, or @FILE.
/// Throws: Error kInvalid "key.vkey".
ledger::NoteVerifier read_vkey(const std::string& text);

}  // namespace pdx::cli
