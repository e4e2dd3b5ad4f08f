#include "marketplace/demo/seed_assets.h"

#include <set>
#include <string>

#include "base/check.h"
#include "catalog/identifier.h"
#include "catalog/resource.h"
#include "tests/support/catch.h"

using namespace pdx;

TEST_CASE("seed assets: twenty assets with 201 fields are compiled in", "[demo][seed_assets]") {
    REQUIRE(demo::assets().size() == 20);
    std::size_t fields = 0;
    for (const auto& asset : demo::assets()) {
        fields += asset.fields.size();
    }
    CHECK(fields == 201);
    CHECK(demo::asset(1).title_zh == "企业登记基本信息");
    CHECK(demo::asset(20).open_kind == "不予开放");
    CHECK_THROWS_AS(demo::asset(0), InvariantViolation);
    CHECK_THROWS_AS(demo::asset(21), InvariantViolation);
}

TEST_CASE("seed assets: each can be registered as it stands", "[demo][seed_assets]") {
    for (const auto& asset : demo::assets()) {
        INFO(asset.no);
        catalog::Resource resource;
        resource.title_zh = asset.title_zh;
        resource.title_en = asset.title_en;
        resource.summary_zh = asset.summary_zh;
        resource.topic = asset.topic;
        resource.catalog_identifier = asset.catalog_identifier;
        std::vector<catalog::ResourceField> fields;
        for (const auto& field : asset.fields) {
            fields.push_back({field.name, field.label_zh, field.type, {}, ""});
            CHECK(std::string("DQSBN").find(field.cls) != std::string::npos);
        }
        CHECK(catalog::defects_of(resource, fields).empty());
        CHECK(catalog::parse_label_zh<catalog::UpdateFrequency>(asset.update_frequency));
        CHECK(catalog::parse_label_zh<catalog::SharingKind>(asset.sharing_kind));
        const auto made = catalog::CatalogIdentifier::make("320200", "WX" + asset.department_code,
                                                           catalog::ObjectKind::kStructured,
                                                           static_cast<std::uint32_t>(asset.no));
        REQUIRE(made);
        CHECK(made->text() == asset.catalog_identifier);
    }
}
