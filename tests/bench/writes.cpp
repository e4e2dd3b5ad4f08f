#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/proof.h"
#include "tests/bench/bench.h"
#include "tests/fault/support/server_process.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/small_market.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {
namespace {

constexpr std::size_t kConnections = 64;
constexpr double kWarmUpSeconds = 1;
constexpr double kSeconds = 8;

std::string first_line(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

struct Load {
    std::vector<double> milliseconds;  ///< of the requests begun after the warm-up, sorted
    std::vector<std::string> bodies;   ///< of the same
    double seconds = 0;
};

struct Worker {
    std::vector<std::pair<double, std::string>> answers;
    std::exception_ptr failure;
};

/// One kept connection that posts until the time is over.
void post_until(double end, const Stopwatch& watch, std::uint16_t port, std::size_t number,
                const std::string& token, const std::string& body, Worker& worker) {
    try {
        test::RawClient client(port);
        for (std::size_t i = 0; watch.seconds() < end; ++i) {
            const double begin = watch.seconds();
            client.send(
                "POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                token + "\r\nContent-Type: application/json\r\nIdempotency-Key: bench-" +
                std::to_string(number) + "-" + std::to_string(i) +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
            auto reply = client.reply();
            if (!reply || reply->status != 201) {
                throw std::runtime_error("a write failed: " + (reply ? reply->body : "no answer"));
            }
            if (begin >= kWarmUpSeconds) {
                worker.answers.emplace_back((watch.seconds() - begin) * 1000,
                                            std::move(reply->body));
            }
        }
    } catch (...) {
        worker.failure = std::current_exception();
    }
}

Load run_load(std::uint16_t port, const std::string& token, const std::string& body) {
    std::vector<Worker> workers(kConnections);
    std::vector<std::thread> threads;
    threads.reserve(kConnections);
    const Stopwatch watch;
    for (std::size_t i = 0; i < kConnections; ++i) {
        threads.emplace_back([&, i] {
            post_until(kWarmUpSeconds + kSeconds, watch, port, i, token, body, workers[i]);
        });
    }
    for (std::thread& thread : threads) thread.join();
    Load load;
    load.seconds = watch.seconds() - kWarmUpSeconds;
    for (Worker& worker : workers) {
        if (worker.failure) std::rethrow_exception(worker.failure);
        for (auto& [milliseconds, answer] : worker.answers) {
            load.milliseconds.push_back(milliseconds);
            load.bodies.push_back(std::move(answer));
        }
    }
    std::sort(load.milliseconds.begin(), load.milliseconds.end());
    return load;
}

double rate(const Load& load) { return static_cast<double>(load.bodies.size()) / load.seconds; }

double quantile(const Load& load, double q) {
    return load.milliseconds.at(
        static_cast<std::size_t>(q * static_cast<double>(load.milliseconds.size() - 1)));
}

/// Every answer's receipt is verified as a stranger would. Returns: the number of commits that the
/// answers came from, each of which signed a tree of its own size.
std::size_t verify_receipts(const Load& load, const std::string& vkey) {
    const auto key = ledger::NoteVerifier::parse(vkey);
    if (!key) throw std::runtime_error("no ledger key");
    std::set<std::uint64_t> sizes;
    std::set<std::uint64_t> indexes;
    for (const std::string& body : load.bodies) {
        const auto receipt = nlohmann::json::parse(body).at("receipt");
        const auto result = ledger::verify_receipt(receipt.at("proof").get<std::string>(), *key);
        if (!result.ok()) throw std::runtime_error("a receipt does not verify: " + result.reason);
        sizes.insert(result.checkpoint.size);
        indexes.insert(result.index);
    }
    if (indexes.size() != load.bodies.size()) throw std::runtime_error("two writes share an entry");
    return sizes.size();
}

/// Reads the request, answers `text`: what Poco's own server can do with the same traffic.
class EchoFactory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit EchoFactory(std::string text) : text_(std::move(text)) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& /*request*/) override {
        return new Handler(text_);  // the server deletes it
    }

private:
    class Handler final : public Poco::Net::HTTPRequestHandler {
    public:
        explicit Handler(const std::string& text) : text_(text) {}
        void handleRequest(Poco::Net::HTTPServerRequest& request,
                           Poco::Net::HTTPServerResponse& response) override {
            Poco::NullOutputStream nowhere;
            Poco::StreamCopier::copyStream(request.stream(), nowhere);
            response.setStatus(Poco::Net::HTTPResponse::HTTP_CREATED);
            response.setContentType("application/json");
            response.sendBuffer(text_.data(), text_.size());
        }

    private:
        const std::string& text_;
    };

    std::string text_;
};

double bare_poco_per_s(const std::string& token, const std::string& body,
                       const std::string& answer) {
    Poco::ThreadPool pool(2, static_cast<int>(kConnections) + 2);
    Poco::Net::ServerSocket socket(
        Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(0)));
    auto parameters = Poco::makeAuto<Poco::Net::HTTPServerParams>();
    parameters->setMaxThreads(static_cast<int>(kConnections));
    parameters->setMaxKeepAliveRequests(0);
    parameters->setKeepAlive(true);
    Poco::Net::HTTPServer server(new EchoFactory(answer), pool, socket, parameters);
    server.start();
    const double result = rate(run_load(server.port(), token, body));
    server.stopAll(true);
    return result;
}

}  // namespace

void writes() {
    const test::TempFolder folder("pdx-bench");
    const auto data = folder.path() / "data";
    const test::PdxServe server(data);
    test::SmallMarket market(server.port(), first_line(data / "admin-token"),
                             test::quiet_settings(data).origin);
    market.register_cast();
    const std::string body = test::SmallMarket::order_body(market.open_for_orders()).dump();
    const Load load = run_load(server.port(), market.token("buyer"), body);
    const std::size_t commits = verify_receipts(load, first_line(data / "ledger.vkey"));
    report("writes.per_s", rate(load), "commands/s",
           "POST /orders over 64 kept connections, embedded database, client on the same machine; "
           "every receipt verified offline");
    report("writes.p50_ms", quantile(load, 0.50), "ms", "the same requests");
    report("writes.p99_ms", quantile(load, 0.99), "ms", "the same requests");
    report("writes.per_fsync",
           static_cast<double>(load.bodies.size()) / static_cast<double>(commits),
           "commands per commit",
           "one WAL fsync a commit (synchronous=FULL); commits counted by "
           "the checkpoints in the receipts");
    report("disk.fsync_per_s", fsync_per_s(folder.path()), "fsync/s",
           "4 KiB append and fdatasync in the same folder, nothing else running");
    report("http.bare_poco_per_s", bare_poco_per_s("none", body, load.bodies.front()), "requests/s",
           "the same requests to Poco's HTTPServer, an answer of the same size, no work");
}

}  // namespace pdx::bench
