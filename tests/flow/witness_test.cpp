/// The exchange with witnesses of its own kind: shown to three, two needed; one is killed, one
/// lies.
#include "ledger/witness.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/error.h"
#include "ledger/cosignature.h"
#include "ledger/origin.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/witness_server.h"
#include "marketplace/cli/witness_terms.h"
#include "tests/support/catch.h"
#include "tests/support/http_client.h"
#include "tests/support/lying_witness.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/small_market.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using namespace std::chrono_literals;
using test::LyingWitness;

namespace {

bool comes_true(const std::function<bool()>& condition, std::chrono::seconds patience = 60s) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

/// An exchange that has been started once, so that its key is known to the witnesses.
struct City {
    City() : folder("pdx-witness") {
        settings = test::quiet_settings(folder.path() / "data");
        settings.witness_interval = 20ms;
        cli::Exchange first(settings);
        vkey = first.vkey();
        token = first.first_token().value();
    }

    ledger::NoteVerifier key() const { return ledger::NoteVerifier::parse(vkey).value(); }

    cli::WitnessSettings witness_settings(int number) const {
        cli::WitnessSettings witness;
        witness.data = folder.path() / ("witness" + std::to_string(number));
        witness.name = "witness.example/w" + std::to_string(number);
        witness.port = 0;
        witness.quiet_log = true;
        witness.logs = {{settings.origin, {key()}}};
        return witness;
    }

    /// A line of the policy.
    static std::string line(int number, const std::string& witness_vkey, std::uint16_t port) {
        return "witness w" + std::to_string(number) + " " + witness_vkey +
               " http://127.0.0.1:" + std::to_string(port) + "/witness\n";
    }
    void set_policy(const std::string& lines) {
        settings.policy = folder.path() / "policy";
        std::ofstream(settings.policy) << "log " << vkey << "\n" << lines;
    }
    ledger::Policy policy() const {
        return cli::load_witness_terms(settings, {ledger::NoteVerifier::parse(vkey).value()})
            .value()
            .policy;
    }

    test::TempFolder folder;
    cli::Settings settings;
    std::string vkey;
    std::string token;
};

std::string published(const cli::Exchange& exchange) {
    const auto reply = test::HttpClient(exchange.port())
                           .get(ledger::log_folder(cli::Settings().origin) + "checkpoint");
    return reply.status == 200 ? reply.body : std::string();
}

test::HttpCall new_party(const std::string& name) {
    static std::atomic<unsigned> number{1};
    return {.method = "POST",
            .path = "/api/v1/parties",
            .body = test::json{{"uscc", cli::demo_uscc("91", number++)},
                               {"name_zh", "示范主体"},
                               {"name_en", name},
                               {"role", "buyer"}}
                        .dump()};
}

/// A write: another buyer. Throws: std::runtime_error when it is refused.
test::json write(const cli::Exchange& exchange, const std::string& token, const std::string& name) {
    const auto reply = test::HttpClient(exchange.port(), token).call(new_party(name));
    if (reply.status != 201) throw std::runtime_error(reply.body);
    return test::json::parse(reply.body);
}

}  // namespace

