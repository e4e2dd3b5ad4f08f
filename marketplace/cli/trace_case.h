#pragma once
/// What `pdx trace` is told: the candidate contracts with their keys and what was put into their
/// copies. A JSON file that holds no key, only names of key files (key_file.h); they are taken from
/// the folder of the JSON file.
///
///     {"root_key": "data/keys/master.key",
///      "contracts": ["0199...", "0198..."],
///      "pseudonyms": [{"field": "id_no", "domain": "person"}],
///      "marks": {"one_of": 10,
///                "columns": [{"name": "amount", "decimals": 2, "step": 1, "way": "nearest"}],
///                "identities": [["id_no"], ["amount"]]},
///      "canaries": {"rows": 5,
///                   "columns": [{"name": "id_no", "kind": "resident_id", "space": "320299"}]}}
///
/// Where the root key must not be: "rows_key" names the key of the marked rows and each contract is
/// {"contract": "0199...", "key": "0199.key"}.
#include <filesystem>
#include <vector>

#include "base/bytes.h"
#include "base/secret.h"
#include "marketplace/cli/key_file.h"
#include "privacy/trace.h"

namespace pdx::cli {

struct TraceCase {
    privacy::TracePlan plan;
    std::vector<privacy::Candidate> candidates;
    Secret rows_key;  ///< empty only when no marks are looked for
    Digest sha256;    ///< of the JSON file
    std::uint64_t bytes = 0;
};

/// Throws: Error kInvalid "file.unreadable", "trace.candidates_file" with the member that is
/// missing, unknown or wrong; as load_secret().
TraceCase load_trace_case(const std::filesystem::path& path, KeySealing& sealing);

}  // namespace pdx::cli
