#include <array>
#include <string>

#include "privacy/checksum.h"
#include "tests/privacy/support/column_maker.h"

namespace pdx::test {
namespace tuning {
namespace {

using privacy::Kind;
constexpr auto kShape = Telling::kShape;
constexpr auto kNothing = Telling::kNothing;

constexpr std::string_view kFamily =
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧董潘袁蔡蒋余于杜叶程魏苏吕"
    "丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦";
constexpr std::string_view kGiven =
    "伟芳娜敏静丽强磊洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰红军海燕波宁辉鹏飞雪梅琳晨宇轩浩然子"
    "涵";
constexpr std::string_view kRoads = "太湖大道|人民路|中山路|学前街|长江路|建筑西路|兴源路|青石路";
constexpr std::string_view kDistricts = "滨湖区|梁溪区|新吴区|锡山区|惠山区|江阴市|宜兴市";
constexpr std::string_view kEthnic =
    "汉族|汉族|汉族|汉族|回族|满族|苗族|土家族|壮族|蒙古族|维吾尔族";

std::string person(Random& random) {
    std::string name =
        random() % 80 == 0 ? pick(random, "欧阳|司马|上官|诸葛") : pick_han(random, kFamily);
    name += pick_han(random, kGiven);
    if (random() % 4 != 0) name += pick_han(random, kGiven);
    return name;
}

std::string day(Random& random, std::size_t from, std::size_t to, std::string_view layout) {
    const std::string year = std::to_string(between(random, from, to));
    const std::string month = two(between(random, 1, 12));
    const std::string date = two(between(random, 1, 28));
    if (layout == "packed") return year + month + date;
    if (layout == "han") return year + "年" + month + "月" + date + "日";
    if (layout == "time") {
        return year + "-" + month + "-" + date + " " + two(between(random, 0, 23)) + ":" +
               two(between(random, 0, 59)) + ":" + two(between(random, 0, 59));
    }
    return year + std::string(layout) + month + std::string(layout) + date;
}

ValueSource days(Random& column, std::size_t from, std::size_t to) {
    const std::string layout = pick(column, "-|-|/|.|packed|han");
    return [=](Random& r) { return day(r, from, to, layout); };
}

std::string resident_id(Random& random) {
    const std::string payload = pick(random, "320211|320202|320281|320282|340104|411528|510105") +
                                day(random, 1945, 2015, "packed") + digits(random, 3);
    return payload + privacy::resident_id_check_digit(payload).value();
}

std::string uscc(Random& random, const std::string& kind) {
    const std::string organisation =
        random() % 3 == 0
            ? digits(random, 8)
            : "MA" + pick(random, "1|2|K|M") + pick(random, "A|B|T|X|Y") + digits(random, 4);
    const std::string payload = kind + pick(random, "320211|320200|320281") + organisation +
                                privacy::org_code_check_digit(organisation).value();
    return payload + privacy::uscc_check_digit(payload).value();
}

std::string vin(Random& random) {
    std::string payload = pick(random, "LSV|LFV|LVS|LGB|WBA");
    while (payload.size() < 11) payload += pick(random, "A|B|C|D|E|F|G|H|J|K|1|2|3|4|5|6|7|8");
    payload += digits(random, 5);
    return payload.substr(0, 8) + privacy::vin_check_digit(payload).value() + payload.substr(8);
}

std::string street(Random& random) {
    return (random() % 3 == 0 ? "" : "江苏省") + std::string("无锡市") + pick(random, kDistricts) +
           pick(random, kRoads) + std::to_string(between(random, 1, 900)) + "号";
}

std::string organisation(Random& random) {
    return pick(random, "无锡|江阴|宜兴|江苏|苏州") + pick_han(random, kGiven) +
           pick_han(random, "达盛源汇通力信诚") +
           pick(random, "科技|商贸|建筑工程|物流|餐饮管理|生物医药") +
           pick(random, "有限公司|有限公司|股份有限公司|有限责任公司|经营部");
}

std::string remark(Random& random) {
    return pick(random, "市民来电反映|经现场核实|群众咨询|网上投诉称") +
           pick(random,
                "小区路灯损坏多日无人维修，晚上出行很不方便|楼上住户夜间装修噪音扰民|"
                "早晚高峰路段拥堵，建议调整信号灯时间|社保转移材料一直没有审核通过") +
           pick(random, "，请尽快处理并回复。|，希望有关部门给予答复。|，已转交责任单位。");
}

/// One in four tells whom to call.
std::string remark_with_contact(Random& random) {
    std::string text = remark(random);
    if (random() % 4 == 0) text += "联系人" + person(random) + "，电话138" + digits(random, 8);
    return text;
}

std::string plate(Random& random) {
    const std::string head = pick(random, "苏|苏|苏|沪|浙|皖|鲁") + pick(random, "A|B|C|D|E");
    if (random() % 5 == 0) return head + pick(random, "D|F") + digits(random, 5);
    return head + pick(random, "|·") + digits(random, 1) + pick(random, "A|K|M|8|3") +
           digits(random, 3);
}

std::string student_roll(Random& random) { return "G" + resident_id(random); }

/// A fixed word and a running or random number: what has no national format.
std::function<ValueSource(Random&)> coded(std::string_view heads, std::size_t count) {
    return [=](Random& column) -> ValueSource {
        const std::string head = pick(column, heads);
        return [=](Random& r) { return head + digits(r, count); };
    };
}

std::function<ValueSource(Random&)> word_of(std::string_view words) {
    return [=](Random&) -> ValueSource { return [=](Random& r) { return pick(r, words); }; };
}

std::function<ValueSource(Random&)> each(std::string (*make)(Random&)) {
    return [=](Random&) -> ValueSource { return make; };
}

std::function<ValueSource(Random&)> number(std::size_t least, std::size_t most, int decimals) {
    return [=](Random&) -> ValueSource {
        return [=](Random& r) {
            const std::string whole = std::to_string(between(r, least, most));
            return decimals == 0 ? whole
                                 : whole + "." + digits(r, static_cast<std::size_t>(decimals));
        };
    };
}

void add_numbers_of_persons(std::vector<Recipe>& list) {
    list.push_back({Kind::kResidentId, kShape, "身份证号码|公民身份号码|证件号码|居民身份证号",
                    "sfzh|sfzhm|zjhm|gmsfhm", "id_card|idCardNo|ID_NUMBER|citizen_id",
                    each(resident_id)});
    list.push_back({Kind::kResidentId15, kShape, "旧身份证号|15位身份证号", "sfzh|zjhm",
                    "id_no|idcard", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return "320211" + day(r, 1940, 1980, "packed").substr(2) + digits(r, 3);
                        };
                    }});
    list.push_back({Kind::kForeignResidentId, kShape, "永久居留证号|外国人居留证号", "zjhm|zjh",
                    "id_no|id_number", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            const std::string payload =
                                "911" + digits(r, 3) + day(r, 1950, 2010, "packed") + digits(r, 3);
                            return payload + privacy::mod11_2_check_digit(payload).value();
                        };
                    }});
    list.push_back({Kind::kMobile, kShape, "手机号|联系电话|手机号码|移动电话", "sjh|lxdh|sjhm|dh",
                    "mobile|phone|contact_phone|cellphone", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return pick(r, "138|139|150|186|177|199|133|158") + digits(r, 8);
                        };
                    }});
    list.push_back({Kind::kLandline, kShape, "固定电话|办公电话|座机电话|单位电话", "dhhm|dh",
                    "tel|telephone|office_phone", [](Random& column) -> ValueSource {
                        const std::string dash = pick(column, "-|-|");
                        return [=](Random& r) {
                            return pick(r, "0510|0510|0512|021|010") + dash +
                                   std::to_string(between(r, 2, 8)) + digits(r, 7);
                        };
                    }});
    list.push_back({Kind::kBankCard, kShape, "银行卡号|收款账号|银行账号|开户账号", "yhkh",
                    "bank_card|card_no|bank_card_no", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return r() % 4 == 0
                                       ? with_luhn("625912" + digits(r, 9))
                                       : with_luhn(pick(r, "622202|621700|623058") + digits(r, 12));
                        };
                    }});
    list.push_back({Kind::kEmail, kShape, "电子邮箱|邮箱地址|联系邮箱", "dzyx|yx",
                    "email|e_mail|contact_email", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return pick(r, "zhang|li|wang|user|office") +
                                   digits(r, between(r, 2, 6)) + "@" +
                                   pick(r, "example.com|example.cn|mail.example.org");
                        };
                    }});
    list.push_back({Kind::kPlate, kShape, "车牌号|号牌号码|车牌号码", "cph|cphm|hphm",
                    "plate_no|license_plate|plate", each(plate)});
    list.push_back({Kind::kVin, kShape, "车架号|车辆识别代号", "cjh|clsbdh", "vin|VIN", each(vin)});
    list.push_back({Kind::kImei, kShape, "设备IMEI|设备识别码", "imei", "imei|device_imei",
                    [](Random&) -> ValueSource {
                        return
                            [](Random& r) { return with_luhn(pick(r, "86|35") + digits(r, 12)); };
                    }});
    list.push_back(
        {Kind::kIpAddress, kShape, "IP地址|登录IP地址", "ip", "ip|client_ip|ip_address",
         [](Random& column) -> ValueSource {
             const std::string net = pick(column, "10.17|192.168|58.214|");
             return [=](Random& r) {
                 const auto part = [&r] { return "." + std::to_string(between(r, 0, 255)); };
                 return (net.empty() ? std::to_string(between(r, 1, 223)) + part() : net) + part() +
                        part();
             };
         }});
    list.push_back({Kind::kMacAddress, kShape, "MAC地址|终端MAC地址", "mac", "mac|mac_address",
                    [](Random& column) -> ValueSource {
                        const std::string sign = pick(column, ":|-");
                        return [=](Random& r) {
                            std::string text;
                            for (int i = 0; i < 6; ++i) {
                                if (i > 0) text += sign;
                                text += pick(r, "0|1|4|A|C|F") + pick(r, "2|5|8|B|D|E");
                            }
                            return text;
                        };
                    }});
    list.push_back({Kind::kStudentRoll, kShape, "学籍号|全国学籍号", "xjh", "roll_no|student_no",
                    each(student_roll)});
    list.push_back({Kind::kSoleTraderCode, kShape, "统一社会信用代码|经营者信用代码",
                    "tyshxydm|xydm", "uscc|credit_code", [](Random& column) -> ValueSource {
                        const std::size_t one_in = between(column, 1, 8);
                        return [=](Random& r) { return uscc(r, r() % one_in == 0 ? "92" : "91"); };
                    }});
}

