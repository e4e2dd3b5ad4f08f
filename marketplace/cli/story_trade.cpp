#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "marketplace/cli/story.h"
#include "marketplace/cli/story_data.h"

namespace pdx::cli {

using nlohmann::json;

std::string Story::list_product(const std::string& contract_id, const std::string& name_zh,
                                const std::string& name_en, const std::string& price) {
    const json product = post("operator", "/products",
                              {{"contract_id", contract_id},
                               {"name_zh", name_zh},
                               {"name_en", name_en},
                               {"description_zh", "去标识化数据集，按协议约定用途使用。"},
                               {"description_en", "De-identified data for the agreed purpose."},
                               {"kind", "dataset"}});
    const auto product_id = product.at("product_id").get<std::string>();
    tell("operator", "builds the product \"" + name_en + "\"", product, "product_id");
    tell("The exchange", "passes its compliance review",
         post("admin", "/products/" + product_id + "/review", {{"decision", "approve"}}, 200), "");
    constexpr int kInspectionDays = 10;
    const json listing = post("operator", "/listings",
                              {{"product_id", product_id},
                               {"price", cny_fen(price)},
                               {"inspection_days", kInspectionDays}});
    tell("operator", "lists it at " + price + " fen, below the ceiling", listing, "listing_id");
    return listing.at("listing_id").get<std::string>();
}

std::string Story::buy(const std::string& listing_id, const std::string& price) {
    const json order =
        post("bank", "/orders", {{"listing_id", listing_id}, {"purpose", "小微企业信贷风险评估"}});
    auto order_id = order.at("order_id").get<std::string>();
    tell("bank", "orders", order, "order_id");
    tell("bank", "pays " + price + " fen into escrow",
         post("bank", "/orders/" + order_id + "/payment",
              {{"bank_reference", "SIM-" + price + "-" + order_id.substr(24)}}, 200),
         "");
    return order_id;
}

void Story::deliver(const std::string& order_id, const std::string& file) {
    const json delivery = post("operator", "/orders/" + order_id + "/deliveries", json::object());
    const auto delivery_id = delivery.at("delivery_id").get<std::string>();
    tell("operator",
         "delivers " + std::to_string(delivery.at("rows").get<std::int64_t>()) +
             " rows, masked under the contract's own keys",
         delivery, "delivery_id");
    const ApiAnswer content = client("bank").get("/api/v1/deliveries/" + delivery_id + "/content");
    if (content.status != 200) throw std::runtime_error("download: " + content.body);
    const auto path = options_.data / "demo-delivered" / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content.body;
    tell("bank", "downloads it to " + path.string(), json::object(), "");
}

void Story::settle(const std::string& order_id) {
    const json settlement = post("admin", "/orders/" + order_id + "/settlement", json::object());
    std::string shares;
    for (const json& line : settlement.at("lines")) {
        shares += (shares.empty() ? "" : ", ") + line.at("role").get<std::string>() + " " +
                  line.at("amount").at("amount").get<std::string>();
    }
    tell("The exchange", "splits the money to the last fen: " + shares, settlement,
         "settlement_id");
    const json paid = post(
        "admin", "/settlements/" + settlement.at("settlement_id").get<std::string>() + "/payout",
        json::object(), 200);
    tell("The exchange",
         "instructs the bank; the settlement is " + paid.at("state").get<std::string>(), paid, "");
}

void Story::credit_story() {
    chapter("Story 1: small-business credit from four departments' data");
    struct Source {
        int asset;
        const char* provider;
    };
    constexpr int kRegister = 1;
    std::string contract;
    for (const Source& source : {Source{kRegister, "market"}, Source{3, "reform"},
                                 Source{4, "labour"}, Source{17, "water"}}) {
        const std::string resource = register_resource(source.asset, source.provider);
        const std::string made = authorize(source.asset, source.provider, resource);
        if (source.asset == kRegister) contract = made;
    }
    const std::string price = "1880001";
    const std::string listing = list_product(contract, "小微企业经营稳定度基础数据",
                                             "Small-business stability data", price);
    const std::string order = buy(listing, price);
    deliver(order, "small-business-stability.csv");
    tell("bank", "accepts", post("bank", "/orders/" + order + "/acceptance", json::object(), 200),
         "");
    settle(order);
}

void Story::refusal_story() {
    chapter("Story 6: the school roll is refused");
    constexpr int kSchoolRoll = 20;
    const std::string resource = register_resource(kSchoolRoll, "education");
    const json application = post("operator", "/applications",
                                  {{"resource_id", resource},
                                   {"purpose", "教育产品精准营销"},
                                   {"beneficiary_class", "industry"},
                                   {"term_from", "2026-01-01"},
                                   {"term_to", "2027-12-31"},
                                   {"fields", requested_fields(kSchoolRoll)}});
    tell("operator",
         "applies; the automatic check says " + application.at("state").get<std::string>(),
         application, "application_id");
    for (const json& reason : application.at("report").at("reasons")) {
        out_ << "       because: " << reason.at("en").get<std::string>() << " ("
             << reason.at("source").get<std::string>() << ")\n";
    }
}

void Story::dispute_story() {
    chapter("Story 8: a stale feed is disputed, and partly refunded");
    constexpr int kBusArrivals = 10;
    const std::string resource = register_resource(kBusArrivals, "transport");
    const std::string contract = authorize(kBusArrivals, "transport", resource);
    const std::string price = "500003";
    const std::string listing = list_product(contract, "公交到站数据", "Bus arrival data", price);
    const std::string order = buy(listing, price);
    deliver(order, "bus-arrivals.csv");
    const json dispute = post("bank", "/disputes",
                              {{"order_id", order},
                               {"reason", "quality"},
                               {"claimed", cny_fen("300000")},
                               {"statement", "到站时间陈旧，超出约定的更新间隔。"}});
    const auto id = dispute.at("dispute_id").get<std::string>();
    tell("bank", "disputes 300000 fen; the amount is held", dispute, "dispute_id");
    tell("arbitrator", "accepts the dispute",
         post("arbitrator", "/disputes/" + id + "/acceptance", {{"decision", "accept"}}, 200), "");
    tell("operator", "answers; the evidence is locked",
         post("operator", "/disputes/" + id + "/answer",
              {{"answer", "部分时段上游信号中断，其余时段正常。"}}, 200),
         "");
    tell("arbitrator", "decides a refund of 120001 fen",
         post("arbitrator", "/disputes/" + id + "/decision",
              {{"refund", cny_fen("120001")}, {"reasons", "计量记录显示四成时段数据陈旧。"}}, 200),
         "");
    tell("The exchange", "executes it: refund and release",
         post("admin", "/disputes/" + id + "/execution", json::object(), 200), "");
    settle(order);
}

void Story::audit_story() {
    chapter("The auditor");
    const json accounts = get("auditor", "/accounts");
    tell("auditor",
         "reads the books: assets less liabilities are " +
             accounts.at("difference").get<std::string>() + " fen",
         accounts, "");
}

}  // namespace pdx::cli
