/// What a grant covers: versions of the data, forms of product, the profile of what is sensitive,
/// and the family of algorithms.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "privacy/compiled_operation.h"
#include "privacy/detector.h"
#include "privacy/pattern_set.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;
using test::code_of;
using test::Trade;

namespace {

Trade trade_under(std::function<void(app::GrantTerms&)> more) {
    return Trade(10'007, {}, {}, std::move(more));
}

constexpr std::string_view kPerson = "320211198001010018";
const std::string kTable =
    "ent_name,legal_rep_id_no,reg_capital_fen,arrears_fen\r\n无锡示例科技有限公司," +
    std::string(kPerson) + ",5000,0\r\n";

/// What the contract's key makes of the person by one family of algorithms.
std::string pseudonym_by(Trade& trade, privacy::Cryptography cryptography) {
    const auto db = trade.market.open();
    const Secret key = trade.market.context().contract_keys.key_of(
        *db, trade.contracts.find(trade.admin, trade.contract).contract);
    privacy::ColumnClass column;
    column.name = "legal_rep_id_no";
    column.kind = privacy::Kind::kResidentId;
    privacy::CompiledOperation operation({column, privacy::Operation::pseudonym(), true, false},
                                         key.view(), cryptography);
    auto outcome = privacy::Outcome::kEmpty;
    return std::string(operation.apply(kPerson, outcome));
}

std::string first_pseudonym(Trade& trade) {
    const std::string content = trade.download(trade.deliver(trade.paid()));
    const std::size_t at = content.find(",p_");
    REQUIRE(at != std::string::npos);
    return content.substr(at + 1, content.find(',', at + 1) - at - 1);
}

}  // namespace

TEST_CASE("contract scope: the newest version that is covered is delivered, and no later one",
          "[app][contract][delivery]") {
    Trade trade = trade_under([](app::GrantTerms& terms) { terms.versions = {1, 3}; });
    trade.upload_csv(test::company_csv(trade.personal, 12));  // version 3
    trade.upload_csv(test::company_csv(trade.personal, 30));  // version 4
    CHECK(trade.delivery(trade.deliver(trade.paid())).output_rows == 12);
}

TEST_CASE("contract scope: data that is still to come is waited for", "[app][contract][delivery]") {
    Trade trade = trade_under([](app::GrantTerms& terms) { terms.versions = {3, {}}; });
    const OrderId order = trade.paid();
    const std::uint64_t before = trade.log_size();
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.no_dataset");
    CHECK(trade.log_size() == before);
    CHECK(trade.order(order).state == domain::OrderState::kEscrowed);
    trade.upload_csv(test::company_csv(trade.personal, 15));
    trade.upload_csv(test::company_csv(trade.personal, 16));
    CHECK(trade.delivery(trade.deliver(order)).output_rows == 16);
}

TEST_CASE("contract scope: only products of the granted forms are taken",
          "[app][contract][product]") {
    Trade trade = trade_under([](app::GrantTerms& terms) {
        terms.forms = {domain::ProductKind::kReport, domain::ProductKind::kDataset};
    });
    const auto submit = [&](domain::ProductKind kind) {
        trade.products.create(test::Market::write(trade.licensed_operator),
                              {trade.contract, "产品", "Product", "", "", kind});
    };
    for (const auto& row : domain::kProductKindNames) {
        INFO(row.name);
        const bool granted =
            row.value == domain::ProductKind::kReport || row.value == domain::ProductKind::kDataset;
        CHECK(code_of([&] { submit(row.value); }) ==
              (granted ? "none" : "product.form_not_granted"));
    }
    const json text = json::parse(trade.contracts.find(trade.admin, trade.contract).contract.text);
    CHECK(text.at("product_forms") == json::array({"dataset", "report"}));
    CHECK(trade.delivery(trade.deliver(trade.paid())).output_rows == 40);
}

TEST_CASE("contract scope: an operation that the profile forbids is not granted",
          "[app][contract]") {
    for (const auto profile : privacy::sensitivity_profiles()) {
        test::Licensed licensed;
        licensed.id_operation = "keep_first_last(3,4)";
        app::GrantTerms terms = licensed.terms();
        terms.profile = profile;
        const ApplicationId id = licensed.decided(licensed.resource());
        const bool forbids = profile == privacy::SensitivityProfile::kGbt35273Of2020;
        INFO(privacy::profile_code(profile));
        CHECK(code_of([&] {
                  licensed.contracts.grant(test::Market::write(licensed.authority), id, terms);
              }) == (forbids ? "application.operation" : "none"));
    }
}

TEST_CASE("contract scope: the record names the profile, and what it lists",
          "[app][contract][delivery]") {
    Trade trade = trade_under([](app::GrantTerms& terms) {
        terms.profile = privacy::SensitivityProfile::kGbt35273Of2020;
    });
    trade.deliver(trade.paid());
    const json body = trade.last_entry().at("body");
    CHECK(body.at("sensitivity_profile") == "gbt_35273_2020");
    CHECK(body.at("columns").at(1).at("sensitive_category") == "belief_or_identity");
    CHECK_FALSE(body.at("columns").at(0).contains("sensitive_category"));
}

TEST_CASE("contract scope: commercial cryptography is a term, and makes the pseudonyms",
          "[app][contract][delivery]") {
    using privacy::Cryptography;
    const auto cryptography = GENERATE(Cryptography::kInternational, Cryptography::kCommercial);
    Trade trade = trade_under([&](app::GrantTerms& terms) { terms.cryptography = cryptography; });
    trade.upload_csv(kTable);
    const std::string made = first_pseudonym(trade);
    for (const Cryptography one : {Cryptography::kInternational, Cryptography::kCommercial}) {
        CHECK((pseudonym_by(trade, one) == made) == (one == cryptography));
    }
    const json text = json::parse(trade.contracts.find(trade.admin, trade.contract).contract.text);
    CHECK(text.at("cryptography") == privacy::cryptography_code(cryptography));
}

TEST_CASE("contract scope: bounds that cannot be are refused", "[app][contract]") {
    test::Licensed licensed;
    const ApplicationId id = licensed.decided(licensed.resource());
    for (const privacy::VersionRange& versions :
         {privacy::VersionRange{0, {}}, privacy::VersionRange{3, 2},
          privacy::VersionRange{1, privacy::kVersionsMax + 1}}) {
        app::GrantTerms terms = licensed.terms();
        terms.versions = versions;
        CHECK(code_of([&] {
                  licensed.contracts.grant(test::Market::write(licensed.authority), id, terms);
              }) == "policy.scope");
    }
}

TEST_CASE("patterns: upload and delivery look for the exchange's own numbers, and say so",
          "[app][delivery][patterns]") {
    const auto patterns = privacy::PatternSet::read(R"({"format":"pdx-patterns-1","patterns":[
        {"name":"arrears_file","label_zh":"欠费档案号","label_en":"arrears file",
         "class":"direct_identifier","value":"QF-[0-9]{6}"}]})");
    Trade trade = trade_under({});
    trade.deliver(trade.paid());
    const json before = trade.last_entry().at("body").at("detector");
    trade.market.context().patterns = &patterns;
    std::string csv = test::company_csv(trade.personal, 40);
    trade.upload_unreviewed(csv);
    CHECK(trade.last_entry().at("body").at("detector").at("digest") ==
          privacy::detector_digest(&patterns).hex());
    trade.upload_csv(csv);
    trade.deliver(trade.paid());
    CHECK(trade.last_entry().at("kind") == "delivery.published");
    CHECK(trade.last_entry().at("body").at("detector") != before);

    // One among the names of companies: nothing leaves.
    csv += "QF-123456公司,320211198001010018,5,6\r\n";
    trade.market.context().patterns = nullptr;
    trade.upload_csv(csv);
    trade.market.context().patterns = &patterns;
    const OrderId order = trade.paid();
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.personal_data_in_output");
    CHECK(trade.last_entry().at("kind") == "delivery.refused");
    CHECK(trade.order(order).state == domain::OrderState::kEscrowed);
    trade.market.context().patterns = nullptr;
    trade.deliver(order);
}
