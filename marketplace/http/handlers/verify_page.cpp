#include "marketplace/http/handlers/verify_page.h"

#include <utility>

#include "base/check.h"
#include "marketplace/http/reference.h"

namespace pdx::http {

/// The files of marketplace/http/web, compiled in.
const std::vector<std::pair<std::string_view, std::string>>& embedded_web();

namespace {

struct VerifyPage {
    std::string html;
    std::string policy;  ///< its own, which names its script and style by their hashes
};

VerifyPage make_page(std::string_view vkey) {
    constexpr std::string_view kKey = "@LEDGER_KEY@";
    constexpr std::string_view kPolicy = "http-equiv=\"Content-Security-Policy\" content=\"";
    PDX_CHECK(embedded_web().size() == 1);
    VerifyPage page{embedded_web().front().second, {}};
    const std::size_t key = page.html.find(kKey);
    const std::size_t policy = page.html.find(kPolicy);
    PDX_CHECK(key != std::string::npos && policy != std::string::npos);
    const std::size_t begin = policy + kPolicy.size();
    page.policy =
        page.html.substr(begin, page.html.find('"', begin) - begin) + "; frame-ancestors 'none'";
    page.html.replace(key, kKey.size(), html_escape(vkey));
    return page;
}

}  // namespace

std::vector<Route> verify_page_routes(std::string_view vkey) {
    return {{.method = "GET",
             .path = "/verify",
             .operation_id = "readVerifyPage",
             .tag = "Ledger",
             .summary = {"The page that verifies a receipt in the browser", "在浏览器内核验凭据"},
             .access = Access::open(),
             .response = {200, {"The page", "页面"}, "text/html; charset=utf-8"},
             .handler = [page = make_page(vkey)](const Request& /*request*/) {
                 Response response;
                 response.content_type = "text/html; charset=utf-8";
                 response.body = page.html;
                 return std::move(response.with("Content-Security-Policy", page.policy));
             }}};
}

}  // namespace pdx::http
