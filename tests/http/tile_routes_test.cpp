/// The log as tlog-tiles serves it, against the tree as the RFC defines it.
#include "marketplace/http/handlers/tile_routes.h"

#include <Poco/InflatingStream.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "tests/http/support/exchange.h"
#include "tests/support/catch.h"
#include "tests/support/stored_log.h"

using namespace pdx;
using http::HeaderList;
using http::Response;

namespace {

constexpr const char* kFolder = "/ledger/main/";

/// A log with its routes, without a socket.
struct Site {
    test::StoredLog log;
    app::ReadPool pool{log.database(), 4};
    app::LogFiles files{pool, log.origin()};
    test::FixedClock clock;
    RandomIdSource ids;
    test::RoleAuthenticator authenticator;
    std::ostringstream said;
    http::AccessLog access{said, http::LogFormat::kJson, clock};
    http::Router router{http::tile_routes(files, {log.verifier().vkey()})};
    http::Dispatcher dispatcher{router, authenticator, access, ids, clock};

    Response call(const std::string& method, const std::string& path, HeaderList headers = {}) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.headers = std::move(headers);
        return dispatcher.handle(request);
    }
    Response get(const std::string& file, HeaderList headers = {}) {
        return call("GET", kFolder + file, std::move(headers));
    }
};

std::string header_of(const Response& response, std::string_view name) {
    std::string joined;
    for (const auto& [known, value] : response.headers) {
        if (known == name) joined += (joined.empty() ? "" : " AND ") + value;
    }
    return joined;
}

std::string inflate(const std::string& packed) {
    std::istringstream in(packed);
    Poco::InflatingInputStream stream(in, Poco::InflatingStreamBuf::STREAM_GZIP);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Hash `i` of a level: the root over 256^level leaves, straight from the definition.
std::vector<std::vector<Digest>> all_levels(const std::vector<Digest>& leaves) {
    std::vector<std::vector<Digest>> levels{leaves};
    while (levels.back().size() >= ledger::kTileWidth) {
        const auto& below = levels.back();
        std::vector<Digest> here;
        for (std::size_t at = 0; at + ledger::kTileWidth <= below.size();
             at += ledger::kTileWidth) {
            std::vector<Digest> row(
                below.begin() + static_cast<std::ptrdiff_t>(at),
                below.begin() + static_cast<std::ptrdiff_t>(at + ledger::kTileWidth));
            while (row.size() > 1) {
                for (std::size_t i = 0; i < row.size() / 2; ++i) {
                    row[i] = ledger::node_hash(row[2 * i], row[2 * i + 1]);
                }
                row.resize(row.size() / 2);
            }
            here.push_back(row.front());
        }
        levels.push_back(std::move(here));
    }
    return levels;
}

std::string tile_text(const std::vector<Digest>& level, std::uint64_t index, unsigned width) {
    std::string text;
    for (std::uint64_t i = index * 256; i < index * 256 + width; ++i) {
        text += as_text(level.at(i).view());
    }
    return text;
}

std::string bundle_text(const std::vector<Bytes>& entries, std::uint64_t index, unsigned width) {
    std::string text;
    for (std::uint64_t i = index * 256; i < index * 256 + width; ++i) {
        const Bytes& entry = entries.at(i);
        text += static_cast<char>(entry.size() / 256);
        text += static_cast<char>(entry.size() % 256);
        text += as_text(entry);
    }
    return text;
}

void check_absent(const Response& response) {
    CHECK(response.status == 404);
    CHECK(response.content_type == "application/problem+json");
    CHECK(header_of(response, "Access-Control-Allow-Origin") == "*");
    CHECK(header_of(response, "Cache-Control") == "no-store");
}

/// Every width that matters of one place; what the tree has is served, the rest is 404.
void check_place(Site& site, const std::vector<std::vector<Digest>>& levels,
                 ledger::TilePath path) {
    const std::uint64_t size = site.log.size();
    const unsigned whole = ledger::tile_width(size, path.level, path.index);
    for (const unsigned width : {1U, 17U, 112U, whole - 1, whole, whole + 1, 255U, 256U}) {
        if (width == 0 || width > ledger::kTileWidth) continue;
        path.width = width;
        const std::string name = ledger::format_tile_path(path);
        INFO(name << " of " << size);
        const Response response = site.get(name);
        if (width > whole) {
            check_absent(response);
            continue;
        }
        REQUIRE(response.status == 200);
        const bool same =
            response.body == (path.is_bundle ? bundle_text(site.log.entries, path.index, width)
                                             : tile_text(levels.at(path.level), path.index, width));
        CHECK(same);
        CHECK(response.content_type == "application/octet-stream");
        CHECK(header_of(response, "Cache-Control") == "public, max-age=31536000, immutable");
        CHECK(header_of(response, "Access-Control-Allow-Origin") == "*");
        CHECK(header_of(response, "Accept-Ranges") == "bytes");
        CHECK(header_of(response, "Content-Language").empty());
        CHECK(header_of(response, "Vary") == (path.is_bundle ? "Accept-Encoding" : ""));
    }
}

}  // namespace