void add_numbers_by_label(std::vector<Recipe>& list) {
    list.push_back({Kind::kPassport, kNothing, "护照号码|护照号", "hzh|hzhm",
                    "passport_no|passport", coded("E|G", 8)});
    list.push_back({Kind::kTravelPermit, kNothing, "港澳通行证号|回乡证号|台胞证号|往来通行证",
                    "txzh|hxzh", "travel_permit|exit_entry_permit", coded("C|H|M", 8)});
    list.push_back({Kind::kMedicalRecord, kNothing, "病历号|住院号|门诊号|病案号", "blh|zyh",
                    "mrn|patient_id|admission_no", coded("ZY|BA|MZ|", 8)});
    list.push_back({Kind::kSocialCard, kNothing, "社会保障卡号|社保卡号", "sbkh|sbk",
                    "ss_card_no|social_card", coded("A|B|C", 8)});
    list.push_back({Kind::kAccountNumber, kNothing, "公积金账号|客户号|用户编号|职工工号",
                    "gjjzh|gh|zh", "account_no|customer_id|user_id|employee_id",
                    coded("|3202|U", 9)});
    list.push_back({Kind::kStudentRoll, kNothing, "学号|考生号|准考证号", "xjh",
                    "student_id|student_no", coded("2023|22|", 8)});
    list.push_back({Kind::kPropertyCertificate, kNothing, "不动产权证号|房产证号", "bdcqzh|fczh",
                    "cert_no", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return "苏(" + std::to_string(between(r, 2016, 2026)) +
                                   ")无锡市不动产权第" + digits(r, 7) + "号";
                        };
                    }});
    list.push_back({Kind::kChatAccount, kNothing, "微信号|QQ号", "wxh|qq", "wechat|qq",
                    coded("wxid_|zhang|", 8)});
    list.push_back({Kind::kPersonToken, kNothing, "个人标识|人员标识", "pid", "person_id|pseudonym",
                    coded("p_|u", 12)});
    list.push_back({Kind::kMaskedId, kNothing, "证件号(已脱敏)|身份证号（遮蔽）", "id_masked",
                    "id_masked|phone_masked", [](Random&) -> ValueSource {
                        return [](Random& r) { return "320***********" + digits(r, 4); };
                    }});
}

