/// The page that verifies a receipt in the browser: that its policy lets its own script run and
/// nothing else, and, where a browser is installed, that it says of good and lying receipts what
/// our own verifier says.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "ledger/proof.h"
#include "ledger/verify.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/support/browser.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/shared_data.h"
#include "tests/support/tool.h"

using namespace pdx;
using namespace pdx::ledger;
namespace ledger_test = pdx::test;
namespace fs = std::filesystem;

namespace {

const fs::path kPage = pdx::test::source_folder() / "marketplace/http/web/verify.html";

}  // namespace

TEST_CASE("verify page: its policy allows its own script and style and no request", "[web]") {
    const std::string page = ledger_test::read_text(kPage);
    const std::string policy =
        test::between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    REQUIRE(policy.starts_with("default-src 'none'; script-src 'sha256-"));
    REQUIRE(policy.ends_with("'; base-uri 'none'; form-action 'none'"));
    REQUIRE(test::names_its_own_parts(page, policy));
    for (const std::string word : {" src=", "url(", "@import", "fetch(", "XMLHttpRequest",
                                   "innerHTML", "eval(", "style=\"", "onclick"}) {
        INFO(word);
        REQUIRE(page.find(word) == std::string::npos);
    }
    REQUIRE(test::between(page, " href=\"", "\"") == "/");
    REQUIRE(page.find(" href=") == page.rfind(" href="));
}

TEST_CASE("verify page: a browser says of receipts what the verifier says", "[web]") {
    if (test::is_left_out("chromium")) return;
    auto log = ledger_test::make_log(std::uint64_t{5});
    const std::string receipt =
        format_receipt(log.entries[2], 2, inclusion_proof(log.tiles, 2, 5), log.note);
    const auto changed = [&receipt](const std::string& from, const std::string& to) {
        std::string text = receipt;
        return text.replace(text.find(from), from.size(), to);
    };
    LogProof swapped = *parse_proof(receipt);
    swapped.extra = log.entries[3];
    auto odd = ledger_test::make_log({Bytes{'{', ' ', '}'}});
    const std::vector<std::string> receipts{
        receipt,
        nlohmann::json{{"receipt", {{"proof", receipt}}}}.dump(),
        changed("index 2", "index 3"),
        changed("index 2", "index 5"),
        changed("index 2", "index 02"),
        changed("\n5\n", "\n6\n"),
        changed("proof@v1", "proof@v2"),
        changed("\xE2\x80\x94 exchange", "\xE2\x80\x94 exchangf"),
        format_proof(swapped),
        receipt + "x",
        format_receipt(Bytes{'{', ' ', '}'}, 0, {}, odd.note),
        "{}",
    };
    const ledger_test::TempFolder folder;
    const std::string key = ledger_test::sample_signer().verifier().vkey();
    // One start of the browser: the page's own functions judge them all, and show one.
    std::string page = ledger_test::read_text(kPage);
    page.erase(page.find("<meta http-equiv"),
               page.find("<meta name=\"viewport\"") - page.find("<meta http-equiv"));
    const nlohmann::json asked{{"key", key}, {"receipts", receipts}};
    page.insert(
        page.rfind("</body>"),
        "<script>(async () => { const asked = " + asked.dump() +
            "; const said = []; for (const receipt of asked.receipts) { const result = await "
            "PdxVerify.verify(receipt, asked.key); said.push(result.ok ? 'ok' : "
            "result.code); } const out = document.createElement('p'); out.id = 'said'; "
            "out.textContent = said.join(' '); document.body.append(out); })();</script>");
    ledger_test::write_text(folder.path() / "judge.html", page);
    std::string expected;
    for (const std::string& text : receipts) {
        const auto found = find_receipt(text);
        const auto result =
            verify_receipt(found.value_or(""), ledger_test::sample_signer().verifier());
        expected += (expected.empty() ? "" : " ") + (!found        ? "receipt.absent"
                                                     : result.ok() ? "ok"
                                                                   : std::string(result.code()));
    }
    const std::string dom = test::dump_dom(folder.path() / "profile",
                                           "file://" + (folder.path() / "judge.html").string());
    REQUIRE(test::between(dom, "<p id=\"said\">", "</p>") == expected);
}