TEST_CASE("tiles: a tree of any size has its tiles at their widths and no others",
          "[http][tiles]") {
    Site site;
    check_absent(site.get("checkpoint"));
    check_absent(site.get("tile/0/000.p/1"));
    CHECK(site.get("").status == 200);
    for (const std::uint64_t size : {1U, 255U, 256U, 257U, 65'536U, 70'000U}) {
        site.log.grow_to(size);
        const auto levels = all_levels(site.log.leaves);
        for (unsigned level = 0; level < 4; ++level) {
            const std::uint64_t full = ledger::full_tile_count(size, level);
            for (const std::uint64_t index :
                 {std::uint64_t{0}, full / 2, full == 0 ? full : full - 1, full, full + 1}) {
                check_place(site, levels, {.level = level, .index = index});
                if (level == 0) {
                    check_place(site, levels, {.is_bundle = true, .index = index});
                }
            }
        }
    }
    CHECK(site.files.cached_bytes() > 0);
    CHECK(site.files.cached_bytes() <= app::kLogFilesCacheBytes);
}

TEST_CASE("tiles: one path is one file, and every other spelling is absent", "[http][tiles]") {
    Site site;
    site.log.grow_to(300);
    for (const char* there : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000",
                              "tile/entries/001.p/44", "tile/entries/000.p/3"}) {
        INFO(there);
        CHECK(site.get(there).status == 200);
    }
    for (const char* absent : {"tile/0/999",
                               "tile/0/x001/000",
                               "tile/0/x001/x234/067",
                               "tile/entries/x001/x234/067",
                               "tile/0/0",
                               "tile/0/00",
                               "tile/0/0000",
                               "tile/00/000",
                               "tile/01/000.p/1",
                               "tile/+1/000",
                               "tile/-1/000",
                               "tile/0/x000/000",
                               "tile/0/X001/000",
                               "tile/0/000/",
                               "tile/0/000/x",
                               "tile//0/000",
                               "tile/0//000",
                               "tile/0",
                               "tile/",
                               "tile",
                               "tile/0/",
                               "tile/0/000.p/0",
                               "tile/0/000.p/256",
                               "tile/0/000.p/01",
                               "tile/0/000.p/",
                               "tile/0/000.p",
                               "tile/0/000.p/1/",
                               "tile/0/000.P/1",
                               "tile/0/000.p/-1",
                               "tile/0/000.p/257",
                               "tile/7/000",
                               "tile/8/000.p/1",
                               "tile/63/000",
                               "tile/64/000",
                               "tile/entries/0",
                               "tile/Entries/000",
                               "tile/0/%30%30%30",
                               "tile/0/00%30",
                               "tile/%30/000",
                               "tile/0/000%2Ep/1",
                               "tile/0/x999/x999/x999/x999/x999/999",
                               "tile/0/x9223/x372/036/854/775/807",
                               "tile/0/x018/x446/x744/x073/x709/x551/616"}) {
        INFO(absent);
        const Response response = site.get(absent);
        CHECK(response.status == 404);
        CHECK(response.content_type == "application/problem+json");
    }
    for (const char* other : {"/ledger/Main/checkpoint", "/ledger/second/checkpoint",
                              "/ledger/second/tile/0/000", "/ledger/second/vkey", "/ledger/second/",
                              "/ledger/checkpoint", "/ledger/vkey", "/ledger/tile/0/000"}) {
        INFO(other);
        CHECK(site.call("GET", other).status == 404);
    }
}

TEST_CASE("tiles: only what is published is served", "[http][tiles]") {
    Site site;
    site.log.grow_to(255);
    CHECK(site.get("tile/0/000.p/255").status == 200);
    site.log.store_unpublished(300);
    for (const char* file : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000",
                             "tile/entries/001.p/1"}) {
        INFO(file);
        check_absent(site.get(file));
    }
    site.log.grow_to(301);
    CHECK(site.get("tile/0/000").status == 200);
    CHECK(site.get("tile/0/001.p/44").status == 200);
    CHECK(site.get("tile/entries/001.p/45").status == 200);
    check_absent(site.get("tile/entries/001.p/46"));
}

TEST_CASE("tiles: full ones come from memory, and a hole in the database is no 404",
          "[http][tiles]") {
    constexpr sql::Query kDropTiles{"test.drop_tiles", "DELETE FROM log_tile"};
    Site site;
    site.log.grow_to(600);
    const std::string tile = site.get("tile/0/000").body;
    REQUIRE(tile.size() == 8192);
    site.log.database().open()->run(kDropTiles);
    CHECK(site.get("tile/0/000").body == tile);
    CHECK(site.get("tile/0/000.p/3").body == tile.substr(0, 96));
    CHECK(site.get("tile/0/001").status == 500);
    CHECK(site.said.str().find("absent from the log: tile/0/001") != std::string::npos);
}

