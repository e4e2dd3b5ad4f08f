#pragma once
/// The smallest market in which everything can happen: a cast with every role (and a second
/// provider, operator and buyer, to whom nothing belongs), and the steps from a draft to a paid
/// order, each one request over HTTP. The steps throw when the answer is not the one expected.
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>

#include "base/bytes.h"
#include "base/crypto.h"
#include "ledger/origin.h"
#include "marketplace/cli/story_data.h"
#include "marketplace/demo/generator.h"
#include "marketplace/domain/contract.h"
#include "tests/support/http_client.h"

namespace pdx::test {

using nlohmann::json;

inline json fen(const std::string& amount) {
    return {{"amount", amount}, {"currency", "CNY"}, {"unit", "fen"}};
}

class SmallMarket {
public:
    /// The register of enterprises: Chinese text, and columns of every class.
    static constexpr int kAsset = 1;
    static constexpr const char* kPrice = "1880001";

    SmallMarket(std::uint16_t port, std::string admin_token, std::string log_origin)
        : port_(port),
          origin_(std::move(log_origin)) {
        tokens_["admin"] = std::move(admin_token);
    }

    /// After a restart: the same market on another port.
    void connect(std::uint16_t port) { port_ = port; }
    HttpClient as(const std::string& alias) const {
        return HttpClient(port_, alias.empty() ? std::string() : tokens_.at(alias));
    }
    const std::string& token(const std::string& alias) const { return tokens_.at(alias); }
    const std::string& party(const std::string& alias) const { return parties_.at(alias); }
    /// Alias -> wire name of the role.
    const std::map<std::string, std::string>& roles() const { return roles_; }
    RawReply send(const std::string& alias, const std::string& path, const json& body) const {
        return as(alias).call({.method = "POST", .path = "/api/v1" + path, .body = body.dump()});
    }
    json post(const std::string& alias, const std::string& path, const json& body,
              int status = 201) const {
        return expect(send(alias, path, body), status, path);
    }
    json get(const std::string& alias, const std::string& path) const {
        return expect(as(alias).get("/api/v1" + path), 200, path);
    }
    /// Entries in the ledger, as anybody can read it.
    std::uint64_t log_size() const {
        const std::string note = as("").get(ledger::log_folder(origin_) + "checkpoint").body;
        return std::stoull(note.substr(note.find('\n') + 1));
    }

    void register_cast() {
        roles_["admin"] = "exchange_admin";
        unsigned number = 1;
        for (const auto& [alias, role] : kCast) {
            roles_[alias] = role;
            const json party = post("admin", "/parties",
                                    {{"uscc", cli::demo_uscc("91", number++)},
                                     {"name_zh", "示范主体"},
                                     {"name_en", alias},
                                     {"role", role}});
            parties_[alias] = party.at("party_id");
            tokens_[alias] = new_token(alias);
        }
        for (const char* alias : {"operator", "authority"}) {
            const SigningKey& key = keys_.emplace(alias, SigningKey::generate()).first->second;
            post(alias, "/parties/" + parties_[alias] + "/keys",
                 {{"public_key", to_base64(key.public_key().value)}});
        }
    }
    std::string new_token(const std::string& alias) const {
        return post("admin", "/parties/" + party(alias) + "/tokens", {{"days", 1}}).at("token");
    }

    static json resource_body() { return cli::resource_body(kAsset); }
    std::string draft_resource() const {
        return post("provider", "/resources", resource_body()).at("resource_id");
    }
    /// Rows as the demo city has them, in UTF-8 with LF.
    static std::string rows(std::uint64_t count) {
        std::ostringstream csv;
        demo::generate_csv(kAsset, count, 7, [&](std::string_view text) { csv << text; });
        return csv.str();
    }
    static HttpCall upload_call(const std::string& resource, std::string csv) {
        return {.method = "POST",
                .path = "/api/v1/resources/" + resource + "/datasets",
                .body = std::move(csv),
                .content_type = "text/csv"};
    }
    json upload(const std::string& resource, std::string csv) const {
        json dataset =
            expect(as("provider").call(upload_call(resource, std::move(csv))), 201, "datasets");
        review_columns(dataset);
        return dataset;
    }
    /// The provider looks at what waits: the undecided is confidential here, the rest as found.
    void review_columns(const json& dataset) const {
        const std::string path = "/datasets/" + dataset.at("dataset_id").get<std::string>();
        for (const json& column : dataset.at("columns")) {
            if (column.at("review") != "waiting") continue;
            const json found = column.at("class");
            post("provider", path + "/columns/" + column.at("name").get<std::string>() + "/class",
                 {{"class", found == "unknown" ? json("confidential") : found}}, 200);
        }
    }
    void submit(const std::string& resource) const {
        post("provider", "/resources/" + resource + "/submission", {{"internally_reviewed", true}},
             200);
    }
    void pass_desk(const std::string& resource) const {
        const std::string path = "/resources/" + resource;
        post("clerk", path + "/acceptance", {{"decision", "accept"}}, 200);
        post("reviewer", path + "/review", {{"decision", "pass_review"}}, 200);
        post("head", path + "/code", json::object(), 200);
    }

