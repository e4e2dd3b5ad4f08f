/// Acknowledged is durable: whatever the moment at which the process is killed, every write that
/// was answered is there after the restart, with a receipt that holds, and its key finds it.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/merkle.h"
#include "ledger/proof.h"
#include "ledger/verify.h"
#include "marketplace/cli/log_download.h"
#include "tests/fault/support/server_process.h"
#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/small_market.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using test::SmallMarket;

namespace {

constexpr int kRounds = 6;
constexpr std::size_t kClients = 6;
constexpr std::size_t kWritesPerClientMax = 150;
constexpr int kKillAfterMsMax = 400;

/// One request under its own key, and its answer when there was one.
struct Write {
    std::string alias;
    test::HttpCall call;
    std::optional<test::RawReply> reply;
    bool pays = false;
};

test::HttpCall keyed(test::HttpCall call, const std::string& key) {
    call.headers.emplace_back("Idempotency-Key", key);
    return call;
}

test::HttpCall json_call(const std::string& path, const nlohmann::json& body) {
    return {.method = "POST", .path = "/api/v1" + path, .body = body.dump()};
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The market that is killed, set up once and kept through all rounds.
struct Fixture {
    explicit Fixture(const std::string& name)
        : folder(name),
          data(folder.path() / "data"),
          settings(test::quiet_settings(data)),
          server(std::make_unique<test::PdxServe>(data)),
          market(server->port(), admin_token(data), settings.origin) {
        market.register_cast();
        listing = market.open_for_orders();
        draft = market.draft_resource();
        csv = SmallMarket::rows(50);
    }
    static std::string admin_token(const std::filesystem::path& data) {
        std::string token = read_file(data / "admin-token");
        token.pop_back();
        return token;
    }
    void restart() {
        server.reset();
        server = std::make_unique<test::PdxServe>(data);
        market.connect(server->port());
    }

    test::TempFolder folder;
    std::filesystem::path data;
    cli::Settings settings;
    std::unique_ptr<test::PdxServe> server;
    SmallMarket market;
    std::string listing;
    std::string draft;  ///< a resource that takes uploads
    std::string csv;
};

/// Orders and pays; every third client registers parties, the last one uploads.
class Client {
public:
    Client(const Fixture& fixture, std::size_t number, std::string prefix)
        : fixture_(fixture),
          number_(number),
          prefix_(std::move(prefix)) {}

    /// Writes until the server is gone.
    void run(std::atomic<std::size_t>& acknowledged) {
        std::string unpaid;
        for (std::size_t i = 0; i < kWritesPerClientMax; ++i) {
            writes_.push_back(make(i, unpaid));
            Write& write = writes_.back();
            write.reply = fixture_.market.as(write.alias).try_call(write.call);
            if (!write.reply) return;
            ++acknowledged;
            const bool places = number_ % 3 != 2 && number_ + 1 != kClients && !write.pays;
            unpaid.clear();
            if (places && write.reply->status == 201) {
                unpaid = nlohmann::json::parse(write.reply->body).at("order_id");
            }
        }
    }
    std::vector<Write>& writes() { return writes_; }

private:
    Write make(std::size_t i, const std::string& unpaid) const {
        const std::string key = prefix_ + "-" + std::to_string(number_) + "-" + std::to_string(i);
        if (number_ + 1 == kClients) {
            return {
                "provider", keyed(SmallMarket::upload_call(fixture_.draft, fixture_.csv), key), {}};
        }
        if (number_ % 3 == 2) {
            return {"admin",
                    keyed(json_call("/parties", {{"uscc", cli::demo_uscc("91", 77)},
                                                 {"name_zh", key},
                                                 {"name_en", key},
                                                 {"role", "buyer"}}),
                          key),
                    {}};
        }
        if (!unpaid.empty()) {
            return {"buyer",
                    keyed(json_call("/orders/" + unpaid + "/payment",
                                    SmallMarket::payment_body(unpaid)),
                          key),
                    {},
                    true};
        }
        return {"buyer",
                keyed(json_call("/orders", SmallMarket::order_body(fixture_.listing)), key),
                {}};
    }

    const Fixture& fixture_;
    std::size_t number_;
    std::string prefix_;
    std::vector<Write> writes_;
};

/// The downloaded log: its entries, and the root that it had at any size.
class Log {
public:
    Log(const Fixture& fixture, const std::filesystem::path& folder)
        : key_(*ledger::NoteVerifier::parse(vkey(fixture))) {
        const auto size =
            cli::download_log({{"127.0.0.1", fixture.server->port(), false}, {}}, folder);
        const auto report = ledger::verify_log(folder, key_);
        for (const auto& fault : report.faults) UNSCOPED_INFO(fault.text());
        CHECK(report.ok());
        REQUIRE(report.entries == size);
        for (std::uint64_t i = 0; i * ledger::kTileWidth < size; ++i) {
            const unsigned width = ledger::tile_width(size, 0, i);
            const std::string bundle = read_file(
                folder / ledger::format_tile_path({.is_bundle = true, .index = i, .width = width}));
            const auto decoded = ledger::decode_bundle(as_bytes(bundle), width);
            for (const auto& entry : decoded.entries) entries_.emplace_back(as_text(entry.bytes));
        }
        REQUIRE(entries_.size() == size);
    }

    std::uint64_t size() const { return entries_.size(); }

    /// The receipt verifies, its entry stands at its place, and its tree is a prefix of this one.
    void check_receipt(const nlohmann::json& receipt) {
        const auto result = ledger::verify_receipt(receipt.at("proof").get<std::string>(), key_);
        INFO(result.reason);
        REQUIRE(result.ok());
        CHECK(result.index == receipt.at("index").get<std::uint64_t>());
        REQUIRE(result.index < size());
        CHECK(entries_[result.index] == as_text(result.entry));
        REQUIRE(result.checkpoint.size <= size());
        CHECK(root_at(result.checkpoint.size) == result.checkpoint.root);
    }

private:
    static std::string vkey(const Fixture& fixture) {
        std::string text = fixture.market.as("").get("/ledger/main/vkey").body;
        text.pop_back();
        return text;
    }
    Digest root_at(std::uint64_t tree_size) {
        const auto known = roots_.find(tree_size);
        if (known != roots_.end()) return known->second;
        ledger::Prover prover(tree_size,
                              [this](unsigned height, std::uint64_t i) { return node(height, i); });
        return roots_[tree_size] = prover.root();
    }
    Digest node(unsigned height, std::uint64_t i) {
        if (height == 0) return ledger::leaf_hash(as_bytes(entries_[i]));
        const auto known = nodes_.find({height, i});
        if (known != nodes_.end()) return known->second;
        const Digest hash = ledger::node_hash(node(height - 1, 2 * i), node(height - 1, 2 * i + 1));
        return nodes_[{height, i}] = hash;
    }

    ledger::NoteVerifier key_;
    std::vector<std::string> entries_;
    std::map<std::pair<unsigned, std::uint64_t>, Digest> nodes_;
    std::map<std::uint64_t, Digest> roots_;
};

bool is_success(const test::RawReply& reply) { return reply.status == 200 || reply.status == 201; }

/// What the books hold in escrow, once they were found to balance. Unit: fen.
std::int64_t escrow(const SmallMarket& market) {
    const auto books = market.get("auditor", "/accounts?limit=1");
    CHECK(books.at("difference") == "0");
    const auto& totals = books.at("totals");
    if (!totals.contains("escrow")) return 0;
    return std::stoll(totals.at("escrow").at("amount").get<std::string>());
}

/// The same request under the same key again: the same answer, byte for byte.
void check_replayed(const SmallMarket& market, const Write& write) {
    const auto again = market.as(write.alias).call(write.call);
    CHECK(again.status == write.reply->status);
    CHECK(again.body == write.reply->body);
    CHECK(again.headers.count("idempotency-replayed") == 1);
}

void check_readable(const SmallMarket& market, const nlohmann::json& answer) {
    if (answer.contains("order_id")) {
        const auto order =
            market.get("buyer", "/orders/" + answer.at("order_id").get<std::string>());
        CHECK(order.at("version") >= answer.at("version"));
    } else if (answer.contains("dataset_id")) {
        const auto found =
            market.get("provider", "/datasets/" + answer.at("dataset_id").get<std::string>());
        CHECK(found.at("sha256") == answer.at("sha256"));
    } else {
        const auto found =
            market.get("admin", "/parties/" + answer.at("party_id").get<std::string>());
        CHECK(found.at("name_zh") == answer.at("name_zh"));
    }
}

/// Several clients write, the process is killed, everything is looked up afterwards.
std::vector<Write> write_until_killed(Fixture& fixture, const std::string& name, int after_ms) {
    std::vector<Client> clients;
    for (std::size_t i = 0; i < kClients; ++i) clients.emplace_back(fixture, i, name);
    std::atomic<std::size_t> acknowledged{0};
    std::vector<std::thread> threads;
    threads.reserve(clients.size());
    for (Client& client : clients) {
        threads.emplace_back([&client, &acknowledged] { client.run(acknowledged); });
    }
    while (acknowledged == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
    fixture.server->kill();
    for (std::thread& thread : threads) thread.join();
    std::vector<Write> writes;
    for (Client& client : clients) {
        std::move(client.writes().begin(), client.writes().end(), std::back_inserter(writes));
    }
    return writes;
}

struct Tally {
    std::size_t acknowledged = 0;
    std::size_t lost_answers = 0;  ///< nobody was told, and yet it is there
};

Tally check_writes(Fixture& fixture, std::vector<Write>& writes, std::uint64_t size_before) {
    Tally tally;
    std::set<std::uint64_t> indexes;
    {
        Log log(fixture, fixture.folder.path() / "log");
        for (const Write& write : writes) {
            if (!write.reply) continue;
            ++tally.acknowledged;
            INFO(write.call.path << " " << write.reply->body);
            REQUIRE(is_success(*write.reply));
            const auto answer = nlohmann::json::parse(write.reply->body);
            log.check_receipt(answer.at("receipt"));
            indexes.insert(answer.at("receipt").at("index").get<std::uint64_t>());
            check_readable(fixture.market, answer);
            check_replayed(fixture.market, write);
        }
        CHECK(fixture.market.log_size() == log.size());
        CHECK(log.size() >= size_before + tally.acknowledged);
        CHECK(log.size() <= size_before + writes.size());
    }
    // Who got no answer asks again, and cannot tell whether the first request had come through.
    for (Write& write : writes) {
        if (write.reply) continue;
        write.reply = fixture.market.as(write.alias).call(write.call);
        INFO(write.call.path << " " << write.reply->body);
        REQUIRE(is_success(*write.reply));
        tally.lost_answers += write.reply->headers.count("idempotency-replayed");
        const auto answer = nlohmann::json::parse(write.reply->body);
        indexes.insert(answer.at("receipt").at("index").get<std::uint64_t>());
        check_replayed(fixture.market, write);
    }
    CHECK(indexes.size() == writes.size());
    CHECK(fixture.market.log_size() == size_before + writes.size());
    return tally;
}

}  // namespace

TEST_CASE("kill: no acknowledged write is lost, whenever the process is killed", "[fault][kill]") {
    const unsigned seed = std::random_device{}();
    std::cout << "kill: seed " << seed << "\n";
    CAPTURE(seed);
    std::mt19937 random(seed);
    Fixture fixture("pdx-kill");
    std::int64_t paid = 0;
    for (int round = 0; round < kRounds; ++round) {
        CAPTURE(round);
        const std::uint64_t size_before = fixture.market.log_size();
        const int after_ms = std::uniform_int_distribution(0, kKillAfterMsMax)(random);
        auto writes = write_until_killed(fixture, "r" + std::to_string(round), after_ms);
        fixture.restart();
        const Tally tally = check_writes(fixture, writes, size_before);
        paid += std::count_if(writes.begin(), writes.end(), [](const Write& w) { return w.pays; });
        CHECK(escrow(fixture.market) == paid * std::stoll(SmallMarket::kPrice));
        std::cout << "  killed after " << after_ms << " ms: " << tally.acknowledged
                  << " acknowledged, " << writes.size() - tally.acknowledged
                  << " without an answer, of which " << tally.lost_answers << " were recorded\n";
    }
    // What the kills left of files without a commit is gone, and the market goes on.
    for (const auto& file : std::filesystem::directory_iterator(fixture.data / "blobs")) {
        CHECK(file.path().extension() != ".part");
        CHECK(file.path().extension() != ".new");
    }
    const std::string order = fixture.market.order(fixture.listing);
    fixture.market.pay(order);
    fixture.market.deliver(order);
    Log(fixture, fixture.folder.path() / "log");
}

TEST_CASE("kill: before the commit there is nothing, after it everything", "[fault][kill]") {
    using Moment = test::DoomedExchange::Moment;
    const auto moment = GENERATE(Moment::kBeforeCommit, Moment::kAfterCommit);
    const bool is_recorded = moment == Moment::kAfterCommit;
    CAPTURE(is_recorded);
    Fixture fixture("pdx-kill-commit");
    const std::string order = fixture.market.order(fixture.listing);
    const std::uint64_t size_before = fixture.market.log_size();
    fixture.server.reset();
    Write write{"buyer",
                keyed(json_call("/orders/" + order + "/payment", SmallMarket::payment_body(order)),
                      "around-the-commit"),
                {},
                true};
    {
        test::DoomedExchange doomed(fixture.settings, moment);
        fixture.market.connect(doomed.port());
        doomed.arm();
        CHECK_FALSE(fixture.market.as(write.alias).try_call(write.call).has_value());
        REQUIRE(doomed.wait_until_killed());
    }
    fixture.restart();
    const SmallMarket& market = fixture.market;
    CHECK(market.log_size() == size_before + (is_recorded ? 1 : 0));
    CHECK(market.get("buyer", "/orders/" + order).at("state") ==
          (is_recorded ? "escrowed" : "placed"));
    CHECK(escrow(market) == (is_recorded ? std::stoll(SmallMarket::kPrice) : 0));

    write.reply = market.as(write.alias).call(write.call);
    REQUIRE(write.reply->status == 200);
    CHECK((write.reply->headers.count("idempotency-replayed") == 1) == is_recorded);
    check_replayed(market, write);
    CHECK(market.log_size() == size_before + 1);
    CHECK(escrow(market) == std::stoll(SmallMarket::kPrice));
    Log log(fixture, fixture.folder.path() / "log");
    log.check_receipt(nlohmann::json::parse(write.reply->body).at("receipt"));
}
