#include "marketplace/demo/seed_assets.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"

namespace pdx::demo {

/// Generated from the folder's *.json when the program is built.
const std::vector<std::pair<std::string_view, std::string>>& embedded_data();

namespace {

using nlohmann::json;

std::string text(const json& object, const char* member) {
    return object.at(member).get<std::string>();
}

Asset asset_of(const json& object) {
    Asset asset;
    asset.no = object.at("no").get<int>();
    asset.title_zh = text(object, "title_zh");
    asset.title_en = text(object, "title_en");
    asset.department_code = text(object, "dept_code");
    asset.department_zh = text(object, "dept_zh");
    asset.department_en = text(object, "dept_en");
    asset.topic = text(object, "topic");
    asset.update_frequency = text(object, "update_freq");
    asset.sharing_kind = text(object, "sharing_level");
    asset.open_kind = text(object, "open_level");
    asset.security_grade = text(object, "security_grade");
    asset.authorization = text(object, "authorization");
    asset.estimated_rows = object.at("est_rows").get<std::int64_t>();
    asset.catalog_identifier = text(object, "demo_catalog_id");
    asset.summary_zh = text(object, "desc_zh");
    asset.products = object.at("products").get<std::vector<std::string>>();
    for (const auto& field : object.at("fields")) {
        asset.fields.push_back({text(field, "name"), text(field, "zh"), text(field, "type"),
                                text(field, "cls").front()});
    }
    return asset;
}

}  // namespace

std::string_view seed_assets_json() {
    for (const auto& [name, content] : embedded_data()) {
        if (name == "seed_assets.json") {
            return content;
        }
    }
    fail_check("seed_assets.json is compiled in", __FILE__, __LINE__);
}

const std::vector<Asset>& assets() {
    static const std::vector<Asset> kAssets = [] {
        std::vector<Asset> all;
        const json seed = json::parse(seed_assets_json());
        for (const auto& object : seed.at("assets")) {
            all.push_back(asset_of(object));
            PDX_CHECK(all.back().no == static_cast<int>(all.size()));
        }
        return all;
    }();
    return kAssets;
}

const Asset& asset(int no) {
    PDX_CHECK(no >= 1 && static_cast<std::size_t>(no) <= assets().size());
    return assets()[static_cast<std::size_t>(no - 1)];
}

}  // namespace pdx::demo
