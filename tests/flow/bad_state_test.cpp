/// What is not the caller's does not exist for it, and what a state does not take is refused with
/// the state and what it would take. The story is played step by step, with the wrong steps before
/// each right one.
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "tests/flow/support/live_market.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::check_problem;
using test::check_refused;
using test::fen;
using test::HttpCall;
using test::json;
using test::LiveMarket;
using test::post_call;
using test::Refused;
using test::SmallMarket;

namespace {

using Watched = std::pair<std::string, std::string>;

/// Requests that an entity refuses as it stands, and leave it as it is.
void check_all(const LiveMarket& live, const Watched& watched, const std::vector<Refused>& table) {
    for (const Refused& refused : table) check_refused(live, refused, watched);
}

std::string id_of(const json& answer, const char* member) {
    return answer.at(member).get<std::string>();
}

/// A story as far as a delivered order under dispute: the ids of everything in it.
struct Ids {
    std::string resource;
    std::string dataset;
    std::string application;
    std::string contract;
    std::string product;
    std::string listing;
    std::string order;
    std::string delivery;
    std::string dispute;
};

Ids disputed_story(const SmallMarket& market) {
    Ids ids;
    ids.resource = market.draft_resource();
    ids.dataset = id_of(market.upload(ids.resource, SmallMarket::rows(200)), "dataset_id");
    market.submit(ids.resource);
    market.pass_desk(ids.resource);
    ids.contract = market.authorize(ids.resource);
    ids.application = id_of(market.get("operator", "/contracts/" + ids.contract), "application_id");
    ids.listing = market.list_product(ids.contract);
    ids.product = id_of(market.get("operator", "/listings/" + ids.listing), "product_id");
    ids.order = market.order(ids.listing);
    market.pay(ids.order);
    ids.delivery = market.deliver(ids.order);
    ids.dispute = id_of(market.post("buyer", "/disputes",
                                    {{"order_id", ids.order},
                                     {"reason", "quality"},
                                     {"claimed", fen("300000")},
                                     {"statement", "陈旧"}}),
                        "dispute_id");
    return ids;
}

struct Foreign {
    std::string alias;
    HttpCall call;
    std::string noun;
};

HttpCall get_call(const std::string& path) { return {.path = "/api/v1" + path}; }

std::vector<Foreign> foreign_calls(const Ids& ids) {
    const json empty = json::object();
    const json class_body = {{"class", "confidential"}};
    const json signature = {{"public_key", to_base64(Bytes(32, 1))},
                            {"signature", to_base64(Bytes(64, 1))}};
    HttpCall edit = post_call("/resources/" + ids.resource, SmallMarket::resource_body());
    edit.method = "PUT";
    edit.headers.emplace_back("If-Match", "\"1\"");
    const std::string resource = "/resources/" + ids.resource;
    const std::string application = "/applications/" + ids.application;
    const std::string contract = "/contracts/" + ids.contract;
    const std::string order = "/orders/" + ids.order;
    const std::string delivery = "/deliveries/" + ids.delivery;
    const std::string dispute = "/disputes/" + ids.dispute;
    const json filing = {
        {"order_id", ids.order}, {"reason", "quality"}, {"claimed", fen("1")}, {"statement", "x"}};
    const json question = {{"format", "pdx-statistic-1"},
                           {"measure", "count"},
                           {"subject", "legal_rep_id_no"},
                           {"rows_per_person", 1},
                           {"groups_per_person", 1},
                           {"privacy", {{"mechanism", "laplace"}, {"epsilon_millionths", 1}}}};
    const json reversal = {{"contract_id", ids.contract},
                           {"field", "legal_rep_id_no"},
                           {"ground", "dispute"},
                           {"reason", "x"},
                           {"tokens", {"1200000000000"}}};
    return {
        {"other_provider", edit, "resource"},
        {"other_provider", post_call(resource + "/submission", {{"internally_reviewed", true}}),
         "resource"},
        {"other_provider", SmallMarket::upload_call(ids.resource, SmallMarket::rows(5)),
         "resource"},
        {"other_provider", get_call(resource + "/datasets"), "resource"},
        {"buyer", get_call(resource + "/datasets"), "resource"},
        {"other_provider", get_call("/datasets/" + ids.dataset), "dataset"},
        {"other_provider",
         post_call("/datasets/" + ids.dataset + "/columns/uscc/class", class_body), "dataset"},
        {"other_operator", get_call(application), "application"},
        {"other_provider", get_call(application), "application"},
        {"buyer", get_call(application), "application"},
        {"other_provider", post_call(application + "/source-decision", SmallMarket::rulings()),
         "application"},
        {"other_operator", get_call(contract), "contract"},
        {"other_operator", get_call(contract + "/text"), "contract"},
        {"buyer", get_call(contract), "contract"},
        {"other_operator", post_call(contract + "/signatures", signature), "contract"},
        {"other_operator", post_call(contract + "/statistics", question), "contract"},
        {"other_operator", get_call(contract + "/statistics"), "contract"},
        {"other_operator", post_call("/token-reversals", reversal), "contract"},
        {"other_provider", post_call("/token-reversals", reversal), "contract"},
        {"other_operator", post_call("/products", SmallMarket::product_body(ids.contract)),
         "contract"},
        {"other_operator", post_call("/listings", SmallMarket::listing_body(ids.product)),
         "product"},
        {"other_operator", post_call("/listings/" + ids.listing + "/delisting", empty), "listing"},
        {"other_buyer", get_call(order), "order"},
        {"other_operator", get_call(order), "order"},
        {"provider", get_call(order), "order"},
        {"other_buyer", post_call(order + "/payment", SmallMarket::payment_body("x")), "order"},
        {"other_buyer", post_call(order + "/cancellation", empty), "order"},
        {"other_buyer", post_call(order + "/acceptance", empty), "order"},
        {"other_buyer", post_call(order + "/rejection", {{"reason", "x"}}), "order"},
        {"other_operator", post_call(order + "/deliveries", empty), "order"},
        {"other_buyer", get_call(order + "/deliveries"), "order"},
        {"other_buyer", get_call(delivery), "delivery"},
        {"other_operator", get_call(delivery), "delivery"},
        {"other_buyer", get_call(delivery + "/content"), "delivery"},
        {"other_buyer", post_call("/disputes", filing), "order"},
        {"other_operator", post_call("/disputes", filing), "order"},
        {"other_buyer", get_call(dispute), "dispute"},
        {"other_operator", get_call(dispute), "dispute"},
        {"other_operator", post_call(dispute + "/answer", {{"answer", "x"}}), "dispute"},
    };
}

/// The same request about an id that nobody has.
HttpCall about_nothing(HttpCall call, const Ids& ids) {
    RandomIdSource source;
    const std::string nobody = source.next({1'700'000'000'000'000});
    for (const std::string& id : {ids.resource, ids.dataset, ids.application, ids.contract,
                                  ids.product, ids.listing, ids.order, ids.delivery, ids.dispute}) {
        for (std::string* text : {&call.path, &call.body}) {
            const std::size_t at = text->find(id);
            if (at != std::string::npos) text->replace(at, id.size(), nobody);
        }
    }
    return call;
}

}  // namespace

TEST_CASE("ownership: what belongs to another does not exist", "[flow][bad-input]") {
    const LiveMarket live;
    const Ids ids = disputed_story(live.market);
    for (const Foreign& foreign : foreign_calls(ids)) {
        const std::string code = foreign.noun + ".not_found";
        json theirs = check_refused(live, {"another's", foreign.alias, foreign.call, 404, code});
        // Nobody can tell from the answer that there is such a thing.
        const HttpCall nothing = about_nothing(foreign.call, ids);
        INFO(nothing.path);
        json nobodys = json::parse(live.market.as(foreign.alias).call(nothing).body);
        theirs.erase("instance");
        nobodys.erase("instance");
        CHECK(theirs == nobodys);
    }
    // Of a list, strangers see what is theirs: nothing.
    for (const char* alias : {"other_buyer", "other_operator"}) {
        for (const char* list :
             {"/orders", "/disputes", "/contracts", "/applications", "/token-reversals"}) {
            if (alias == std::string("other_buyer") && list[1] != 'o' && list[1] != 'd') continue;
            INFO(alias << list);
            CHECK(live.market.get(alias, list).at("items").empty());
        }
    }
    const std::string draft = live.market.draft_resource();
    for (const char* alias : {"", "buyer", "other_provider"}) {
        check_refused(
            live, {"a draft", alias, get_call("/resources/" + draft), 404, "resource.not_found"});
    }
    check_refused(
        live, {"another party", "buyer", get_call("/parties/" + live.market.party("operator")), 404,
               "party.not_found"});
    // The story's next step works.
    live.market.post("arbitrator", "/disputes/" + ids.dispute + "/acceptance",
                     {{"decision", "accept"}}, 200);
}

TEST_CASE("transition: a registration takes only the events of its state", "[flow][bad-input]") {
    const LiveMarket live;
    const SmallMarket& market = live.market;
    const std::string id = market.draft_resource();
    const std::string path = "/resources/" + id;
    const Watched watched{"provider", path};
    const HttpCall accept = post_call(path + "/acceptance", {{"decision", "accept"}});
    const HttpCall review = post_call(path + "/review", {{"decision", "pass_review"}});
    const HttpCall code = post_call(path + "/code");
    const HttpCall submit = post_call(path + "/submission", {{"internally_reviewed", true}});
    const char* refused = "registration.transition";
    check_all(live, watched,
              {{"accept a draft", "clerk", accept, 409, refused, "draft"},
               {"review a draft", "reviewer", review, 409, refused, "draft"},
               {"code a draft", "head", code, 409, refused, "draft"},
               {"submit without data", "provider", submit, 409, "registration.incomplete"}});
    check_refused(live, {"apply for a draft", "operator",
                         post_call("/applications", SmallMarket::application_body(id)), 404,
                         "resource.not_found"});
    market.upload(id, SmallMarket::rows(200));
    market.submit(id);
    HttpCall edit = post_call(path, SmallMarket::resource_body());
    edit.method = "PUT";
    edit.headers.emplace_back("If-Match",
                              market.as("provider").get("/api/v1" + path).headers.at("etag"));
    check_all(
        live, watched,
        {{"submit twice", "provider", submit, 409, refused, "submitted"},
         {"review what is not accepted", "reviewer", review, 409, refused, "submitted"},
         {"edit under review", "provider", edit, 409, "resource.not_editable", "submitted"},
         {"upload under review", "provider", SmallMarket::upload_call(id, SmallMarket::rows(5)),
          409, "dataset.frozen", "submitted"}});
    market.pass_desk(id);
    check_all(live, watched,
              {{"accept again", "clerk", accept, 409, refused, "active"},
               {"review again", "reviewer", review, 409, refused, "active"},
               {"code again", "head", code, 409, refused, "active"},
               {"submit again", "provider", submit, 409, refused, "active"}});
    market.authorize(id);
}

TEST_CASE("transition: an authorization goes its way in order", "[flow][bad-input]") {
    const LiveMarket live;
    const SmallMarket& market = live.market;
    const std::string resource = market.draft_resource();
    market.upload(resource, SmallMarket::rows(200));
    market.submit(resource);
    market.pass_desk(resource);
    const std::string application =
        id_of(market.post("operator", "/applications", SmallMarket::application_body(resource)),
              "application_id");
    const std::string path = "/applications/" + application;
    const Watched watched{"operator", path};
    const HttpCall rule = post_call(path + "/source-decision", SmallMarket::rulings());
    const HttpCall grant = post_call(path + "/grant", market.grant_body());
    const HttpCall refuse = post_call(path + "/refusal", {{"reason", "no"}});
    const char* refused = "application.transition";
    check_all(live, watched, {{"grant too early", "authority", grant, 409, refused}});
    market.post("provider", path + "/source-decision", SmallMarket::rulings(), 200);
    check_all(live, watched, {{"rule twice", "provider", rule, 409, refused}});
    const std::string contract =
        id_of(market.post("authority", path + "/grant", market.grant_body()), "contract_id");
    check_all(live, watched,
              {{"grant twice", "authority", grant, 409, refused},
               {"refuse what was granted", "authority", refuse, 409, refused}});

    const std::string deed = "/contracts/" + contract;
    const Watched watched_deed{"operator", deed};
    const HttpCall product = post_call("/products", SmallMarket::product_body(contract));
    const json reason = {{"reason", "x"}};
    const char* no = "contract.transition";
    json forged = market.signature_body("operator", contract);
    forged["signature"] = to_base64(Bytes(64, 1));
    check_all(live, watched_deed,
              {{"a product too early", "operator", product, 409, "contract.not_live", "drafted"},
               {"resume a draft", "authority", post_call(deed + "/resumption", reason), 409, no,
                "drafted"},
               {"a forged signature", "operator", post_call(deed + "/signatures", forged), 422,
                "contract.signature"},
               {"another's key", "operator",
                post_call(deed + "/signatures", market.signature_body("authority", contract)), 422,
                "contract.key"}});
    market.sign("operator", contract);
    check_all(live, watched_deed,
              {{"sign twice", "operator",
                post_call(deed + "/signatures", market.signature_body("operator", contract)), 409,
                no, "signed_by_operator"}});
    market.sign("authority", contract);
    market.post("authority", deed + "/suspension", reason, 200);
    check_all(live, watched_deed,
              {{"a product meanwhile", "operator", product, 409, "contract.not_live", "suspended"},
               {"suspend twice", "authority", post_call(deed + "/suspension", reason), 409, no,
                "suspended"}});
    market.post("authority", deed + "/resumption", reason, 200);
    market.list_product(contract);
    market.post("authority", deed + "/revocation", reason, 200);
    check_all(live, watched_deed,
              {{"resume what was revoked", "authority", post_call(deed + "/resumption", reason),
                409, no, "revoked"},
               {"terminate what was revoked", "authority", post_call(deed + "/termination", reason),
                409, no, "revoked"}});
}

TEST_CASE("transition: a draft that was terminated is over", "[flow][bad-input]") {
    const LiveMarket live;
    const SmallMarket& market = live.market;
    const std::string resource = market.draft_resource();
    market.upload(resource, SmallMarket::rows(200));
    market.submit(resource);
    market.pass_desk(resource);
    const std::string application =
        "/applications/" +
        id_of(market.post("operator", "/applications", SmallMarket::application_body(resource)),
              "application_id");
    market.post("provider", application + "/source-decision", SmallMarket::rulings(), 200);
    const std::string contract =
        id_of(market.post("authority", application + "/grant", market.grant_body()), "contract_id");
    const std::string deed = "/contracts/" + contract;
    const Watched watched{"operator", deed};
    const json reason = {{"reason", "x"}};
    const HttpCall terminate = post_call(deed + "/termination", reason);
    const char* no = "contract.transition";
    check_all(live, watched,
              {{"terminate without a reason", "authority",
                post_call(deed + "/termination", json::object()), 422, "request.invalid"},
               {"terminate as the operator", "operator", terminate, 403, "permission.denied"},
               {"revoke what never ran", "authority", post_call(deed + "/revocation", reason), 409,
                no, "drafted"}});
    const json ended = market.post("authority", deed + "/termination", reason, 200);
    CHECK(ended.at("state") == "terminated");
    CHECK(ended.at("state_reason") == "x");
    check_all(live, watched,
              {{"sign what was terminated", "operator",
                post_call(deed + "/signatures", market.signature_body("operator", contract)), 409,
                no, "terminated"},
               {"terminate twice", "authority", terminate, 409, no, "terminated"}});
}

TEST_CASE("transition: an order, its money and its dispute go their way in order",
          "[flow][bad-input]") {
    const LiveMarket live;
    const SmallMarket& market = live.market;
    const std::string listing = market.open_for_orders();
    const std::string order = market.order(listing);
    const std::string path = "/orders/" + order;
    const Watched watched{"buyer", path};
    const char* refused = "order.transition";
    const HttpCall pay = post_call(path + "/payment", SmallMarket::payment_body(order));
    const HttpCall deliver = post_call(path + "/deliveries");
    const HttpCall accept = post_call(path + "/acceptance");
    const HttpCall reject = post_call(path + "/rejection", {{"reason", "x"}});
    const HttpCall cancel = post_call(path + "/cancellation");
    const HttpCall settle = post_call(path + "/settlement");
    const auto filing = [&](const std::string& amount) {
        return post_call("/disputes", {{"order_id", order},
                                       {"reason", "quality"},
                                       {"claimed", fen(amount)},
                                       {"statement", "x"}});
    };
    check_all(
        live, watched,
        {{"deliver before payment", "operator", deliver, 409, refused, "placed"},
         {"accept before payment", "buyer", accept, 409, refused, "placed"},
         {"reject before payment", "buyer", reject, 409, refused, "placed"},
         {"settle before payment", "admin", settle, 409, refused, "placed"},
         {"dispute before payment", "buyer", filing("1"), 409, refused, "placed"},
         {"money that did not come", "buyer",
          post_call(path + "/payment", {{"bank_reference", "nothing"}}), 409,
          "payment.not_arrived"},
         {"another amount", "buyer", post_call(path + "/payment", {{"bank_reference", "SIM-1-x"}}),
          422, "payment.amount"}});
    market.pay(order);
    const std::string other = market.order(listing);
    check_all(live, {"buyer", "/orders/" + other},
              {{"the same money twice", "buyer",
                post_call("/orders/" + other + "/payment", SmallMarket::payment_body(order)), 409,
                "payment.reference_used"}});
    check_all(live, watched,
              {{"pay twice", "buyer", pay, 409, refused, "escrowed"},
               {"accept nothing", "buyer", accept, 409, refused, "escrowed"},
               {"settle too early", "admin", settle, 409, refused, "escrowed"}});
    market.deliver(order);
    check_all(live, watched,
              {{"deliver twice", "operator", deliver, 409, refused, "delivered"},
               {"cancel what came", "buyer", cancel, 409, refused, "delivered"},
               {"claim nothing", "buyer", filing("0"), 422, "dispute.amount"}});
    const auto filed = market.as("buyer").call(filing("300000"));
    REQUIRE(filed.status == 201);
    const std::string dispute = "/disputes/" + id_of(json::parse(filed.body), "dispute_id");
    const HttpCall decide =
        post_call(dispute + "/decision", {{"refund", fen("120001")}, {"reasons", "x"}});
    const HttpCall execute = post_call(dispute + "/execution");
    const HttpCall take = post_call(dispute + "/acceptance", {{"decision", "accept"}});
    const char* no = "dispute.transition";
    check_all(live, watched, {{"accept meanwhile", "buyer", accept, 409, refused, "disputed"}});
    check_all(live, {"buyer", dispute},
              {{"decide too early", "arbitrator", decide, 409, no},
               {"execute too early", "admin", execute, 409, no}});
    market.post("arbitrator", dispute + "/acceptance", {{"decision", "accept"}}, 200);
    check_all(live, {"buyer", dispute},
              {{"take it twice", "arbitrator", take, 409, no},
               {"answer oneself", "buyer", post_call(dispute + "/answer", {{"answer", "x"}}), 403,
                "dispute.respondent"}});
    market.post("operator", dispute + "/answer", {{"answer", "x"}}, 200);
    check_all(live, {"buyer", dispute},
              {{"refund more than is held", "arbitrator",
                post_call(dispute + "/decision", {{"refund", fen("300001")}, {"reasons", "x"}}),
                422, "dispute.refund"}});
    market.post("arbitrator", dispute + "/decision", {{"refund", fen("120001")}, {"reasons", "x"}},
                200);
    market.post("admin", dispute + "/execution", json::object(), 200);
    check_all(live, {"buyer", dispute},
              {{"execute twice", "admin", execute, 409, no},
               {"decide twice", "arbitrator", decide, 409, no}});
    const std::string settlement =
        "/settlements/" +
        id_of(market.post("admin", path + "/settlement", json::object()), "settlement_id");
    check_all(live, watched, {{"settle twice", "admin", settle, 409, refused}});
    market.post("admin", settlement + "/payout", json::object(), 200);
    check_all(live, {"admin", settlement},
              {{"pay out twice", "admin", post_call(settlement + "/payout"), 409,
                "settlement.transition"}});
    check_all(live, watched,
              {{"dispute what is closed", "buyer", filing("1"), 409, refused, "closed"}});

    const std::string offer = "/listings/" + listing;
    market.post("operator", offer + "/delisting", json::object(), 200);
    check_all(
        live, {"operator", offer},
        {{"delist twice", "operator", post_call(offer + "/delisting"), 409, "listing.transition"},
         {"order what is gone", "buyer", post_call("/orders", SmallMarket::order_body(listing)),
          409, "listing.not_listed"}});
    CHECK(market.get("auditor", "/accounts").at("difference") == "0");
}
