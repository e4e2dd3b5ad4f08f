#include "marketplace/cli/exchange.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "catalog/blob_store.h"
#include "ledger/origin.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/blob_sweep.h"
#include "marketplace/app/context.h"
#include "marketplace/app/ledger_patrol.h"
#include "marketplace/app/services.h"
#include "marketplace/app/witness_publisher.h"
#include "marketplace/bank/simulator.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/witness_terms.h"
#include "marketplace/domain/deadlines.h"
#include "marketplace/http/api.h"
#include "marketplace/http/dispatch.h"
#include "marketplace/http/server.h"
#include "marketplace/http/witness_transport.h"
#include "sql/migrate.h"

namespace pdx::cli {
namespace {

constexpr std::size_t kMasterKeyBytes = 32;

std::filesystem::path ledger_key_file(const Settings& settings) {
    return settings.data / "keys" / "ledger.key";
}
std::filesystem::path master_key_file(const Settings& settings) {
    return settings.data / "keys" / "master.key";
}
/// Written last at the first start: a folder that has it has a ledger.
std::filesystem::path vkey_file(const Settings& settings) { return settings.data / "ledger.vkey"; }

/// A new exchange takes a new or empty folder (keys may be laid into it beforehand), because it
/// closes the folder to others.
void check_folder_is_ours(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder) || std::filesystem::exists(folder / "lock")) return;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename() == "keys") continue;
        throw conflict("data.foreign_folder",
                       {"This folder holds other files. Name a new or an empty one with --data.",
                        "该目录中已有其他文件，请用 --data 指定新的或空的目录。"},
                       {.pointer = folder.string()});
    }
}

/// A key that was lost is not made anew: nothing sealed under the old one could be read again.
void check_keys_are_there(const Settings& settings) {
    if (!std::filesystem::exists(vkey_file(settings))) return;
    for (const auto& key : {ledger_key_file(settings), master_key_file(settings)}) {
        if (std::filesystem::exists(key)) continue;
        throw conflict("data.key_lost",
                       {"A key of this exchange is missing. Put it back from your copy.",
                        "平台密钥文件缺失，请从备份恢复。"},
                       {.pointer = key.string()});
    }
}

/// One process per data folder: two would each think they own the blobs.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder) {
        check_folder_is_ours(folder);
        std::filesystem::create_directories(folder);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
        const std::filesystem::path file = folder / "lock";
        fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), file.string());
        if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd_);
            throw busy("data.locked", {"Another exchange is running on this data folder.",
                                       "该数据目录正被另一个进程使用。"});
        }
    }
    ~FolderLock() { ::close(fd_); }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int fd_ = -1;
};

class TokenAuthenticator final : public http::Authenticator {
public:
    explicit TokenAuthenticator(app::PartyService& parties) : parties_(parties) {}
    app::Caller authenticate(std::string_view token) override {
        return parties_.authenticate(token);
    }

private:
    app::PartyService& parties_;
};

std::string database_url(const Settings& settings) {
    return settings.database.empty() ? "sqlite:" + (settings.data / "pdx.sqlite").string()
                                     : settings.database;
}

std::unique_ptr<sql::Database> open_migrated(const Settings& settings) {
    try {
        auto database = sql::open_database(database_url(settings));
        const auto connection = database->open();
        sql::migrate(*connection, sql::embedded_schema());
        return database;
    } catch (const sql::StorageFailure& error) {
        // The address of a server database may hold a password.
        if (!settings.database.empty()) throw;
        throw std::runtime_error((settings.data / "pdx.sqlite").string() + ": " + error.what());
    }
}

const domain::RuleProfile& find_rules(const std::string& id) {
    const domain::RuleProfile* profile = domain::find_profile(id);
    if (profile == nullptr) {
        throw invalid("settings.rules",
                      {"There is no rule profile of this name. Known: cn-2025, demo.",
                       "没有该名称的规则方案。可用：cn-2025、demo。"});
    }
    return *profile;
}

/// The name of the log is where it is served, for good.
void check_origin(const std::string& origin) {
    if (ledger::log_name(origin)) return;
    throw invalid("settings.origin",
                  {"The last segment of the origin names the ledger's folder: letters, digits, "
                   "'-', '.', '_' and '~' only, as in pdx.example/ledger/main.",
                   "origin 的最后一段是账本的目录名，只能含字母、数字及 - . _ ~，"
                   "例如 pdx.example/ledger/main。"});
}

ledger::NoteSigner load_signer(const Settings& settings) {
    auto key = SigningKey::from_seed(
        load_or_create_secret(ledger_key_file(settings), SigningKey::kSeedSize));
    PDX_CHECK(key.has_value());
    return {settings.origin, std::move(*key)};
}

/// The ledger of this folder has one name, one key and one history for good. Under another name or
/// key the exchange would begin a second ledger beside the first; over an empty database it would
/// sign a second history under the same key, which nobody could tell from a forgery.
std::string vkey_of_folder(const Settings& settings, sql::Database& database) {
    std::string vkey = load_signer(settings).verifier().vkey();
    std::ifstream file(vkey_file(settings));
    std::string known;
    if (!std::getline(file, known)) return vkey;
    if (known != vkey) {
        throw conflict(
            "data.other_ledger",
            {"This data folder holds another ledger: " + known +
                 ". Start with its --origin and its keys/ledger.key.",
             "该数据目录属于另一账本：" + known + "。请使用其 --origin 及 keys/ledger.key 启动。"});
    }
    const auto connection = database.open();
    const auto head = ledger::LogStore(*connection, settings.origin).head();
    if (!head || head->size == 0) {
        throw conflict("data.ledger_lost",
                       {"This data folder signed a ledger that the database does not hold. Put the "
                        "database back or correct --db; a new ledger needs a new folder.",
                        "数据库中没有该数据目录曾签发的账本。请恢复数据库或更正 --db；"
                        "新账本须使用新目录。"});
    }
    return vkey;
}

