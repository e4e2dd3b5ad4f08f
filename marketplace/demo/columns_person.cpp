#include <algorithm>
#include <array>

#include "marketplace/demo/columns.h"

namespace pdx::demo {
namespace {

constexpr std::uint64_t kFirms = 50000;

void write_name(Row& row, std::string& out) { row.person.append_name(out); }
void write_id(Row& row, std::string& out) { row.person.append_resident_id(out); }
void write_month(Row& row, std::string& out) { append_month(out, row.month); }

/// A number that this person has for good.
void append_own_pattern(const Row& row, std::uint64_t tag, std::string_view pattern,
                        std::string& out) {
    Random random = stream(row.seed, row.person.number, tag);
    append_pattern(out, pattern, random);
}

// 5: individual contributions, five kinds of insurance per person. amounts: base, paid; place: kind

struct Insurance {
    std::string_view name;
    std::int64_t personal_rate_bp;
};
constexpr std::array<Insurance, 5> kInsurances{
    {{"养老", 800}, {"医疗", 200}, {"失业", 50}, {"工伤", 0}, {"生育", 0}}};

void prepare_contribution(Row& row) {
    row.person = {row.seed, row.index / kInsurances.size(), Generation::kAdult};
    row.place = static_cast<std::size_t>(row.index % kInsurances.size());
    Random random = stream(row.seed, row.person.number, 50);
    row.firm = {row.seed, random.below(kFirms)};
    row.month = 660 + random.between(0, 11);
    row.amounts[0] = (4879 + random.product({0, 9000}, {1, 2})) * 100;
    row.amounts[1] = row.amounts[0] * kInsurances.at(row.place).personal_rate_bp / 10000;
}

constexpr std::array<Column, 9> kContributions{{
    {"name", write_name},
    {"id_no", write_id},
    {"ss_card_no",
     [](Row& row, std::string& out) { append_own_pattern(row, 51, "@########", out); }},
    {"employer_uscc", [](Row& row, std::string& out) { row.firm.append_uscc(out); }},
    {"period", write_month},
    {"insurance_kind", [](Row& row, std::string& out) { out += kInsurances.at(row.place).name; }},
    {"base_fen", [](Row& row, std::string& out) { append_number(out, row.amounts[0]); }},
    {"paid_fen", [](Row& row, std::string& out) { append_number(out, row.amounts[1]); }},
    {"status",
     [](Row& row, std::string& out) {
         out += choose(row.random,
                       std::array<WeightedWord, 3>{{{"正常缴费", 94}, {"补缴", 4}, {"欠缴", 2}}});
     }},
}};

// 6: housing provident fund. amounts: monthly, months, balance

void prepare_fund(Row& row) {
    row.person = {row.seed, row.index + 1000000, Generation::kAdult};
    row.firm = {row.seed, row.random.below(kFirms)};
    row.amounts[0] = row.random.between(500, 5200) * 100;
    row.amounts[1] = row.random.between(1, 240);
    row.amounts[2] = row.amounts[0] * row.amounts[1] / 100 * row.random.between(15, 100);
    row.flag = row.random.chance(88);  // still paying
    row.month = row.flag ? 673 : 673 - row.random.between(2, 40);
}

constexpr std::array<Column, 10> kFund{{
    {"name", write_name},
    {"id_no", write_id},
    {"account_no",
     [](Row& row, std::string& out) { append_own_pattern(row, 60, "0510########", out); }},
    {"unit_account",
     [](Row& row, std::string& out) {
         out += "8100";
         append_padded(out, static_cast<std::int64_t>(row.firm.number), 8);
     }},
    {"monthly_fen", [](Row& row, std::string& out) { append_number(out, row.amounts[0]); }},
    {"balance_fen", [](Row& row, std::string& out) { append_number(out, row.amounts[2]); }},
    {"last_period", write_month},
    {"continuous_months", [](Row& row, std::string& out) { append_number(out, row.amounts[1]); }},
    {"loan_flag", [](Row& row, std::string& out) { out += truth(row.random.chance(31)); }},
    {"status",
     [](Row& row, std::string& out) {
         out += row.flag ? "正常" : (row.random.chance(70) ? "封存" : "销户");
     }},
}};

// 8: medical settlements. amounts: total, fund; flag: in hospital; day: of admission

constexpr auto kDiagnoses = std::to_array<WeightedWord>(
    {{"J06.9", 130},  {"I10.x00", 120}, {"E11.900", 95}, {"J18.900", 45}, {"K29.500", 60},
     {"M54.500", 55}, {"I25.103", 50},  {"J45.900", 25}, {"K80.200", 25}, {"N18.900", 18},
     {"C34.900", 14}, {"C50.900", 9},   {"F32.900", 12}, {"B18.100", 10}, {"S52.500", 14},
     {"H25.900", 20}, {"O80.000", 18},  {"Z51.100", 16}, {"G47.000", 22}, {"L20.900", 15}});

void prepare_settlement(Row& row) {
    row.person = {row.seed, row.random.below(400000), Generation::kAdult};
    row.flag = row.random.chance(16);
    row.day = kToday - row.random.between(1, 700);
    row.amounts[2] = row.flag ? row.random.product({1, 6}, {1, 5}) : 0;  // nights
    row.amounts[0] = row.flag ? (1 + row.amounts[2]) * row.random.between(45000, 230000)
                              : row.random.product({30, 90}, {80, 900});
    row.amounts[1] = row.amounts[0] / 100 * row.random.between(35, 88);
    Random random = stream(row.seed, row.person.number, 80);
    row.place = pick_district(random);
}

constexpr std::array<Column, 12> kSettlements{{
    {"person_pid",
     [](Row& row, std::string& out) {
         constexpr std::string_view kHex = "0123456789abcdef";
         Random random = stream(row.seed, row.person.number, 81);
         for (int digit = 0; digit < 32; ++digit) {
             out += random.pick(kHex);
         }
     }},
    {"sex",
     [](Row& row, std::string& out) {
         out += stream(row.seed, row.person.number, 82).chance(48) ? "1" : "2";
     }},
    {"birth_year",
     [](Row& row, std::string& out) {
         append_number(out, stream(row.seed, row.person.number, 83).between(1936, 2022));
     }},
    {"region", [](Row& row, std::string& out) { out += kDistricts.at(row.place).code; }},
    {"hosp_code",
     [](Row& row, std::string& out) {
         out += "H320299";
         append_padded(out, row.random.between(1, 60), 5);
     }},
    {"visit_kind",
     [](Row& row, std::string& out) {
         out += row.flag
                    ? "住院"
                    : choose(row.random, std::array<WeightedWord, 3>{
                                             {{"普通门诊", 74}, {"门诊慢特病", 18}, {"急诊", 8}}});
     }},
    {"admit_date", [](Row& row, std::string& out) { append_day(out, row.day); }},
    {"discharge_date",
     [](Row& row, std::string& out) { append_day(out, row.day + row.amounts[2]); }},
    {"icd10", [](Row& row, std::string& out) { out += choose(row.random, kDiagnoses); }},
    {"total_fen", [](Row& row, std::string& out) { append_number(out, row.amounts[0]); }},
    {"fund_fen", [](Row& row, std::string& out) { append_number(out, row.amounts[1]); }},
    {"self_fen",
     [](Row& row, std::string& out) { append_number(out, row.amounts[0] - row.amounts[1]); }},
}};

// 20: the school roll, which must never be authorized

constexpr std::array<std::string_view, 9> kGrades{"一年级", "二年级", "三年级", "四年级", "五年级",
                                                  "六年级", "七年级", "八年级", "九年级"};

std::size_t grade_of(const Row& row) {
    std::string id;
    row.person.append_resident_id(id);
    // A school year's children are born from 1 September to 31 August.
    const int year = std::stoi(id.substr(6, 4)) + (id.substr(10, 2) >= "09" ? 1 : 0);
    return static_cast<std::size_t>(std::clamp(2025 - 6 - year, 0, 8));
}

constexpr std::array<Column, 10> kPupils{{
    {"stu_name", write_name},
    {"stu_id_no", write_id},
    {"roll_no",
     [](Row& row, std::string& out) {
         out += 'G';
         row.person.append_resident_id(out);
     }},
    {"school_code",
     [](Row& row, std::string& out) {
         out += "320299";
         append_padded(out, row.random.between(1, 280), 4);
     }},
    {"grade", [](Row& row, std::string& out) { out += kGrades.at(grade_of(row)); }},
    {"class_no",
     [](Row& row, std::string& out) {
         append_number(out, row.random.between(1, 14));
         out += "班";
     }},
    {"guardian_name", [](Row& row, std::string& out) { row.person.guardian().append_name(out); }},
    {"guardian_phone",
     [](Row& row, std::string& out) { row.person.guardian().append_mobile(out); }},
    {"home_address",
     [](Row& row, std::string& out) {
         append_address(out, pick_district(row.random), Place::kHome, row.random);
     }},
    {"health_note",
     [](Row& row, std::string& out) {
         out += choose(row.random, std::array<WeightedWord, 6>{{{"", 78},
                                                                {"近视", 13},
                                                                {"哮喘", 3},
                                                                {"花生过敏", 3},
                                                                {"\"青霉素过敏, 随身带药\"", 2},
                                                                {"先天性心脏病术后", 1}}});
     }},
}};

constexpr std::array<Model, 4> kModels{{
    {5, prepare_contribution, kContributions},
    {6, prepare_fund, kFund},
    {8, prepare_settlement, kSettlements},
    {20,
     [](Row& row) {
         row.person = {row.seed, row.index + 2000000, Generation::kPupil};
     },
     kPupils},
}};

}  // namespace

std::span<const Model> person_models() { return kModels; }

}  // namespace pdx::demo
