#pragma once
/// What the story says: the cast, and what is asked for each asset. Pure data.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::cli {

struct CastMember {
    std::string_view alias;
    std::string_view name_zh;
    std::string_view name_en;
    std::string_view role;
    std::string_view uscc_kind;  ///< first two characters of its credit code
    bool signs;                  ///< has a signing key
};

const std::vector<CastMember>& story_cast();
/// A unified social credit code in the unassigned region 320299, so that it is nobody's.
std::string demo_uscc(std::string_view kind, unsigned number);

/// The registration body of an asset of the demo city, from marketplace/demo/seed_assets.json.
nlohmann::json resource_body(int asset_no);
/// Fields asked for, with the operation under which each may leave.
nlohmann::json requested_fields(int asset_no);

}  // namespace pdx::cli
