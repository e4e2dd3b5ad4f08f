#include "marketplace/cli/leak_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pdx::cli {
namespace {

using nlohmann::json;

/// Others are counted only.
constexpr std::size_t kContractsShown = 3;
constexpr std::size_t kDeliveriesShown = 3;

bool is_any_delivery_named(const app::TracedContract& one) {
    return std::any_of(one.deliveries.begin(), one.deliveries.end(),
                       [](const app::TracedDelivery& delivery) { return delivery.is_named; });
}

json contract_json(const app::TracedContract& one) {
    json deliveries = json::array();
    for (const app::TracedDelivery& delivery : one.deliveries) {
        deliveries.push_back({{"delivery_id", delivery.id.text()},
                              {"buyer_id", delivery.buyer.text()},
                              {"delivered_at", delivery.delivered_at.rfc3339()},
                              {"same_file", delivery.is_same_file},
                              {"order", to_json(delivery.order)},
                              {"marks", to_json(delivery.copy.marks)},
                              {"canaries", to_json(delivery.copy.canaries)},
                              {"named", delivery.is_named}});
    }
    return {{"contract_id", one.id.text()},       {"provider_id", one.provider.text()},
            {"operator_id", one.licensee.text()}, {"key_destroyed", one.key_destroyed},
            {"tokens", to_json(one.tokens)},      {"named", one.is_named},
            {"deliveries", std::move(deliveries)}};
}

}  // namespace

json to_json(const LeakFinding& finding) {
    json contracts = json::array();
    json named = json::array();
    for (const app::TracedContract& one : finding.trace.contracts) {
        contracts.push_back(contract_json(one));
        if (!one.is_named) continue;
        json deliveries = json::array();
        for (const app::TracedDelivery& delivery : one.deliveries) {
            if (delivery.is_named) deliveries.push_back(delivery.id.text());
        }
        named.push_back({{"contract_id", one.id.text()}, {"deliveries", std::move(deliveries)}});
    }
    return {{"leak", to_json(finding.leak)},
            {"records", finding.rows},
            {"tokens", finding.tokens},
            {"left_out", finding.left_out},
            {"deliveries", finding.trace.deliveries},
            {"deliveries_without_dataset", finding.trace.without_dataset},
            {"limit_exponent", finding.trace.limit},
            {"verdict", named.empty() ? "cannot_tell" : "named"},
            {"named", std::move(named)},
            {"contracts", std::move(contracts)}};
}

void LeakPage::show(const LeakFinding& finding) const {
    show_file(pick("Leaked file", "泄露文件"), finding.leak);
    line("  " +
         pick(grouped(finding.rows) + " records, " + grouped(finding.tokens) +
                  " distinct pseudonyms and tokens",
              "记录 " + grouped(finding.rows) + "，不同假名与令牌 " + grouped(finding.tokens)));
    if (finding.left_out > 0) {
        line("  " + pick(grouped(finding.left_out) + " above the limit, left out",
                         "超出上限未检查 " + grouped(finding.left_out)));
    }
    const app::LeakTrace& trace = finding.trace;
    line(pick("Compared with " + grouped(trace.deliveries) + " deliveries under " +
                  grouped(trace.contracts.size()) + " contracts of this exchange",
              "比对本平台 " + grouped(trace.contracts.size()) + " 份协议下的 " +
                  grouped(trace.deliveries) + " 次交付"));
    if (trace.without_dataset > 0) {
        line(
            "  " +
            pick(grouped(trace.without_dataset) +
                     " of them by marks and canaries alone, because their dataset is erased",
                 "其中 " + grouped(trace.without_dataset) + " 次因数据集已删除，仅比对标记与诱饵"));
    }
    line();
    line(pick("Evidence, the surest first; chance accuses an innocent with at most",
              "证据（由强到弱）；偶然误指的概率上限"));
    std::size_t shown = 0;
    for (const app::TracedContract& one : trace.contracts) {
        if (one.is_named || shown < kContractsShown) show_contract(finding, one);
        ++shown;
    }
    line();
    show_verdict(finding);
    line();
    show_method();
    line();
    sign();
}

void LeakPage::show_contract(const LeakFinding& finding, const app::TracedContract& one) const {
    line("  " + pick("contract ", "协议 ") + one.id.text() + pick(", ", "，") +
         party(finding, one.licensee) + pick(": ", "：") + power(one.exponent()));
    if (one.key_destroyed) {
        line("    " +
             pick("it has ended and its key is destroyed: its pseudonyms and tokens cannot "
                  "be weighed",
                  "该协议已终结、密钥已销毁，无法再比对其假名与令牌"));
    } else {
        line("    " +
             pick(grouped(one.tokens.hits) + " of its pseudonyms and tokens are in the file",
                  "文件中出现其假名与令牌 " + grouped(one.tokens.hits) + " 个"));
    }
    if (!one.is_named) return;
    std::size_t shown = 0;
    for (const app::TracedDelivery& delivery : one.deliveries) {
        if (!delivery.is_named && ++shown > kDeliveriesShown) continue;
        line("    " + pick("delivery ", "交付 ") + delivery.id.text() + pick(", ", "，") +
             party(finding, delivery.buyer) + pick(": ", "：") + power(delivery.exponent()));
        if (delivery.is_same_file) {
            line("      " + pick("the leaked file is this delivery byte for byte (SHA-256)",
                                 "泄露文件与该次交付逐字节相同（SHA-256）"));
        }
        line("      " + pick("order of rows: " + grouped(delivery.order.agreed) + " of " +
                                 grouped(delivery.order.looked) + " pairs agree",
                             "行序：" + grouped(delivery.order.looked) + " 对中 " +
                                 grouped(delivery.order.agreed) + " 对相符"));
        show_copy(delivery.copy);
    }
    if (shown > kDeliveriesShown) {
        line("    " + pick("and " + grouped(shown - kDeliveriesShown) + " with no more",
                           "其余 " + grouped(shown - kDeliveriesShown) + " 次不高于此"));
    }
}

