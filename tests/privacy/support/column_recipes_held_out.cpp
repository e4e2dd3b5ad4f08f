// Other words and layouts than column_recipes.cpp, written apart: rules are not tuned on these.
#include <string>

#include "privacy/checksum.h"
#include "tests/privacy/support/column_maker.h"

namespace pdx::test {
namespace held_out {
namespace {

using privacy::Kind;
constexpr auto kShape = Telling::kShape;
constexpr auto kNothing = Telling::kNothing;
using Begin = std::function<ValueSource(Random&)>;

Begin always(std::string (*make)(Random&)) {
    return [=](Random&) -> ValueSource { return make; };
}

Begin words(std::string_view list) {
    return [=](Random&) -> ValueSource { return [=](Random& r) { return pick(r, list); }; };
}

std::string person(Random& r) {
    constexpr std::string_view kFamily =
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
        "丁魏薛叶"
        "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常"
        "武乔贺"
        "赖龚文";
    constexpr std::string_view kGiven =
        "嘉怡梓萱子轩俊熙雨桐思远佳琪诗涵博文奕辰振东淑珍凤英桂兰德胜金龙长福秋菊春梅庆余学良少华永"
        "康晓彤";
    if (r() % 60 == 0) return pick(r, "阿卜杜拉·买买提|迪丽娜尔·艾力|古丽·吐尔逊");
    return pick_han(r, kFamily) + pick_han(r, kGiven) + (r() % 5 != 0 ? pick_han(r, kGiven) : "");
}

std::string ymd(Random& r, std::size_t from, std::size_t to) {
    return std::to_string(between(r, from, to)) + two(between(r, 1, 12)) + two(between(r, 1, 28));
}

Begin dated(std::size_t from, std::size_t to) {
    return [=](Random& column) -> ValueSource {
        const std::size_t layout = column() % 4;
        return [=](Random& r) {
            const std::string day = ymd(r, from, to);
            const auto part = [&](std::size_t at, std::size_t size) {
                return day.substr(at, size);
            };
            if (layout == 0) return day;
            if (layout == 1) return part(0, 4) + "/" + part(4, 2) + "/" + part(6, 2) + " 00:00";
            if (layout == 2) {
                return part(0, 4) + "年" + std::to_string(std::stoi(part(4, 2))) + "月" +
                       std::to_string(std::stoi(part(6, 2))) + "日";
            }
            return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T08:" + two(r() % 60) +
                   ":00";
        };
    };
}

std::string resident_id(Random& r) {
    const std::string region = std::to_string(between(r, 11, 15)) + "0" +
                               std::to_string(r() % 3 + 1) + two(between(r, 1, 31));
    const std::string payload = region + ymd(r, 1930, 2024) + digits(r, 3);
    return payload + privacy::resident_id_check_digit(payload).value();
}

std::string uscc(Random& r, const std::string& kind) {
    std::string organisation = "MA";
    while (organisation.size() < 8)
        organisation += pick(r, "0|1|2|3|4|5|6|7|8|9|C|E|F|G|H|J|R|U|W");
    const std::string payload = kind + pick(r, "110108|440305|500112") + organisation +
                                privacy::org_code_check_digit(organisation).value();
    return payload + privacy::uscc_check_digit(payload).value();
}

std::string address(Random& r) {
    return pick(r, "广东省深圳市南山区|北京市海淀区|浙江省杭州市西湖区|四川省成都市武侯区") +
           pick(r, "科技园路|中关村大街|文三路|天府大道北段") + std::to_string(between(r, 1, 999)) +
           "号" + pick(r, "|创业大厦|软件园A座");
}

std::string complaint(Random& r) {
    return pick(r, "来电人表示|居民多次反馈|经调查核实|工单转办后回访得知") +
           pick(r,
                "地铁口共享单车堆放影响通行，高峰期尤其严重|垃圾分类投放点异味明显且清运不及时|"
                "公交线路调整后老人出行不便，盼恢复站点") +
           pick(r, "。请相关单位核查。|；已告知处理时限。");
}

void add_numbers(std::vector<Recipe>& list) {
    list.push_back({Kind::kResidentId, kShape, "证件号|个人身份证件号码|身份证", "sfz|zjh",
                    "identity_no|certId", always(resident_id)});
    list.push_back({Kind::kMobile, kShape, "联系方式|手机|本人电话", "lxfs|sjh", "mobilePhone|tel",
                    [](Random& column) -> ValueSource {
                        const std::string front = pick(column, "||86|+86");
                        return [=](Random& r) {
                            return front + pick(r, "137|151|152|181|189|195|176") + digits(r, 8);
                        };
                    }});
    list.push_back({Kind::kLandline, kShape, "单位座机电话|值班电话", "dh", "telephone",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return pick(r, "0755-2|0571-8|010-6|028-8") + digits(r, 7);
                        };
                    }});
    list.push_back({Kind::kBankCard, kShape, "工资卡号|银行卡", "yhkh", "cardNumber|bank_account",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return r() % 3 == 0 ? with_luhn("4" + digits(r, 14))
                                                : with_luhn("621226" + digits(r, 12));
                        };
                    }});
    list.push_back(
        {Kind::kEmail, kShape, "电子邮件|邮件地址", "yx", "mail|EMAIL", [](Random&) -> ValueSource {
             return [](Random& r) {
                 return pick(r, "chen.h|qq|lin_x|amy") + digits(r, 4) + pick(r, "@a.cn|@b.com.cn");
             };
         }});
    list.push_back(
        {Kind::kPlate, kShape, "车号|过车号牌", "hphm", "plateNumber", [](Random&) -> ValueSource {
             return [](Random& r) {
                 return pick(r, "粤B|京A|川A|浙A") + pick(r, "A|6|9|D") + digits(r, 4);
             };
         }});
    list.push_back(
        {Kind::kVin, kShape, "车辆识别代号(VIN)", "clsbdh", "vin", [](Random&) -> ValueSource {
             return [](Random& r) {
                 std::string payload = pick(r, "LGX|LBV|LHG");
                 while (payload.size() < 16) payload += pick(r, "3|5|7|9|P|R|T|X|Z|0");
                 return payload.substr(0, 8) + privacy::vin_check_digit(payload).value() +
                        payload.substr(8);
             };
         }});
    list.push_back(
        {Kind::kIpAddress, kShape, "访问IP地址", "ip", "remote_ip", [](Random&) -> ValueSource {
             return [](Random& r) {
                 return "172.16." + std::to_string(r() % 256) + "." + std::to_string(r() % 256);
             };
         }});
    list.push_back({Kind::kSoleTraderCode, kShape, "信用代码", "xydm", "creditCode",
                    [](Random&) -> ValueSource {
                        return [](Random& r) { return uscc(r, r() % 3 == 0 ? "92" : "91"); };
                    }});
    list.push_back({Kind::kMedicalRecord, kNothing, "就诊号|住院病案号", "blh", "patient_no",
                    [](Random&) -> ValueSource {
                        return
                            [](Random& r) { return std::to_string(between(r, 1'000, 9'999'999)); };
                    }});
    list.push_back(
        {Kind::kStudentRoll, kNothing, "考号|学生学号", "xjh", "stu_no",
         [](Random&) -> ValueSource { return [](Random& r) { return "S" + digits(r, 10); }; }});
    list.push_back({Kind::kAccountNumber, kNothing, "参保号|会员号|水表户号", "gh", "member_id",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return "M" + std::to_string(between(r, 10, 99'999'999));
                        };
                    }});
    list.push_back(
        {Kind::kPassport, kNothing, "护照编号", "hzh", "passport",
         [](Random&) -> ValueSource { return [](Random& r) { return "EJ" + digits(r, 7); }; }});
}