TEST_CASE("tiles: a bundle is compressed for those who take it, and the same inside",
          "[http][tiles]") {
    Site site;
    site.log.grow_to(300);
    for (const char* file : {"tile/entries/000", "tile/entries/001.p/44"}) {
        const Response plain = site.get(file);
        for (const char* accept : {"gzip", "gzip, identity", "GZIP;q=0.5", "br, x-gzip", "*",
                                   "identity;q=0.1, gzip;q=0.1", "deflate;q=1, *;q=0.2"}) {
            INFO(file << " " << accept);
            const Response packed = site.get(file, {{"accept-encoding", accept}});
            CHECK(header_of(packed, "Content-Encoding") == "gzip");
            CHECK(header_of(packed, "Vary") == "Accept-Encoding");
            CHECK(packed.body.size() < plain.body.size() / 2);
            CHECK(inflate(packed.body) == plain.body);
            CHECK(header_of(packed, "ETag") != header_of(plain, "ETag"));
        }
        for (const char* accept :
             {"identity", "", "br", "gzip;q=0", "gzip;q=0.000, *", "identity, gzip;q=0.9",
              "identity;q=1, *;q=0.5", "deflate", "gzipped"}) {
            INFO(file << " " << accept);
            const Response same = site.get(file, {{"accept-encoding", accept}});
            CHECK(header_of(same, "Content-Encoding").empty());
            CHECK(header_of(same, "Vary") == "Accept-Encoding");
            CHECK(same.body == plain.body);
        }
    }
    CHECK(header_of(site.get("tile/0/000", {{"accept-encoding", "gzip"}}), "Content-Encoding")
              .empty());
}

TEST_CASE("tiles: one range is a part, and one beyond the end says how long the whole is",
          "[http][tiles][range]") {
    Site site;
    site.log.grow_to(300);
    for (const std::string file : {"tile/0/000", "tile/entries/001.p/44"}) {
        const Response whole = site.get(file);
        const std::string& body = whole.body;
        const std::string n = std::to_string(body.size());
        const auto part = [&](const std::string& range, std::size_t first, std::size_t count) {
            INFO(file << " " << range);
            const Response response =
                site.get(file, {{"range", range}, {"accept-encoding", "gzip"}});
            CHECK(response.status == 206);
            CHECK(response.body == body.substr(first, count));
            CHECK(header_of(response, "Content-Range") == "bytes " + std::to_string(first) + "-" +
                                                              std::to_string(first + count - 1) +
                                                              "/" + n);
            CHECK(header_of(response, "ETag") == header_of(whole, "ETag"));
            CHECK(header_of(response, "Content-Encoding").empty());
        };
        part("bytes=0-0", 0, 1);
        part("bytes=32-63", 32, 32);
        part("bytes=100-", 100, body.size() - 100);
        part("bytes=-5", body.size() - 5, 5);
        part("bytes=-99999999", 0, body.size());
        part("bytes=0-99999999999999999999999999", 0, body.size());
        part("bytes=" + std::to_string(body.size() - 1) + "-", body.size() - 1, 1);
        for (const std::string& range : {"bytes=" + n + "-", std::string("bytes=-0"),
                                         std::string("bytes=99999999999999999999999999-")}) {
            INFO(file << " " << range);
            const Response response = site.get(file, {{"range", range}});
            CHECK(response.status == 416);
            CHECK(response.code == "http.range");
            CHECK_FALSE(response.close);
            CHECK(header_of(response, "Content-Range") == "bytes */" + n);
        }
        for (const char* ignored : {"bytes=0-1,5-6", "bytes=5-4", "bytes=", "bytes=-", "bytes=a-b",
                                    "bytes=1", "lines=0-1", "bytes=+1-2", "bytes 0-1"}) {
            INFO(file << " " << ignored);
            CHECK(site.get(file, {{"range", ignored}}).status == 200);
        }
    }
    const std::string tag = header_of(site.get("tile/0/000"), "ETag");
    const auto resumed = [&](const std::string& version) {
        return site.get("tile/0/000", {{"range", "bytes=8-15"}, {"if-range", version}}).status;
    };
    CHECK(resumed(tag) == 206);
    CHECK(resumed("W/" + tag) == 200);
    CHECK(resumed("\"other\"") == 200);
    CHECK(resumed("Sun, 01 Mar 2026 08:00:00 GMT") == 200);
    CHECK(site.get("tile/0/000", {{"if-none-match", tag}}).status == 304);
    CHECK(site.call("HEAD", std::string(kFolder) + "tile/0/000", {{"range", "bytes=0-1"}}).status ==
          200);
}