void add_persons(std::vector<Recipe>& list) {
    list.push_back({Kind::kPersonName, kShape, "姓名|联系人|法定代表人|患者姓名|户主姓名",
                    "xm|lxr|fddbr", "full_name|contact_name|patient_name|real_name", each(person)});
    // The same few in many rows, as those who handle cases are.
    list.push_back({Kind::kPersonName, kNothing, "经办人|负责人|监护人姓名", "lxr", "operator_name",
                    [](Random& column) -> ValueSource {
                        std::string few = person(column);
                        for (int i = 0; i < 8; ++i) few += "|" + person(column);
                        return [=](Random& r) { return pick(r, few); };
                    }});
    list.push_back({Kind::kHomeAddress, kNothing, "家庭住址|户籍地址|现住址|通讯地址",
                    "jtzz|hjdz|jtdz", "home_address|residence|home_addr",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return street(r) + std::to_string(between(r, 1, 40)) + "幢" +
                                   std::to_string(between(r, 101, 1802)) + "室";
                        };
                    }});
    list.push_back({Kind::kBirthDate, kNothing, "出生日期|出生年月|生日", "csrq|csny",
                    "birth_date|dob|birthday",
                    [](Random& column) { return days(column, 1940, 2020); }});
    list.push_back({Kind::kSex, kShape, "性别|患者性别", "xb", "sex|gender", word_of("男|女")});
    list.push_back({Kind::kEthnicity, kShape, "民族", "mz", "ethnicity|ethnic", word_of(kEthnic)});
    list.push_back({Kind::kAge, kNothing, "年龄|周岁", "nl", "age", number(0, 99, 0)});
    list.push_back({Kind::kSchoolClass, kNothing, "班级|年级班级|所在班级", "bj_班级|班级",
                    "班级|年级",
                    word_of("一年级1班|一年级2班|三年级2班|五年级4班|高一(3)班|初二(7)班")});
    list.push_back({Kind::kDiagnosis, kShape, "诊断|疾病名称|主要诊断", "jbzd|zdmc",
                    "diagnosis|disease",
                    word_of("高血压|2型糖尿病|上呼吸道感染|急性胃肠炎|肺癌|"
                            "冠心病|骨质疏松症|桡骨骨折|甲状腺结节")});
    list.push_back({Kind::kDiagnosis, kShape, "ICD编码|诊断编码", "icd10", "icd10|icd",
                    [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return pick(r, "I|J|E|K|M|C|N") + digits(r, 2) + "." + digits(r, 1);
                        };
                    }});
    list.push_back({Kind::kHealthNote, kNothing, "残疾等级|健康状况|过敏史", "health_jk|健康状况",
                    "health|disability|allergy",
                    word_of("良好|一般|肢体残疾二级|青霉素过敏|视力残疾")});
    list.push_back({Kind::kPersonalFinance, kNothing, "月工资|缴费基数|个人收入", "gz",
                    "salary|income", number(2'000, 40'000, 2)});
    list.push_back({Kind::kBeliefOrStatus, kShape, "婚姻状况|政治面貌", "婚姻状况|政治面貌",
                    "marital_status|religion", word_of("已婚|未婚|离异|丧偶")});
    list.push_back({Kind::kBeliefOrStatus, kShape, "政治面貌", "政治面貌", "政治面貌|religion",
                    word_of("群众|中共党员|共青团员|群众|民盟盟员")});
    list.push_back({Kind::kMovement, kNothing, "进站时间|过车时间|入住时间", "进站时间|过车时间",
                    "进站时间|出站时间", [](Random&) -> ValueSource {
                        return [](Random& r) { return day(r, 2025, 2026, "time"); };
                    }});
    list.push_back({Kind::kFreeText, kShape, "备注|诉求内容|处理意见", "bz", "remark|content|note",
                    each(remark_with_contact)});
    list.push_back({Kind::kFreeText, kShape, "备注|诉求内容|情况说明", "bz", "remark|description",
                    each(remark)});
}

