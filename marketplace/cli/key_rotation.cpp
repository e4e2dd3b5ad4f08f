#include "marketplace/cli/key_rotation.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/app/key_events.h"
#include "marketplace/cli/data_folder.h"
#include "marketplace/cli/ledger_gate.h"
#include "marketplace/cli/ledger_keys.h"
#include "marketplace/cli/open_database.h"

namespace pdx::cli {
namespace {

namespace fs = std::filesystem;
using ledger::KeyEvent;
using ledger::NoteVerifier;

/// The folder, taken for this command alone, with its keys loaded and its database at a head that
/// may be signed on.
struct QuietFolder {
    FolderLock lock;
    KeySealing sealing;
    std::unique_ptr<sql::Database> database;
    LedgerKeys keys;

    explicit QuietFolder(const Settings& settings)
        : lock(settings.data),
          sealing(settings.key_file),
          database((check_keys_are_there(settings.data), open_migrated(settings))),
          keys(load_ledger_keys(settings, *database->open(), sealing)) {
        check_rollback(settings, *database->open(), keys, {});
        // What an earlier command did not come to.
        write_vkeys(settings.data, keys.history);
    }
};

void require_ledger(const Settings& settings) {
    if (fs::exists(vkey_file(settings.data))) return;
    throw conflict("key_rotation.no_ledger",
                   {"There is no ledger in this folder. Name it with --data.",
                    "该目录中没有账本，请用 --data 指定。"},
                   {.pointer = settings.data.string()});
}

std::vector<std::string> signing_keys(const ledger::KeyHistory& history) {
    std::vector<std::string> keys;
    for (const std::string& vkey : history.valid()) {
        const auto verifier = NoteVerifier::parse(vkey);
        if (verifier && verifier->key().type() == ledger::NoteKeyType::kEd25519) {
            keys.push_back(vkey);
        }
    }
    return keys;
}

/// The file of a key that nothing names, left by an attempt that was cut short.
std::optional<fs::path> find_unnamed_key(const Settings& settings, const LedgerKeys& keys) {
    for (const auto& entry : fs::directory_iterator(settings.data / "keys")) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("ledger-") || !name.ends_with(".key") ||
            entry.path() == sm2_key_file(settings.data)) {
            continue;
        }
        const bool named =
            std::any_of(keys.ever.begin(), keys.ever.end(), [&](const NoteVerifier& key) {
                return entry.path() == added_key_file(settings.data, key);
            });
        if (!named) return entry.path();
    }
    return std::nullopt;
}

ledger::NoteSigner make_next_key(const Settings& settings, QuietFolder& folder) {
    if (const auto left = find_unnamed_key(settings, folder.keys)) {
        ledger::NoteSigner signer(settings.origin, load_signing_key(*left, folder.sealing));
        if (added_key_file(settings.data, signer.verifier()) == *left) return signer;
        throw conflict("data.key_differs",
                       {"The name of this key file is not that of the key in it. Move it away.",
                        "该密钥文件的名称与内容不符，请将其移走。"},
                       {.pointer = left->string()});
    }
    SigningKey key = SigningKey::generate();
    const NoteVerifier verifier(settings.origin, key.public_key());
    create_secret(added_key_file(settings.data, verifier), key.seed(),
                  folder.keys.sealed || folder.sealing.configured() ? &folder.sealing : nullptr);
    return {settings.origin, std::move(key)};
}

/// Appends the entry under the signatures of all keys on both sides of the change.
Rotation record(const Settings& settings, QuietFolder& folder, const KeyEvent& event,
                const RotationHook& done) {
    ledger::KeyHistory history = folder.keys.history;
    PDX_CHECK(history.apply(event));
    const SystemClock clock;
    RandomIdSource ids;
    app::Writer writer(*folder.database, app::Sequencer(std::move(folder.keys.signers)), clock,
                       ids);
    const std::uint64_t index = app::record_key_event(writer, event).receipt.index;
    writer.stop();
    if (done) done(RotationStep::kEntryMade);
    write_vkeys(settings.data, history);
    if (done) done(RotationStep::kListWritten);
    const auto key = NoteVerifier::parse(event.key);
    fs::path file = added_key_file(settings.data, key.value());
    if (!fs::exists(file)) file = ledger_key_file(settings.data);
    return {event.key, std::move(file), index, history.valid()};
}

}  // namespace

Rotation begin_key_rotation(const Settings& settings, const RotationHook& done) {
    require_ledger(settings);
    QuietFolder folder(settings);
    if (signing_keys(folder.keys.history).size() > 1) {
        throw conflict("key_rotation.begun",
                       {"Two keys sign already: a rotation has begun. End it with --finish once "
                        "those who rely on the ledger have the new key.",
                        "已有两把密钥同时签名，轮换正在进行。待各依赖方取得新公钥后，请用 --finish "
                        "完成。"});
    }
    ledger::NoteSigner next = make_next_key(settings, folder);
    if (done) done(RotationStep::kKeyMade);
    const KeyEvent event = folder.keys.history.adding(next.verifier().vkey());
    folder.keys.signers.add(std::move(next));
    return record(settings, folder, event, done);
}

Rotation finish_key_rotation(const Settings& settings, const RotationHook& done) {
    require_ledger(settings);
    QuietFolder folder(settings);
    const std::vector<std::string> keys = signing_keys(folder.keys.history);
    if (keys.size() < 2) {
        throw conflict("key_rotation.not_begun",
                       {"One key signs alone: there is no rotation to finish.",
                        "目前仅有一把密钥签名，没有待完成的轮换。"});
    }
    return record(settings, folder, folder.keys.history.retiring(keys.front()), done);
}

}  // namespace pdx::cli
