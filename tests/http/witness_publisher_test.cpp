/// The log's side of witnessing over real sockets: honest witnesses, lying ones, and those that
/// hang.
#include "marketplace/app/witness_publisher.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/cosignature.h"
#include "ledger/signer.h"
#include "ledger/store/cosignature_store.h"
#include "ledger/store/witness_role.h"
#include "ledger/tree.h"
#include "marketplace/http/witness_transport.h"
#include "sql/migrate.h"
#include "tests/support/catch.h"
#include "tests/support/lying_witness.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using namespace std::chrono_literals;
using test::LyingWitness;
using Reply = LyingWitness::Reply;

namespace {

const std::string kOrigin = "exchange.example/test";
const std::string kSizeType = "text/x.tlog.size";

SigningKey key_of(std::uint8_t seed) { return SigningKey::from_seed(Bytes(32, seed)).value(); }

const ledger::NoteSigner& log_signer() {
    static const ledger::NoteSigner signer(kOrigin, key_of(1));
    return signer;
}

ledger::CosignatureSigner witness_signer(int number) {
    return {"witness.example/w" + std::to_string(number),
            key_of(static_cast<std::uint8_t>(10 + number))};
}

bool comes_true(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

/// Tiles, head and checkpoints of a log without a market: what a publisher reads.
class Log {
public:
    Log()
        : folder_("pdx-publisher"),
          database(sql::open_database("sqlite:" + folder_.file("log"))) {
        connection_ = database->open();
        sql::migrate(*connection_, sql::embedded_schema());
        ledger::LogStore(*connection_, kOrigin).create();
        head_ = ledger::LogStore(*connection_, kOrigin).head().value();
    }

    void grow(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            appender_.append(
                ledger::leaf_hash(as_bytes("entry-" + std::to_string(appender_.size()))));
        }
        const ledger::SealedBatch batch = appender_.seal();
        const ledger::TreeHead next{batch.size, batch.root, head_.epoch};
        sql::Transaction transaction(*connection_);
        ledger::LogStore store(*connection_, kOrigin);
        store.put_tiles(batch.tiles);
        store.advance(head_, next);
        store.put_checkpoint(
            {batch.size, batch.root,
             ledger::sign_checkpoint({kOrigin, batch.size, batch.root, {}}, log_signer())});
        transaction.commit();
        head_ = next;
    }

    std::uint64_t size() const { return head_.size; }
    std::vector<ledger::NoteSignature> lines(std::uint64_t size) {
        return ledger::CosignatureStore(*connection_, kOrigin).of(size);
    }
    sql::Connection& db() { return *connection_; }

private:
    test::TempFolder folder_;
    std::unique_ptr<sql::Connection> connection_;
    ledger::Appender appender_;
    ledger::TreeHead head_;

public:
    std::unique_ptr<sql::Database> database;
};

/// An honest witness behind a socket.
struct Honest {
    explicit Honest(int number)
        : database(sql::open_database("sqlite::memory:")),
          keep(database->open()),
          role((sql::migrate(*keep, sql::embedded_schema()), *database), witness_signer(number),
               {{kOrigin, {log_signer().verifier()}}}, clock),
          server([this](const std::string& body) {
              const auto answer = role.add_checkpoint(body);
              const bool stale = answer.status == ledger::WitnessStatus::kStale;
              return Reply{static_cast<int>(answer.status), stale ? kSizeType : "text/plain",
                           answer.body};
          }) {}

    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> keep;
    SystemClock clock;
    ledger::WitnessRole role;
    LyingWitness server;
};

app::WitnessTerms terms_for(const std::vector<std::uint16_t>& ports, std::size_t needed) {
    app::WitnessTerms terms;
    ledger::PolicyGroup group{"quorum", needed, {}};
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const int number = static_cast<int>(i) + 1;
        terms.policy.witnesses.push_back(
            {"w" + std::to_string(number), witness_signer(number).verifier(),
             "http://127.0.0.1:" + std::to_string(ports[i]) + "/witness"});
        group.members.push_back({ledger::PolicyMember::Kind::kWitness, i});
    }
    terms.policy.groups.push_back(std::move(group));
    terms.policy.quorum = ledger::PolicyMember{ledger::PolicyMember::Kind::kGroup, 0};
    terms.log_keys.push_back(log_signer().verifier());
    return terms;
}

app::PublisherOptions quick() {
    return {.interval = 5ms, .round_max = 500ms, .back_off = {20ms, 100ms}};
}

}  // namespace

