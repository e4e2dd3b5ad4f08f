/// The page that examines a table: what its policy lets it do.
#include <string>

#include "tests/ledger/support/log_fixture.h"
#include "tests/support/browser.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;

TEST_CASE("scan page: its policy allows its own script and style, and requests to its own origin",
          "[web]") {
    const std::string page =
        test::read_text(test::source_folder() / "marketplace/http/web/scan.html");
    const std::string policy =
        test::between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    CHECK(policy.starts_with("default-src 'none'; connect-src 'self'; script-src 'sha256-"));
    CHECK(policy.ends_with("'; base-uri 'none'; form-action 'none'"));
    CHECK(test::names_its_own_parts(page, policy));
    for (const std::string word :
         {" src=", "url(", "@import", "innerHTML", "eval(", "style=\"", "onclick", "localStorage",
          "sessionStorage", "cookie", "http://", "https://"}) {
        INFO(word);
        CHECK(page.find(word) == std::string::npos);
    }
    CHECK(test::between(page, " href=\"", "\"") == "/");
    CHECK(page.find(" href=") == page.rfind(" href="));
}
