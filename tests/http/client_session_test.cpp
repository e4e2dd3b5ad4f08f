#include "marketplace/http/client_session.h"

#include "marketplace/http/witness_transport.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_server.h"

using namespace pdx;

namespace {

std::string url_of(const test::TlsServer& server) {
    return "https://localhost:" + std::to_string(server.port()) + "/checkpoint";
}

ledger::WitnessHttpAnswer ask(const std::string& url, const std::string& authorities) {
    http::WitnessTransportOptions options;
    options.authorities = authorities;
    return http::HttpWitnessTransport(options).get(url);
}

}  // namespace

TEST_CASE("server url: scheme, host, port and path, and nothing else", "[http][client]") {
    using http::ServerUrl;
    const auto plain = ServerUrl::parse("http://w.example");
    REQUIRE(plain.has_value());
    CHECK(plain->server == http::ServerAddress{"w.example", 80, false});
    CHECK(plain->path.empty());
    const auto secure = ServerUrl::parse("https://w.example/a/b");
    REQUIRE(secure.has_value());
    CHECK(secure->server == http::ServerAddress{"w.example", 443, true});
    CHECK(secure->server.text() == "https://w.example:443");
    CHECK(secure->path == "/a/b");
    const auto v6 = ServerUrl::parse("http://[::1]:8090/a");
    REQUIRE(v6.has_value());
    CHECK(v6->server.text() == "http://[::1]:8090");
    for (const char* bad :
         {"", "w.example", "ftp://w.example/", "http://", "https://", "http://u@w.example/",
          "https://u:p@w.example/", "http://w.example/?a=b", "http://w.example/#a",
          "http://w.example:99999/", "HTTP//w.example"}) {
        INFO(bad);
        CHECK_FALSE(ServerUrl::parse(bad).has_value());
    }
}

TEST_CASE("https: a server is believed when its certificate is for its name, in time and trusted",
          "[http][client]") {
    const test::TempFolder folder;
    const auto make = [&](const std::string& name, const test::TlsIdentity& identity) {
        std::filesystem::create_directory(folder.path() / name);
        return std::make_unique<test::TlsServer>(folder.path() / name, identity, "hello");
    };
    const auto honest = make("honest", {});
    const auto answer = ask(url_of(*honest), honest->certificate());
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello");
    CHECK(honest->answered() == 1);

    INFO("an authority that this machine does not trust");
    CHECK(ask(url_of(*honest), "").status == 0);
    INFO("the authority of another");
    const auto other_name = make("other-name", {.name = "other.example"});
    CHECK(ask(url_of(*honest), other_name->certificate()).status == 0);
    INFO("a name that is not the server's");
    CHECK(ask(url_of(*other_name), other_name->certificate()).status == 0);
    INFO("out of date");
    const auto expired = make("expired", {.valid_from = -7'200, .valid_to = -3'600});
    CHECK(ask(url_of(*expired), expired->certificate()).status == 0);
    INFO("a file that is not there");
    CHECK(ask(url_of(*honest), "/nothing/there.pem").status == 0);
    CHECK(honest->answered() == 1);
    CHECK(other_name->answered() == 0);
    CHECK(expired->answered() == 0);
}
