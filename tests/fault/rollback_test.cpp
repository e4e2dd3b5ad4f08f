/// A database that went back is noticed before anything is signed over it.
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "ledger/head_record.h"
#include "marketplace/cli/api_client.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/ledger_gate.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/open_database.h"
#include "marketplace/cli/story_data.h"
#include "tests/fault/support/server_process.h"
#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
namespace fs = std::filesystem;

namespace {

struct RollbackFolder {
    test::TempFolder temp{"pdx-rollback"};
    cli::Settings settings = test::quiet_settings(temp.path() / "data");
    fs::path database = cli::embedded_database(settings.data);
    fs::path record = cli::record_file(settings.data);

    /// Makes the exchange and leaves it with one entry.
    RollbackFolder() { cli::Exchange{settings}; }

    fs::path copy(const std::string& name) const {
        const fs::path to = temp.path() / name;
        fs::copy_file(database, to, fs::copy_options::overwrite_existing);
        return to;
    }
    void restore(const fs::path& from) const {
        fs::copy_file(from, database, fs::copy_options::overwrite_existing);
    }
    /// Starts it, lets it write that many entries, and stops it. Returns the code that refused.
    std::string run(int writes = 0, const fs::path& download = {}) const {
        try {
            cli::Exchange exchange(settings);
            for (int i = 0; i < writes; ++i) issue_token(exchange);
            if (!download.empty()) {
                cli::download_log({{settings.address, exchange.port(), false}, {}}, download);
            }
            return "none";
        } catch (const Error& error) {
            last = error.text();
            return error.code();
        }
    }
    mutable Text last;

    std::uint64_t recorded() const {
        const auto head = ledger::read_last_head(record, settings.origin);
        return head ? head->size : 0;
    }

private:
    void issue_token(const cli::Exchange& exchange) const;
};

void RollbackFolder::issue_token(const cli::Exchange& exchange) const {
    std::ifstream file(settings.data / "admin-token");
    std::string token;
    std::getline(file, token);
    const cli::ApiClient client(settings.address, exchange.port(), token);
    static unsigned number = 0;
    const cli::ApiAnswer answer =
        client.post("/api/v1/parties", {{"uscc", cli::demo_uscc("91", ++number)},
                                        {"name_zh", "买方"},
                                        {"name_en", "A buyer"},
                                        {"role", "buyer"}});
    REQUIRE(answer.status == 201);
}

bool says(const Text& text, const std::string& en, const std::string& zh) {
    return text.en.find(en) != std::string::npos && text.zh.find(zh) != std::string::npos;
}

}  // namespace

TEST_CASE("rollback: an old copy of the database is refused, the newest one starts",
          "[fault][rollback]") {
    const RollbackFolder folder;
    const fs::path old = folder.copy("old");
    REQUIRE(folder.run(3) == "none");
    CHECK(folder.recorded() == 4);
    const fs::path newest = folder.copy("newest");
    folder.restore(old);
    for (int start = 0; start < 2; ++start) {
        CHECK(folder.run() == "ledger.rolled_back");
        CHECK(says(folder.last,
                   "The local record saw a tree of 4 entries; the database holds only 1",
                   "本地签发记录曾见过含 4 条记录的账本"));
        CHECK(says(folder.last, "at least 4 entries", "至少含 4 条"));
        CHECK(folder.recorded() == 4);
    }
    folder.restore(newest);
    CHECK(folder.run(1) == "none");
    CHECK(folder.recorded() == 5);
}

TEST_CASE("rollback: another history of the same size is refused", "[fault][rollback]") {
    const RollbackFolder folder;
    const fs::path one = folder.copy("one");
    REQUIRE(folder.run(1) == "none");
    const fs::path left = folder.copy("left");
    const fs::path left_record = folder.temp.path() / "left-record";
    fs::copy_file(folder.record, left_record);
    // What the gate prevents: the other history can be made only without the record.
    folder.restore(one);
    fs::remove(folder.record);
    REQUIRE(folder.run(1) == "none");
    CHECK(folder.recorded() == 2);
    folder.restore(left);
    CHECK(folder.run() == "ledger.rolled_back");
    CHECK(says(folder.last, "saw another tree of 2 entries", "所见的 2 条记录"));
    CHECK(says(folder.last, "Two histories exist", "两份不同的历史"));
    // Longer does not help when it does not contain what was signed.
    fs::rename(folder.record, folder.temp.path() / "right-record");
    fs::copy_file(left_record, folder.record);
    REQUIRE(folder.run(2) == "none");
    fs::copy_file(folder.temp.path() / "right-record", folder.record,
                  fs::copy_options::overwrite_existing);
    CHECK(folder.run() == "ledger.rolled_back");
}

