#include "marketplace/cli/witness_server.h"

#include <fstream>
#include <iostream>
#include <utility>

#include "base/error.h"
#include "base/ids.h"
#include "base/time.h"
#include "ledger/store/witness_role.h"
#include "marketplace/app/alarm.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/http/dispatch.h"
#include "marketplace/http/handlers/witness_routes.h"
#include "marketplace/http/server.h"
#include "sql/migrate.h"

namespace pdx::cli {
namespace {

/// Nobody signs in to a witness.
class NoAuthenticator final : public http::Authenticator {
public:
    app::Caller authenticate(std::string_view /*token*/) override {
        throw unauthenticated("token.unknown",
                              {"A witness knows no tokens.", "见证服务不接受令牌。"});
    }
};

/// The key of a witness is made for it and used for nothing else: its signed message does not name
/// the witness, so a shared key would speak for both.
ledger::CosignatureSigner open_signer(const WitnessSettings& settings) {
    if (!ledger::is_key_name(settings.name) || settings.name.size() > ledger::kOriginBytesMax) {
        throw invalid(
            "witness.name",
            {"Give the witness a name without spaces and '+', of at most 255 bytes, as in "
             "--name witness.example/wuxi.",
             "请为见证方指定名称（不含空格与“+”，至多 255 字节），例如 --name "
             "witness.example/wuxi。"});
    }
    std::filesystem::create_directories(settings.data / "keys");
    std::filesystem::permissions(settings.data, std::filesystem::perms::owner_all);
    KeySealing sealing(settings.key_file);
    auto key = SigningKey::from_seed(load_or_create_secret(settings.data / "keys" / "witness.key",
                                                           SigningKey::kSeedSize, sealing)
                                         .view());
    ledger::CosignatureSigner signer(settings.name, std::move(key.value()));
    const std::string vkey = signer.verifier().vkey();
    const std::filesystem::path file = settings.data / "witness.vkey";
    std::string known;
    if (std::ifstream stream(file); std::getline(stream, known) && known != vkey) {
        throw conflict(
            "witness.other_name",
            {"This folder holds another witness: " + known +
                 ". Start with its --name and its keys/witness.key.",
             "该目录属于另一见证方：" + known + "。请使用其 --name 及 keys/witness.key 启动。"});
    }
    std::ofstream(file) << vkey << '\n';
    return signer;
}

std::unique_ptr<sql::Database> open_database(const WitnessSettings& settings) {
    auto database = sql::open_database(settings.database.empty()
                                           ? "sqlite:" + (settings.data / "witness.sqlite").string()
                                           : settings.database);
    sql::migrate(*database->open(), sql::embedded_schema());
    return database;
}

const ledger::WitnessedLogs& checked(const ledger::WitnessedLogs& logs) {
    if (logs.empty()) {
        throw invalid("witness.no_logs", {"Name the logs to witness, with --log or --policy.",
                                          "请用 --log 或 --policy 指定需要见证的账本。"});
    }
    return logs;
}

http::ServerConfig server_config(const WitnessSettings& settings) {
    http::ServerConfig config;
    config.address = settings.address;
    config.port = settings.port;
    config.connections_max = settings.connections_max;
    return config;
}

}  // namespace

struct WitnessServer::Parts {
    SystemClock clock;
    RandomIdSource ids;
    ledger::CosignatureSigner signer;
    std::string vkey;
    std::unique_ptr<sql::Database> database;
    ledger::WitnessRole role;
    std::ofstream no_log;
    http::AccessLog log;
    NoAuthenticator authenticator;
    http::Router router;
    http::Dispatcher dispatcher;
    http::Server server;

    explicit Parts(const WitnessSettings& settings)
        : signer((checked(settings.logs), open_signer(settings))),
          vkey(signer.verifier().vkey()),
          database(open_database(settings)),
          role(*database, std::move(signer), settings.logs, clock),
          log(settings.quiet_log ? no_log : std::cerr,
              settings.readable_log ? http::LogFormat::kReadable : http::LogFormat::kJson, clock),
          router(
              http::witness_routes({vkey, [this](std::string_view body) { return add(body); },
                                    [this](std::string_view id) { return role.checkpoint(id); }})),
          dispatcher(router, authenticator, log, ids, clock),
          server(server_config(settings), dispatcher) {
        server.start();
    }

    ledger::WitnessAnswer add(std::string_view body) {
        ledger::WitnessAnswer answer = role.add_checkpoint(body);
        if (answer.status == ledger::WitnessStatus::kInconsistent) {
            app::raise_alarm("witness.inconsistent",
                             "a watched log signed a checkpoint that was not shown to extend what "
                             "was cosigned; it is kept in the table witness_evidence");
        }
        return answer;
    }
};

WitnessServer::WitnessServer(const WitnessSettings& settings)
    : parts_(std::make_unique<Parts>(settings)) {}

WitnessServer::~WitnessServer() { stop(); }

std::uint16_t WitnessServer::port() const { return parts_->server.port(); }
const std::string& WitnessServer::vkey() const { return parts_->vkey; }
void WitnessServer::stop() { parts_->server.stop(); }

}  // namespace pdx::cli