void add_persons(std::vector<Recipe>& list) {
    list.push_back({Kind::kPersonName, kShape, "申请人|负责人姓名|业主", "lxrxm|xingming",
                    "owner_name|student_name", always(person)});
    list.push_back({Kind::kHomeAddress, kNothing, "居住地址|收货地址", "zz", "residence",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return address(r) + std::to_string(r() % 30 + 1) + "栋";
                        };
                    }});
    list.push_back(
        {Kind::kBirthDate, kNothing, "出生日期|生日", "csrq", "birthdate", dated(1935, 2018)});
    list.push_back({Kind::kSex, kShape, "性别", "xb", "gender", words("男性|女性")});
    list.push_back({Kind::kEthnicity, kShape, "民族", "mz", "ethnicity",
                    words("汉|汉|汉|朝鲜族|彝族|藏族|白族|傣族|侗族")});
    list.push_back({Kind::kDiagnosis, kShape, "出院诊断|病种", "zdmc", "disease",
                    words("慢性支气管炎|腰椎间盘突出症|乳腺恶性肿瘤|脑梗死|阑尾炎|带状疱疹")});
    list.push_back({Kind::kPersonalFinance, kNothing, "年收入|公积金余额", "gz", "wage",
                    [](Random&) -> ValueSource {
                        return [](Random& r) { return std::to_string(between(r, 1'000, 500'000)); };
                    }});
    list.push_back({Kind::kBeliefOrStatus, kShape, "婚姻状态婚姻", "婚姻", "marital",
                    words("未婚|已婚|离婚|再婚|丧偶")});
    list.push_back({Kind::kFreeText, kShape, "回访意见|工单内容|简介", "bz", "comment|notes",
                    always(complaint)});
}

