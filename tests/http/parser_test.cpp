#include "marketplace/http/parser.h"

#include <iostream>
#include <random>

#include "tests/http/support/bad_requests.h"
#include "tests/http/support/exchange.h"
#include "tests/http/support/parse_stream.h"
#include "tests/support/catch.h"

using namespace std::chrono_literals;
using pdx::http::Framing;
using pdx::http::ProtocolFault;
using pdx::test::bad_bodies;
using pdx::test::bad_requests;
using pdx::test::parse_stream;

namespace {

constexpr const char* kGood =
    "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
    "POST /a?b=c HTTP/1.1\r\nhost: [::1]:8080\r\nContent-Length: 5\r\nAccept: a\r\n"
    "accept:  b \t\r\n\r\nhello"
    "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "5;ext=\"1\"\r\nhello\r\nA\r\n0123456789\r\n000\r\nX-Trailer: y\r\nX-More: z\r\n\r\n"
    "DELETE http://x/c%20d HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n";

}  // namespace

TEST_CASE("parser: good requests are read one after another", "[http][parser]") {
    const auto stream = parse_stream(kGood);
    REQUIRE_FALSE(stream.fault);
    REQUIRE(stream.requests.size() == 4);
    CHECK(stream.requests[0].head.method == "GET");
    CHECK(stream.requests[0].head.framing == Framing::kNone);
    CHECK(stream.requests[1].head.target == "/a?b=c");
    CHECK(stream.requests[1].body == "hello");
    CHECK(stream.requests[1].head.headers.back().second == "a, b");
    CHECK(stream.requests[2].body == "hello0123456789");
    CHECK(stream.requests[3].head.target == "/c%20d");
    CHECK_FALSE(stream.requests[3].head.keep_alive);
    CHECK(stream.requests[3].whole);
}

TEST_CASE("parser: every ambiguous request is refused for its own reason", "[http][parser]") {
    for (const auto& bad : bad_requests()) {
        CAPTURE(bad.name);
        const auto stream = parse_stream(bad.bytes);
        CHECK(stream.requests.empty());
        REQUIRE(stream.fault);
        CHECK(static_cast<int>(*stream.fault) == static_cast<int>(bad.fault));
    }
    for (const auto& bad : bad_bodies()) {
        CAPTURE(bad.name);
        const auto stream = parse_stream(bad.bytes);
        REQUIRE(stream.requests.size() == 1);
        CHECK_FALSE(stream.requests.front().whole);
        REQUIRE(stream.fault);
        CHECK(static_cast<int>(*stream.fault) == static_cast<int>(bad.fault));
    }
}

TEST_CASE("parser: however the bytes are cut, they read the same", "[http][parser]") {
    const auto seed = std::random_device{}();
    std::cout << "parser cut seed " << seed << "\n";
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::vector<std::string> inputs = {kGood, std::string("\r\n") + kGood};
    for (const auto& bad : bad_requests()) inputs.push_back(kGood + bad.bytes);
    for (const auto& bad : bad_bodies()) inputs.push_back(kGood + bad.bytes);
    for (const std::string& input : inputs) {
        const std::string whole = parse_stream(input).summary();
        CHECK(parse_stream(input, [](std::size_t) { return std::size_t{1}; }).summary() == whole);
        for (int round = 0; round < 20; ++round) {
            const std::size_t largest = 1 + random() % 64;
            const auto cut = [&](std::size_t left) {
                return std::min(left, std::size_t{1} + random() % largest);
            };
            CHECK(parse_stream(input, cut).summary() == whole);
        }
    }
}

TEST_CASE("parser: random damage never breaks it and never depends on the cut", "[http][parser]") {
    const auto seed = std::random_device{}();
    std::cout << "parser damage seed " << seed << "\n";
    CAPTURE(seed);
    std::mt19937 random(seed);
    const std::string good = kGood;
    for (int round = 0; round < 5000; ++round) {
        std::string damaged = good;
        for (int i = 0; i < 3; ++i) {
            const std::size_t at = random() % damaged.size();
            if (random() % 3 == 0) {
                damaged.erase(at, 1 + random() % 4);
            } else {
                damaged[at] = static_cast<char>(random() % 256);
            }
            if (damaged.empty()) damaged = "x";
        }
        const std::vector<std::uint8_t> bytes(damaged.begin(), damaged.end());
        CHECK(pdx::test::fuzz_parser(bytes.data(), bytes.size()) == 0);
    }
}

TEST_CASE("parser: limits hold at their edge", "[http][parser]") {
    pdx::http::Limits limits;
    limits.head_bytes_max = 200;
    limits.header_count_max = 3;
    const std::string base = "GET / HTTP/1.1\r\nHost: x\r\n";
    const std::string fill = "X-A: ";
    const std::size_t room = 200 - base.size() - fill.size() - 4;
    const auto with = [&](std::size_t count) {
        return base + fill + std::string(count, 'a') + "\r\n\r\n";
    };
    CHECK_FALSE(parse_stream(with(room), limits).fault);
    CHECK(parse_stream(with(room + 1), limits).fault == ProtocolFault::kHeadTooLarge);
    CHECK(parse_stream(base + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits).fault ==
          ProtocolFault::kTooManyHeaders);
}

TEST_CASE("parser: over a socket every ambiguous request is refused and nothing after it is served",
          "[http][parser][server]") {
    pdx::test::LiveEdge live;
    const std::string next = "GET /files/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    auto all = bad_requests();
    for (auto& bad : bad_bodies()) all.push_back(std::move(bad));
    for (const auto& bad : all) {
        CAPTURE(bad.name);
        pdx::test::RawClient client(live.port());
        client.send(bad.bytes + next);
        const auto reply = client.reply();
        REQUIRE(reply);
        CHECK(reply->status == bad.status);
        CHECK(reply->headers.at("content-type") == "application/problem+json");
        CHECK(reply->headers.at("connection") == "close");
        CHECK(reply->headers.count("x-request-id") == 1);
        CHECK(reply->complete);
        client.finish_sending();
        CHECK(client.rest().empty());
    }
}
