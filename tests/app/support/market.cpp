#include "tests/app/support/market.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "ledger/kinds.h"
#include "ledger/signer.h"
#include "marketplace/app/sequencer.h"
#include "marketplace/domain/deadlines.h"
#include "sql/migrate.h"

namespace pdx::test {
namespace {

constexpr const char* kOrigin = "test.example/ledger";

/// The exchange's kinds, and those of tests that need only some fact.
const ledger::KindTable& kinds_with_tests() {
    static const ledger::KindTable table = ledger::KindTable::parse(
        std::string(ledger::kinds_text()) +
        "kind test.noted 1 on test:field_name = a? integer, name? field_name\n"
        "kind test.prepared 1 on test:field_name =\n"
        "kind test.booked 1 on test:field_name = journals [journal]\n");
    return table;
}

Timestamp monday() { return Timestamp::parse("2026-03-02T01:00:00Z").value(); }

}  // namespace

Market::Market(app::WriterOptions options, const std::string& rules)
    : folder_("pdx-market"),
      clock_(monday()),
      master_key_(random_bytes(32)),
      log_seed_(random_bytes(SigningKey::kSeedSize)),
      options_(std::move(options)),
      database_(sql::open_database("sqlite:" + folder_.file("market.sqlite"))),
      blobs_(folder_.path() / "blobs", master_key_),
      rules_(rules) {
    sql::migrate(*database_->open(), sql::embedded_schema());
    reads_ = std::make_unique<app::ReadPool>(*database_, 8);
    start_writer();
}

Market::~Market() = default;

void Market::start_writer() {
    ledger::NoteSigner signer(kOrigin, SigningKey::from_seed(log_seed_).value());
    vkey_ = signer.verifier().vkey();
    context_.reset();
    writer_.reset();
    writer_ = std::make_unique<app::Writer>(
        *database_, app::Sequencer(std::move(signer), kinds_with_tests()), clock_, ids_, options_);
    context_ = std::make_unique<app::Context>(app::Context{*reads_, *writer_, clock_, ids_, blobs_,
                                                           bank_, *domain::find_profile(rules_),
                                                           kOrigin, Secret(master_key_)});
}

std::string Market::stored_bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return all;
}

void Market::restart() { start_writer(); }

app::Caller Market::party(domain::Role role) {
    app::Caller caller{ids_.make<PartyTag>(clock_.now()), role, false};
    writer_->submit({caller, std::nullopt, [&](app::Transaction& tx) {
                         store::insert_party(tx.db(), {caller.party, "91320299MADEMX011P", "甲方",
                                                       "Party", role, tx.now(), 1});
                         tx.record(app::make_fact("party.registered", "party", caller.party.text(),
                                                  {{"role", domain::to_string(role)}}));
                         return std::string("{}");
                     }});
    return caller;
}

SigningKey Market::key(const app::Caller& caller) {
    SigningKey key = SigningKey::generate();
    writer_->submit({caller, std::nullopt, [&](app::Transaction& tx) {
                         store::insert_key(tx.db(), caller.party, key.public_key(), tx.now());
                         tx.record(
                             app::make_fact("party_key.registered", "party", caller.party.text(),
                                            {{"public_key", to_base64(key.public_key().value)}}));
                         return std::string("{}");
                     }});
    return key;
}

}  // namespace pdx::test
