/// The review of dataset columns in SQL, on each database: what is stored comes back, what was
/// stored before the migration waits for nobody, and the queue is in pages.
#include <algorithm>
#include <string>
#include <vector>

#include "catalog/store/resource_store.h"
#include "sql/migrate.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

using namespace pdx;
using catalog::ColumnReview;
using catalog::Dataset;
using catalog::DatasetColumn;
using catalog::ResourceStore;
using catalog::WaitingColumn;
using catalog::WaitingPosition;

namespace {

constexpr Timestamp kReviewTime{1'772'323'200'000'000};

struct ReviewStore {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> connection;
    ResourceStore store;
    RandomIdSource ids;

    explicit ReviewStore(const test::Kind& kind)
        : database(kind.fresh()),
          connection(database->open()),
          store(*connection) {}
    void migrate_all() { sql::migrate(*connection, sql::embedded_schema(), kReviewTime); }

    Dataset insert(const ResourceId& resource, std::int64_t version_no, const PartyId& uploader) {
        Dataset dataset;
        dataset.id = ids.make<DatasetTag>(kReviewTime);
        dataset.resource = resource;
        dataset.version_no = version_no;
        dataset.uploaded_by = uploader;
        dataset.created_at = kReviewTime;
        store.insert_dataset(dataset);
        return dataset;
    }
};

DatasetColumn column_in(const std::string& name, ColumnReview review) {
    DatasetColumn column{name, "plain_number", "unknown", 0, R"([{"code":"undecided"}])"};
    column.review = review;
    column.confidence_high_bp = 7'700;
    column.sampled = 4'000'000'000;
    column.runner_up = "money";
    column.refused = R"([{"code":"chance_explains"}])";
    return column;
}

std::vector<std::string> names_in(const std::vector<WaitingColumn>& page) {
    std::vector<std::string> names;
    for (const WaitingColumn& waiting : page) names.push_back(waiting.column.name);
    return names;
}

}  // namespace

TEST_CASE("column review: what is stored comes back, on each database", "[sql][column_review]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        ReviewStore at(kind);
        at.migrate_all();
        const PartyId uploader = at.ids.make<PartyTag>(kReviewTime);
        const Dataset dataset = at.insert(at.ids.make<ResourceTag>(kReviewTime), 1, uploader);
        std::vector<DatasetColumn> columns{column_in("a", ColumnReview::kNone),
                                           column_in("b", ColumnReview::kWaiting),
                                           column_in("c", ColumnReview::kConfirmed)};
        columns[2].runner_up.clear();
        at.store.replace_columns(dataset.id, columns);
        CHECK(at.store.columns(dataset.id) == columns);
        const auto waiting = at.store.waiting_columns(uploader, {}, 10);
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0] == WaitingColumn{dataset.id, dataset.resource, 1, 1, columns[1]});
        CHECK(at.store.waiting_columns({}, {}, 10) == waiting);
        columns[1].review = ColumnReview::kConfirmed;
        at.store.replace_columns(dataset.id, columns);
        CHECK(at.store.waiting_columns({}, {}, 10).empty());
    }
}

TEST_CASE("column review: a column of before the migration waits for nobody",
          "[sql][column_review]") {
    constexpr sql::Query kOldColumn{
        "test.old_column",
        "INSERT INTO dataset_column (dataset_id, position_no, name, kind, class, confidence_bp, "
        "evidence) VALUES (?, 0, 'remark', 'unknown', 'unknown', 0, '[]')"};
    const auto& schema = sql::embedded_schema();
    const auto migration = std::find_if(schema.begin(), schema.end(), [](const auto& file) {
        return file.first == "0008_column_review.sql";
    });
    REQUIRE(migration != schema.end());
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        ReviewStore at(kind);
        sql::migrate(*at.connection, {schema.begin(), migration}, kReviewTime);
        const Dataset dataset =
            at.insert(at.ids.make<ResourceTag>(kReviewTime), 1, at.ids.make<PartyTag>(kReviewTime));
        at.connection->run(kOldColumn, dataset.id);
        at.migrate_all();
        const DatasetColumn expected{"remark", "unknown", "unknown", 0, "[]"};
        CHECK(at.store.columns(dataset.id) == std::vector{expected});
        CHECK(expected.review == ColumnReview::kNone);
        CHECK(at.store.waiting_columns({}, {}, 10).empty());
    }
}

TEST_CASE("column review: the queue holds the newest versions, in pages, on each database",
          "[sql][column_review]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        ReviewStore at(kind);
        at.migrate_all();
        const PartyId one = at.ids.make<PartyTag>(kReviewTime);
        const PartyId other = at.ids.make<PartyTag>(kReviewTime);
        std::vector<WaitingColumn> of_one;
        std::vector<WaitingColumn> all;
        for (int resource_no = 0; resource_no < 4; ++resource_no) {
            const ResourceId resource = at.ids.make<ResourceTag>(kReviewTime);
            const PartyId& uploader = resource_no % 2 == 0 ? one : other;
            for (std::int64_t version_no = 1; version_no <= 2; ++version_no) {
                const Dataset dataset = at.insert(resource, version_no, uploader);
                std::vector<DatasetColumn> columns;
                for (const auto review :
                     {ColumnReview::kWaiting, ColumnReview::kConfirmed, ColumnReview::kWaiting}) {
                    columns.push_back(column_in("c" + std::to_string(resource_no) +
                                                    std::to_string(version_no) +
                                                    std::to_string(columns.size()),
                                                review));
                }
                at.store.replace_columns(dataset.id, columns);
                if (version_no == 1) continue;
                for (const std::int64_t position : {0, 2}) {
                    all.push_back({dataset.id, resource, version_no, position,
                                   columns.at(static_cast<std::size_t>(position))});
                    if (uploader == one) of_one.push_back(all.back());
                }
            }
        }
        const auto by_place = [](const WaitingColumn& a, const WaitingColumn& b) {
            return std::pair(a.dataset.text(), a.position) <
                   std::pair(b.dataset.text(), b.position);
        };
        std::sort(all.begin(), all.end(), by_place);
        std::sort(of_one.begin(), of_one.end(), by_place);
        for (std::int64_t limit = 1; limit <= 9; ++limit) {
            for (const auto& uploader : {std::optional<PartyId>(), std::optional(one)}) {
                std::vector<WaitingColumn> seen;
                WaitingPosition after;
                while (true) {
                    const auto page = at.store.waiting_columns(uploader, after, limit);
                    CHECK(std::ssize(page) <= limit);
                    if (page.empty()) break;
                    seen.insert(seen.end(), page.begin(), page.end());
                    after = {page.back().dataset, page.back().position};
                }
                CHECK(names_in(seen) == names_in(uploader ? of_one : all));
                CHECK(seen == (uploader ? of_one : all));
            }
        }
        CHECK(at.store.waiting_columns(at.ids.make<PartyTag>(kReviewTime), {}, 10).empty());
    }
}