TEST_CASE("witness: two of three make a quorum, with one killed", "[flow][witness]") {
    City city;
    std::vector<std::unique_ptr<cli::WitnessServer>> witnesses;
    std::string lines;
    for (int i = 1; i <= 3; ++i) {
        witnesses.push_back(std::make_unique<cli::WitnessServer>(city.witness_settings(i)));
        lines += City::line(i, witnesses.back()->vkey(), witnesses.back()->port());
    }
    city.set_policy(lines + "group two 2 w1 w2 w3\nquorum two\n");
    const ledger::Policy policy = city.policy();
    cli::Exchange exchange(city.settings);
    const auto quorum_at = [&](std::uint64_t size) {
        const auto verdict = ledger::evaluate_policy(published(exchange), policy);
        return verdict.ok() && verdict.checkpoint.size >= size;
    };

    const test::json first = write(exchange, city.token, "first");
    const auto label = first.at("receipt").at("witnessed");
    CHECK(label == test::json{{"k", 0}, {"n", 3}, {"quorum", false}});
    const std::uint64_t index = first.at("receipt").at("index").get<std::uint64_t>();
    REQUIRE(comes_true([&] { return quorum_at(index + 1); }));

    const std::string path = "/api/v1/receipts/" + std::to_string(index);
    const test::HttpClient anybody(exchange.port());
    REQUIRE(comes_true([&] {
        return anybody.get(path + "?witnessed=true").headers["witnessed"] == "k=3, n=3, quorum=?1";
    }));
    const auto witnessed = anybody.get(path + "?witnessed=true");
    const auto proof = ledger::parse_proof(witnessed.body);
    REQUIRE(proof.has_value());
    CHECK(ledger::evaluate_policy(proof->checkpoint, policy).witnessed == 3);
    CHECK(ledger::verify_receipt(witnessed.body, city.key()).ok());
    // The receipt of the write's answer is as good as before, with or without what came later.
    const std::string early = first.at("receipt").at("proof").get<std::string>();
    CHECK(ledger::verify_receipt(early, city.key()).ok());
    CHECK(anybody.get(path).body.starts_with(early));

    witnesses[1].reset();
    const std::uint64_t later = write(exchange, city.token, "second").at("receipt").at("index");
    REQUIRE(comes_true([&] { return quorum_at(later + 1); }));
    CHECK(ledger::evaluate_policy(published(exchange), policy).witnessed == 2);

    // With two gone there is no quorum: writes go on, and what is published stays.
    witnesses[2].reset();
    const std::string before = published(exchange);
    const std::uint64_t alone = write(exchange, city.token, "third").at("receipt").at("index");
    std::this_thread::sleep_for(300ms);
    CHECK(published(exchange) == before);
    const auto unwitnessed =
        anybody.get("/api/v1/receipts/" + std::to_string(alone) + "?witnessed=true");
    CHECK(unwitnessed.status == 404);
    CHECK(test::json::parse(unwitnessed.body).at("code") == "receipt.not_witnessed");
    CHECK(anybody.get("/api/v1/receipts/" + std::to_string(alone)).status == 200);
    CHECK(anybody.get("/api/v1/receipts/999999?witnessed=true").status == 404);
}

TEST_CASE("witness: lying witnesses add nothing and stop nothing", "[flow][witness]") {
    City city;
    const cli::WitnessServer honest(city.witness_settings(1));
    const ledger::CosignatureSigner liar("witness.example/w2", SigningKey::generate());
    const ledger::CosignatureSigner stranger("witness.example/w2", SigningKey::generate());
    using Reply = LyingWitness::Reply;
    const std::vector<std::pair<std::string, LyingWitness::Liar>> lies{
        {"a key of the same name",
         [&](const std::string& body) {
             return Reply{
                 200, "text/plain",
                 ledger::format_note_signature(stranger.sign(LyingWitness::text_of(body), 9))};
         }},
        {"a fork",
         [](const std::string&) {
             return Reply{422, "text/plain", "no\n"};
         }},
        {"silence",
         [](const std::string&) {
             return Reply{-1, "", ""};
         }},
    };
    for (const auto& [name, lie] : lies) {
        INFO(name);
        LyingWitness lying(lie);
        city.set_policy(City::line(1, honest.vkey(), honest.port()) +
                        City::line(2, liar.verifier().vkey(), lying.port()) +
                        "group any-of any w1 w2\nquorum any-of\n");
        const ledger::Policy policy = city.policy();
        cli::Exchange exchange(city.settings);
        const std::uint64_t index = write(exchange, city.token, name).at("receipt").at("index");
        REQUIRE(comes_true([&] {
            const auto verdict = ledger::evaluate_policy(published(exchange), policy);
            return verdict.ok() && verdict.checkpoint.size > index;
        }));
        REQUIRE(comes_true([&] { return lying.asked() > 0; }));
        CHECK(ledger::evaluate_policy(published(exchange), policy).witnessed == 1);
        CHECK_NOTHROW(write(exchange, city.token, name + " again"));
        const auto start = std::chrono::steady_clock::now();
        exchange.stop();
        CHECK(std::chrono::steady_clock::now() - start < 15s);
    }
}

