#include "tests/app/support/licensed.h"

#include "catalog/store/resource_store.h"
#include "marketplace/domain/contract.h"
#include "tests/support/catch.h"

namespace pdx::test {
namespace {

using domain::Role;
using nlohmann::json;

constexpr sql::Query kLastEntry{"test.last_entry",
                                "SELECT bytes FROM log_entry ORDER BY log_index DESC LIMIT 1"};
constexpr sql::Query kLogSize{"test.log_size", "SELECT COUNT(*) FROM log_entry"};

/// Runs as one command, so that rows appear as the writer makes them.
template <class Run>
void command(Market& market, const app::Caller& caller, Run run) {
    market.writer().submit(
        {caller, std::nullopt, [&](app::Transaction& tx) {
             run(tx);
             tx.record(app::make_fact("test.prepared", "test", "test", json::object()));
             return std::string("{}");
         }});
}

void insert_dataset(app::Transaction& tx, const ResourceId& id, const PartyId& provider,
                    const std::vector<Column>& columns) {
    catalog::ResourceStore resources(tx.db());
    std::vector<catalog::DatasetColumn> rows;
    for (const Column& column : columns) {
        if (column.seen.empty()) continue;
        rows.push_back({column.name, column.kind, column.seen, 9'000, "[]", column.review});
    }
    if (rows.empty()) return;
    catalog::Dataset dataset;
    dataset.id = tx.make_id<DatasetTag>();
    dataset.resource = id;
    const auto latest = resources.latest_dataset(id);
    dataset.version_no = latest ? latest->version_no + 1 : 1;
    dataset.column_count = static_cast<std::int64_t>(rows.size());
    dataset.encoding = "UTF-8";
    dataset.uploaded_by = provider;
    dataset.created_at = tx.now();
    resources.insert_dataset(dataset);
    resources.replace_columns(dataset.id, rows);
}

catalog::Resource record_of(const ResourceSpec& spec, const PartyId& provider) {
    catalog::Resource record;
    record.provider = provider;
    record.catalog_identifier = "320200WXSCJG/D000001C5";
    record.title_zh = "企业登记基本信息";
    record.title_en = "Enterprise registration register";
    record.source_kind = spec.source_kind;
    record.source_statement = "依法履职收集";
    record.open_kind = spec.open_kind;
    record.security_grade = spec.grade;
    record.pi_level = spec.pi_level;
    record.state = spec.state;
    record.registration_code = "LX-320200-2026-000001-00";
    record.rule_profile = "demo@1";
    return record;
}

}  // namespace

Licensed::Licensed()
    : provider(market.party(Role::kDataProvider)),
      authority(market.party(Role::kDataAuthority)),
      licensed_operator(market.party(Role::kOperator)),
      admin(market.party(Role::kExchangeAdmin)),
      auditor(market.party(Role::kAuditor)),
      buyer(market.party(Role::kBuyer)),
      applications(market.context()),
      contracts(market.context()),
      products(market.context()),
      listings(market.context()),
      operator_key(market.key(licensed_operator)),
      authority_key(market.key(authority)) {}

ResourceId Licensed::resource(const ResourceSpec& spec) {
    ResourceId id;
    command(market, provider, [&](app::Transaction& tx) {
        catalog::Resource record = record_of(spec, provider.party);
        id = record.id = tx.make_id<ResourceTag>();
        record.created_at = tx.now();
        record.updated_at = tx.now();
        catalog::ResourceStore resources(tx.db());
        resources.insert(record);
        std::vector<catalog::ResourceField> fields;
        for (const Column& column : spec.columns) {
            fields.push_back({column.name, "字段", "string", std::nullopt, column.declared});
        }
        resources.replace_fields(id, fields);
        insert_dataset(tx, id, provider.party, spec.columns);
    });
    return id;
}

void Licensed::set_state(const ResourceId& id, const std::string& state) {
    command(market, provider, [&](app::Transaction& tx) {
        catalog::ResourceStore resources(tx.db());
        catalog::Resource record = resources.load(id).value();
        record.state = state;
        const std::int64_t before = record.version++;
        resources.save(record, before);
    });
}

void Licensed::upload(const ResourceId& id, const std::vector<Column>& columns) {
    command(market, provider,
            [&](app::Transaction& tx) { insert_dataset(tx, id, provider.party, columns); });
}

app::ApplyForAccess Licensed::request(const ResourceId& resource) {
    app::ApplyForAccess input;
    input.resource = resource;
    input.purpose = "小微企业经营稳定度评价";
    input.term_from = {2026, 3, 1};
    input.term_to = {2027, 2, 28};
    input.fields = {
        {"ent_name", "pass"}, {"legal_rep_id_no", "pseudonym"}, {"reg_capital_fen", "pass"}};
    return input;
}

ApplicationId Licensed::checked(const ResourceId& resource) {
    app::ApplyForAccess input = request(resource);
    input.fields[1].operation = id_operation;
    const json answer = answer_of(applications.apply(Market::write(licensed_operator), input));
    REQUIRE(answer.at("state") == "checked");
    return ApplicationId::parse(answer.at("application_id").get<std::string>()).value();
}

ApplicationId Licensed::decided(const ResourceId& resource) {
    const ApplicationId id = checked(resource);
    std::vector<domain::FieldRuling> rulings;
    for (const auto& field : request(resource).fields) {
        rulings.push_back({field.name, domain::FieldDecision::kGrant, {}, {}});
    }
    applications.decide_source(Market::write(provider), id, rulings);
    return id;
}

app::GrantTerms Licensed::terms() const {
    app::GrantTerms terms{Money::fen(20'000),
                          {{domain::SplitRole::kPlatformFee, 300, ""},
                           {domain::SplitRole::kSourceDepartment, 1'000, provider.party.text()},
                           {domain::SplitRole::kOperator, 8'700, licensed_operator.party.text()}},
                          risk,
                          statistics};
    if (more_terms) more_terms(terms);
    return terms;
}

ContractId Licensed::drafted() {
    const json answer =
        answer_of(contracts.grant(Market::write(authority), decided(resource()), terms()));
    return ContractId::parse(answer.at("contract_id").get<std::string>()).value();
}

ContractId Licensed::in_force() {
    const ContractId id = drafted();
    sign(id, licensed_operator, operator_key);
    sign(id, authority, authority_key);
    return id;
}

ProductId Licensed::submitted(const ContractId& contract) {
    const json answer = answer_of(products.create(
        Market::write(licensed_operator),
        {contract, "企业名录（脱敏）", "Company list", "", "", domain::ProductKind::kDataset}));
    return ProductId::parse(answer.at("product_id").get<std::string>()).value();
}

ProductId Licensed::registered(const ContractId& contract) {
    const ProductId id = submitted(contract);
    products.review(Market::write(admin), id, app::ReviewDecision::kApprove, "");
    return id;
}

ListingId Licensed::listed(const ProductId& product, const std::string& fen) {
    const json answer = answer_of(listings.create(Market::write(licensed_operator),
                                                  {product, Money::parse_fen(fen).value(), 10}));
    return ListingId::parse(answer.at("listing_id").get<std::string>()).value();
}

void Licensed::sign(const ContractId& id, const app::Caller& signer, const SigningKey& key) {
    const std::string text = contracts.find(signer, id).contract.text;
    const std::string message = domain::contract_signing_message(market.context().log_origin, text);
    contracts.sign(Market::write(signer), id, key.public_key(), key.sign(as_bytes(message)));
}

json Licensed::last_entry() {
    const auto db = market.open();
    const auto row = db->one(kLastEntry);
    REQUIRE(row.has_value());
    return json::parse(row->blob(0));
}

std::uint64_t Licensed::log_size() {
    return static_cast<std::uint64_t>(market.open()->one(kLogSize)->integer(0));
}

json answer_of(const app::Outcome& outcome) { return json::parse(outcome.answer); }

}  // namespace pdx::test
