/// A column that waits for a person counts as unknown wherever classes are asked, unless it is a
/// direct identifier or sensitive; a decision ends the waiting.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "marketplace/app/classified_resource.h"
#include "marketplace/app/column_class.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/resource_view.h"
#include "marketplace/app/statistic_service.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using catalog::ColumnReview;
using nlohmann::json;
using privacy::Sensitivity;
using test::answer_of;
using test::code_of;
using test::Licensed;
using test::Market;
using test::Trade;

namespace {

/// From the laxest to the strictest; unknown is above them all.
const std::vector<std::string> kSeenClasses{"non_personal", "confidential", "quasi_identifier",
                                            "free_text",    "sensitive",    "direct_identifier",
                                            "unknown"};
/// What the field dictionary may say, and the class that it is among those above.
const std::map<std::string, std::string> kDeclaredClasses{
    {"", ""},
    {"plain", "non_personal"},
    {"business", "confidential"},
    {"quasi_identifier", "quasi_identifier"},
    {"sensitive", "sensitive"},
    {"direct_identifier", "direct_identifier"}};
constexpr std::array kReviews{ColumnReview::kNone, ColumnReview::kWaiting,
                              ColumnReview::kConfirmed};

std::ptrdiff_t strictness(const std::string& word) {
    return std::find(kSeenClasses.begin(), kSeenClasses.end(), word) - kSeenClasses.begin();
}

/// The rule as PRIVACY.md says it.
std::string expected_class(ColumnReview review, const std::string& seen,
                           const std::string& declared) {
    std::string counts = seen;
    if (!declared.empty() && strictness(declared) > strictness(seen)) counts = declared;
    if (review != ColumnReview::kWaiting) return counts;
    return counts == "direct_identifier" || counts == "sensitive" ? counts : "unknown";
}

struct ReviewCase {
    test::Column column;
    std::string counts;
};

std::vector<ReviewCase> review_cases() {
    std::vector<ReviewCase> cases;
    for (const ColumnReview review : kReviews) {
        for (const std::string& seen : kSeenClasses) {
            for (const auto& [declared, as_class] : kDeclaredClasses) {
                cases.push_back(
                    {{"c" + std::to_string(cases.size()), declared, seen, "unknown", review},
                     expected_class(review, seen, as_class)});
            }
        }
    }
    return cases;
}

constexpr sql::Query kSetColumn{"test.set_column",
                                "UPDATE dataset_column SET class = ?, review = ? WHERE name = ?"};

void set_column(Trade& trade, const std::string& name, const std::string& seen,
                ColumnReview review) {
    const auto db = trade.market.open();
    REQUIRE(db->run(kSetColumn, seen, catalog::wire_name(review), name) > 0);
}

json column_of(const json& dataset, const std::string& name) {
    const json& columns = dataset.at("columns");
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const json& one) { return one.at("name") == name; });
    REQUIRE(found != columns.end());
    return *found;
}

DatasetId id_of_dataset(const json& dataset) {
    return DatasetId::parse(dataset.at("dataset_id").get<std::string>()).value();
}

/// Two columns of sums in which there are none.
constexpr const char* kVagueRows =
    "ent_name,legal_rep_id_no,reg_capital_fen,arrears_fen\r\n"
    "a7,110,好,x1y\r\nb9,220,很好,y2z\r\nc,330,不好,z3\r\n";

}  // namespace