void LeakPage::show_copy(const privacy::CopyEvidence& copy) const {
    if (copy.marks.looked > 0) {
        line("      " + pick("marks: " + grouped(copy.marks.agreed) + " of " +
                                 grouped(copy.marks.looked) + " agree",
                             "标记：" + grouped(copy.marks.looked) + " 处中 " +
                                 grouped(copy.marks.agreed) + " 处相符"));
    }
    if (copy.canaries.made > 0) {
        line("      " + pick("canaries: " + grouped(copy.canaries.hits) + " in the file",
                             "诱饵：文件中出现 " + grouped(copy.canaries.hits) + " 个"));
    }
}

void LeakPage::show_verdict(const LeakFinding& finding) const {
    const std::string limit = power(finding.trace.limit);
    bool named = false;
    for (const app::TracedContract& one : finding.trace.contracts) {
        if (!one.is_named) continue;
        named = true;
        line(pick("VERDICT: the file comes from what was delivered under contract " +
                      one.id.text() + " of " + party(finding, one.licensee) + ".",
                  "结论：该文件出自 " + party(finding, one.licensee) + " 协议 " + one.id.text() +
                      " 项下交付的数据。"));
        for (const app::TracedDelivery& delivery : one.deliveries) {
            if (!delivery.is_named) continue;
            line("  " + pick("It is the copy of " + party(finding, delivery.buyer) + ", delivery " +
                                 delivery.id.text() + ".",
                             "为 " + party(finding, delivery.buyer) + " 所得副本，交付 " +
                                 delivery.id.text() + "。"));
        }
        if (!is_any_delivery_named(one)) {
            line("  " +
                 pick("Which buyer's copy cannot be told: the rows are in another order, and "
                      "there are no marks or canaries to go by.",
                      "行序已改变，且无标记或诱饵可循，无法判定属于哪一买方的副本。"));
        }
    }
    if (!named) {
        line(pick("VERDICT: cannot tell. No contract reaches the limit of " + limit + ".",
                  "结论：无法判定。没有协议达到界限 " + limit + "。"));
        return;
    }
    line(pick("Limit " + limit + ". This names a copy and not who gave it away.",
              "界限 " + limit + "。本结论指明副本，不指明泄露人。"));
}

void LeakPage::show_method() const {
    line(pick("Method. t = 4 x (contracts + deliveries); exponents rounded down.",
              "方法。t = 4 ×（协议数 + 交付数）；指数向下取整。"));
    line(pick(
        "  Pseudonyms and tokens of the stored datasets are made again under each contract's\n"
        "    key; chance at most t x (in the file x made / 10^s)^hits, s = 39 for pseudonyms,\n"
        "    15, 14 and 10 for tokens of resident IDs, bank cards and mobile numbers.",
        "  以各协议密钥对留存数据集重新生成假名与令牌；上限 t × (文件中数 × 生成数 / "
        "10^s)^命中数，假名 s = 39，身份证、银行卡、手机号令牌分别为 15、14、10。"));
    line(pick(
        "  Order of rows: rows leave in the order of labels under the delivery's key. Of n\n"
        "    pairs of rows, one behind the other and none in two pairs, a stand as in the\n"
        "    delivery; chance at most 2 t exp(-(2a - n)^2 / 2n) (Hoeffding 1963).",
        "  行序：各次交付的行按其密钥标签排列；n 对互不重叠的相邻行中 a 对与该次交付一致；上限 "
        "2 t exp(-(2a - n)^2 / 2n)（Hoeffding 1963）。"));
    line(pick(
        "    Rows are told by their pseudonyms and tokens; where these tell few, or their key is\n"
        "    destroyed, by the values that left without a key and that no other row has.",
        "    行由其假名与令牌辨认；不足或密钥已销毁时，由未经密钥处理、且唯一的字段值辨认。"));
    line(pick("  A file with the SHA-256 of one delivery is that delivery's.",
              "  SHA-256 与某次交付一致的文件即该次交付的文件。"));
    line(pick(
        "  Marks and canaries, where the contract has them, are the buyer's: marks as the order\n"
        "    of rows, canaries as pseudonyms, credit codes among them with s = 11.",
        "  标记与诱饵（协议约定时）属于买方：标记按行序之法，诱饵按假名之法，其中信用代码 s = "
        "11。"));
}

std::string LeakPage::party(const LeakFinding& finding, const PartyId& id) const {
    const auto found = finding.parties.find(id.text());
    return found == finding.parties.end() ? id.text() : pick(found->second);
}

}  // namespace pdx::cli