TEST_CASE("witness: one that has seen more than the log has stops the signing", "[flow][witness]") {
    City city;
    const ledger::CosignatureSigner key("witness.example/w1", SigningKey::generate());
    LyingWitness ahead([](const std::string&) {
        return LyingWitness::Reply{409, "text/x.tlog.size", "900000\n"};
    });
    city.set_policy(City::line(1, key.verifier().vkey(), ahead.port()) + "quorum none\n");
    cli::Exchange exchange(city.settings);
    const test::HttpClient admin(exchange.port(), city.token);
    const auto status = [&] { return admin.call(new_party("x")).status; };
    REQUIRE(comes_true([&] { return status() == 503; }));
    CHECK(admin.get("/readyz").status == 503);
    CHECK(admin.get(ledger::log_folder(cli::Settings().origin) + "checkpoint").status == 200);
}

TEST_CASE("witness: its server keeps the protocol's statuses and limits", "[flow][witness]") {
    City city;
    const cli::WitnessSettings settings = city.witness_settings(1);
    std::string vkey;
    {
        const cli::WitnessServer witness(settings);
        vkey = witness.vkey();
        const test::HttpClient client(witness.port());
        const auto add = [&](const std::string& body, const std::string& type) {
            return client.call({.method = "POST",
                                .path = "/witness/add-checkpoint",
                                .body = body,
                                .content_type = type});
        };
        CHECK(add("rubbish", "text/plain").status == 400);
        CHECK(add(std::string(70'000, 'x'), "text/plain").status == 413);
        cli::Exchange exchange(city.settings);
        const std::string note = published(exchange);
        const auto ok = add("old 0\n\n" + note, "application/octet-stream");
        REQUIRE(ok.status == 200);
        CHECK(ledger::parse_note_signatures(ok.body).has_value());
        const auto stale = add("old 0\n\n" + note, "");
        CHECK(stale.status == 409);
        CHECK(stale.headers.at("content-type") == "text/x.tlog.size");
        CHECK(ledger::parse_tlog_size(stale.body).has_value());
        const auto shown =
            client.get("/witness/" + ledger::witness_log_id(city.settings.origin) + "/checkpoint");
        CHECK(shown.status == 200);
        CHECK(shown.body == note + ok.body);
        CHECK(client.get("/witness/" + ledger::witness_log_id("other") + "/checkpoint").status ==
              404);
        CHECK(client.get("/witness/vkey").body == vkey + "\n");

        city.set_policy(City::line(1, vkey, witness.port()) + "quorum w1\n");
        const auto views = cli::fetch_witness_views(
            cli::load_witness_terms(city.settings, {ledger::NoteVerifier::parse(city.vkey).value()})
                .value(),
            note);
        REQUIRE(views.size() == 1);
        CHECK(views[0].how == ledger::WitnessView::How::kSigned);
        CHECK(views[0].cosigned);
        const auto heads = cli::seen_heads(views);
        REQUIRE(heads.size() == 1);
        CHECK(heads[0].root == views[0].root);
    }
    // It keeps its name, its key and what it has seen.
    const cli::WitnessServer again(settings);
    CHECK(again.vkey() == vkey);
    cli::WitnessSettings renamed = settings;
    renamed.name = "witness.example/other";
    CHECK_THROWS_AS(cli::WitnessServer(renamed), Error);
    renamed = settings;
    renamed.name = "a b";
    CHECK_THROWS_AS(cli::WitnessServer(renamed), Error);
    renamed = settings;
    renamed.logs.clear();
    CHECK_THROWS_AS(cli::WitnessServer(renamed), Error);
}

TEST_CASE("witness: a policy that cannot be followed refuses the start", "[flow][witness]") {
    City city;
    const ledger::CosignatureSigner key("witness.example/w1", SigningKey::generate());
    const std::string witness = "witness w1 " + key.verifier().vkey();
    const auto code = [&](const std::string& text) -> std::string {
        city.settings.policy = city.folder.path() / "policy";
        std::ofstream(city.settings.policy) << text;
        try {
            const cli::Exchange exchange(city.settings);
            return "";
        } catch (const Error& error) {
            return error.code();
        }
    };
    CHECK(code("quorum w1\n") == "policy.malformed");
    CHECK(code(witness + " ftp://w1.example/\nquorum w1\n") == "policy.witness_url");
    CHECK(code(witness + " http://user@w1.example/\nquorum w1\n") == "policy.witness_url");
    CHECK(code("log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"
               "quorum none\n") == "policy.other_log");
    CHECK(code(witness + "\nquorum w1\n").empty());
    city.settings.policy = city.folder.path() / "absent";
    CHECK_THROWS_AS(cli::Exchange(city.settings), Error);
}
