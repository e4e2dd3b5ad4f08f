#include "marketplace/cli/story.h"

#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "marketplace/cli/key_file.h"
#include "marketplace/cli/story_data.h"
#include "marketplace/demo/generator.h"
#include "marketplace/domain/contract.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

constexpr std::uint64_t kSeed = 20260301;
constexpr int kEnterpriseRegister = 1;
constexpr std::uint64_t kEnterpriseRows = 50'000;
constexpr std::uint64_t kOtherRows = 1'000;

}  // namespace

Story::Story(StoryOptions options, std::ostream& out) : options_(std::move(options)), out_(out) {}

void Story::chapter(const std::string& title) { out_ << "\n" << title << "\n"; }

void Story::tell(const std::string& alias, const std::string& what, const json& answer,
                 std::string_view id_member) {
    const auto actor = cast_.find(alias);
    out_ << std::setw(3) << ++step_ << "  "
         << (actor == cast_.end() ? alias : actor->second.name_en) << ": " << what;
    if (!id_member.empty() && answer.contains(id_member)) {
        out_ << "  [" << answer.at(std::string(id_member)).get<std::string>() << "]";
    }
    if (answer.contains("receipt")) {
        out_ << "  ledger #" << answer.at("receipt").at("index").get<std::uint64_t>();
    }
    out_ << "\n" << std::flush;
}

ApiClient Story::client(const std::string& alias) const {
    return {options_.host, options_.port,
            alias == "admin" ? options_.admin_token : cast_.at(alias).token};
}

json Story::post(const std::string& alias, const std::string& path, const json& body,
                 int status) const {
    const ApiAnswer answer = client(alias).post("/api/v1" + path, body);
    if (answer.status != status) {
        throw std::runtime_error("POST " + path + " as " + alias + ": " +
                                 std::to_string(answer.status) + " " + answer.body);
    }
    return answer.json();
}

json Story::get(const std::string& alias, const std::string& path) const {
    const ApiAnswer answer = client(alias).get("/api/v1" + path);
    if (answer.status != 200) {
        throw std::runtime_error("GET " + path + " as " + alias + ": " +
                                 std::to_string(answer.status) + " " + answer.body);
    }
    return answer.json();
}

void Story::play() {
    chapter("The cast");
    register_cast();
    credit_story();
    refusal_story();
    dispute_story();
    audit_story();
}

void Story::register_cast() {
    unsigned number = 1;
    for (const CastMember& member : story_cast()) {
        Actor actor{std::string(member.alias),
                    std::string(member.name_zh),
                    std::string(member.name_en),
                    std::string(member.role),
                    {},
                    {}};
        register_actor(std::move(actor), demo_uscc(member.uscc_kind, number++), member.signs);
    }
}

void Story::register_actor(Actor actor, const std::string& uscc, bool signs) {
    const json party = post("admin", "/parties",
                            {{"uscc", uscc},
                             {"name_zh", actor.name_zh},
                             {"name_en", actor.name_en},
                             {"role", actor.role}});
    actor.party_id = party.at("party_id").get<std::string>();
    constexpr int kDays = 90;
    actor.token = post("admin", "/parties/" + actor.party_id + "/tokens", {{"days", kDays}})
                      .at("token")
                      .get<std::string>();
    const std::string alias = actor.alias;
    tell("The exchange", "registers " + actor.name_en + " as " + actor.role, party, "party_id");
    cast_[alias] = std::move(actor);
    if (!signs) return;
    const auto file = options_.data / "demo-keys" / (alias + ".key");
    std::filesystem::create_directories(file.parent_path());
    const SigningKey key = create_signing_key(file);
    const json answer = post(alias, "/parties/" + cast_.at(alias).party_id + "/keys",
                             {{"public_key", to_base64(key.public_key().value)}});
    tell(alias, "registers its signing key", answer, "");
}

std::string Story::register_resource(int asset_no, const std::string& provider) {
    const json resource = post(provider, "/resources", resource_body(asset_no));
    auto id = resource.at("resource_id").get<std::string>();
    resources_[asset_no] = id;
    tell(provider, "registers \"" + resource.at("title_en").get<std::string>() + "\"", resource,
         "resource_id");
    upload_dataset(provider, id, asset_no);
    register_through_desk(provider, id);
    return id;
}

void Story::upload_dataset(const std::string& provider, const std::string& resource_id,
                           int asset_no) {
    std::stringstream csv;
    const std::uint64_t rows = asset_no == kEnterpriseRegister ? kEnterpriseRows : kOtherRows;
    demo::generate_csv(asset_no, rows, kSeed, [&](std::string_view text) { csv << text; });
    const auto bytes = static_cast<std::uint64_t>(csv.tellp());
    const ApiAnswer answer =
        client(provider).upload("/api/v1/resources/" + resource_id + "/datasets", "text/csv", csv,
                                bytes, [](std::uint64_t) {});
    if (answer.status != 201) throw std::runtime_error("upload: " + answer.body);
    const json dataset = answer.json();
    std::string personal;
    for (const json& column : dataset.at("columns")) {
        if (column.at("class") != "direct_identifier") continue;
        personal += (personal.empty() ? "" : ", ") + column.at("name").get<std::string>();
    }
    tell(provider,
         "uploads " + std::to_string(dataset.at("rows").get<std::int64_t>()) +
             " rows; identifying columns found: " + (personal.empty() ? "none" : personal),
         dataset, "dataset_id");
    review_columns(provider, dataset);
}