TEST_CASE("rollback: without its record it starts when nothing speaks against it",
          "[fault][rollback]") {
    RollbackFolder folder;
    const fs::path old = folder.copy("old");
    const fs::path exported = folder.temp.path() / "export";
    REQUIRE(folder.run(2, exported) == "none");
    const fs::path newest = folder.copy("newest");
    fs::remove(folder.record);
    CHECK(folder.run() == "none");  // nothing else is known
    CHECK(folder.recorded() == 3);
    fs::remove(folder.record);
    folder.settings.export_folder = exported;
    CHECK(folder.run() == "none");  // and the export agrees
    CHECK(folder.recorded() == 3);

    folder.restore(old);
    fs::remove(folder.record);
    CHECK(folder.run() == "ledger.rolled_back");
    CHECK(says(folder.last, "The export saw a tree of 3 entries", "导出目录曾见过含 3 条"));
    CHECK_FALSE(fs::exists(folder.record));
    // What an operator who does not name the export must know: the copy would be believed.
    folder.restore(newest);
    CHECK(folder.run(1) == "none");  // an export may be behind
    CHECK(folder.recorded() == 4);
}

TEST_CASE("rollback: an export that is not of this ledger is no witness", "[fault][rollback]") {
    RollbackFolder folder;
    RollbackFolder other;
    const fs::path exported = folder.temp.path() / "export";
    REQUIRE(other.run(0, exported) == "none");
    folder.settings.export_folder = exported;
    CHECK(folder.run() == "ledger.export_unverified");
    std::ofstream(exported / "checkpoint") << "";
    CHECK(folder.run() == "ledger.export_unverified");
    fs::remove(exported / "checkpoint");
    CHECK(folder.run() == "none");  // nothing was exported yet
    folder.settings.export_folder = folder.temp.path() / "absent";
    CHECK(folder.run() == "none");
}

TEST_CASE("rollback: a witness that saw more, or something else, stops the start",
          "[fault][rollback]") {
    RollbackFolder folder;
    REQUIRE(folder.run(1) == "none");
    Digest root;
    root = ledger::read_last_head(folder.record, folder.settings.origin)->root;
    const auto with = [&](std::uint64_t size, std::optional<Digest> seen) {
        folder.settings.witness_heads = [=](std::span<const ledger::NoteVerifier>) {
            return std::vector<ledger::SeenHead>{
                {{"Witness w.example", "见证方 w.example"}, size, seen}};
        };
        return folder.run();
    };
    CHECK(with(2, root) == "none");
    CHECK(with(2, std::nullopt) == "none");
    CHECK(with(0, std::nullopt) == "none");
    CHECK(with(3, std::nullopt) == "ledger.rolled_back");
    CHECK(says(folder.last, "Witness w.example saw a tree of 3", "见证方 w.example曾见过含 3"));
    CHECK(with(2, Digest{}) == "ledger.rolled_back");
    CHECK(with(1, Digest{}) == "ledger.rolled_back");
}

TEST_CASE("rollback: a damaged record, or another ledger's, is not passed over",
          "[fault][rollback]") {
    const RollbackFolder folder;
    REQUIRE(folder.run(1) == "none");
    std::ifstream file(folder.record);
    const std::string good{std::istreambuf_iterator<char>(file), {}};
    const auto with = [&](const std::string& text) {
        std::ofstream(folder.record) << text;
        return folder.run();
    };
    CHECK(with(good + "x\n") == "ledger_record.damaged");
    CHECK(with("pdx-ledger-record v1 other.example\n") == "ledger_record.other_log");
    CHECK(with(good + "999 cut sho") == "none");
    CHECK(with(good) == "none");
}
