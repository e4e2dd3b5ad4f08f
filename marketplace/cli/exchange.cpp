#include "marketplace/cli/exchange.h"

#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/durable_file.h"
#include "base/error.h"
#include "catalog/blob_store.h"
#include "ledger/origin.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/blob_sweep.h"
#include "marketplace/app/context.h"
#include "marketplace/app/head_recorder.h"
#include "marketplace/app/key_events.h"
#include "marketplace/app/ledger_patrol.h"
#include "marketplace/app/services.h"
#include "marketplace/app/upkeep.h"
#include "marketplace/app/witness_publisher.h"
#include "marketplace/bank/simulator.h"
#include "marketplace/cli/data_folder.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/ledger_gate.h"
#include "marketplace/cli/ledger_keys.h"
#include "marketplace/cli/open_database.h"
#include "marketplace/cli/patterns_file.h"
#include "marketplace/cli/witness_terms.h"
#include "marketplace/domain/deadlines.h"
#include "marketplace/http/api.h"
#include "marketplace/http/dispatch.h"
#include "marketplace/http/server.h"
#include "marketplace/http/witness_transport.h"

namespace pdx::cli {
namespace {

constexpr std::size_t kMasterKeyBytes = 32;

class TokenAuthenticator final : public http::Authenticator {
public:
    explicit TokenAuthenticator(app::PartyService& parties) : parties_(parties) {}
    app::Caller authenticate(std::string_view token) override {
        return parties_.authenticate(token);
    }

private:
    app::PartyService& parties_;
};

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

GateReport pass_gate(const Settings& settings, sql::Database& database, const LedgerKeys& keys,
                     const std::optional<app::WitnessTerms>& witnesses) {
    const auto connection = database.open();
    auto seen = settings.witness_heads ? settings.witness_heads(keys.ever)
                                       : std::vector<ledger::SeenHead>{};
    if (witnesses) {
        const auto newest = ledger::LogStore(*connection, settings.origin).latest_checkpoint();
        const auto views = fetch_witness_views(*witnesses, newest ? newest->note : std::string());
        for (ledger::SeenHead& head : seen_heads(views)) seen.push_back(std::move(head));
    }
    return check_rollback(settings, *connection, keys, seen);
}

app::WriterOptions recorded(app::WriterOptions options, app::HeadRecorder& record) {
    options.batch.committed = [&record](const ledger::TreeHead& head) {
        record.note({head.size, head.root});
    };
    return options;
}

Bytes derived_key(ByteView master_key, std::string_view label) {
    const Secret key = derive_key(master_key, label);
    return {key.view().begin(), key.view().end()};
}

app::WriterOptions keyed(app::WriterOptions options, ByteView master_key) {
    options.batch.request_key = derived_key(master_key, "pdx/request/v1");
    return options;
}

http::ServerConfig server_config(const Settings& settings) {
    http::ServerConfig config;
    config.address = settings.address;
    config.port = settings.port;
    config.connections_max = settings.connections_max;
    return config;
}

}  // namespace

struct Exchange::Parts {
    const domain::RuleProfile& rules;
    std::optional<privacy::PatternSet> patterns;
    FolderLock lock;
    SystemClock clock;
    RandomIdSource ids;
    std::optional<KeySealing> sealing;  ///< while keys are read
    Secret master_key;
    std::unique_ptr<sql::Database> database;
    catalog::BlobStore blobs;
    bank::Simulator bank;
    app::ReadPool reads;
    LedgerKeys keys;
    std::optional<app::WitnessTerms> witnesses;
    GateReport gate;
    bool keys_sealed;
    app::HeadRecorder record;
    app::Writer writer;
    app::Context context;
    app::Services services;
    std::optional<app::LedgerPatrol> patrol;
    std::optional<app::Upkeep> upkeep;
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
          patterns(load_patterns(settings.patterns)),
          lock(settings.data),
          sealing(settings.key_file),
          master_key(
              (check_keys_are_there(settings.data),
               load_or_create_secret(master_key_file(settings.data), kMasterKeyBytes, *sealing))),
          database(open_migrated(settings)),
          blobs(blob_folder(settings.data), master_key.view()),
          reads(*database, settings.readers_max),
          keys(load_ledger_keys(settings, *database->open(), *sealing)),
          witnesses(load_witness_terms(settings, keys.ever)),
          gate(pass_gate(settings, *database, keys, witnesses)),
          keys_sealed(keys.sealed && is_sealed_file(master_key_file(settings.data))),
          record(record_file(settings.data), settings.origin),
          writer(
              *database, app::Sequencer(std::move(keys.signers)), clock, ids,
              keyed(recorded(labelled(std::move(options), witnesses), record), master_key.view())),
          context{reads,
                  writer,
                  clock,
                  ids,
                  blobs,
                  bank,
                  rules,
                  settings.origin,
                  master_key.copy(),
                  witnesses ? &*witnesses : nullptr,
                  settings.delivery_time_max,
                  pointer_to(patterns)},
          services(context),
          log(settings.quiet_log ? no_log : std::cerr,
              settings.readable_log ? http::LogFormat::kReadable : http::LogFormat::kJson, clock),
          cursors(derived_key(master_key.view(), "pdx/cursor-key/v1")),
          authenticator(services.parties) {
        sealing.reset();
        if (gate.size > 0) record.note({gate.size, gate.root});
        app::sweep_blobs(context);
        services.private_parts.repeat_erasures();
        services.contracts.repair_keys();
        reads.scrub();  // a process may have ended between an erasure and its scrub
        first_token = services.parties.bootstrap([&](const std::string& token) {
            write_file_durably(settings.data / "admin-token", token + "\n", FileAccess::kOwner,
                               Existing::kReplace);
        });
        name_sm2_key();
        if (read_vkeys(settings.data) != keys.history.valid()) {
            write_vkeys(settings.data, keys.history);
        }
        services.deliveries.recover();
        upkeep.emplace(upkeep_jobs());
        if (settings.patrol_pause.count() > 0) {
            patrol.emplace(reads, writer, keys.ever, clock,
                           app::PatrolOptions{.piece_pause = settings.patrol_pause});
        }
        router = std::make_unique<http::Router>(http::api_routes(
            services, cursors,
            {keys.history.valid(), [this] { return writer.accepts(); },
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

    /// From the first checkpoint that carries it on, the log itself says whose the line is.
    void name_sm2_key() {
        if (keys.unnamed_sm2.empty()) return;
        const ledger::KeyEvent event = keys.history.adding(keys.unnamed_sm2);
        PDX_CHECK(keys.history.apply(event));
        app::record_key_event(writer, event);
    }

    std::vector<app::UpkeepJob> upkeep_jobs() {
        return {{"contract.expiry", [this] { services.contracts.expire_due(); }},
                {"delivery.recover", [this] { services.deliveries.recover(); }},
                {"token_reversal.lapse", [this] { services.token_reversals.lapse_due(); }}};
    }

    void stop() {
        server->stop();
        if (publisher) publisher->stop();
        if (patrol) patrol->stop();
        upkeep->stop();
        writer.stop();
    }
};

Exchange::Exchange(const Settings& settings, app::WriterOptions writer)
    : parts_(std::make_unique<Parts>(settings, std::move(writer))) {}

Exchange::~Exchange() { stop(); }

std::uint16_t Exchange::port() const { return parts_->server->port(); }
const std::string& Exchange::vkey() const { return parts_->keys.history.valid().front(); }
const std::optional<std::string>& Exchange::first_token() const { return parts_->first_token; }
std::optional<Text> Exchange::record_notice() const { return parts_->gate.notice(); }
bool Exchange::keys_sealed() const { return parts_->keys_sealed; }
app::WriterStats Exchange::writer_stats() const { return parts_->writer.stats(); }
void Exchange::stop() { parts_->stop(); }

}  // namespace pdx::cli