TEST_CASE("publisher: all witnesses sign the same checkpoints while the log grows",
          "[http][publisher]") {
    Log log;
    Honest one(1);
    Honest two(2);
    Honest three(3);
    const auto terms = terms_for({one.server.port(), two.server.port(), three.server.port()}, 3);
    http::HttpWitnessTransport transport;
    app::WitnessPublisher publisher(
        *log.database, kOrigin, terms, transport, [] { FAIL("ahead"); }, quick());
    for (std::uint64_t batch = 1; batch <= 60; ++batch) {
        log.grow(batch);
        std::this_thread::sleep_for(3ms);
    }
    REQUIRE(comes_true([&] { return log.lines(log.size()).size() == 3; }));
    const auto published = app::published_checkpoint(log.db(), kOrigin, terms);
    REQUIRE(published.has_value());
    CHECK(published->size == log.size());
    CHECK(published->witnessed == app::Witnessed{3, 3, true});
    const auto verdict = ledger::evaluate_policy(published->note, terms.policy, terms.log_keys);
    CHECK(verdict.ok());
    CHECK(verdict.witnessed == 3);
    // An early entry is under the first checkpoint with a quorum, a later one under a later.
    const auto early = app::witnessed_covering(log.db(), kOrigin, terms, 0);
    REQUIRE(early.has_value());
    CHECK(early->size <= published->size);
    CHECK_FALSE(app::witnessed_covering(log.db(), kOrigin, terms, log.size()).has_value());
}

TEST_CASE("publisher: a witness that is behind, or new to us, is found where it stands",
          "[http][publisher]") {
    Log log;
    Honest one(1);
    const auto terms = terms_for({one.server.port()}, 1);
    http::HttpWitnessTransport transport;
    const auto cosigned = [&] { return log.lines(log.size()).size() == 1; };
    log.grow(7);
    {
        app::WitnessPublisher publisher(
            *log.database, kOrigin, terms, transport, [] { FAIL("ahead"); }, quick());
        REQUIRE(comes_true(cosigned));
    }
    // The rows are lost, so that the publisher begins from 0 and is told 7.
    log.db().execute_script("DELETE FROM log_cosignature");
    log.grow(300);
    http::HttpWitnessTransport again;
    app::WitnessPublisher publisher(
        *log.database, kOrigin, terms, again, [] { FAIL("ahead"); }, quick());
    REQUIRE(comes_true(cosigned));
    CHECK(publisher.stats().failed == 1);
}