TEST_CASE("column review: class, declaration and review give the class that counts, in every case",
          "[app][column_review]") {
    Licensed licensed;
    test::ResourceSpec spec;
    spec.columns.clear();
    const std::vector<ReviewCase> cases = review_cases();
    REQUIRE(cases.size() == 3 * 7 * 6);
    for (const ReviewCase& one : cases) spec.columns.push_back(one.column);
    const ResourceId resource = licensed.resource(spec);
    const auto db = licensed.market.open();
    const app::ClassifiedResource classified = app::load_classified(*db, resource);
    const domain::ResourceFacts facts = classified.facts();
    store::Contract contract;
    contract.resource_id = resource;
    const DatasetId dataset = app::newest_dataset(*db, contract).id;
    const auto delivered = app::classes_of(*db, contract, dataset);
    REQUIRE(delivered.size() == cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const test::Column& column = cases[i].column;
        INFO(column.seen << ", declared " << column.declared << ", "
                         << catalog::wire_name(column.review));
        CHECK(privacy::sensitivity_code(classified.columns.at(i).sensitivity) == cases[i].counts);
        CHECK(privacy::sensitivity_code(delivered[i].sensitivity) == cases[i].counts);
        CHECK(facts.fields.at(i).field_class.has_value() == (cases[i].counts != "unknown"));
        const bool is_held = cases[i].counts == "unknown";
        const auto refusal = code_of(
            [&] { privacy::effective_operation(delivered[i], privacy::Operation::pass()); });
        CHECK(refusal == (is_held ? "delivery.column_unclassified" : "none"));
        CHECK(privacy::effective_operation(delivered[i], privacy::Operation::drop()) ==
              privacy::Operation::drop());
    }
}

TEST_CASE("column review: what waits is not granted", "[app][column_review]") {
    for (const ColumnReview review : kReviews) {
        INFO(catalog::wire_name(review));
        Licensed licensed;
        test::ResourceSpec spec;
        spec.columns[0] = {"ent_name", "plain", "non_personal", "organisation_name", review};
        const ResourceId resource = licensed.resource(spec);
        const json answer = answer_of(licensed.applications.apply(
            Market::write(licensed.licensed_operator), Licensed::request(resource)));
        const bool waits = review == ColumnReview::kWaiting;
        CHECK(answer.at("state") == (waits ? "refused" : "checked"));
        CHECK((answer.dump().find("admission.field_unclassified") != std::string::npos) == waits);
    }
}

TEST_CASE("column review: what came to wait after the application makes no contract",
          "[app][column_review]") {
    Licensed licensed;
    const ResourceId resource = licensed.resource();
    const ApplicationId application = licensed.decided(resource);
    licensed.upload(resource, {{"ent_name", "", "non_personal", "unknown", ColumnReview::kWaiting},
                               {"legal_rep_id_no", "", "direct_identifier", "resident_id"},
                               {"reg_capital_fen", "", "confidential", "unknown"}});
    CHECK(code_of([&] {
              licensed.contracts.grant(Market::write(licensed.authority), application,
                                       licensed.terms());
          }) == "application.not_admissible");
}

