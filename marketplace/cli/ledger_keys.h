#pragma once
/// The keys that sign this folder's ledger: which they are is told by the ledger's own entries, and
/// the key folder and ledger.vkey must agree with them before anything is signed.
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/key_history.h"
#include "ledger/log_signers.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/settings.h"
#include "sql/sql.h"

namespace pdx::cli {

struct LedgerKeys {
    ledger::LogSigners signers;  ///< every valid key, and the SM2 key where it is asked for
    ledger::KeyHistory history;
    std::vector<ledger::NoteVerifier> ever;  ///< what earlier checkpoints may be signed with
    bool sealed = false;                     ///< none of their files is plain
    /// vkey of the SM2 key that signs but that no entry names yet; empty otherwise.
    std::string unnamed_sm2;
};

/// DATA/keys/ledger-<key id>.key.
std::filesystem::path added_key_file(const std::filesystem::path& data,
                                     const ledger::NoteVerifier& key);
std::filesystem::path sm2_key_file(const std::filesystem::path& data);

/// Makes the first key of a new folder, and the SM2 key when it is asked for the first time.
/// Throws: Error kConflict "data.other_ledger" when the folder holds another ledger,
/// "data.key_lost" and "data.key_differs" when a valid key is not in the folder,
/// "ledger.rolled_back" when the folder knows keys that the database does not; as load_secret().
LedgerKeys load_ledger_keys(const Settings& settings, sql::Connection& db, KeySealing& sealing);

/// Writes DATA/ledger.vkey: one line per valid key.
void write_vkeys(const std::filesystem::path& data, const ledger::KeyHistory& history);
/// The lines of DATA/ledger.vkey; empty when there is none.
std::vector<std::string> read_vkeys(const std::filesystem::path& data);

}  // namespace pdx::cli
