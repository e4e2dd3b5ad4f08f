#include "marketplace/cli/ledger_keys.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/check.h"
#include "base/durable_file.h"
#include "base/error.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/key_events.h"
#include "marketplace/cli/data_folder.h"

namespace pdx::cli {
namespace {

namespace fs = std::filesystem;
using ledger::NoteVerifier;

NoteVerifier verifier_of(const std::string& vkey) {
    auto verifier = NoteVerifier::parse(vkey);
    PDX_CHECK(verifier.has_value());
    return std::move(*verifier);
}

Error key_differs(const fs::path& path) {
    return conflict("data.key_differs",
                    {"This is not the key that the ledger names. Put the right one back.",
                     "该密钥与账本所载不符，请恢复正确的密钥文件。"},
                    {.pointer = path.string()});
}

Error other_ledger(const std::string& known) {
    return conflict("data.other_ledger", {"This data folder holds another ledger: " + known +
                                              ". Start with its --origin and its keys/ledger.key.",
                                          "该数据目录属于另一账本：" + known +
                                              "。请使用其 --origin 及 keys/ledger.key 启动。"});
}

ledger::NoteSigner load_signer(const Settings& settings, const fs::path& path,
                               KeySealing& sealing) {
    return {settings.origin, load_signing_key(path, sealing)};
}

/// The ledger of this folder has one name and one history for good. Over an empty database it
/// would sign a second history under the same key, which nobody could tell from a forgery.
void check_folder_has_history(const Settings& settings, sql::Connection& db,
                              const std::vector<std::string>& listed) {
    const auto known = listed.empty() ? std::nullopt : NoteVerifier::parse(listed.front());
    if (!known) return;
    if (known->name() != settings.origin) throw other_ledger(listed.front());
    const auto head = ledger::LogStore(db, settings.origin).head();
    if (!head || head->size == 0) {
        throw conflict("data.ledger_lost",
                       {"This data folder signed a ledger that the database does not hold. Put the "
                        "database back or correct --db; a new ledger needs a new folder.",
                        "数据库中没有该数据目录曾签发的账本。请恢复数据库或更正 --db；"
                        "新账本须使用新目录。"});
    }
}

/// The folder's list is one that the log had: the present one, or one before it when the process
/// ended between an entry and the list.
void check_list(const Settings& settings, const ledger::KeyHistory& history,
                const std::vector<std::string>& listed) {
    const auto& states = history.states();
    if (listed.empty() || std::find(states.begin(), states.end(), listed) != states.end()) return;
    const bool added_here = std::any_of(listed.begin(), listed.end(), [&](const std::string& vkey) {
        const auto key = NoteVerifier::parse(vkey);
        return history.ever_valid(vkey) || (key && fs::exists(added_key_file(settings.data, *key)));
    });
    if (!added_here) throw other_ledger(listed.front());
    throw conflict("ledger.rolled_back",
                   {"This folder signed with keys that the database does not name: the database is "
                    "an older copy. Nothing is signed. Restore a newer copy of the database.",
                    "该目录曾使用数据库中未载明的密钥签发：数据库是较旧的副本。已停止签发，"
                    "请恢复较新的数据库备份。"});
}

fs::path file_of(const Settings& settings, const ledger::KeyHistory& history,
                 const std::string& vkey) {
    const fs::path added = added_key_file(settings.data, verifier_of(vkey));
    const bool began_with_it = vkey == history.first() && !fs::exists(added);
    fs::path path = began_with_it ? ledger_key_file(settings.data) : added;
    if (!fs::exists(path)) throw key_lost(path);
    return path;
}

/// The log still signs with the key that it began with, or begins now.
ledger::KeyHistory first_key(const Settings& settings, KeySealing& sealing, bool has_ledger) {
    const fs::path path = ledger_key_file(settings.data);
    if (has_ledger && !fs::exists(path)) throw key_lost(path);
    const Secret seed = load_or_create_secret(path, SigningKey::kSeedSize, sealing);
    auto key = SigningKey::from_seed(seed.view());
    PDX_CHECK(key.has_value());
    return ledger::KeyHistory(NoteVerifier(settings.origin, key->public_key()).vkey());
}

void add_sm2(const Settings& settings, LedgerKeys& keys, KeySealing& sealing) {
    const fs::path path = sm2_key_file(settings.data);
    const Secret scalar = load_or_create_secret(path, Sm2SigningKey::kScalarSize, sealing);
    auto key = Sm2SigningKey::from_scalar(scalar.view());
    if (!key) throw key_differs(path);
    ledger::Sm2Signer signer(settings.origin, std::move(*key));
    const std::string vkey = signer.verifier().vkey();
    const auto& valid = keys.history.valid();
    const bool named = std::find(valid.begin(), valid.end(), vkey) != valid.end();
    const bool another = std::any_of(valid.begin(), valid.end(), [&](const std::string& one) {
        return verifier_of(one).key().type() == ledger::NoteKeyType::kSm2Sm3;
    });
    if (!named && (another || keys.history.ever_valid(vkey))) throw key_differs(path);
    if (!named) keys.unnamed_sm2 = vkey;
    keys.sealed = keys.sealed && is_sealed_file(path);
    keys.ever.push_back(signer.verifier());
    keys.signers.add(std::move(signer));
}

}  // namespace

fs::path added_key_file(const fs::path& data, const NoteVerifier& key) {
    return data / "keys" / ("ledger-" + ledger::format_key_id(key.key_id()) + ".key");
}

fs::path sm2_key_file(const fs::path& data) { return data / "keys" / "ledger-sm2.key"; }

LedgerKeys load_ledger_keys(const Settings& settings, sql::Connection& db, KeySealing& sealing) {
    const std::vector<std::string> listed = read_vkeys(settings.data);
    check_folder_has_history(settings, db, listed);
    auto told = app::read_key_history(db, settings.origin);
    ledger::KeyHistory history =
        told ? std::move(*told) : first_key(settings, sealing, !listed.empty());
    check_list(settings, history, listed);

    std::vector<ledger::NoteSigner> signers;
    bool sealed = true;
    for (const std::string& vkey : history.valid()) {
        if (verifier_of(vkey).key().type() != ledger::NoteKeyType::kEd25519) continue;
        const fs::path path = file_of(settings, history, vkey);
        signers.push_back(load_signer(settings, path, sealing));
        if (signers.back().verifier().vkey() != vkey) throw key_differs(path);
        sealed = sealed && is_sealed_file(path);
    }
    PDX_CHECK(!signers.empty());
    LedgerKeys keys{std::move(signers.front()), std::move(history), {}, sealed, {}};
    for (std::size_t i = 1; i < signers.size(); ++i) keys.signers.add(std::move(signers[i]));
    for (const std::string& vkey : keys.history.ever()) keys.ever.push_back(verifier_of(vkey));
    if (settings.sm2) add_sm2(settings, keys, sealing);
    return keys;
}

void write_vkeys(const fs::path& data, const ledger::KeyHistory& history) {
    std::string text;
    for (const std::string& vkey : history.valid()) text += vkey + "\n";
    write_file_durably(vkey_file(data), text, FileAccess::kOwner, Existing::kReplace);
}

std::vector<std::string> read_vkeys(const fs::path& data) {
    std::ifstream file(vkey_file(data));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace pdx::cli