TEST_CASE("publisher: a lying witness adds nothing and holds nobody up", "[http][publisher]") {
    const auto liar = witness_signer(2);
    const auto stranger = witness_signer(9);
    const auto signed_by = [](const ledger::CosignatureSigner& signer, const std::string& text) {
        return Reply{200, "text/plain", ledger::format_note_signature(signer.sign(text, 9))};
    };
    ledger::NoteSignature forged = stranger.sign("x\n", 9);
    forged.name = liar.name();
    forged.key_id = liar.verifier().key_id();
    const std::vector<std::pair<std::string, LyingWitness::Liar>> lies{
        {"a stranger's key",
         [&](const std::string& body) { return signed_by(stranger, LyingWitness::text_of(body)); }},
        {"a forged line",
         [&](const std::string&) {
             return Reply{200, "text/plain", ledger::format_note_signature(forged)};
         }},
        {"another root",
         [&](const std::string& body) {
             return signed_by(liar, LyingWitness::text_of(body) + "more\n");
         }},
        {"garbage",
         [](const std::string&) {
             return Reply{200, "text/html", "<p>hello</p>"};
         }},
        {"an empty answer",
         [](const std::string&) {
             return Reply{200, "text/plain", ""};
         }},
        {"a size that is none",
         [](const std::string&) {
             return Reply{409, kSizeType, "many\n"};
         }},
        {"another size each time",
         [turn = 0](const std::string&) mutable {
             return Reply{409, kSizeType, std::to_string(++turn % 2) + "\n"};
         }},
        {"a fork",
         [](const std::string&) {
             return Reply{422, "text/plain", "no\n"};
         }},
        {"a bare 409",
         [](const std::string&) {
             return Reply{409, "text/plain", "999999\n"};
         }},
        {"push-back",
         [](const std::string&) {
             return Reply{429, "text/plain", ""};
         }},
        {"a redirect",
         [](const std::string&) {
             return Reply{302, "text/plain", ""};
         }},
        {"a huge body",
         [](const std::string&) {
             return Reply{200, "text/plain", std::string(3'000'000, 'x')};
         }},
        {"no HTTP",
         [](const std::string&) {
             return Reply{0, "", "hello\r\n\r\n"};
         }},
        {"a cut-off body",
         [](const std::string&) {
             return Reply{0, "", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort"};
         }},
        {"silence",
         [](const std::string&) {
             return Reply{-1, "", ""};
         }},
    };
    for (const auto& [name, lie] : lies) {
        INFO(name);
        Log log;
        Honest honest(1);
        LyingWitness lying(lie);
        const auto terms = terms_for({honest.server.port(), lying.port()}, 1);
        http::HttpWitnessTransport transport({.wait = 300ms, .total = 600ms});
        app::WitnessPublisher publisher(
            *log.database, kOrigin, terms, transport, [] { FAIL("ahead"); }, quick());
        for (int batch = 0; batch < 3; ++batch) {
            log.grow(5);
            REQUIRE(comes_true([&] { return log.lines(log.size()).size() == 1; }));
        }
        REQUIRE(comes_true([&] { return lying.asked() > 0; }));
        REQUIRE(comes_true([&] { return publisher.stats().failed > 0; }));
        const auto start = std::chrono::steady_clock::now();
        publisher.stop();
        CHECK(std::chrono::steady_clock::now() - start < 5s);
        CHECK(log.lines(log.size()).front().name == witness_signer(1).name());
        const auto published = app::published_checkpoint(log.db(), kOrigin, terms);
        REQUIRE(published.has_value());
        CHECK(published->size == log.size());
        CHECK(published->witnessed == app::Witnessed{1, 2, true});
    }
}

TEST_CASE("publisher: a request is given up when it takes too long in all", "[http][publisher]") {
    // A single wait would be a minute; the whole may take less.
    Log log;
    log.grow(3);
    LyingWitness lying([](const std::string&) {
        std::this_thread::sleep_for(100ms);
        return Reply{-1, "", ""};
    });
    http::HttpWitnessTransport transport({.wait = 60s, .total = 200ms});
    const auto terms = terms_for({lying.port()}, 1);
    app::WitnessPublisher publisher(
        *log.database, kOrigin, terms, transport, [] { FAIL("ahead"); }, quick());
    REQUIRE(comes_true([&] { return publisher.stats().failed > 1; }));
}

TEST_CASE("publisher: a witness that is ahead of the log stops it, once", "[http][publisher]") {
    Log log;
    log.grow(10);
    LyingWitness ahead([](const std::string&) { return Reply{409, kSizeType, "11\n"}; });
    LyingWitness also([](const std::string&) { return Reply{409, kSizeType, "12\n"}; });
    const auto terms = terms_for({ahead.port(), also.port()}, 1);
    http::HttpWitnessTransport transport;
    std::atomic<int> stops{0};
    app::WitnessPublisher publisher(
        *log.database, kOrigin, terms, transport, [&] { ++stops; }, quick());
    REQUIRE(comes_true([&] { return stops > 0; }));
    std::this_thread::sleep_for(100ms);
    CHECK(stops == 1);
    const int asked = ahead.asked() + also.asked();
    log.grow(5);
    std::this_thread::sleep_for(100ms);
    CHECK(ahead.asked() + also.asked() == asked);
}

TEST_CASE("published checkpoint: what is shown follows quorum and terms", "[http][publisher]") {
    Log log;
    auto terms = terms_for({1, 2, 3}, 2);
    const auto add = [&](std::uint64_t size, int number) {
        const auto checkpoint = ledger::LogStore(log.db(), kOrigin).checkpoint_at(size).value();
        const std::string text = checkpoint.note.substr(0, checkpoint.note.find("\n\n") + 1);
        ledger::CosignatureStore(log.db(), kOrigin)
            .add({size, witness_signer(number).sign(text, 1000)});
    };
    const auto size = [&]() -> std::uint64_t {
        const auto published = app::published_checkpoint(log.db(), kOrigin, terms);
        return published ? published->size : 0;
    };
    CHECK(size() == 0);
    for (int i = 0; i < 4; ++i) log.grow(10);
    CHECK(size() == 0);
    add(10, 1);
    add(20, 2);
    CHECK(size() == 0);
    add(10, 3);
    CHECK(size() == 10);
    add(30, 1);
    add(30, 9);  // not a witness of the policy
    CHECK(size() == 10);
    add(30, 2);
    CHECK(size() == 30);
    CHECK(app::witnessed_covering(log.db(), kOrigin, terms, 5)->size == 10);
    CHECK(app::witnessed_covering(log.db(), kOrigin, terms, 10)->size == 30);
    CHECK_FALSE(app::witnessed_covering(log.db(), kOrigin, terms, 30).has_value());
    // A row that was meddled with is not shown, and does not spoil the rest.
    ledger::CosignatureStore(log.db(), kOrigin).add({30, witness_signer(3).sign("other\n", 7)});
    CHECK(app::published_checkpoint(log.db(), kOrigin, terms)->witnessed ==
          app::Witnessed{2, 3, true});
    terms.publish_unwitnessed = true;
    CHECK(size() == 40);
    CHECK(app::published_checkpoint(log.db(), kOrigin, terms)->witnessed ==
          app::Witnessed{0, 3, false});
    terms.publish_unwitnessed = false;
    terms.policy.quorum.reset();
    CHECK(size() == 40);
    CHECK(terms.unwitnessed() == app::Witnessed{0, 3, true});
}

TEST_CASE("witness transport: what is no address, and what was cancelled, has no answer",
          "[http][publisher]") {
    http::HttpWitnessTransport transport;
    CHECK(transport.get("nothing").status == 0);
    transport.cancel();
    LyingWitness server([](const std::string&) { return Reply{200, "text/plain", "x"}; });
    CHECK(transport.get("http://127.0.0.1:" + std::to_string(server.port()) + "/").status == 0);
}
