#pragma once
/// The demonstration: the city's cast plays the exchange's main story against it over HTTP, as any
/// client would. Source: domain reference 8.1, stories 1, 6 and 8.
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "marketplace/cli/api_client.h"

namespace pdx::cli {

/// A demo account. Its token and its private key lie in the demo's data folder, and only there.
struct Actor {
    std::string alias;  ///< short name used in the story
    std::string name_zh;
    std::string name_en;
    std::string role;
    std::string party_id;
    std::string token;
};

struct StoryOptions {
    std::string host;
    std::uint16_t port = 0;
    std::string admin_token;
    std::string log_origin;
    std::filesystem::path data;  ///< where accounts, keys and the delivered files go
};

class Story {
public:
    Story(StoryOptions options, std::ostream& out);

    /// Plays everything. Throws: std::runtime_error naming the step that failed and the answer.
    void play();
    const std::map<std::string, Actor>& cast() const { return cast_; }

private:
    /// One line of the story: the step, who, what, the id, the ledger index.
    void tell(const std::string& alias, const std::string& what, const nlohmann::json& answer,
              std::string_view id_member);
    void chapter(const std::string& title);
    ApiClient client(const std::string& alias) const;
    /// Throws: unless the answer has this status.
    nlohmann::json post(const std::string& alias, const std::string& path,
                        const nlohmann::json& body, int status = 201) const;
    nlohmann::json get(const std::string& alias, const std::string& path) const;

    void register_cast();
    void register_actor(Actor actor, const std::string& uscc, bool signs);
    std::string register_resource(int asset_no, const std::string& provider);
    void upload_dataset(const std::string& provider, const std::string& resource_id, int asset_no);
    void review_columns(const std::string& provider, const nlohmann::json& dataset);
    void register_through_desk(const std::string& provider, const std::string& resource_id);
    std::string authorize(int asset_no, const std::string& provider,
                          const std::string& resource_id);
    nlohmann::json decide_source(const std::string& provider, const nlohmann::json& application);
    void sign_contract(const std::string& alias, const std::string& contract_id);
    std::string list_product(const std::string& contract_id, const std::string& name_zh,
                             const std::string& name_en, const std::string& fen);
    std::string buy(const std::string& listing_id, const std::string& fen);
    void deliver(const std::string& order_id, const std::string& file);
    void settle(const std::string& order_id);

    void credit_story();
    void refusal_story();
    void dispute_story();
    void audit_story();

    StoryOptions options_;
    std::ostream& out_;
    std::map<std::string, Actor> cast_;
    std::map<int, std::string> resources_;
    int step_ = 0;
};

}  // namespace pdx::cli