/// What waits for a person does not leave until one has decided it.
void Story::review_columns(const std::string& provider, const json& dataset) {
    std::string confirmed;
    json last;
    for (const json& column : dataset.at("columns")) {
        if (column.at("review") != "waiting") continue;
        const auto name = column.at("name").get<std::string>();
        const auto found = column.at("class").get<std::string>();
        const bool is_undecided = found == "unknown";
        const json decided = post(provider,
                                  "/datasets/" + dataset.at("dataset_id").get<std::string>() +
                                      "/columns/" + name + "/class",
                                  {{"class", is_undecided ? "confidential" : found}}, 200);
        if (is_undecided) {
            tell(provider, "decides the undecided column " + name, decided, "");
        } else {
            confirmed += (confirmed.empty() ? "" : ", ") + name;
            last = decided;
        }
    }
    if (confirmed.empty()) return;
    tell(provider, "looks at what is uncertain and confirms the class of " + confirmed, last, "");
}

void Story::register_through_desk(const std::string& provider, const std::string& resource_id) {
    const std::string path = "/resources/" + resource_id;
    tell(provider, "submits it",
         post(provider, path + "/submission", {{"internally_reviewed", true}}, 200), "");
    tell("clerk", "accepts it", post("clerk", path + "/acceptance", {{"decision", "accept"}}, 200),
         "");
    tell("reviewer", "passes it; the public notice opens",
         post("reviewer", path + "/review", {{"decision", "pass_review"}}, 200), "");
    const json coded = post("head", path + "/code", json::object(), 200);
    tell("head", "issues the registration code", coded, "registration_code");
}

std::string Story::authorize(int asset_no, const std::string& provider,
                             const std::string& resource_id) {
    const json application = post("operator", "/applications",
                                  {{"resource_id", resource_id},
                                   {"purpose", "小微企业经营稳定度评价，服务普惠信贷"},
                                   {"beneficiary_class", "industry"},
                                   {"term_from", "2026-01-01"},
                                   {"term_to", "2028-12-31"},
                                   {"fields", requested_fields(asset_no)}});
    tell("operator",
         "applies for " + std::to_string(requested_fields(asset_no).size()) +
             " fields; the automatic check says " + application.at("state").get<std::string>(),
         application, "application_id");
    decide_source(provider, application);
    auto id = application.at("application_id").get<std::string>();
    const auto party = [&](const char* alias) { return cast_.at(alias).party_id; };
    const json shares = json::array(
        {{{"role", "platform_fee"}, {"basis_points", 300}},
         {{"role", "source_department_nontax"},
          {"party_id", party(provider.c_str())},
          {"basis_points", 1000}},
         {{"role", "operator"}, {"party_id", party("operator")}, {"basis_points", 8700}}});
    const json contract = post("authority", "/applications/" + id + "/grant",
                               {{"price_ceiling", cny_fen("2000000")}, {"shares", shares}});
    auto contract_id = contract.at("contract_id").get<std::string>();
    tell("authority", "grants; the contract is drafted", contract, "contract_id");
    sign_contract("operator", contract_id);
    sign_contract("authority", contract_id);
    return contract_id;
}

json Story::decide_source(const std::string& provider, const json& application) {
    json rulings = json::array();
    for (const json& field : application.at("fields")) {
        const auto operation = field.at("operation").get<std::string>();
        json ruling{{"name", field.at("name")},
                    {"decision", operation == "pass" ? "grant" : "grant_with_treatment"}};
        if (operation != "pass") ruling["operation"] = operation;
        rulings.push_back(std::move(ruling));
    }
    json decided = post(
        provider,
        "/applications/" + application.at("application_id").get<std::string>() + "/source-decision",
        {{"fields", rulings}}, 200);
    tell(provider, "decides field by field", decided, "");
    return decided;
}

void Story::sign_contract(const std::string& alias, const std::string& contract_id) {
    const std::string path = "/contracts/" + contract_id;
    const ApiAnswer text = client(alias).get("/api/v1" + path + "/text");
    if (text.status != 200) throw std::runtime_error("contract text: " + text.body);
    KeySealing plain;
    const SigningKey key = load_signing_key(options_.data / "demo-keys" / (alias + ".key"), plain);
    const std::string message = domain::contract_signing_message(options_.log_origin, text.body);
    const json signed_contract = post(alias, path + "/signatures",
                                      {{"public_key", to_base64(key.public_key().value)},
                                       {"signature", to_base64(key.sign(as_bytes(message)))}});
    tell(
        alias,
        "signs with its own key; the contract is " + signed_contract.at("state").get<std::string>(),
        signed_contract, "");
}

}  // namespace pdx::cli
