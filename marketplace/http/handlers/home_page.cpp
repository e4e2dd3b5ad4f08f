#include "marketplace/http/handlers/home_page.h"

#include <utility>

#include "ledger/origin.h"
#include "marketplace/http/reference.h"
#include "marketplace/http/uri.h"

namespace pdx::http {
namespace {

constexpr std::int64_t kCatalogRows = 50;
constexpr std::int64_t kLedgerRows = 20;

/// Shape: 2026-03-02 09:00:00 of 2026-03-02T09:00:00.000000Z; the whole of it for machines.
std::string time_element(const std::string& rfc3339) {
    constexpr std::size_t kDayBytes = 10;
    constexpr std::size_t kTimeBytes = 8;
    return "<time datetime=\"" + rfc3339 + "\">" + rfc3339.substr(0, kDayBytes) + " " +
           rfc3339.substr(kDayBytes + 1, kTimeBytes) + "</time>";
}

/// Chooses one of two texts.
class Words {
public:
    explicit Words(Language language) : language_(language) {}
    std::string operator()(std::string_view en, std::string_view zh) const {
        return html_escape(language_ == Language::kChinese ? zh : en);
    }

private:
    Language language_;
};

/// What the address asks for, else what the browser does.
Language language_of(const Request& request) {
    const auto asked = request.query_text("lang");
    if (!asked) return request.language;
    return *asked == language_tag(Language::kChinese) ? Language::kChinese : Language::kEnglish;
}

/// Shape: the link to this page, and to the same search, in the other language.
std::string language_switch(const Request& request, Language language) {
    const bool is_chinese = language == Language::kChinese;
    const std::string other(language_tag(is_chinese ? Language::kEnglish : Language::kChinese));
    const std::string query = request.query_text("q").value_or("");
    return "<a class=\"plain\" id=\"language\" lang=\"" + other + "\" hreflang=\"" + other +
           "\" href=\"/?lang=" + other + (query.empty() ? "" : "&amp;q=" + percent_encode(query)) +
           "\">" + (is_chinese ? "English" : "中文") + "</a>";
}

std::string head(const Request& request, const Words& words, Language language) {
    const std::string tag(language_tag(language));
    return "<!doctype html>\n<html lang=\"" + tag +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           words("Public data exchange", "公共数据交易平台") +
           "</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n"
           "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.ico\">\n</head>\n<body>\n"
           "<a class=\"skip\" href=\"#main\">" +
           words("Skip to content", "跳到正文") + "</a>\n<header><div class=\"top\"><h1>" +
           words("Public data exchange", "公共数据交易平台") + "</h1>\n" +
           language_switch(request, language) + "</div>\n<nav aria-label=\"" +
           words("Page", "页内导航") + "\"><a href=\"#catalog\">" + words("Catalog", "资源目录") +
           "</a> <a href=\"#ledger\">" + words("Ledger", "账本") + "</a> <a href=\"#api\">" +
           words("API", "接口") + "</a> <a href=\"/scan#lang=" + tag + "\">" +
           words("Examine a table", "数据表体检") +
           "</a> <a href=\"/openapi.json\">OpenAPI</a></nav></header>\n"
           "<main id=\"main\">\n";
}

std::string introduction(const Words& words) {
    return "<p class=\"lead\">" +
           words(
               "Departments register public data here, the data authority authorizes its use, "
               "licensed operators build products, buyers pay into escrow and receive masked "
               "data. Every step is an entry in a signed, append-only ledger that anybody can "
               "download and verify.",
               "部门在此登记公共数据，数据主管部门依法授权，运营机构开发数据产品，需求方付款托管并"
               "获得去标识化数据。每一步都记入只增不改、带签名的公开账本，任何人都可以下载并核验"
               "。") +
           "</p>\n";
}

std::string catalog_section(const Request& request, app::Services& services, const Words& words) {
    const std::string query = request.query_text("q").value_or("");
    const std::string language = request.query_text("lang").value_or("");
    const std::string chosen =
        language.empty() ? "" : "<input type=\"hidden\" name=\"lang\" value=\"" + language + "\"> ";
    std::string html =
        "<section id=\"catalog\" aria-labelledby=\"catalog-title\">\n<h2 "
        "id=\"catalog-title\">" +
        words("Catalog", "资源目录") +
        "</h2>\n<form action=\"/\" method=\"get\" role=\"search\"><label for=\"q\">" +
        words("Search in Chinese or English", "用中文或英文检索") +
        "</label> <input id=\"q\" name=\"q\" type=\"search\" value=\"" + html_escape(query) +
        "\"> " + chosen + "<button>" + words("Search", "检索") + "</button></form>\n";
    const auto page = services.resources.list(request.caller, {query, ""}, "", kCatalogRows);
    if (page.items.empty()) {
        return html + "<p>" +
               words("Nothing is registered under these words.", "没有匹配的资源。") +
               "</p>\n</section>\n";
    }
    html += "<div class=\"scroll\" tabindex=\"0\"><table><caption>" +
            words("Registered public-data resources", "已登记的公共数据资源") +
            "</caption><thead><tr><th scope=\"col\">" + words("Title", "名称") +
            "</th><th scope=\"col\">" + words("Topic", "主题") + "</th><th scope=\"col\">" +
            words("Registration code", "登记编码") + "</th></tr></thead><tbody>\n";
    for (const auto& resource : page.items) {
        html += "<tr><th scope=\"row\"><a href=\"/api/v1/resources/" + resource.id.text() +
                "\"><span lang=\"zh-CN\">" + html_escape(resource.title_zh) +
                "</span> <span lang=\"en\">" + html_escape(resource.title_en) +
                "</span></a></th><td lang=\"zh-CN\">" + html_escape(resource.topic) + "</td><td>" +
                html_escape(resource.registration_code) + "</td></tr>\n";
    }
    return html + "</tbody></table></div>\n</section>\n";
}

std::string ledger_section(app::Services& services, const Words& words, Language language) {
    const std::string folder = ledger::log_folder(services.ledger.files().origin());
    std::string html =
        "<section id=\"ledger\" aria-labelledby=\"ledger-title\">\n<h2 "
        "id=\"ledger-title\">" +
        words("Latest ledger entries", "最新账本记录") + "</h2>\n<p><a href=\"" + folder +
        "checkpoint\">" + words("Signed checkpoint", "签名检查点") + "</a> · <a href=\"" + folder +
        "vkey\">" + words("Public key", "公钥") + "</a> · <a href=\"" + folder + "\">" +
        words("For other tools", "供其他工具读取") +
        "</a> · <a href=\"/verify#lang=" + std::string(language_tag(language)) + "\">" +
        words("Verify a receipt", "核验凭据") +
        "</a></p>\n<div class=\"scroll\" tabindex=\"0\"><table><caption>" +
        words("Newest first; each number leads to a receipt that verifies offline",
              "由新到旧；点击序号可取得可离线核验的凭据") +
        "</caption><thead><tr><th scope=\"col\">" + words("Number", "序号") +
        "</th><th scope=\"col\">" + words("What", "事项") + "</th><th scope=\"col\">" +
        words("When (UTC)", "时间（UTC）") + "</th></tr></thead><tbody>\n";
    for (const auto& entry : services.ledger.latest(kLedgerRows)) {
        const std::string index = std::to_string(entry.index);
        html += "<tr><th scope=\"row\"><a href=\"/api/v1/receipts/";
        html += index;
        html += "\">";
        html += index;
        html += "</a></th><td>";
        html += html_escape(entry.parsed.entry.kind);
        html += "</td><td>";
        html += time_element(entry.parsed.entry.at.rfc3339());
        html += "</td></tr>\n";
    }
    return html + "</tbody></table></div>\n</section>\n";
}

}  // namespace

Response home_page(const Request& request, app::Services& services, const std::string& reference) {
    const Language language = language_of(request);
    const Words words(language);
    Response response;
    response.content_type = "text/html; charset=utf-8";
    response.body = head(request, words, language) + introduction(words) +
                    catalog_section(request, services, words) +
                    ledger_section(services, words, language) + reference +
                    "</main>\n</body>\n</html>\n";
    return std::move(response.with("Content-Language", std::string(language_tag(language))));
}

const std::string& home_style() {
    static const std::string style = R"css(
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 70rem; padding: 0 1rem 4rem; background: #fff; color: #1b1f24;
  font: 1.125rem/1.6 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
a { color: #0b4f9e; } a:focus-visible, input:focus-visible, button:focus-visible, .scroll:focus-visible {
  outline: 3px solid #b35900; outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; background: #fff; }
.top { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: center; justify-content: space-between; }
.plain { border: 1px solid; border-radius: .25rem; padding: 0 1.2rem; line-height: 2.75rem; text-decoration: none; }
header { border-bottom: 2px solid #0b4f9e; margin-bottom: 1.5rem; }
nav a { display: inline-block; min-height: 2.75rem; margin-right: 1rem; line-height: 2.75rem; }
.lead { font-size: 1.25rem; }
input, button { font: inherit; min-height: 2.75rem; padding: 0 .75rem; border: 1px solid #57606a; }
button { background: #0b4f9e; color: #fff; border-radius: .25rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; color: #444c56; padding: .25rem 0; }
th, td { border-bottom: 1px solid #d0d7de; padding: .5rem .75rem; text-align: left;
  vertical-align: top; }
tbody th { font-weight: 500; }
#catalog td { white-space: nowrap; } #catalog td[lang] { white-space: normal; min-width: 8em; }
code, pre { font-size: 1rem; overflow-wrap: anywhere; } th code { overflow-wrap: normal; } pre { overflow-x: auto; }
article { border-top: 1px solid #d0d7de; padding: .5rem 0; }
h1, h2, h3, h4 { line-height: 1.3; overflow-wrap: anywhere; } h4 { margin: 1rem 0 .25rem; }
#api nav ul { display: flex; flex-wrap: wrap; list-style: none; margin: 0; padding: 0; }
@media (max-width: 40rem) {
  th, td { padding: .5rem .25rem; } th code { font-size: .8125rem; }
  #q { width: 100%; box-sizing: border-box; margin-bottom: .5rem; }
  .scroll thead { position: absolute; left: -100rem; }
  .scroll tbody tr { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .5rem 0;
    border-bottom: 1px solid #d0d7de; }
  .scroll th, .scroll td { border: 0; padding: 0; } #catalog td { white-space: normal; }
  #catalog td[lang] { min-width: 0; } #catalog tbody th { flex: 1 0 100%; }
}
)css";
    return style;
}

const std::string& home_icon() {
    static const std::string icon =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">)"
        R"(<rect width="16" height="16" rx="3" fill="#0b4f9e"/>)"
        R"(<path d="M3 6h8L8.5 3.5M13 10H5l2.5 2.5" fill="none" stroke="#fff" )"
        R"(stroke-width="1.75"/></svg>)";
    return icon;
}

}  // namespace pdx::http