Bytes cursor_key(const Bytes& master_key) {
    const Digest key = derive_key(master_key, "pdx/cursor-key/v1");
    return {key.value.begin(), key.value.end()};
}

http::ServerConfig server_config(const Settings& settings) {
    http::ServerConfig config;
    config.address = settings.address;
    config.port = settings.port;
    config.connections_max = settings.connections_max;
    return config;
}

/// Whole and on the disk when it returns, or as it was before: a power cut must not leave half.
void write_private_file(const std::filesystem::path& path, const std::string& text) {
    const std::filesystem::path staged = path.string() + ".new";
    const int fd = ::open(staged.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), path.string());
    const bool written = ::write(fd, text.data(), text.size()) == std::ssize(text);
    const bool safe = written && ::fsync(fd) == 0;
    const int error = errno;
    ::close(fd);
    if (!safe) throw std::system_error(error, std::generic_category(), path.string());
    std::filesystem::rename(staged, path);
    const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) throw std::system_error(errno, std::generic_category(), path.string());
    ::fsync(folder);
    ::close(folder);
}

std::string first_line(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

}  // namespace

struct Exchange::Parts {
    const domain::RuleProfile& rules;
    FolderLock lock;
    SystemClock clock;
    RandomIdSource ids;
    Bytes master_key;
    std::unique_ptr<sql::Database> database;
    catalog::BlobStore blobs;
    bank::Simulator bank;
    app::ReadPool reads;
    std::string vkey;
    std::optional<app::WitnessTerms> witnesses;
    app::Writer writer;
    app::Context context;
    app::Services services;
    std::optional<app::LedgerPatrol> patrol;
    std::optional<std::string> first_token;
    std::ofstream no_log;
    http::AccessLog log;
    http::CursorCodec cursors;
    TokenAuthenticator authenticator;
    std::unique_ptr<http::Router> router;
    std::unique_ptr<http::Dispatcher> dispatcher;
    std::unique_ptr<http::Server> server;
    http::HttpWitnessTransport transport;
    std::unique_ptr<app::WitnessPublisher> publisher;

    Parts(const Settings& settings, app::WriterOptions options)
        : rules((check_origin(settings.origin), find_rules(settings.rules))),
          lock(settings.data),
          master_key((check_keys_are_there(settings),
                      std::filesystem::create_directories(settings.data / "keys"),
                      load_or_create_secret(master_key_file(settings), kMasterKeyBytes))),
          database(open_migrated(settings)),
          blobs(settings.data / "blobs", master_key),
          reads(*database, settings.readers_max),
          vkey(vkey_of_folder(settings, *database)),
          witnesses(load_witness_terms(settings, vkey)),
          writer(*database, app::Sequencer(load_signer(settings)), clock, ids,
                 labelled(std::move(options), witnesses)),
          context{reads, writer, clock,           ids,        blobs,
                  bank,  rules,  settings.origin, master_key, witnesses ? &*witnesses : nullptr},
          services(context),
          log(settings.quiet_log ? no_log : std::cerr,
              settings.readable_log ? http::LogFormat::kReadable : http::LogFormat::kJson, clock),
          cursors(cursor_key(master_key)),
          authenticator(services.parties) {
        app::sweep_blobs(context);
        first_token = services.parties.bootstrap([&](const std::string& token) {
            write_private_file(settings.data / "admin-token", token + "\n");
        });
        if (first_line(vkey_file(settings)) != vkey) {
            write_private_file(vkey_file(settings), vkey + "\n");
        }
        services.deliveries.recover();
        if (settings.patrol_pause.count() > 0) {
            std::vector<ledger::NoteVerifier> keys{ledger::NoteVerifier::parse(vkey).value()};
            patrol.emplace(reads, writer, std::move(keys), clock,
                           app::PatrolOptions{.piece_pause = settings.patrol_pause});
        }
        router = std::make_unique<http::Router>(http::api_routes(
            services, cursors,
            {vkey, [this] { return writer.accepts(); },
             [this] { return patrol ? std::optional(patrol->status()) : std::nullopt; }}));
        dispatcher = std::make_unique<http::Dispatcher>(*router, authenticator, log, ids, clock);
        server = std::make_unique<http::Server>(server_config(settings), *dispatcher);
        if (witnesses) {
            publisher = std::make_unique<app::WitnessPublisher>(
                *database, settings.origin, *witnesses, transport, [this] { writer.halt(); },
                app::PublisherOptions{.interval = settings.witness_interval});
        }
        server->start();
    }

    void stop() {
        server->stop();
        if (publisher) publisher->stop();
        if (patrol) patrol->stop();
        writer.stop();
    }
};

Exchange::Exchange(const Settings& settings, app::WriterOptions writer)
    : parts_(std::make_unique<Parts>(settings, std::move(writer))) {}

Exchange::~Exchange() { stop(); }

std::uint16_t Exchange::port() const { return parts_->server->port(); }
const std::string& Exchange::vkey() const { return parts_->vkey; }
const std::optional<std::string>& Exchange::first_token() const { return parts_->first_token; }
app::WriterStats Exchange::writer_stats() const { return parts_->writer.stats(); }
void Exchange::stop() { parts_->stop(); }

}  // namespace pdx::cli