void add_things(std::vector<Recipe>& list) {
    list.push_back(
        {Kind::kUscc, kShape, "统一社会信用代码|纳税人识别号|社会信用代码",
         "tyshxydm|shxydm|nsrsbh", "uscc|credit_code|tax_no",
         [](Random&) -> ValueSource { return [](Random& r) { return uscc(r, "91"); }; }});
    list.push_back(
        {Kind::kOrgCode, kShape, "组织机构代码", "zzjgdm", "org_code", [](Random&) -> ValueSource {
             return [](Random& r) {
                 const std::string payload = digits(r, 8);
                 return payload + privacy::org_code_check_digit(payload).value();
             };
         }});
    list.push_back({Kind::kAddress, kShape, "经营地址|注册地址|经营场所", "dz|zcdz", "address|addr",
                    each(street)});
    list.push_back({Kind::kOrganisationName, kShape, "企业名称|单位名称|公司名称", "qymc|dwmc",
                    "company_name|org_name|ent_name", each(organisation)});
    list.push_back({Kind::kObjectName, kNothing, "站点名称|项目名称|景区名称", "zd_mc|jq_mc",
                    "title|site_title", [](Random&) -> ValueSource {
                        return [](Random& r) {
                            return pick(r, "鼋头渚|灵山|惠山古镇|梅园|蠡园|三国城|太湖广场") +
                                   pick(r, "东|西|南|北") + pick(r, "站|入口|停车场|服务区");
                        };
                    }});
    list.push_back({Kind::kCoordinate, kShape, "经度|纬度", "jd|wd", "lng|lat|longitude",
                    [](Random& column) -> ValueSource {
                        const std::string whole = pick(column, "120|31");
                        return [=](Random& r) { return whole + "." + digits(r, 6); };
                    }});
    list.push_back({Kind::kDate, kNothing, "登记日期|办结时间|发证日期", "djrq|rq|bj_rq",
                    "reg_date|created_date|issue_date",
                    [](Random& column) { return days(column, 2015, 2026); }});
    list.push_back({Kind::kAmount, kNothing, "金额|注册资本(元)|合同金额", "je|ht_je",
                    "amount|amount_fen|fee|price", number(1, 9'000'000, 2)});
    list.push_back({Kind::kMeasure, kNothing, "水位|降水量|平均气温|建筑面积|乘客人数",
                    "人数|用水量", "head_count|visit_cnt", number(0, 4'000, 1)});
    list.push_back({Kind::kCode, kNothing, "行业代码|站点编号|设备编号|决定文书号", "hydm_dm|sb_bh",
                    "industry_code|station_code|device_code", coded("A|B|WX|SB-", 6)});
    list.push_back({Kind::kRegion, kNothing, "行政区划|所属区域|街道", "xzqh|xzqhdm",
                    "district|region", word_of(kDistricts)});
    list.push_back({Kind::kCategory, kNothing, "企业类型|登记状态|事项类别", "lx|qy_lx",
                    "status|reg_status|ent_type|category",
                    word_of("存续|注销|吊销|迁出|有限责任公司|股份有限公司")});
    list.push_back({Kind::kFlag, kNothing, "是否有效|是否公示", "flag", "is_valid|public_flag",
                    word_of("是|否")});
}

}  // namespace
}  // namespace tuning

std::vector<Recipe> tuning_recipes() {
    using namespace tuning;
    std::vector<Recipe> list;
    add_numbers_of_persons(list);
    add_numbers_by_label(list);
    add_persons(list);
    add_things(list);
    return list;
}

}  // namespace pdx::test