void add_things(std::vector<Recipe>& list) {
    list.push_back(
        {Kind::kUscc, kShape, "信用代码|单位信用代码", "xydm", "uscc", [](Random&) -> ValueSource {
             return [](Random& r) { return uscc(r, pick(r, "91|12|52|11")); };
         }});
    list.push_back({Kind::kAddress, kShape, "注册地址|营业场所", "dz", "addr", always(address)});
    list.push_back({Kind::kOrganisationName, kShape, "法人单位名称|机构名称", "dwmc", "employer",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return pick(r, "深圳市|北京|杭州|成都") + pick(r, "云|星|海|瑞|启") +
                                   pick(r, "图|联|科|创|越") +
                                   pick(r, "信息技术|文化传播|医疗器械|供应链") +
                                   pick(r, "有限公司|集团有限公司|事务所|研究院");
                        };
                    }});
    list.push_back(
        {Kind::kDate, kNothing, "申请日期|成立时间", "rq", "approval_date", dated(2010, 2026)});
    list.push_back(
        {Kind::kAmount, kNothing, "实缴资本|罚款金额", "je", "price", [](Random&) -> ValueSource {
             return [](Random& r) { return std::to_string(between(r, 1, 99'999)) + "00"; };
         }});
    list.push_back({Kind::kMeasure, kNothing, "风速|用电量|车流人次", "次数", "visit_count",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return std::to_string(r() % 9'000) + "." + digits(r, 2);
                        };
                    }});
    list.push_back({Kind::kRegion, kNothing, "所在地区|乡镇", "xzqh", "city",
                    words("南山区|福田区|宝安区|罗湖区")});
    list.push_back({Kind::kCategory, kNothing, "行业类别|处理状态", "lx", "level",
                    words("甲级|乙级|丙级|已办结|办理中")});
    list.push_back({Kind::kCode, kNothing, "设备编号|机构编码", "sb_dm", "item_code",
                    [](Random&) -> ValueSource {
                        return [](Random& r) { return "K" + digits(r, 3) + "-" + digits(r, 5); };
                    }});
}

}  // namespace
}  // namespace held_out

std::vector<Recipe> held_out_recipes() {
    using namespace held_out;
    std::vector<Recipe> list;
    add_numbers(list);
    add_persons(list);
    add_things(list);
    return list;
}

}  // namespace pdx::test
