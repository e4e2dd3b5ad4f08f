#pragma once
/// A data folder as it was before, the runs of the writer on copies of it under strace, and what
/// must hold after them.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/storage/support/cases.h"
#include "tests/storage/support/trace.h"
#include "tests/support/temp_folder.h"

namespace pdx::test {

inline constexpr const char* kScenarioDatabase = "pdx.sqlite";

/// What a client holds after a run of the writer.
struct Heard {
    std::map<std::string, nlohmann::json> receipts;  ///< by key
    std::set<std::string> refused;                   ///< keys
    std::vector<std::string> checkpoints;
    std::vector<bool> is_receipt;  ///< of each line
    std::string end;               ///< empty: it did not say
    std::string why;
    std::string text;  ///< the lines, cut short
};

class Laboratory {
public:
    /// `situation`: "alone"; "reader", while somebody else reads; "restart", the same after the
    /// process was killed between the write of a commit and its sync.
    explicit Laboratory(const std::string& situation);

    /// The calls that the writer makes when nothing fails. Of its answers only the receipts, which
    /// promise something.
    std::vector<TracedCall> count() const;
    /// Lets the writer meet the fault, starts it again, and checks everything.
    /// Returns: how the run that met the fault ended.
    std::string try_case(const StorageCase& one) const;

private:
    void make_log(const std::filesystem::path& folder) const;
    void kill_before_sync();
    void renew() const;
    int run(const std::vector<std::string>& inject) const;
    void check_synced(const std::vector<TracedCall>& first,
                      const std::vector<TracedCall>& second) const;
    void check_log(const Heard& before, const Heard& after) const;

    TempFolder temp_{"pdx-storage"};
    std::filesystem::path root_ = std::filesystem::canonical(temp_.path());
    std::filesystem::path base_ = root_ / "base";
    std::filesystem::path data_ = root_ / "data";
    std::filesystem::path answers_ = root_ / "answers";
    std::filesystem::path trace_ = root_ / "trace";
    std::filesystem::path errors_ = root_ / "errors";
    std::string program_;
    std::string mode_;  ///< of the writer
    std::vector<std::filesystem::path> files_;
    std::vector<TracedCall> unsynced_;  ///< what made the state to begin with
};

}  // namespace pdx::test
