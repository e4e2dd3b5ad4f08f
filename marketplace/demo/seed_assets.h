#pragma once
/// The demo city: twenty invented public-data assets with typed fields, compiled in from
/// seed_assets.json. The departments are real public bodies; nothing else is.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::demo {

struct AssetField {
    std::string name;
    std::string label_zh;
    std::string type;  ///< char(18), decimal(10,6), enum, code(GB/T 2260), datetime(ms), ...
    char cls = 'N';    ///< D direct, Q quasi-identifier, S sensitive, B business, N none
};

/// Labels are those of the catalog guides (有条件开放, 一般-2级, 每日).
struct Asset {
    int no = 0;
    std::string title_zh;
    std::string title_en;
    std::string department_code;
    std::string department_zh;
    std::string department_en;
    std::string topic;
    std::string update_frequency;
    std::string sharing_kind;
    std::string open_kind;
    std::string security_grade;
    std::string authorization;
    std::int64_t estimated_rows = 0;
    std::string catalog_identifier;
    std::string summary_zh;
    std::vector<std::string> products;
    std::vector<AssetField> fields;
};

/// In the order of their numbers, 1 to 20. Thread: any.
const std::vector<Asset>& assets();
/// Requires: 1 <= no <= 20 (checked).
const Asset& asset(int no);
/// The file itself.
std::string_view seed_assets_json();

}  // namespace pdx::demo