TEST_CASE("tiles: the checkpoint is asked for anew each time and not sent again", "[http][tiles]") {
    Site site;
    site.log.grow_to(5);
    const Response first = site.get("checkpoint");
    CHECK(first.content_type == "text/plain; charset=utf-8");
    CHECK(header_of(first, "Cache-Control") == "no-cache");
    CHECK(header_of(first, "Vary").empty());
    const auto opened = ledger::open_checkpoint(first.body, site.log.verifier());
    CHECK(opened.status == ledger::CheckpointStatus::kVerified);
    CHECK(opened.checkpoint.size == 5);
    const HeaderList known{{"if-none-match", header_of(first, "ETag")}};
    const Response again = site.get("checkpoint", known);
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    site.log.grow_to(6);
    CHECK(site.get("checkpoint", known).status == 200);
    CHECK(site.get("vkey").body == site.log.verifier().vkey() + "\n");
    const auto about = nlohmann::json::parse(site.get("").body);
    CHECK(about.at("origin") == site.log.origin());
    CHECK(about.at("size") == 6);
    CHECK(about.at("vkeys") == nlohmann::json::array({site.log.verifier().vkey()}));
    const auto logs = nlohmann::json::parse(site.call("GET", "/ledger/").body);
    CHECK(logs.at("logs").at(0).at("url") == kFolder);
}

TEST_CASE("tiles: a page of another site may read them", "[http][tiles][cors]") {
    Site site;
    site.log.grow_to(300);
    for (const std::string file :
         {"checkpoint", "vkey", "", "tile/0/000", "tile/entries/000", "tile/0/999"}) {
        INFO(file);
        const Response response = site.call("OPTIONS", kFolder + file,
                                            {{"origin", "https://auditor.example"},
                                             {"access-control-request-method", "GET"},
                                             {"access-control-request-headers", "range"}});
        CHECK(response.status == 204);
        CHECK(header_of(response, "Access-Control-Allow-Origin") == "*");
        CHECK(header_of(response, "Access-Control-Allow-Methods") == "GET, HEAD");
        CHECK(header_of(response, "Access-Control-Allow-Headers") == "*");
        CHECK(header_of(response, "Access-Control-Max-Age") == "86400");
        const Response read = site.call("GET", kFolder + file);
        CHECK(header_of(read, "Access-Control-Allow-Origin") == "*");
        CHECK(header_of(read, "Access-Control-Expose-Headers").find("Content-Range") !=
              std::string::npos);
        const Response refused = site.call("POST", kFolder + file);
        CHECK(refused.status == 405);
        CHECK(header_of(refused, "Allow") == "GET, HEAD");
    }
}

TEST_CASE("tiles: HEAD tells what GET would send", "[http][tiles]") {
    Site site;
    site.log.grow_to(300);
    http::Server server(test::quick_config(), site.dispatcher);
    server.start();
    test::RawClient client(server.port());
    for (const std::string file : {"checkpoint", "vkey", "", "tile/0/000", "tile/entries/000",
                                   "tile/entries/001.p/44", "tile/0/999"}) {
        INFO(file);
        const std::string rest =
            kFolder + file + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: test-0001\r\n\r\n";
        REQUIRE(client.send("HEAD " + rest));
        const auto head = client.reply(std::chrono::seconds(20), true);
        REQUIRE(head);
        REQUIRE(client.send("GET " + rest));
        const auto get = client.reply();
        REQUIRE(get);
        CHECK(head->status == get->status);
        CHECK(head->body.empty());
        auto told = head->headers;
        auto sent = get->headers;
        told.erase("date");
        sent.erase("date");
        CHECK(told == sent);
        CHECK(told.at("content-length") == std::to_string(get->body.size()));
    }
    server.stop();
}

TEST_CASE("tiles: readers see a growing log whole", "[http][tiles]") {
    Site site;
    site.log.grow_to(1);
    std::atomic<bool> done{false};
    std::atomic<int> bad{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!done) {
                const auto checkpoint = site.files.checkpoint();
                const std::uint64_t size = checkpoint->size;
                const std::uint64_t last = (size - 1) / ledger::kTileWidth;
                const unsigned width = ledger::tile_width(size, 0, last);
                const auto tile = site.files.find({.index = last, .width = width});
                const auto bundle =
                    site.files.find({.is_bundle = true, .index = last, .width = width});
                if (!tile || !bundle || tile->bytes.size() != width * Digest::kSize ||
                    ledger::decode_bundle(bundle->bytes, width).end != bundle->bytes.size()) {
                    ++bad;
                }
            }
        });
    }
    for (std::uint64_t size = 2; size < 1'200; size += 23) site.log.grow_to(size);
    done = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(bad == 0);
}
