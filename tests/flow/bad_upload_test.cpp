/// Files as they come: what can be read is read, everything else is refused with the place where
/// it goes wrong, and nothing of it stays.
#include <iconv.h>
#include <sys/resource.h>

#include <array>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "privacy/csv.h"
#include "tests/flow/support/live_market.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::check_problem;
using test::check_refused;
using test::HttpCall;
using test::json;
using test::LiveMarket;
using test::SmallMarket;

namespace {

constexpr std::size_t kMebi = std::size_t{1} << 20U;

std::string replaced(std::string text, const std::string& what, const std::string& with,
                     std::size_t from = 0) {
    const std::size_t at = text.find(what, from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

std::string with_crlf(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n' && (out.empty() || out.back() != '\r')) out += '\r';
        out += c;
    }
    return out;
}

std::string to_gb18030(const std::string& text) {
    const iconv_t converter = ::iconv_open("GB18030", "UTF-8");
    std::string out(text.size() * 2, '\0');
    std::string in = text;
    char* from = in.data();
    char* to = out.data();
    std::size_t from_left = in.size();
    std::size_t to_left = out.size();
    REQUIRE(::iconv(converter, &from, &from_left, &to, &to_left) == 0);
    ::iconv_close(converter);
    out.resize(out.size() - to_left);
    return out;
}

std::string header() {
    const std::string rows = SmallMarket::rows(1);
    return rows.substr(0, rows.find_first_of("\r\n"));
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

std::string wide_header(std::size_t columns) {
    std::string out = "c0";
    for (std::size_t i = 1; i < columns; ++i) out += ",c" + std::to_string(i);
    return out + "\n";
}

/// The first value of a column.
std::string value_of(const std::string& csv, std::size_t column) {
    std::size_t at = csv.find('\n') + 1;
    for (std::size_t i = 0; i < column; ++i) at = csv.find(',', at) + 1;
    return csv.substr(at, csv.find_first_of(",\r\n", at) - at);
}

/// The same records, one object a line.
std::string as_json_lines(const std::string& csv) {
    std::string lines;
    std::vector<std::string> names;
    privacy::CsvReader reader({}, [&](const privacy::CsvRecord& record) {
        if (names.empty()) {
            names.assign(record.fields.begin(), record.fields.end());
            return;
        }
        nlohmann::ordered_json object;
        for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = record.fields[i];
        lines += object.dump() + "\n";
    });
    reader.feed(csv);
    reader.finish();
    return lines;
}

HttpCall lines_call(const std::string& resource, std::string lines,
                    std::string type = "application/x-ndjson") {
    HttpCall call = SmallMarket::upload_call(resource, std::move(lines));
    call.content_type = std::move(type);
    return call;
}

struct BadFile {
    const char* name;
    std::string body;
    int status;
    const char* code;
    const char* place = "";  ///< that the problem names
};

std::vector<BadFile> bad_files() {
    const std::string good = SmallMarket::rows(20);
    const std::size_t data = good.find('\n') + 1;
    const std::string head = header() + "\n";
    const std::string row = good.substr(data, good.find('\n', data) + 1 - data);
    const std::string utf16 = std::string("\xFF\xFE", 2) + std::string("u\0s\0c\0c\0", 8);
    const std::string large_fields =
        repeated(std::string(kMebi - 1, 'x') + ",", 5) + repeated("x,", 7) + "x\n";
    return {
        {"nothing", "", 422, "csv.empty"},
        {"a byte order mark alone", "\xEF\xBB\xBF", 422, "csv.empty"},
        {"a row that is too short", good + "a,b,c\n", 422, "csv.ragged_row", "line 22"},
        {"a row that is too long", replaced(good, "\n", ",x\n", data), 422, "csv.ragged_row",
         "line 2"},
        {"an empty line", good + "\n" + row, 422, "csv.ragged_row", "line 22"},
        {"NUL", replaced(good, ",", std::string(",\0", 2), data), 422, "csv.nul_byte", "line 2"},
        {"NUL in quotes", good + std::string("\"\0\"", 3) + row.substr(row.find(',')), 422,
         "csv.nul_byte", "line 22"},
        {"bad UTF-8 among good", replaced(good, ",", "\xff,", data), 422, "encoding.invalid_utf8"},
        {"Latin-1", head + "caf\xe9 \xfc" + std::string("ber,\n"), 415, "encoding.unknown"},
        {"UTF-16", utf16, 415, "encoding.utf16"},
        {"a spreadsheet", "PK\x03\x04" + repeated("x", 100), 415, "encoding.binary"},
        {"a quote that stays open", good + "\"" + row, 422, "csv.unclosed_quote", "line 22"},
        {"a quote inside", good + "a\"b" + row, 422, "csv.stray_quote", "line 22"},
        {"text behind a quote", good + "\"a\"b" + row, 422, "csv.stray_quote", "line 22"},
        {"a carriage return alone", good + "a\rb" + row, 422, "csv.bare_carriage_return",
         "line 22"},
        {"10,000 columns", wide_header(10'000), 413, "csv.too_many_columns", "line 1"},
        {"10,000 columns in a row", head + repeated("x,", 9'999) + "x\n", 422, "csv.ragged_row",
         "line 2"},
        {"a record of 5 MB", head + large_fields, 413, "csv.record_too_large", "line 2"},
        {"other columns", "a,b\n1,2\n", 422, "dataset.header"},
        {"no header", row, 422, "dataset.header"},
        {"a column too few", replaced(head, header().substr(0, header().find(',') + 1), ""), 422,
         "dataset.header"},
        {"a column twice", header() + "," + header().substr(0, header().find(',')) + "\n", 422,
         "csv.header_name_duplicate"},
        {"a column without a name", header() + ",\n", 422, "csv.header_name_empty"},
    };
}

/// Unit: bytes.
std::int64_t peak_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{usage.ru_maxrss} * 1024;
}

}  // namespace

TEST_CASE("upload: what cannot be read is refused with its place and leaves nothing",
          "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::pair<std::string, std::string> datasets{"provider",
                                                       "/resources/" + id + "/datasets"};
    for (const BadFile& bad : bad_files()) {
        const json problem = check_refused(
            live,
            {bad.name, "provider", SmallMarket::upload_call(id, bad.body), bad.status, bad.code},
            datasets);
        INFO(bad.name << problem.dump());
        CHECK(problem.value("pointer", "").find(bad.place) != std::string::npos);
    }
    HttpCall as_json = SmallMarket::upload_call(id, SmallMarket::rows(5));
    as_json.content_type = "application/json";
    check_refused(live, {"as JSON", "provider", as_json, 415, "request.media_type"}, datasets);
    HttpCall packed = SmallMarket::upload_call(id, SmallMarket::rows(5));
    packed.headers.emplace_back("Content-Encoding", "gzip");
    check_refused(live, {"packed", "provider", packed, 415, "request.content_encoding"}, datasets);
    CHECK(live.market.get("provider", "/resources/" + id + "/datasets").at("items").empty());

    live.market.upload(id, SmallMarket::rows(200));
    live.finish_story(id);
}

TEST_CASE("upload: a line of 100 MB is refused in constant memory", "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::uint64_t entries = live.market.log_size();
    const std::int64_t memory = peak_memory();
    const std::string head = header() + "\n";
    const auto start = GENERATE(std::string(), std::string("\n"), std::string("\n\"lines\n"));
    const std::string first = start.empty() ? std::string("c") : header() + start;
    const std::string piece(kMebi / 16, 'x');
    std::size_t sent = 0;
    const auto reply = live.market.as("provider")
                           .stream({.method = "POST",
                                    .path = "/api/v1/resources/" + id + "/datasets",
                                    .content_type = "text/csv"},
                                   [&]() -> std::string_view {
                                       if (sent >= 100 * kMebi) return {};
                                       const std::string_view next =
                                           sent == 0 ? std::string_view(first) : piece;
                                       sent += next.size();
                                       return next;
                                   });
    check_problem(reply, 413, "csv.field_too_large");
    CHECK(peak_memory() - memory < std::int64_t{64} * 1024 * 1024);
    CHECK(live.market.log_size() == entries);
    CHECK(live.blobs() == 0);
    CHECK(live.market.get("provider", "/resources/" + id + "/datasets").at("items").empty());
    live.market.upload(id, SmallMarket::rows(50));
}

TEST_CASE("upload: a body that breaks off leaves nothing", "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::uint64_t entries = live.market.log_size();
    const std::string head = "POST /api/v1/resources/" + id +
                             "/datasets HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                             "Authorization: Bearer " +
                             live.market.token("provider") + "\r\n";
    struct Broken {
        const char* name;
        std::string rest;
        int status;
        const char* code;
    };
    const std::string chunk = "5\r\na,b\nc\r\n";
    for (const Broken& broken : std::vector<Broken>{
             {"fewer bytes than declared", "Content-Length: 500\r\n\r\n" + header() + "\n", 400,
              "http.body_truncated"},
             {"no last chunk", "Transfer-Encoding: chunked\r\n\r\n", 400, "http.body_truncated"},
             {"a chunk that is none", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400,
              "http.chunk"},
             {"more than 4 GiB", "Content-Length: 4294967297\r\n\r\n", 413,
              "http.body_too_large"}}) {
        INFO(broken.name);
        test::RawClient client(live.exchange.port());
        REQUIRE(client.send(head + broken.rest));
        client.finish_sending();
        const auto reply = client.reply();
        REQUIRE(reply.has_value());
        check_problem(*reply, broken.status, broken.code);
        CHECK(live.market.log_size() == entries);
        CHECK(live.blobs() == 0);
    }
    {
        // Gone without a word.
        test::RawClient client(live.exchange.port());
        REQUIRE(client.send(head + "Content-Length: 500\r\n\r\n" + header() + "\n"));
    }
    CHECK(live.market.log_size() == entries);
    CHECK(live.market.get("provider", "/resources/" + id + "/datasets").at("items").empty());
    live.market.upload(id, SmallMarket::rows(50));
}

TEST_CASE("upload: what other programs write is read", "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::string good = SmallMarket::rows(40);
    const std::size_t data = good.find('\n') + 1;
    struct Good {
        const char* name;
        std::string body;
        const char* encoding;
        int rows;
    };
    const std::string row = good.substr(data, good.find('\n', data) + 1 - data);
    const std::string quoted = "\"two\nlines, and a \"\"quote\"\"\"" + row.substr(row.find(','));
    std::string unfinished = good;
    unfinished.pop_back();
    for (const Good& file :
         std::vector<Good>{{"LF", good, "utf-8", 40},
                           {"CRLF", with_crlf(good), "utf-8", 40},
                           {"a byte order mark", "\xEF\xBB\xBF" + good, "utf-8-bom", 40},
                           {"both", "\xEF\xBB\xBF" + with_crlf(good), "utf-8-bom", 40},
                           {"no last line end", unfinished, "utf-8", 40},
                           {"a quoted field over two lines", good + quoted, "utf-8", 41},
                           {"GB18030", to_gb18030(good), "gb18030", 40}}) {
        INFO(file.name);
        const json dataset = live.market.upload(id, file.body);
        CHECK(dataset.at("encoding") == file.encoding);
        CHECK(dataset.at("rows") == file.rows);
        CHECK(dataset.at("columns").size() == 13);
    }
}

TEST_CASE("upload: JSON lines become the dataset that the same CSV becomes",
          "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string rows = SmallMarket::rows(200);
    const std::string lines = as_json_lines(rows);
    const std::string id = live.market.draft_resource();
    const json of_csv = live.market.upload(id, with_crlf(rows));
    const json of_lines = json::parse(
        live.market.as("provider")
            .call(lines_call(id, lines, GENERATE("application/x-ndjson", "application/jsonl")))
            .body);
    live.market.review_columns(of_lines);
    for (const char* same : {"sha256", "rows", "bytes", "encoding"}) {
        INFO(same);
        CHECK(of_lines.at(same) == of_csv.at(same));
    }
    CHECK(of_lines.at("version") == 2);
    for (std::size_t i = 0; i < of_csv.at("columns").size(); ++i) {
        CHECK(of_lines.at("columns").at(i).at("class") == of_csv.at("columns").at(i).at("class"));
        CHECK(of_lines.at("columns").at(i).at("name") == of_csv.at("columns").at(i).at("name"));
    }
    CHECK(live.market.get("admin", "/ledger-entries?kind=dataset.uploaded&limit=2")
              .dump()
              .find(sha256(lines).hex()) != std::string::npos);
    const std::string delivered = live.finish_story(id);
    constexpr std::size_t kName = 1;
    CHECK(delivered.find(value_of(rows, kName)) != std::string::npos);
}

TEST_CASE("upload: JSON lines that cannot be read are refused with their line and leave nothing",
          "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::pair<std::string, std::string> datasets{"provider",
                                                       "/resources/" + id + "/datasets"};
    const std::string good = as_json_lines(SmallMarket::rows(20));
    const std::vector<BadFile> files{
        {"nothing", "", 422, "json_lines.empty"},
        {"half a line", good + "{\"uscc\": \"9132", 422, "json_lines.syntax", "line 21"},
        {"a list", good + "[1]\n", 422, "json_lines.not_object", "line 21"},
        {"a nested value", good + "{\"uscc\": {\"a\": 1}}\n", 422, "json_lines.nested", "line 21"},
        {"a member more", good + "{\"more\": 1}\n", 422, "json_lines.member_unknown", "line 21"},
        {"a member twice", good + "{\"uscc\": 1, \"uscc\": 2}\n", 422,
         "json_lines.member_duplicate", "line 21"},
        {"other columns", "{\"a\": 1}\n", 422, "dataset.header"},
        {"CSV", SmallMarket::rows(20), 422, "json_lines.syntax", "line 1"},
    };
    for (const BadFile& bad : files) {
        const json problem = check_refused(
            live, {bad.name, "provider", lines_call(id, bad.body), bad.status, bad.code}, datasets);
        INFO(bad.name << problem.dump());
        CHECK(problem.value("pointer", "").find(bad.place) != std::string::npos);
    }
    check_refused(
        live,
        {"JSON lines as CSV", "provider", SmallMarket::upload_call(id, good), 422, "csv.is_json"},
        datasets);
    CHECK(live.market.get("provider", "/resources/" + id + "/datasets").at("items").empty());
}

TEST_CASE("upload: GB18030 is delivered as readable UTF-8", "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::string rows = SmallMarket::rows(200);
    CHECK(live.market.upload(id, to_gb18030(rows)).at("encoding") == "gb18030");
    const std::string delivered = live.finish_story(id);
    constexpr std::size_t kName = 1;
    constexpr std::size_t kContact = 3;
    CHECK(delivered.find(value_of(rows, kName)) != std::string::npos);
    CHECK(delivered.find(value_of(rows, kContact)) == std::string::npos);
}

TEST_CASE("upload: a resource that is submitted meanwhile takes no data any more",
          "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    live.market.upload(id, SmallMarket::rows(200));
    const std::size_t blobs = live.blobs();
    const std::string rows = SmallMarket::rows(300);
    std::size_t pieces = 0;
    const auto reply =
        live.market.as("provider")
            .stream({.method = "POST",
                     .path = "/api/v1/resources/" + id + "/datasets",
                     .content_type = "text/csv"},
                    [&]() -> std::string_view {
                        if (++pieces == 2) live.market.submit(id);
                        const std::string_view all = rows;
                        if (pieces == 1) return all.substr(0, all.size() / 2);
                        return pieces == 2 ? all.substr(all.size() / 2) : std::string_view();
                    });
    CHECK(check_problem(reply, 409, "dataset.frozen").at("state") == "submitted");
    CHECK(live.blobs() == blobs);
    CHECK(live.market.get("provider", "/resources/" + id + "/datasets").at("items").size() == 1);
    live.market.pass_desk(id);
}

TEST_CASE("upload: a refusal at the last moment leaves no file behind",
          "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const auto keyed = [&](std::string csv) {
        HttpCall call = SmallMarket::upload_call(id, std::move(csv));
        call.headers.emplace_back("Idempotency-Key", "an-upload");
        return call;
    };
    const std::string kept = SmallMarket::rows(40);
    const auto first = live.market.as("provider").call(keyed(kept));
    REQUIRE(first.status == 201);
    const std::pair<std::string, std::string> datasets{"provider",
                                                       "/resources/" + id + "/datasets"};
    check_refused(
        live,
        {"another file", "provider", keyed(SmallMarket::rows(41)), 422, "idempotency.key_reused"},
        datasets);
    CHECK(live.blobs() == 1);
    // The same file under the same key is the same upload; its blob is the one in use.
    CHECK(live.market.as("provider").call(keyed(kept)).body == first.body);
    CHECK(live.blobs() == 1);

    // What another dataset holds stays, though this upload of it is refused.
    const std::string other = SmallMarket::rows(200);
    live.market.upload(id, other);
    check_refused(live, {"a file in use", "provider", keyed(other), 422, "idempotency.key_reused"},
                  datasets);
    CHECK(live.blobs() == 2);
    live.finish_story(id);
    // The answer to a key does not change with the state of what it was about.
    const std::uint64_t entries = live.market.log_size();
    CHECK(live.market.as("provider").call(keyed(kept)).body == first.body);
    CHECK(live.market.log_size() == entries);
}

TEST_CASE("upload: a repeated request gets its answer while the resource is examined",
          "[flow][bad-input][upload]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    live.market.upload(id, SmallMarket::rows(200));
    HttpCall call = SmallMarket::upload_call(id, SmallMarket::rows(200));
    call.headers.emplace_back("Idempotency-Key", "before-the-desk");
    const auto first = live.market.as("provider").call(call);
    REQUIRE(first.status == 201);
    live.market.review_columns(json::parse(first.body));
    live.market.submit(id);
    const auto again = live.market.as("provider").call(call);
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    HttpCall fresh = SmallMarket::upload_call(id, SmallMarket::rows(200));
    fresh.headers.emplace_back("Idempotency-Key", "too-late");
    const json problem =
        check_refused(live, {"frozen", "provider", fresh, 409, "dataset.frozen", "submitted"});
    CHECK_FALSE(problem.at("allowed").empty());
}