TEST_CASE("verify page: untouched, with a receipt behind the address, it shows the outcome",
          "[web]") {
    if (test::is_left_out("chromium")) return;
    auto log = ledger_test::make_log(std::uint64_t{5});
    const std::string receipt =
        format_receipt(log.entries[2], 2, inclusion_proof(log.tiles, 2, 5), log.note);
    const auto encoded = [](const std::string& text) {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        std::string out;
        for (const char byte : text) {
            const auto code = static_cast<unsigned char>(byte);
            out += {'%', kDigits[code >> 4U], kDigits[code & 15U]};
        }
        return out;
    };
    const ledger_test::TempFolder folder;
    const auto shown = [&](const std::string& text) {
        return test::dump_dom(folder.path() / "profile",
                              "file://" + kPage.string() + "#lang=en&key=" +
                                  encoded(ledger_test::sample_signer().verifier().vkey()) +
                                  "&receipt=" + encoded(text));
    };
    const std::string good = shown(receipt);
    REQUIRE(good.find("data-outcome=\"ok\"") != std::string::npos);
    REQUIRE(good.find("order.created") != std::string::npos);
    REQUIRE(good.find(">上一条记录<") != std::string::npos);
    REQUIRE(good.find(">1 signature line.<") != std::string::npos);
    REQUIRE(good.find("href=\"/?lang=en\" hidden") != std::string::npos);
    std::string lie = receipt;
    lie.replace(lie.find("index 2"), 7, "index 1");
    const std::string bad = shown(lie);
    REQUIRE(bad.find("data-outcome=\"failed\"") != std::string::npos);
    REQUIRE(bad.find("data-code=\"receipt.not_in_tree\"") != std::string::npos);
    REQUIRE(bad.find("order.created") == std::string::npos);
}

TEST_CASE("verify page: its own Ed25519 and SHA-2 agree with published vectors", "[web]") {
    const auto file = pdx::test::shared_data("vectors/wycheproof/ed25519_test.json");
    if (!file || test::is_left_out("chromium")) return;
    nlohmann::json asked = nlohmann::json::array();
    std::string expected;
    const auto vectors = nlohmann::json::parse(ledger_test::read_text(*file));
    for (const auto& group : vectors.at("testGroups")) {
        for (const auto& vector : group.at("tests")) {
            asked.push_back({group.at(group.contains("publicKey") ? "publicKey" : "key").at("pk"),
                             vector.at("msg"), vector.at("sig")});
            expected += vector.at("result") == "valid" ? '1' : '0';
        }
    }
    std::string page = ledger_test::read_text(kPage);
    const std::size_t meta = page.find("<meta http-equiv");
    page.erase(meta, page.find('\n', meta) - meta);
    page.insert(page.rfind("</body>"),
                "<script>{ const bytes = text => Uint8Array.from(text.match(/../g) || [], x => "
                "parseInt(x, 16)); const out = document.createElement('p'); out.id = 'said'; "
                "out.textContent = " +
                    asked.dump() +
                    ".map(([key, message, signature]) => PdxVerify.ed25519Pure(bytes(key), "
                    "bytes(message), bytes(signature)) ? '1' : '0').join(''); "
                    "document.body.append(out); }</script>");
    const ledger_test::TempFolder folder;
    ledger_test::write_text(folder.path() / "vectors.html", page);
    const std::string dom = test::dump_dom(folder.path() / "profile",
                                           "file://" + (folder.path() / "vectors.html").string());
    REQUIRE(test::between(dom, "<p id=\"said\">", "</p>") == expected);
}