    static json application_body(const std::string& resource) {
        return {
            {"resource_id", resource},         {"purpose", "小微企业经营稳定度评价，服务普惠信贷"},
            {"beneficiary_class", "industry"}, {"term_from", "2026-01-01"},
            {"term_to", "2028-12-31"},         {"fields", cli::requested_fields(kAsset)}};
    }
    static json rulings() {
        json fields = json::array();
        for (const json& field : cli::requested_fields(kAsset)) {
            const bool pass = field.at("operation") == "pass";
            json ruling{{"name", field.at("name")},
                        {"decision", pass ? "grant" : "grant_with_treatment"}};
            if (!pass) ruling["operation"] = field.at("operation");
            fields.push_back(std::move(ruling));
        }
        return {{"fields", std::move(fields)}};
    }
    json grant_body() const {
        return {{"price_ceiling", fen("2000000")},
                {"shares", json::array({{{"role", "platform_fee"}, {"basis_points", 300}},
                                        {{"role", "source_department_nontax"},
                                         {"party_id", party("provider")},
                                         {"basis_points", 1000}},
                                        {{"role", "operator"},
                                         {"party_id", party("operator")},
                                         {"basis_points", 8700}}})}};
    }
    json signature_body(const std::string& alias, const std::string& contract) const {
        const std::string text = as(alias).get("/api/v1/contracts/" + contract + "/text").body;
        const std::string message = domain::contract_signing_message(origin_, text);
        const SigningKey& key = keys_.at(alias);
        return {{"public_key", to_base64(key.public_key().value)},
                {"signature", to_base64(key.sign(as_bytes(message)))}};
    }
    void sign(const std::string& alias, const std::string& contract) const {
        post(alias, "/contracts/" + contract + "/signatures", signature_body(alias, contract));
    }
    static json product_body(const std::string& contract) {
        return {
            {"contract_id", contract}, {"name_zh", "示范数据"}, {"name_en", "Demonstration data"},
            {"description_zh", ""},    {"description_en", ""},  {"kind", "dataset"}};
    }
    static json listing_body(const std::string& product) {
        return {{"product_id", product}, {"price", fen(kPrice)}, {"inspection_days", 10}};
    }
    static json order_body(const std::string& listing) {
        return {{"listing_id", listing}, {"purpose", "信贷风险评估"}};
    }
    static json payment_body(const std::string& reference) {
        return {{"bank_reference", std::string("SIM-") + kPrice + "-" + reference}};
    }
    /// Returns: a listing that can be ordered.
    std::string open_for_orders() const {
        const std::string resource = draft_resource();
        upload(resource, rows(200));
        submit(resource);
        pass_desk(resource);
        return list_product(authorize(resource));
    }
    /// `terms`: of the grant, beside price and shares. Returns: the contract, in force.
    std::string authorize(const std::string& resource, const json& terms = json::object(),
                          const json& ruled = rulings()) const {
        const json application = post("operator", "/applications", application_body(resource));
        const auto path = "/applications/" + application.at("application_id").get<std::string>();
        post("provider", path + "/source-decision", ruled, 200);
        json grant = grant_body();
        grant.update(terms);
        std::string contract = post("authority", path + "/grant", grant).at("contract_id");
        sign("operator", contract);
        sign("authority", contract);
        return contract;
    }
    /// Returns: the listing.
    std::string list_product(const std::string& contract) const {
        const std::string product =
            post("operator", "/products", product_body(contract)).at("product_id");
        post("admin", "/products/" + product + "/review", {{"decision", "approve"}}, 200);
        return post("operator", "/listings", listing_body(product)).at("listing_id");
    }
    std::string order(const std::string& listing) const {
        return post("buyer", "/orders", order_body(listing)).at("order_id");
    }
    void pay(const std::string& order) const {
        post("buyer", "/orders/" + order + "/payment", payment_body(order), 200);
    }
    std::string deliver(const std::string& order) const {
        return post("operator", "/orders/" + order + "/deliveries", json::object())
            .at("delivery_id");
    }

private:
    static json expect(const RawReply& reply, int status, const std::string& what) {
        if (reply.status != status) {
            throw std::runtime_error(what + ": " + std::to_string(reply.status) + " " + reply.body);
        }
        return json::parse(reply.body);
    }

    static inline const std::map<std::string, std::string> kCast{
        {"provider", "data_provider"},
        {"other_provider", "data_provider"},
        {"authority", "data_authority"},
        {"clerk", "registry_clerk"},
        {"reviewer", "registry_reviewer"},
        {"head", "registry_head"},
        {"operator", "operator"},
        {"other_operator", "operator"},
        {"buyer", "buyer"},
        {"other_buyer", "buyer"},
        {"arbitrator", "arbitrator"},
        {"auditor", "auditor"}};

    std::uint16_t port_;
    std::string origin_;
    std::map<std::string, std::string> tokens_;
    std::map<std::string, std::string> parties_;
    std::map<std::string, std::string> roles_;
    std::map<std::string, SigningKey> keys_;
};

}  // namespace pdx::test
