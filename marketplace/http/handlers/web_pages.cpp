#include "marketplace/http/handlers/web_pages.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "marketplace/http/reference.h"

namespace pdx::http {

/// The files of marketplace/http/web, compiled in.
const std::vector<std::pair<std::string_view, std::string>>& embedded_web();

namespace {

struct WebPage {
    std::string html;
    std::string policy;  ///< its own
};

WebPage page_named(std::string_view file) {
    constexpr std::string_view kPolicy = "http-equiv=\"Content-Security-Policy\" content=\"";
    const auto found = std::find_if(embedded_web().begin(), embedded_web().end(),
                                    [file](const auto& one) { return one.first == file; });
    PDX_CHECK(found != embedded_web().end());
    WebPage page{found->second, {}};
    const std::size_t policy = page.html.find(kPolicy);
    PDX_CHECK(policy != std::string::npos);
    const std::size_t begin = policy + kPolicy.size();
    page.policy =
        page.html.substr(begin, page.html.find('"', begin) - begin) + "; frame-ancestors 'none'";
    return page;
}

WebPage verify_page(std::string_view vkey) {
    constexpr std::string_view kKey = "@LEDGER_KEY@";
    WebPage page = page_named("verify.html");
    const std::size_t key = page.html.find(kKey);
    PDX_CHECK(key != std::string::npos);
    page.html.replace(key, kKey.size(), html_escape(vkey));
    return page;
}

Handler serve(WebPage page) {
    return [page = std::move(page)](const Request& /*request*/) {
        Response response;
        response.content_type = "text/html; charset=utf-8";
        response.body = page.html;
        return std::move(response.with("Content-Security-Policy", page.policy));
    };
}

}  // namespace

std::vector<Route> web_page_routes(std::string_view vkey) {
    return {{.method = "GET",
             .path = "/verify",
             .operation_id = "readVerifyPage",
             .tag = "Ledger",
             .summary = {"The page that verifies a receipt in the browser", "在浏览器内核验凭据"},
             .access = Access::open(),
             .response = {200, {"The page", "页面"}, "text/html; charset=utf-8"},
             .handler = serve(verify_page(vkey))},
            {.method = "GET",
             .path = "/scan",
             .operation_id = "readScanPage",
             .tag = "Examination",
             .summary = {"The page that examines a table", "数据表体检页面"},
             .access = Access::open(),
             .response = {200, {"The page", "页面"}, "text/html; charset=utf-8"},
             .handler = serve(page_named("scan.html"))}};
}

}  // namespace pdx::http
