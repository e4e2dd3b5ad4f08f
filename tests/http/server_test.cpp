/// The server over real sockets: keep-alive, limits in time and number, streaming, stopping.
#include "marketplace/http/server.h"

#include <chrono>
#include <thread>

#include "tests/http/support/exchange.h"
#include "tests/support/catch.h"

using namespace std::chrono_literals;
using pdx::test::LiveEdge;
using pdx::test::quick_config;
using pdx::test::RawClient;

namespace {

constexpr const char* kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

bool await(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

}  // namespace

TEST_CASE("server: a connection answers one request after another", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    for (int i = 0; i < 5; ++i) {
        REQUIRE(client.send(kHello));
        const auto reply = client.reply();
        REQUIRE(reply);
        CHECK(reply->status == 200);
        CHECK(reply->body == "hello");
        CHECK(reply->headers.count("connection") == 0);
        CHECK(reply->headers.count("date") == 1);
        CHECK(reply->headers.at("x-content-type-options") == "nosniff");
    }
}

TEST_CASE("server: pipelined requests are answered in order", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    std::string all;
    for (int i = 0; i < 50; ++i) {
        const std::string body = "{\"text\":\"n" + std::to_string(i) + "\"}";
        all += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        all += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    REQUIRE(client.send(all));
    for (int i = 0; i < 50; ++i) {
        const auto reply = client.reply();
        REQUIRE(reply);
        CHECK(reply->body == "n" + std::to_string(i));
    }
}

TEST_CASE("server: HTTP/1.0 and Connection: close end the connection", "[http][server]") {
    LiveEdge live;
    RawClient old(live.port());
    REQUIRE(old.send("GET /hello HTTP/1.0\r\n\r\n"));
    CHECK(old.reply()->headers.at("connection") == "close");
    CHECK(old.closed_within(5s));
    RawClient kept(live.port());
    REQUIRE(kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    CHECK(kept.reply()->headers.at("connection") == "keep-alive");
    RawClient closing(live.port());
    REQUIRE(closing.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    CHECK(closing.reply()->headers.at("connection") == "close");
    CHECK(closing.closed_within(5s));
}

TEST_CASE("server: HEAD has the head of GET and no body", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    REQUIRE(client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n"));
    const auto head = client.reply(5s, true);
    REQUIRE(head);
    CHECK(head->headers.at("content-length") == "5");
    REQUIRE(client.send(kHello));
    CHECK(client.reply()->body == "hello");
    REQUIRE(client.send("HEAD /stream/known HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK(client.reply(5s, true)->headers.at("content-length") == "300000");
    REQUIRE(client.send("HEAD /stream/open HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK(client.reply(5s, true)->status == 200);
    REQUIRE(client.send(kHello));
    CHECK(client.reply()->body == "hello");
}

TEST_CASE("server: 100 Continue is said only when the body is wanted", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    REQUIRE(
        client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                    "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
    CHECK(client.reply()->status == 100);
    REQUIRE(client.send("12345"));
    CHECK(client.reply()->body == "5");
    REQUIRE(
        client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                    "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
    const auto refused = client.reply();
    REQUIRE(refused);
    CHECK(refused->status == 415);
    CHECK(refused->headers.at("connection") == "close");
}

TEST_CASE("server: an upload is counted whole in both framings", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    const std::string data(1'000'000, 'a');
    REQUIRE(
        client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                    "Content-Length: 1000000\r\n\r\n" +
                    data));
    CHECK(client.reply()->body == "1000000");
    std::string chunked =
        "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < data.size(); at += 50'000) {
        chunked += "C350;name=value\r\n" + data.substr(at, 50'000) + "\r\n";
    }
    REQUIRE(client.send(chunked + "0\r\nTrailer: ignored\r\n\r\n" + kHello));
    CHECK(client.reply()->body == "1000000");
    CHECK(client.reply()->body == "hello");
}

TEST_CASE("server: an unread body is never taken for the next request", "[http][server]") {
    LiveEdge live;
    const std::string smuggled = "GET /files/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    SECTION("a short one is read away") {
        RawClient client(live.port());
        REQUIRE(
            client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                        "Content-Length: " +
                        std::to_string(smuggled.size()) + "\r\n\r\n" + smuggled + kHello));
        CHECK(client.reply()->body == "ignored");
        CHECK(client.reply()->body == "hello");
    }
    SECTION("a long one closes the connection") {
        RawClient client(live.port());
        std::string body;
        while (body.size() < 200'000) body += smuggled;
        REQUIRE(
            client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body + kHello));
        CHECK(client.reply()->body == "ignored");
        CHECK(client.rest().empty());
    }
    SECTION("one that the route does not take is refused, and the connection closed") {
        RawClient client(live.port());
        REQUIRE(client.send("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                            std::to_string(smuggled.size()) + "\r\n\r\n" + smuggled));
        CHECK(client.reply()->status == 400);
        CHECK(client.rest().empty());
    }
    SECTION("one of an unknown route is not served") {
        RawClient client(live.port());
        REQUIRE(
            client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                        "\r\n2a\r\n" +
                        smuggled + "\r\n0\r\n\r\n"));
        CHECK(client.reply()->status == 404);
        CHECK(client.rest(300ms).find("200 OK") == std::string::npos);
    }
}

TEST_CASE("server: streamed replies are framed and break off visibly", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    REQUIRE(client.send("GET /stream/open HTTP/1.1\r\nHost: x\r\n\r\n"));
    auto reply = client.reply();
    REQUIRE(reply);
    CHECK(reply->headers.at("transfer-encoding") == "chunked");
    CHECK(reply->body.size() == 300'000);
    REQUIRE(client.send("GET /stream/known HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK(client.reply()->body.size() == 300'000);
    REQUIRE(client.send("GET /stream/small HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK(client.reply()->headers.at("content-length") == "3000");
    REQUIRE(client.send("GET /stream/early HTTP/1.1\r\nHost: x\r\n\r\n"));
    reply = client.reply();
    CHECK(reply->status == 409);
    CHECK(reply->headers.at("content-type") == "application/problem+json");
    REQUIRE(client.send("GET /stream/late HTTP/1.1\r\nHost: x\r\n\r\n"));
    reply = client.reply();
    REQUIRE(reply);
    CHECK_FALSE(reply->complete);
    CHECK(reply->body.find("secret") == std::string::npos);
}

TEST_CASE("server: no failure of a handler ends the server", "[http][server]") {
    LiveEdge live;
    for (const std::string how : {"bug", "unknown", "alien", "header"}) {
        RawClient client(live.port());
        REQUIRE(client.send("GET /fail/" + how + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        const auto reply = client.reply();
        REQUIRE(reply);
        CHECK(reply->status == 500);
        CHECK(reply->body.find("secret") == std::string::npos);
        CHECK(reply->body.find("Injected") == std::string::npos);
        REQUIRE(client.send(kHello));
        CHECK(client.reply()->body == "hello");
    }
}

TEST_CASE("server: over the connection limit the answer is 503 at once", "[http][server]") {
    auto config = quick_config();
    config.connections_max = 3;
    LiveEdge live(config);
    std::vector<std::unique_ptr<RawClient>> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(std::make_unique<RawClient>(live.port()));
        REQUIRE(held.back()->send(kHello));
        REQUIRE(held.back()->reply()->status == 200);
    }
    for (int i = 0; i < 5; ++i) {
        RawClient refused(live.port());
        refused.send(kHello);
        const auto reply = refused.reply(5s);
        REQUIRE(reply);
        CHECK(reply->status == 503);
        CHECK(reply->headers.at("retry-after") == "1");
        CHECK(reply->headers.at("connection") == "close");
    }
    held.pop_back();
    REQUIRE(await([&] { return live.server.connections() == 2; }));
    RawClient admitted(live.port());
    REQUIRE(admitted.send(kHello));
    CHECK(admitted.reply()->status == 200);
}

TEST_CASE("server: a slow sender is cut off", "[http][server]") {
    auto config = quick_config();
    config.timeouts.head = 200ms;
    config.timeouts.idle = 300ms;
    config.timeouts.body = 200ms;
    LiveEdge live(config);
    SECTION("who says nothing is closed in silence") {
        RawClient client(live.port());
        CHECK(client.rest(10s).empty());
    }
    SECTION("who drips a head gets 408") {
        RawClient client(live.port());
        const std::string head = "GET /hello HTTP/1.1\r\nHost: x\r\nX-A: ";
        client.send(head);
        const auto start = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - start < 5s && client.send("a")) {
            std::this_thread::sleep_for(20ms);
            if (live.server.connections() == 0) break;
            if (client.reply(1ms, true)) break;
        }
        CHECK(std::chrono::steady_clock::now() - start < 4s);
    }
    SECTION("who stops in a head gets 408") {
        RawClient client(live.port());
        client.send("GET /hello HTTP/1.1\r\nHost");
        const auto reply = client.reply(10s);
        REQUIRE(reply);
        CHECK(reply->status == 408);
        CHECK(client.closed_within(5s));
    }
    SECTION("who stops in a body gets 408") {
        RawClient client(live.port());
        client.send(
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            "Content-Length: 50\r\n\r\n{\"text\"");
        const auto reply = client.reply(10s);
        REQUIRE(reply);
        CHECK(reply->status == 408);
        CHECK(reply->headers.at("connection") == "close");
    }
}

TEST_CASE("server: a body that ends early reaches no handler as whole", "[http][server]") {
    LiveEdge live;
    RawClient client(live.port());
    client.send(
        "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        "Content-Length: 10\r\n\r\n12345");
    client.finish_sending();
    const auto reply = client.reply();
    REQUIRE(reply);
    CHECK(reply->status == 400);
    CHECK(reply->body.find("http.body_truncated") != std::string::npos);
}

TEST_CASE("server: stopping lets a running request finish and closes the idle", "[http][server]") {
    LiveEdge live;
    RawClient idle(live.port());
    REQUIRE(idle.send(kHello));
    REQUIRE(idle.reply());
    RawClient busy(live.port());
    REQUIRE(busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
    REQUIRE(await([&] { return live.edge.waiting == 1; }));
    std::thread stopper([&] { live.server.stop(); });
    CHECK(idle.closed_within(10s));
    live.edge.released = true;
    const auto reply = busy.reply();
    stopper.join();
    REQUIRE(reply);
    CHECK(reply->body == "slow");
    CHECK(reply->headers.at("connection") == "close");
    CHECK(busy.closed_within(5s));
    CHECK(live.server.connections() == 0);
    CHECK_THROWS(RawClient(live.port()));
}

TEST_CASE("server: a port is had once", "[http][server]") {
    LiveEdge live;
    auto config = quick_config();
    config.port = live.port();
    CHECK_THROWS_AS(pdx::http::Server(config, live.edge.dispatcher()), pdx::Error);
}

TEST_CASE("server: many clients at once all get their own answers", "[http][server]") {
    LiveEdge live;
    std::atomic<int> right{0};
    std::vector<std::thread> clients;
    for (int c = 0; c < 16; ++c) {
        clients.emplace_back([&, c] {
            RawClient client(live.port());
            for (int i = 0; i < 50; ++i) {
                const std::string name = "c" + std::to_string(c) + "n" + std::to_string(i);
                client.send("GET /hello?name=" + name + " HTTP/1.1\r\nHost: x\r\n\r\n");
                const auto reply = client.reply();
                if (reply && reply->body == name) ++right;
            }
        });
    }
    for (std::thread& client : clients) client.join();
    CHECK(right == 16 * 50);
}
