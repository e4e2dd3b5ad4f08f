#include <algorithm>
#include <array>

#include "marketplace/demo/columns.h"

namespace pdx::demo {
namespace {

/// Firms that other registers speak of: those of the enterprise register's default size.
constexpr std::uint64_t kFirms = 50000;
/// Months of a panel: January to December 2025.
constexpr std::int64_t kPanelStart = 660;
constexpr std::uint64_t kPanelMonths = 12;

void panel(Row& row) {
    row.firm = {row.seed, row.index / kPanelMonths};
    row.month = kPanelStart + static_cast<std::int64_t>(row.index % kPanelMonths);
}

void write_uscc(Row& row, std::string& out) { row.firm.append_uscc(out); }
void write_firm_name(Row& row, std::string& out) { row.firm.append_name(out); }
void write_month(Row& row, std::string& out) { append_month(out, row.month); }
void write_industry(Row& row, std::string& out) { out += kIndustries.at(row.firm.industry()).code; }
template <std::size_t Position>
void write_amount(Row& row, std::string& out) {
    append_number(out, row.amounts.at(Position));
}

// 1: the enterprise register

constexpr std::array<Column, 13> kRegister{{
    {"uscc", write_uscc},
    {"ent_name", write_firm_name},
    {"ent_type", [](Row& row, std::string& out) { out += row.firm.type_code(); }},
    {"legal_rep_name",
     [](Row& row, std::string& out) { row.firm.representative().append_name(out); }},
    {"legal_rep_id_no",
     [](Row& row, std::string& out) { row.firm.representative().append_resident_id(out); }},
    {"contact_phone",
     [](Row& row, std::string& out) {
         if (!row.random.chance(3)) {
             row.firm.append_phone(out);
         }
     }},
    {"reg_capital_fen", [](Row& row, std::string& out) { append_number(out, row.firm.capital()); }},
    {"est_date", [](Row& row, std::string& out) { append_day(out, row.firm.founded()); }},
    {"industry_code", write_industry},
    {"dom_address", [](Row& row, std::string& out) { row.firm.append_address(out); }},
    {"dom_region",
     [](Row& row, std::string& out) { out += kDistricts.at(row.firm.district()).code; }},
    {"reg_status", [](Row& row, std::string& out) { out += row.firm.status(); }},
    {"reg_authority",
     [](Row& row, std::string& out) {
         const std::size_t district = row.firm.district();
         out += district < 5 ? "无锡市" : "";
         out += kDistricts.at(district).name;
         out += "行政审批局";
     }},
}};

// 2: sole traders

constexpr std::array<Column, 11> kTraders{{
    {"uscc", [](Row& row, std::string& out) { row.trader.append_uscc(out); }},
    {"trade_name", [](Row& row, std::string& out) { row.trader.append_name(out); }},
    {"operator_name", [](Row& row, std::string& out) { row.trader.owner().append_name(out); }},
    {"operator_id_no",
     [](Row& row, std::string& out) { row.trader.owner().append_resident_id(out); }},
    {"phone", [](Row& row, std::string& out) { row.trader.owner().append_mobile(out); }},
    {"biz_address",
     [](Row& row, std::string& out) {
         append_address(out, row.trader.district(), Place::kBusiness, row.random);
     }},
    {"lng",
     [](Row& row, std::string& out) {
         append_decimal(out, longitude_in(row.trader.district(), row.random), 6);
     }},
    {"lat",
     [](Row& row, std::string& out) {
         append_decimal(out, latitude_in(row.trader.district(), row.random), 6);
     }},
    {"industry_code", [](Row& row, std::string& out) { out += kShopCodes.at(row.trader.trade()); }},
    {"est_date",
     [](Row& row, std::string& out) { append_day(out, kToday - row.random.between(1, 5500)); }},
    {"status",
     [](Row& row, std::string& out) {
         out +=
             choose(row.random,
                    std::array<WeightedWord, 3>{{{"存续", 74}, {"注销", 22}, {"吊销未注销", 4}}});
     }},
}};

// 3: permits and penalties. flag: it is a penalty; place: its authority; amounts[0]: party is a
// person

struct Authority {
    std::string_view name;
    std::string_view document;
    std::array<std::string_view, 3> permits;
    std::array<std::string_view, 3> penalties;
};
constexpr std::array<Authority, 5> kAuthorities{{
    {"无锡市市场监督管理局",
     "锡市监",
     {"食品经营许可", "特种设备使用登记", "药品经营许可"},
     {"销售不合格产品", "虚假宣传", "价格违法行为"}},
    {"无锡市行政审批局",
     "锡行审",
     {"企业投资项目核准", "人力资源服务许可", "施工许可"},
     {"未按许可范围经营", "提交虚假材料", "未按期年报"}},
    {"无锡市生态环境局",
     "锡环",
     {"排污许可", "危险废物经营许可", "辐射安全许可"},
     {"超标排放水污染物", "未批先建", "危险废物贮存不规范"}},
    {"无锡市交通运输局",
     "锡交",
     {"道路货物运输经营许可", "出租汽车经营许可", "超限运输许可"},
     {"超限运输", "未取得经营许可从事营运", "未按规定维护车辆"}},
    {"无锡市消防救援支队",
     "锡消",
     {"公众聚集场所开业前检查", "消防设计审查", "消防验收"},
     {"占用疏散通道", "消防设施未保持完好", "未开展消防演练"}},
}};

void prepare_credit(Row& row) {
    row.flag = row.random.chance(38);
    row.place = static_cast<std::size_t>(row.random.below(kAuthorities.size()));
    row.amounts[0] = row.random.chance(18) ? 1 : 0;
    row.firm = {row.seed, row.random.below(kFirms)};
    row.person = {row.seed, row.random.next(), Generation::kAdult};
    row.day = kToday - row.random.between(1, 1000);
    row.amounts[1] = row.random.between(0, 3);  // kind of penalty
}

constexpr std::array<std::string_view, 4> kPenalties{"罚款", "罚款", "警告", "没收违法所得"};

constexpr std::array<Column, 12> kCredit{{
    {"doc_no",
     [](Row& row, std::string& out) {
         out += kAuthorities.at(row.place).document;
         out += row.flag ? "罚字〔" : "许字〔";
         std::string day;
         append_day(day, row.day);
         out.append(day, 0, 4);
         out += "〕";
         append_number(out, static_cast<std::int64_t>(row.index) + 1);
         out += "号";
     }},
    {"kind", [](Row& row, std::string& out) { out += row.flag ? "处罚" : "许可"; }},
    {"party_name",
     [](Row& row, std::string& out) {
         row.amounts[0] != 0 ? row.person.append_name(out) : row.firm.append_name(out);
     }},
    {"party_uscc",
     [](Row& row, std::string& out) {
         if (row.amounts[0] == 0) {
             row.firm.append_uscc(out);
         }
     }},
    {"party_id_masked",
     [](Row& row, std::string& out) {
         if (row.amounts[0] != 0) {
             const std::size_t start = out.size();
             row.person.append_resident_id(out);
             out.replace(start + 3, 11, "***********");
         }
     }},
    {"item_name",
     [](Row& row, std::string& out) {
         const Authority& authority = kAuthorities.at(row.place);
         out += row.random.pick(row.flag ? authority.penalties : authority.permits);
     }},
    {"decision_date", [](Row& row, std::string& out) { append_day(out, row.day); }},
    {"authority", [](Row& row, std::string& out) { out += kAuthorities.at(row.place).name; }},
    {"penalty_kind",
     [](Row& row, std::string& out) {
         if (row.flag) {
             out += kPenalties.at(static_cast<std::size_t>(row.amounts[1]));
         }
     }},
    {"amount_fen",
     [](Row& row, std::string& out) {
         if (row.flag && row.amounts[1] != 2) {
             append_number(out, row.random.product({1, 100}, {1, 40}) * 50000);
         }
     }},
    {"public_until",
     [](Row& row, std::string& out) { append_day(out, row.day + (row.flag ? 1095 : 1825)); }},
    {"repair_flag",
     [](Row& row, std::string& out) { out += truth(row.flag && row.random.chance(30)); }},
}};

// 4: employers' social insurance. amounts: heads, base, paid, arrears, months of arrears

void prepare_insurance(Row& row) {
    panel(row);
    const std::int64_t heads = row.firm.heads();
    const std::int64_t change = heads / 20 + 1;
    row.amounts[0] = std::max<std::int64_t>(1, heads + row.random.between(-change, change));
    row.amounts[1] = row.amounts[0] * row.random.between(480000, 1450000);
    const std::int64_t due = row.amounts[1] * 2745 / 10000;
    row.flag = row.random.chance(4);
    row.amounts[3] = row.flag ? due / 100 * row.random.between(10, 100) : 0;
    row.amounts[2] = due - row.amounts[3];
    row.amounts[4] = row.flag ? row.random.between(1, 9) : 0;
}

constexpr std::array<Column, 10> kInsurance{{
    {"uscc", write_uscc},
    {"period", write_month},
    {"pension_heads", write_amount<0>},
    {"medical_heads",
     [](Row& row, std::string& out) {
         append_number(out, row.amounts[0] + row.random.between(0, row.amounts[0] / 30));
     }},
    {"unemp_heads", write_amount<0>},
    {"injury_heads",
     [](Row& row, std::string& out) {
         append_number(out, row.amounts[0] + row.random.between(0, row.amounts[0] / 15));
     }},
    {"base_total_fen", write_amount<1>},
    {"paid_total_fen", write_amount<2>},
    {"arrears_fen", write_amount<3>},
    {"arrears_months", write_amount<4>},
}};

// 7: real estate. flag: the owner is a firm

void prepare_property(Row& row) {
    row.flag = row.random.chance(8);
    row.firm = {row.seed, row.random.below(kFirms)};
    row.person = {row.seed, mix(row.index + 700000), Generation::kAdult};
    row.place = pick_district(row.random);
    row.day = kToday - row.random.between(1, 3600);
}

constexpr std::array<Column, 10> kProperty{{
    {"cert_no",
     [](Row& row, std::string& out) {
         std::string day;
         append_day(day, row.day);
         out += "苏(" + day.substr(0, 4) + ")无锡市不动产权第";
         append_padded(out, static_cast<std::int64_t>(row.index * 37 % 10000000), 7);
         out += "号";
     }},
    {"unit_no",
     [](Row& row, std::string& out) {
         out += kDistricts.at(row.place).code;
         append_pattern(out, "00#0##GB#####F", row.random);
         append_padded(out, row.random.between(1, 40), 4);
         append_padded(out, row.random.between(1, 300), 4);
     }},
    {"owner_name",
     [](Row& row, std::string& out) {
         row.flag ? row.firm.append_name(out) : row.person.append_name(out);
     }},
    {"owner_id_no",
     [](Row& row, std::string& out) {
         row.flag ? row.firm.append_uscc(out) : row.person.append_resident_id(out);
     }},
    {"location",
     [](Row& row, std::string& out) {
         append_address(out, row.place, row.flag ? Place::kBusiness : Place::kHome, row.random);
     }},
    {"area_m2",
     [](Row& row, std::string& out) {
         append_decimal(out,
                        row.flag ? row.random.between(20000, 900000)
                                 : row.random.sum({3500, 12500}, {0, 9000}),
                        2);
     }},
    {"use_code",
     [](Row& row, std::string& out) {
         out += row.flag ? (row.random.chance(60) ? "0601" : "0501") : "0701";
     }},
    {"reg_time",
     [](Row& row, std::string& out) {
         append_time(out, row.day * 86400 + row.random.between(32400, 61200));
     }},
    {"mortgage_flag", [](Row& row, std::string& out) { out += truth(row.random.chance(38)); }},
    {"seizure_flag", [](Row& row, std::string& out) { out += truth(row.random.chance(2)); }},
}};

// 17: water and electricity. amounts: water in 0.01 m3, electricity in 0.01 kWh

void prepare_utilities(Row& row) {
    panel(row);
    const std::int64_t heads = row.firm.heads();
    // Factories use more, summers and winters too.
    const std::int64_t works = kIndustries.at(row.firm.industry()).code < "4000" ? 12 : 1;
    const std::int64_t month = row.month % 12;
    const std::int64_t season = month == 6 || month == 7 || month == 0 ? 130 : 100;
    row.amounts[0] = heads * works * row.random.between(90, 260);
    row.amounts[1] = heads * works * season * row.random.between(120, 390);
}

constexpr std::array<Column, 9> kUtilities{{
    {"uscc", write_uscc},
    {"acct_no",
     [](Row& row, std::string& out) {
         Random random = stream(row.seed, row.firm.number, 40);
         append_pattern(out, "3202########", random);
     }},
    {"period", write_month},
    {"water_m3", [](Row& row, std::string& out) { append_decimal(out, row.amounts[0], 2); }},
    {"water_fee_fen",
     [](Row& row, std::string& out) { append_number(out, row.amounts[0] * 465 / 100); }},
    {"elec_kwh", [](Row& row, std::string& out) { append_decimal(out, row.amounts[1], 2); }},
    {"elec_fee_fen",
     [](Row& row, std::string& out) { append_number(out, row.amounts[1] * 72 / 100); }},
    {"arrears_flag", [](Row& row, std::string& out) { out += truth(row.random.chance(3)); }},
    {"industry_code", write_industry},
}};

// 18: the IoT and IC chain

constexpr std::array<std::string_view, 10> kChainNodes{
    "IC-DESIGN",  "IC-FAB",     "IC-PACKAGE",   "IC-EQUIP", "IC-MATERIAL",
    "IOT-SENSOR", "IOT-MODULE", "IOT-PLATFORM", "IOT-APP",  "IOT-CLOUD"};
constexpr std::array<std::string_view, 10> kProducts{
    "电源管理芯片", "12英寸晶圆代工", "系统级封装",   "清洗设备",     "光刻胶",
    "MEMS 传感器",  "NB-IoT 模组",    "设备接入平台", "智慧水务应用", "边缘云"};
constexpr std::array<std::string_view, 5> kParks{"无锡国家高新区", "蠡园开发区", "惠山软件园",
                                                 "太湖国际科技园", "江阴高新区"};

bool is_in_chain(std::string_view industry_code) {
    constexpr std::array<std::string_view, 8> kCodes{"3990", "7519", "6531", "6532",
                                                     "3973", "6520", "6513", "4011"};
    return std::find(kCodes.begin(), kCodes.end(), industry_code) != kCodes.end();
}

/// The next firm of the register that fits, among twenty that are this row's alone.
void prepare_chain(Row& row) {
    row.firm = {row.seed, row.index * 20};
    for (int tries = 1; tries < 20 && !is_in_chain(kIndustries.at(row.firm.industry()).code);
         ++tries) {
        ++row.firm.number;
    }
    row.place = static_cast<std::size_t>(row.random.below(kChainNodes.size()));
}

constexpr std::array<Column, 9> kChain{{
    {"uscc", write_uscc},
    {"ent_name", write_firm_name},
    {"chain_node", [](Row& row, std::string& out) { out += kChainNodes.at(row.place); }},
    {"qualification",
     [](Row& row, std::string& out) {
         out += choose(row.random, std::array<WeightedWord, 4>{{{"", 45},
                                                                {"高新技术企业", 33},
                                                                {"高新技术企业|专精特新", 17},
                                                                {"专精特新小巨人", 5}}});
     }},
    {"patent_cnt",
     [](Row& row, std::string& out) {
         append_number(out, row.random.product({0, 12}, {0, 9}));
     }},
    {"rd_ratio_band",
     [](Row& row, std::string& out) {
         out += choose(row.random, std::array<WeightedWord, 4>{
                                       {{"<3%", 30}, {"3%-6%", 38}, {"6%-10%", 21}, {">10%", 11}}});
     }},
    {"output_band",
     [](Row& row, std::string& out) {
         out += choose(
             row.random,
             std::array<WeightedWord, 4>{
                 {{"2000万以下", 48}, {"2000万-1亿", 31}, {"1亿-10亿", 17}, {"10亿以上", 4}}});
     }},
    {"main_products", [](Row& row, std::string& out) { out += kProducts.at(row.place); }},
    {"park", [](Row& row, std::string& out) { out += row.random.pick(kParks); }},
}};

constexpr std::array<Model, 7> kModels{{
    {1,
     [](Row& row) {
         row.firm = {row.seed, row.index};
     },
     kRegister},
    {2,
     [](Row& row) {
         row.trader = {row.seed, row.index};
     },
     kTraders},
    {3, prepare_credit, kCredit},
    {4, prepare_insurance, kInsurance},
    {7, prepare_property, kProperty},
    {17, prepare_utilities, kUtilities},
    {18, prepare_chain, kChain},
}};

}  // namespace

std::span<const Model> firm_models() { return kModels; }

}  // namespace pdx::demo
