#include "catalog/store/resource_store.h"

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "sql/migrate.h"
#include "sql/sql.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::catalog;

namespace {

constexpr Timestamp kNow{1'772'323'200'000'000};

struct Fixture {
    std::unique_ptr<sql::Database> database = sql::open_database("sqlite::memory:");
    std::unique_ptr<sql::Connection> connection = database->open();
    RandomIdSource ids;
    ResourceStore store{*connection};

    Fixture() { sql::migrate(*connection, sql::embedded_schema(), kNow); }

    Resource resource() {
        Resource r;
        r.id = ids.make<ResourceTag>(kNow);
        r.provider = ids.make<PartyTag>(kNow);
        r.catalog_identifier = "320200WXSCJG/D000001C5";
        r.title_zh = "企业登记基本信息";
        r.title_en = "Enterprise registration register";
        r.summary_zh = "全市企业法人、分支机构登记事项";
        r.keywords = "企业 登记";
        r.source_kind = SourceKind::kCollectedByLaw;
        r.sharing_kind = SharingKind::kUnconditional;
        r.open_kind = "conditional";
        r.security_grade = "general_2";
        r.pi_level = "general";
        r.access_method = AccessMethod::kApply;
        r.update_frequency = UpdateFrequency::kDaily;
        r.topic = "市场监管";
        r.state = "draft";
        r.created_at = kNow;
        r.updated_at = kNow;
        return r;
    }

    Dataset dataset(const ResourceId& id, std::int64_t version_no) {
        Dataset d;
        d.id = ids.make<DatasetTag>(kNow);
        d.resource = id;
        d.version_no = version_no;
        d.sha256.value.fill(static_cast<std::uint8_t>(version_no));
        d.bytes = 5'000'000'000;
        d.row_count = 50'000;
        d.column_count = 13;
        d.encoding = "GB18030";
        d.uploaded_by = ids.make<PartyTag>(kNow);
        d.created_at = kNow;
        return d;
    }
};

template <class Call>
std::string refusal(const Call& call) {
    try {
        call();
        return "";
    } catch (const Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE_METHOD(Fixture, "resource store: every statement prepares", "[catalog][resource_store]") {
    for (const auto& query : resource_queries()) {
        INFO(query.name);
        CHECK_NOTHROW(connection->prepare(query));
    }
}

TEST_CASE_METHOD(Fixture, "resource store: what is inserted is what is loaded",
                 "[catalog][resource_store]") {
    Resource resource = this->resource();
    store.insert(resource);
    CHECK(store.load(resource.id) == resource);
    CHECK(store.find_by_identifier("320200WXSCJG/D000001C5") == resource);
    CHECK_FALSE(store.find_by_identifier("320200WXSCJG/D000002BG"));
    CHECK_FALSE(store.find_by_registration_code("LX-320200-2026-000001-00"));
    CHECK_FALSE(store.load(ids.make<ResourceTag>(kNow)));
    CHECK(refusal([&] { store.insert(resource); }) == "database.duplicate");
}

TEST_CASE_METHOD(Fixture, "resource store: a save needs the version that was read",
                 "[catalog][resource_store]") {
    Resource resource = this->resource();
    store.insert(resource);
    resource.state = "active";
    resource.state_reason = "公示无异议";
    resource.accepted_by = ids.make<PartyTag>(kNow);
    resource.reviewed_by = ids.make<PartyTag>(kNow);
    resource.coded_by = ids.make<PartyTag>(kNow);
    resource.registration_code = "LX-320200-2026-000001-00";
    resource.rule_profile = "CN-2026.1";
    resource.accept_due = Date{2026, 3, 4};
    resource.review_due = Date{2026, 4, 1};
    resource.notice_from = Date{2026, 4, 2};
    resource.notice_until = Date{2026, 4, 17};
    resource.valid_to = Date{2029, 4, 17};
    resource.version = 2;
    resource.updated_at = kNow.plus(std::chrono::seconds(1));
    store.save(resource, 1);
    CHECK(store.load(resource.id) == resource);
    CHECK(store.find_by_registration_code("LX-320200-2026-000001-00") == resource);

    Resource late = resource;
    late.title_zh = "迟到的修改";
    CHECK(refusal([&] { store.save(late, 1); }) == "resource.stale");
    late.id = ids.make<ResourceTag>(kNow);
    CHECK(refusal([&] { store.save(late, 2); }) == "resource.stale");
    CHECK(store.load(resource.id) == resource);
}

TEST_CASE_METHOD(Fixture, "resource store: lists are pages by id under each filter",
                 "[catalog][resource_store]") {
    std::vector<Resource> all;
    for (int count = 0; count < 7; ++count) {
        all.push_back(resource());
        all.back().state = count % 2 == 0 ? "active" : "draft";
        all.back().provider = all[count < 4 ? 0U : 4U].provider;
        store.insert(all.back());
    }
    const auto ids_of = [](const std::vector<Resource>& resources) {
        std::vector<std::string> texts;
        for (const auto& resource : resources) {
            texts.push_back(resource.id.text());
        }
        return texts;
    };
    const auto pick = [&](std::initializer_list<std::size_t> positions) {
        std::vector<std::string> texts;
        for (const std::size_t position : positions) {
            texts.push_back(all[position].id.text());
        }
        return texts;
    };
    const PartyId provider = all[0].provider;
    CHECK(ids_of(store.list({}, {}, 3)) == pick({0, 1, 2}));
    CHECK(ids_of(store.list({}, all[2].id, 3)) == pick({3, 4, 5}));
    CHECK(ids_of(store.list({}, all[5].id, 3)) == pick({6}));
    CHECK(ids_of(store.list({"active", {}}, {}, 10)) == pick({0, 2, 4, 6}));
    CHECK(ids_of(store.list({"active", {}}, all[2].id, 1)) == pick({4}));
    CHECK(ids_of(store.list({"", provider}, {}, 10)) == pick({0, 1, 2, 3}));
    CHECK(ids_of(store.list({"draft", provider}, {}, 10)) == pick({1, 3}));
    CHECK(ids_of(store.list({"draft", provider}, all[1].id, 10)) == pick({3}));
    CHECK(store.list({"revoked", {}}, {}, 10).empty());
}

TEST_CASE_METHOD(Fixture, "resource store: fields keep their order and are replaced as a whole",
                 "[catalog][resource_store]") {
    const ResourceId id = ids.make<ResourceTag>(kNow);
    const std::vector<ResourceField> fields{
        {"uscc", "统一社会信用代码", "char(18)", 18, "plain"},
        {"legal_rep_name", "法定代表人姓名", "string", {}, "direct_identifier"},
        {"reg_status", "登记状态", "enum", {}, ""}};
    store.replace_fields(id, fields);
    CHECK(store.fields(id) == fields);
    store.replace_fields(id, std::span(fields).first(1));
    CHECK(store.fields(id).size() == 1);
    CHECK(store.fields(ids.make<ResourceTag>(kNow)).empty());
}

TEST_CASE_METHOD(Fixture, "resource store: datasets are versions, the newest first",
                 "[catalog][resource_store]") {
    const ResourceId id = ids.make<ResourceTag>(kNow);
    CHECK_FALSE(store.latest_dataset(id));
    std::vector<Dataset> versions;
    for (std::int64_t version_no = 1; version_no <= 3; ++version_no) {
        versions.push_back(dataset(id, version_no));
        store.insert_dataset(versions.back());
    }
    CHECK(store.latest_dataset(id) == versions[2]);
    CHECK(store.dataset(versions[0].id) == versions[0]);
    CHECK_FALSE(store.dataset(ids.make<DatasetTag>(kNow)));
    CHECK(store.datasets(id, 0, 2) == std::vector<Dataset>{versions[2], versions[1]});
    CHECK(store.datasets(id, 2, 2) == std::vector<Dataset>{versions[0]});
    CHECK(store.datasets_with(versions[1].sha256) == 1);
    CHECK(store.datasets_with(Digest{}) == 0);
    CHECK(refusal([&] { store.insert_dataset(dataset(id, 3)); }) == "database.duplicate");

    const std::vector<DatasetColumn> columns{
        {"legal_rep_id_no", "resident_id", "direct_identifier", 9980, "check digit 998/1000"},
        {"remark", "", "", 0, ""}};
    store.replace_columns(versions[0].id, columns);
    CHECK(store.columns(versions[0].id) == columns);
    store.replace_columns(versions[0].id, {});
    CHECK(store.columns(versions[0].id).empty());
}
