/// What strangers send: every write route against what is not JSON of its schema, every route
/// against credentials that do not do, and the preconditions of a write. The routes are those that
/// the exchange publishes, so that a new one is tested without an edit here.
#include <stdexcept>
#include <string>
#include <vector>

#include "base/ids.h"
#include "marketplace/cli/open_database.h"
#include "marketplace/domain/permissions.h"
#include "sql/sql.h"
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

constexpr std::size_t kBodyMax = std::size_t{1} << 20U;
constexpr std::size_t kFieldErrorsMax = 20;

/// A route of the API, with a path that is well-formed and leads nowhere.
struct Operation {
    std::string method;
    std::string path;
    std::optional<domain::Permission> permission;
    json body_schema;  ///< null when it takes no JSON
    bool uploads = false;
};

std::string fill(std::string path) {
    RandomIdSource ids;
    while (path.find('{') != std::string::npos) {
        const std::size_t begin = path.find('{');
        const std::size_t end = path.find('}');
        path.replace(begin, end - begin + 1, ids.next({1'700'000'000'000'000}));
    }
    return path;
}

domain::Permission permission_named(const std::string& name) {
    for (const domain::PermissionRow& row : domain::permission_matrix()) {
        if (domain::to_string(row.permission) == name) return row.permission;
    }
    throw std::runtime_error("no permission is called " + name);
}

json resolved(const json& document, const json& schema) {
    if (!schema.contains("$ref")) return schema;
    return document.at(json::json_pointer(schema.at("$ref").get<std::string>().substr(1)));
}

std::vector<Operation> operations(const SmallMarket& market) {
    const json document = json::parse(market.as("").get("/openapi.json").body);
    std::vector<Operation> found;
    for (const auto& [path, methods] : document.at("paths").items()) {
        for (const auto& [method, operation] : methods.items()) {
            if (method != "get" && method != "post" && method != "put") continue;
            Operation one;
            one.method = method == "get" ? "GET" : method == "post" ? "POST" : "PUT";
            one.path = fill(path);
            if (operation.contains("x-permission")) {
                one.permission = permission_named(operation.at("x-permission"));
            }
            if (operation.contains("requestBody")) {
                const json& content = operation.at("requestBody").at("content");
                one.uploads = !content.contains("application/json");
                if (!one.uploads) {
                    one.body_schema =
                        resolved(document, content.at("application/json").at("schema"));
                    for (auto& [name, schema] : one.body_schema["properties"].items()) {
                        schema = resolved(document, schema);
                    }
                }
            }
            found.push_back(std::move(one));
        }
    }
    return found;
}

/// Somebody of the cast whose role may.
std::string permitted_alias(const SmallMarket& market, const Operation& operation) {
    for (const auto& [alias, role] : market.roles()) {
        if (domain::permitted(*domain::parse_role(role), *operation.permission)) return alias;
    }
    FAIL("nobody may " << operation.path);
    return {};
}

HttpCall call_of(const Operation& operation, std::string body) {
    return {.method = operation.method,
            .path = operation.path,
            .body = std::move(body),
            .content_type = operation.uploads ? "text/csv" : "application/json"};
}

struct BadBody {
    const char* name;
    std::string body;
    int status;
    const char* code;
};

std::vector<BadBody> bad_bodies() {
    const std::string deep(40, '[');
    return {
        {"nothing", "", 400, "json.empty"},
        {"half an object", "{\"a\":", 400, "json.syntax"},
        {"a trailing comma", "{\"a\":1,}", 400, "json.syntax"},
        {"something behind", "{} {}", 400, "json.syntax"},
        {"single quotes", "{'a':1}", 400, "json.syntax"},
        {"a comment", "{/* a */}", 400, "json.syntax"},
        {"a bare control character", "{\"a\":\"\n\"}", 400, "json.syntax"},
        {"half a surrogate pair", R"({"a":"\ud800"})", 400, "json.syntax"},
        {"NUL behind", std::string("{}\0", 3), 400, "json.syntax"},
        {"a byte order mark", "\xEF\xBB\xBF{}", 400, "json.encoding"},
        {"bad UTF-8", "{\"a\":\"\xff\"}", 400, "json.encoding"},
        {"overlong UTF-8", "{\"a\":\"\xc0\xaf\"}", 400, "json.encoding"},
        {"GB18030", "{\"a\":\"\xce\xde\xce\xfd\"}", 400, "json.encoding"},
        {"a name twice", R"({"a":1,"a":2})", 400, "json.duplicate_name"},
        {"a name twice inside", R"({"b":[{"a":1,"a":1}]})", 400, "json.duplicate_name"},
        {"a name twice, once escaped", R"({"a":1,"\u0061":2})", 400, "json.duplicate_name"},
        {"nesting without end", deep, 400, "json.too_deep"},
        {"a fraction", R"({"a":1.5})", 400, "json.number"},
        {"an exponent", R"({"a":1e999})", 400, "json.number"},
        {"a number that is too large", R"({"a":9007199254740993})", 400, "json.number"},
        {"an array", "[]", 422, "request.invalid"},
        {"null", "null", 422, "request.invalid"},
        {"a string", "\"a\"", 422, "request.invalid"},
        {"a member that nobody asked for", R"({"no_such_member":1})", 422, "request.invalid"},
        {"a body that is too long", "{\"a\":\"" + std::string(kBodyMax, 'x') + "\"}", 413,
         "http.body_too_large"},
    };
}

bool has_error(const json& problem, const std::string& pointer, const std::string& code) {
    for (const json& error : problem.at("errors")) {
        if (error.at("pointer") == pointer && error.at("code") == code) return true;
    }
    return false;
}

/// Every member of another type than it should be.
void check_wrong_types(const LiveMarket& live, const std::string& alias,
                       const Operation& operation) {
    json body = json::object();
    for (const auto& [name, schema] : operation.body_schema.at("properties").items()) {
        if (schema.at("type") == "string") {
            body[name] = true;
        } else {
            body[name] = "x";
        }
    }
    if (body.empty()) return;
    REQUIRE(body.size() <= kFieldErrorsMax);
    const json problem = check_refused(
        live, {"wrong types", alias, call_of(operation, body.dump()), 422, "request.invalid"});
    for (const auto& [name, unused] : body.items()) {
        INFO(name);
        CHECK(has_error(problem, "/" + name, "type"));
    }
}

}  // namespace

TEST_CASE("bad input: no write route takes what is not JSON of its schema", "[flow][bad-input]") {
    const LiveMarket live;
    std::size_t routes = 0;
    for (const Operation& operation : operations(live.market)) {
        if (operation.body_schema.is_null()) continue;
        ++routes;
        const std::string alias = permitted_alias(live.market, operation);
        for (const BadBody& bad : bad_bodies()) {
            const json problem = check_refused(
                live, {bad.name, alias, call_of(operation, bad.body), bad.status, bad.code});
            if (bad.body.find("no_such_member") != std::string::npos) {
                CHECK(has_error(problem, "/no_such_member", "unknown_member"));
            }
        }
        check_wrong_types(live, alias, operation);
        HttpCall plain = call_of(operation, "{}");
        plain.content_type = "text/plain";
        check_refused(live, {"another type", alias, plain, 415, "request.media_type"});
        HttpCall packed = call_of(operation, "{}");
        packed.headers.emplace_back("Content-Encoding", "gzip");
        check_refused(live, {"compressed", alias, packed, 415, "request.content_encoding"});
        HttpCall key = call_of(operation, "{}");
        key.headers.emplace_back("Idempotency-Key", std::string(129, 'k'));
        check_refused(live,
                      {"a key that is too long", alias, key, 400, "idempotency_key.malformed"});
    }
    CHECK(routes > 20);
    live.market.post("provider", "/resources", SmallMarket::resource_body());
}

TEST_CASE("bad input: a body without a declared length is refused at the limit",
          "[flow][bad-input]") {
    const LiveMarket live;
    const std::uint64_t entries = live.market.log_size();
    const std::string piece(8192, ' ');
    const auto reply =
        live.market.as("provider").stream({.method = "POST", .path = "/api/v1/resources"}, [&] {
            return std::string_view(piece);
        });
    check_problem(reply, 413, "http.body_too_large");
    CHECK(live.market.log_size() == entries);
    CHECK(live.market.as("").get("/healthz").status == 200);
}

TEST_CASE("bad input: a refusal is said in the language asked for", "[flow][bad-input]") {
    const LiveMarket live;
    HttpCall call = test::post_call("/resources");
    const json english = check_refused(live, {"en", "provider", call, 422, "request.invalid"});
    call.headers.emplace_back("Accept-Language", "zh-CN");
    const json chinese = check_refused(live, {"zh", "provider", call, 422, "request.invalid"});
    CHECK(english.at("detail") != chinese.at("detail"));
    CHECK(english.at("errors").size() == chinese.at("errors").size());
}

TEST_CASE("bad input: a credential that does not do opens nothing", "[flow][bad-input]") {
    const LiveMarket live;
    const SmallMarket& market = live.market;
    const std::string expired = market.new_token("arbitrator");
    {
        // Tokens live for days: time passes in the database instead.
        constexpr sql::Query kExpire{"test.expire",
                                     "UPDATE api_token SET expires_at = 1 WHERE token_hash = ?"};
        const auto database =
            sql::open_database(cli::database_url(live.settings.data, live.settings.database));
        REQUIRE(database->open()->run(kExpire, sha256(expired)) == 1);
    }
    const std::string revoked = market.token("clerk");
    market.post("admin", "/parties/" + market.party("clerk") + "/token-revocation", json::object(),
                200);
    struct Credential {
        const char* name;
        std::string header;
        const char* code;
    };
    const std::vector<Credential> credentials{
        {"none", "", "token.missing"},
        {"a password", "Basic YTpi", "token.malformed"},
        {"an empty one", "Bearer ", "token.malformed"},
        {"two", "Bearer a b", "token.malformed"},
        {"one that is too long", "Bearer " + std::string(600, 'a'), "token.malformed"},
        {"an invented one", "Bearer pdx_" + std::string(64, '0'), "token.unknown"},
        {"a revoked one", "Bearer " + revoked, "token.unknown"},
        {"an expired one", "Bearer " + expired, "token.expired"}};
    std::size_t checked = 0;
    for (const Operation& operation : operations(market)) {
        for (const Credential& credential : credentials) {
            // What is open needs no credential, but a wrong one is not passed over in silence.
            if (!operation.permission && credential.header.empty()) continue;
            HttpCall call = call_of(operation, "{}");
            if (!credential.header.empty()) {
                call.headers.emplace_back("Authorization", credential.header);
            }
            check_refused(live, {credential.name, "", call, 401, credential.code});
            ++checked;
        }
    }
    CHECK(checked > 200);
    CHECK(market.get("buyer", "/me").at("role") == "buyer");
}

TEST_CASE("bad input: a role that may not is refused on every route", "[flow][bad-input]") {
    const LiveMarket live;
    std::size_t checked = 0;
    for (const Operation& operation : operations(live.market)) {
        if (!operation.permission) continue;
        for (const auto& [alias, role] : live.market.roles()) {
            if (domain::permitted(*domain::parse_role(role), *operation.permission)) continue;
            check_refused(live, {role, alias, call_of(operation, "{}"), 403, "permission.denied"});
            ++checked;
        }
    }
    CHECK(checked > 200);
    // Needs more than the route says: the books are for who audits and who keeps them.
    check_refused(live, {"books", "buyer", {.path = "/api/v1/accounts"}, 403, "permission.denied"});
    live.market.post("provider", "/resources", SmallMarket::resource_body());
}

TEST_CASE("bad input: an edit names the version that it was made on", "[flow][bad-input]") {
    const LiveMarket live;
    const std::string id = live.market.draft_resource();
    const std::pair<std::string, std::string> watched{"provider", "/resources/" + id};
    const auto edit = [&](const std::string& tag) {
        json body = SmallMarket::resource_body();
        body["title_en"] = "Edited";
        HttpCall call = call_of({"PUT", "/api/v1/resources/" + id, {}, {}}, body.dump());
        if (!tag.empty()) call.headers.emplace_back("If-Match", tag);
        return call;
    };
    check_refused(live, {"none", "provider", edit(""), 428, "resource.precondition_required"},
                  watched);
    for (const char* tag : {"\"0\"", "\"99\"", "\"1", "1", "*", "\"-1\"", "W/\"1\"", "\"1\", \"2\"",
                            "\"99999999999999999999\""}) {
        check_refused(live, {tag, "provider", edit(tag), 412, "resource.stale"}, watched);
    }
    const auto read = live.market.as("provider").get("/api/v1/resources/" + id);
    const std::string tag = read.headers.at("etag");
    CHECK(live.market.as("provider").call(edit(tag)).status == 200);
    // The first of two editors won; the second must look again.
    check_refused(live, {"late", "provider", edit(tag), 412, "resource.stale"}, watched);
    CHECK(live.market.get("provider", "/resources/" + id).at("title_en") == "Edited");
    live.market.upload(id, SmallMarket::rows(200));
    live.finish_story(id);
}

TEST_CASE("bad input: a key that was used stands for its request only", "[flow][bad-input]") {
    const LiveMarket live;
    const SmallMarket& market = live.market;
    const auto keyed = [](HttpCall call) {
        call.headers.emplace_back("Idempotency-Key", "a-key");
        return call;
    };
    const json body = SmallMarket::resource_body();
    const HttpCall first = keyed(test::post_call("/resources", body));
    const auto answer = market.as("provider").call(first);
    REQUIRE(answer.status == 201);
    const std::string id = json::parse(answer.body).at("resource_id");
    const std::pair<std::string, std::string> watched{"provider", "/resources/" + id};

    json other = body;
    other["title_en"] = "Something else";
    const char* reused = "idempotency.key_reused";
    check_refused(
        live,
        {"another body", "provider", keyed(test::post_call("/resources", other)), 422, reused},
        watched);
    check_refused(live,
                  {"another route", "provider",
                   keyed(test::post_call("/resources/" + id + "/submission",
                                         {{"internally_reviewed", true}})),
                   422, reused},
                  watched);
    check_refused(live,
                  {"an upload", "provider",
                   keyed(SmallMarket::upload_call(id, SmallMarket::rows(30))), 422, reused},
                  watched);
    CHECK(market.get("provider", "/resources/" + id + "/datasets").at("items").empty());
    const std::uint64_t entries = market.log_size();
    CHECK(market.as("provider").call(first).body == answer.body);
    CHECK(market.log_size() == entries);
    // Keys are the caller's own: another party's use of the same word is another key.
    CHECK(market.as("other_provider").call(first).status == 201);

    // A refusal stays refused for its key, though the state has moved on since.
    HttpCall early =
        test::post_call("/resources/" + id + "/submission", {{"internally_reviewed", true}});
    early.headers.emplace_back("Idempotency-Key", "too-early");
    check_refused(live, {"early", "provider", early, 409, "registration.incomplete"}, watched);
    market.upload(id, SmallMarket::rows(200));
    check_refused(live, {"again", "provider", early, 409, "registration.incomplete"}, watched);
    live.finish_story(id);
}

TEST_CASE("bad input: queries and addresses are read strictly", "[flow][bad-input]") {
    const LiveMarket live;
    const std::string list = "/api/v1/resources";
    const auto get = [](const std::string& path) { return HttpCall{.path = path}; };
    for (const test::Refused& refused : std::vector<test::Refused>{
             {"limit 0", "", get(list + "?limit=0"), 422, "query.invalid"},
             {"limit 1001", "", get(list + "?limit=1001"), 422, "query.invalid"},
             {"limit one", "", get(list + "?limit=one"), 422, "query.invalid"},
             {"a state that is none", "", get(list + "?state=gone"), 422, "query.invalid"},
             {"an unknown parameter", "", get(list + "?page=2"), 422, "query.unknown"},
             {"a parameter twice", "", get(list + "?q=a&q=b"), 400, "query.duplicate"},
             {"bad UTF-8", "", get(list + "?q=%ff"), 400, "query.malformed"},
             {"a cursor of nowhere", "", get(list + "?cursor=AAAA"), 422, "cursor.invalid"},
             {"no such page", "", get("/api/v1/nothing"), 404, "http.not_found"},
             {"up and away", "", get("/api/v1/../../etc/passwd"), 404, "http.not_found"},
             {"no id", "", get(list + "/17"), 404, "resource.not_found"},
             {"an id in upper case", "", get(list + "/01900000-0000-7000-8000-00000000000A"), 404,
              "resource.not_found"},
             {"an index that is too large", "", get("/api/v1/receipts/999999"), 404,
              "receipt.not_found"},
             {"a negative index", "", get("/api/v1/receipts/-1"), 404, "receipt.not_found"},
             {"no tile", "", get("/ledger/main/tile/0/x999/999"), 404, "tile.not_found"},
             {"no such log", "", get("/ledger/second/checkpoint"), 404, "log.not_found"},
             {"a wrong method",
              "provider",
              {.method = "DELETE", .path = list},
              405,
              "http.method_not_allowed"},
         }) {
        check_refused(live, refused);
    }
}