TEST_CASE("column review: what waits is not delivered and not counted; a dropped column is no harm",
          "[app][column_review]") {
    Trade trade(10'007, privacy::RiskRule{{.k_min = 2}, "legal_rep_id_no"},
                privacy::PrivacySpend{3'000'000, 500'000, 1'000'000});
    app::StatisticService statistics(trade.market.context());
    privacy::StatisticQuery query;
    query.subject = "legal_rep_id_no";
    query.measure = privacy::Measure::kSum;
    query.column = "reg_capital_fen";
    query.bounds = privacy::Bounds{0, 0, 2'000'000};
    query.spend.epsilon_millionths = 100'000;
    const auto ask = [&] {
        statistics.ask(Market::write(trade.licensed_operator), trade.contract, query);
    };
    const OrderId order = trade.paid();
    // arrears_fen is in nobody's policy.
    set_column(trade, "arrears_fen", "unknown", ColumnReview::kWaiting);
    set_column(trade, "reg_capital_fen", "confidential", ColumnReview::kWaiting);
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.column_unclassified");
    CHECK(code_of(ask) == "statistic.column_class");
    set_column(trade, "reg_capital_fen", "confidential", ColumnReview::kConfirmed);
    CHECK(code_of(ask) == "none");
    const std::string content = trade.download(trade.deliver(order));
    CHECK(content.find("1000000") != std::string::npos);

    // A direct identifier that waits leaves as one that does not: under its pseudonym.
    set_column(trade, "legal_rep_id_no", "direct_identifier", ColumnReview::kWaiting);
    const std::string again = trade.download(trade.deliver(trade.paid()));
    CHECK(again.find(",p_") != std::string::npos);
    for (const std::string& value : trade.personal) CHECK(again.find(value) == std::string::npos);
}

TEST_CASE("column review: an upload says what waits, and a decision ends it",
          "[app][column_review]") {
    Trade trade;
    const json dataset = trade.upload_unreviewed(kVagueRows);
    const DatasetId id = id_of_dataset(dataset);
    std::size_t waiting = 0;
    for (const auto& row : trade.datasets.find(trade.provider, id).columns) {
        INFO(row.name);
        const privacy::ColumnClass column = app::to_column_class(row);
        CHECK((row.review == ColumnReview::kWaiting) == privacy::needs_review(column));
        CHECK(column_of(dataset, row.name).at("review") == catalog::wire_name(row.review));
        CHECK(app::to_dataset_column(column) == row);
        waiting += row.review == ColumnReview::kWaiting ? 1U : 0U;
    }
    CHECK(waiting == 2);
    const OrderId order = trade.paid();
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.column_unclassified");

    const auto page = trade.datasets.waiting(trade.provider, "", 100);
    REQUIRE(page.items.size() == waiting);
    CHECK_FALSE(page.next);
    for (const auto& item : page.items) {
        const json shown = app::to_json(item);
        INFO(shown.dump());
        CHECK(shown.at("dataset_id") == id.text());
        CHECK(shown.at("resource_id") == trade.resource_id.text());
        CHECK_FALSE(shown.at("advice_zh").get<std::string>().empty());
        CHECK_FALSE(shown.at("advice_en").get<std::string>().empty());
        for (const char* value : {"很好", "不好", "y2z"}) {
            CHECK(shown.dump().find(value) == std::string::npos);
        }
    }
    trade.upload_csv(test::company_csv(trade.personal, 40));
    trade.deliver(order);
}

TEST_CASE("column review: every decision about every class", "[app][column_review]") {
    Trade trade;
    const json dataset = trade.upload_unreviewed(kVagueRows);
    const DatasetId id = id_of_dataset(dataset);
    for (const ColumnReview review : kReviews) {
        for (const std::string& seen : kSeenClasses) {
            for (const std::string& decided : kSeenClasses) {
                if (decided == "unknown") continue;  // no word of the API
                INFO(catalog::wire_name(review) << " " << seen << " -> " << decided);
                set_column(trade, "ent_name", seen, review);
                const bool is_laxer = seen != "unknown" && strictness(decided) < strictness(seen);
                const auto code = code_of([&] {
                    trade.datasets.classify_column(Market::write(trade.provider), id, "ent_name",
                                                   privacy::parse_sensitivity(decided).value());
                });
                CHECK(code == (is_laxer ? "column.laxer" : "none"));
                const auto stored = trade.datasets.find(trade.provider, id).columns.at(0);
                CHECK(stored.column_class == (is_laxer ? seen : decided));
                CHECK(stored.review == (is_laxer ? review : ColumnReview::kConfirmed));
                if (is_laxer) continue;
                const json entry = trade.last_entry();
                CHECK(entry.at("kind") == "dataset.column_classified");
                CHECK(entry.at("body").at("class") == decided);
            }
        }
    }
}

TEST_CASE("column review: everybody sees the queue that is theirs, page by page",
          "[app][column_review]") {
    Trade trade;
    trade.upload_unreviewed(kVagueRows);
    const auto all = trade.datasets.waiting(trade.provider, "", 1'000).items;
    REQUIRE(all.size() >= 2);
    for (const app::Caller& caller : {trade.auditor, trade.authority, trade.admin}) {
        CHECK(trade.datasets.waiting(caller, "", 1'000).items == all);
    }
    const app::Caller other_provider = trade.market.party(domain::Role::kDataProvider);
    for (const app::Caller& caller : {trade.buyer, trade.licensed_operator, other_provider}) {
        CHECK(trade.datasets.waiting(caller, "", 1'000).items.empty());
    }
    std::vector<catalog::WaitingColumn> seen;
    std::string after;
    for (std::size_t pages = 0; pages <= all.size(); ++pages) {
        const auto page = trade.datasets.waiting(trade.provider, after, 1);
        seen.insert(seen.end(), page.items.begin(), page.items.end());
        if (!page.next) break;
        after = *page.next;
    }
    CHECK(seen == all);
    CHECK(trade.datasets.waiting(trade.provider, "nonsense", 1'000).items == all);
}
