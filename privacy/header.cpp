#include "privacy/header.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace pdx::privacy {
namespace {

/// Words separated by '|'; the first rule of a table with a word in the name wins, so the order is
/// from what changes the meaning ("masked", "number of") to what is merely general ("code").
struct Rule {
    Kind kind;
    HeaderStrength strength;
    std::string_view words;
};

constexpr auto kSpecific = HeaderStrength::kSpecific;
constexpr auto kGeneric = HeaderStrength::kGeneric;

/// Substrings of Chinese names.
constexpr Rule kChinese[] = {
    {Kind::kMaskedId, kSpecific, "遮蔽|脱敏|掩码"},
    {Kind::kPersonToken, kSpecific, "假名|个人标识|人员标识"},
    {Kind::kMeasure, kSpecific,
     "人数|人次|户数|次数|笔数|合计|总数|均费用|平均|占比|比例|使用率|满载率|月数|秒数|桩数|专利数|"
     "泊位"},
    {Kind::kMedicalRecord, kSpecific,
     "病历号|病案号|住院号|门诊号|就诊号|就诊流水|医保卡|医保编号|医保个人"},
    {Kind::kSocialCard, kSpecific, "社会保障卡|社保卡|社会保障号|社保号"},
    {Kind::kDiagnosis, kSpecific, "诊断|疾病|病种|病史|传染|处方|用药|手术|ICD"},
    {Kind::kHealthNote, kSpecific, "健康|残疾|过敏|体检|妊娠|怀孕"},
    {Kind::kBeliefOrStatus, kSpecific,
     "宗教|信仰|低保|特困|贫困|犯罪|前科|违法记录|政治面貌|婚姻|性取向|基因|指纹|人脸|虹膜|声纹"},
    {Kind::kPersonalFinance, kSpecific,
     "工资|薪资|薪酬|余额|缴存额|缴费基数|个人缴费|个人自付|公积金贷款|医疗总费用|基金支付|"
     "个人收入|"
     "家庭收入|月收入|年收入|个人所得税|负债|资产总额|抵押|查封"},
    {Kind::kStudentRoll, kSpecific, "学籍号|学籍|学号|准考证|考生号|考号"},
    {Kind::kCategory, kSpecific, "证件类型|证件种类|证件类别|号牌种类|车牌种类|车牌颜色"},
    {Kind::kHongKongId, kSpecific, "香港身份证|港澳身份证|香港居民身份证|澳门身份证"},
    {Kind::kTaiwanId, kSpecific, "台湾身份证|台湾居民身份证"},
    {Kind::kMilitaryId, kSpecific, "军官证|士兵证|军人证|警官证|文职证|军队证件"},
    {Kind::kResidentId, kSpecific, "身份证|证件号|公民身份|身份号码|居民身份"},
    {Kind::kPassport, kSpecific, "护照"},
    {Kind::kTravelPermit, kSpecific, "通行证|台胞证|回乡证|居留证|居住证"},
    {Kind::kBankCard, kSpecific, "银行卡|银行账号|银行帐号|收款账号|开户账号"},
    {Kind::kEmail, kSpecific, "邮箱|电子邮件|邮件地址"},
    {Kind::kMobile, kSpecific, "手机|电话|联系方式|传真"},
    {Kind::kChatAccount, kSpecific, "微信|QQ|支付宝"},
    {Kind::kVin, kSpecific, "车架号|车辆识别|识别代号|发动机号"},
    {Kind::kPlate, kSpecific, "车牌|号牌号码|车号"},
    {Kind::kIpAddress, kSpecific, "IP地址|ip地址"},
    {Kind::kMacAddress, kSpecific, "MAC地址|mac地址|物理地址"},
    {Kind::kImei, kSpecific, "IMEI|imei|设备识别码|设备指纹"},
    {Kind::kPropertyCertificate, kSpecific, "不动产权证|房产证|产权证|土地证|结婚证|出生证|户口"},
    {Kind::kPropertyUnit, kSpecific, "不动产单元|房屋编号|房屋代码"},
    {Kind::kAccountNumber, kSpecific,
     "账号|帐号|账户号|户号|公积金号|人员编号|个人编号|职工编号|工号|用户编号|用户名|会员号|客户号|"
     "参保号|票卡号|卡号|驾驶证|档案编号"},
    {Kind::kHomeAddress, kSpecific,
     "家庭住址|家庭地址|居住地|户籍|现住址|住址|坐落|常住|收货地址|通讯地址|通信地址|联系地址"},
    {Kind::kOrganisationName, kSpecific,
     "企业名称|单位名称|机构名称|公司名称|学校名称|医院名称|法人名称|机关|部门|主管单位|法人单位"},
    {Kind::kObjectName, kSpecific,
     "站点名称|线路名称|事项名称|测站名称|河湖名称|景区名称|项目名称|产品|园区|产业链|字号"},
    {Kind::kSex, kSpecific, "性别"},
    {Kind::kEthnicity, kSpecific, "民族|籍贯|国籍"},
    {Kind::kBirthDate, kSpecific, "出生|生日"},
    {Kind::kAge, kSpecific, "年龄|周岁"},
    {Kind::kSchoolClass, kSpecific, "年级|班级|学校代码|学历"},
    // Behind what is said of a person: 患者性别 is no name.
    {Kind::kPersonName, kSpecific,
     "姓名|联系人|法定代表人|法人代表|负责人|经营者|经办人|监护人|户主|当事人|权利人|申请人|"
     "被执行人|"
     "学生|患者|家长|业主|驾驶员|办案人|曾用名"},
    {Kind::kMovement, kSpecific, "进站|出站|过车|轨迹|行踪|入住|离店|通行时间|上车|下车"},
    {Kind::kCoordinate, kSpecific, "经度|纬度|坐标"},
    {Kind::kUscc, kSpecific, "信用代码|单位代码|相对人代码|纳税人识别|税号"},
    {Kind::kOrgCode, kSpecific, "组织机构代码"},
    {Kind::kFreeText, kSpecific, "备注|说明|描述|内容|意见|摘要|事由|简介|诉求"},
    {Kind::kRegion, kSpecific, "区划|行政区|地区|区域|街道|乡镇"},
    {Kind::kAddress, kSpecific, "地址|住所|场所|位置|所在地"},
    {Kind::kDate, kSpecific, "日期|时间|年月|账期|所属期|截止日|年份|年度|月份"},
    {Kind::kFlag, kSpecific, "是否|标志|标识位"},
    {Kind::kCategory, kSpecific,
     "类型|类别|种类|分类|状态|等级|分档|险种|票种|资质|上下行|方向|灯态|相位|车道|用途|行业|性质"},
    {Kind::kMeasure, kSpecific,
     "面积|水位|流量|降水|雨量|气温|温度|湿度|风速|风向|能见度|气压|速度|用量|用水量|用电量|溶解氧|"
     "总磷|总氮|叶绿素|藻密度|臭氧|PM|pH|浓度|承载量|住院日|入园|库存|率"},
    {Kind::kAmount, kSpecific, "(分)|（分）|(元)|（元）|金额|资本|费|价|税|欠|额"},
    {Kind::kObjectName, kGeneric, "名称"},
    {Kind::kSerialNumber, kSpecific, "序号|行号"},
    {Kind::kCode, kSpecific,
     "代码|编码|文书号|站号|站点编号|线路编号|设备编号|停车场编号|路口编号|景区编号|自编号"},
    {Kind::kCode, kGeneric, "编号|号"},
};

/// Whole words of English names and pinyin initials, written with '_' on both sides. One without
/// the first '_' ends a word: djrq, fzrq and the like are days.
constexpr Rule kEnglish[] = {
    {Kind::kMaskedId, kSpecific, "_masked_|_desensitized_"},
    {Kind::kPersonToken, kSpecific, "_pid_|_pseudonym_|_person_id_|_openid_"},
    {Kind::kMeasure, kSpecific, "_count_|_cnt_|_heads_|_total_heads_|_number_of_"},
    {Kind::kCategory, kSpecific, "_id_type_|_id_kind_|_zjlx_|_plate_kind_|_plate_type_"},
    {Kind::kSocialCard, kSpecific, "_ss_card_|_sbkh_|_sbk_|_social_card_|_ssn_"},
    {Kind::kStudentRoll, kSpecific, "_roll_no_|_xjh_|_student_no_|_student_id_|_stu_no_"},
    {Kind::kMedicalRecord, kSpecific, "_mrn_|_patient_id_|_patient_no_|_admission_no_|_blh_|_zyh_"},
    {Kind::kResidentId, kSpecific,
     "_id_no_|_id_card_|_idcard_|_id_number_|_idno_|_idcardno_|_sfzh_|_sfzhm_|_sfz_|_zjhm_|_zjh_|"
     "_gmsfhm_|_identity_no_|_identity_card_|_citizen_id_|_cert_id_"},
    {Kind::kHongKongId, kSpecific, "_hkid_|_hkid_no_|_hk_id_"},
    {Kind::kTaiwanId, kSpecific, "_twid_|_tw_id_"},
    {Kind::kMilitaryId, kSpecific, "_military_id_|_officer_id_|_jgzh_|_sbzh_"},
    {Kind::kPassport, kSpecific, "_passport_|_passport_no_|_hzh_|_hzhm_"},
    {Kind::kTravelPermit, kSpecific,
     "_travel_permit_|_exit_entry_permit_|_txzh_|_txzhm_|_hxzh_|_tbzh_"},
    {Kind::kBankCard, kSpecific, "_bank_card_|_card_no_|_card_number_|_yhkh_|_bank_account_"},
    {Kind::kPersonName, kSpecific, "_contact_name_|_contact_person_"},
    {Kind::kMobile, kSpecific,
     "_phone_|_mobile_|_tel_|_telephone_|_cellphone_|_phoneno_|_sjh_|_sjhm_|_lxdh_|_dhhm_|_dh_|"
     "_lxfs_|_contact_"},
    {Kind::kEmail, kSpecific, "_email_|_mail_|_e_mail_|_dzyx_|_dzyj_|_yx_"},
    {Kind::kVin, kSpecific, "_vin_|_clsbdh_|_cjh_"},
    {Kind::kPlate, kSpecific,
     "_plate_no_|_plate_number_|_plate_|_license_plate_|_cph_|_cphm_|_hphm_"},
    {Kind::kChatAccount, kSpecific, "_wechat_|_weixin_|_wxid_|_qq_|_wxh_"},
    {Kind::kIpAddress, kSpecific, "_ip_|_ip_address_|_client_ip_"},
    {Kind::kMacAddress, kSpecific, "_mac_|_mac_address_"},
    {Kind::kImei, kSpecific, "_imei_|_meid_|_imsi_"},
    {Kind::kAccountNumber, kSpecific,
     "_account_no_|_account_|_acct_no_|_acct_|_user_id_|_username_|_member_id_|_customer_id_|"
     "_employee_id_|_gjjzh_|_zh_|_gh_|_driver_no_"},
    {Kind::kPropertyCertificate, kSpecific, "_cert_no_|_bdcqzh_|_fczh_"},
    {Kind::kPropertyUnit, kSpecific, "_unit_no_|_bdcdyh_"},
    {Kind::kHomeAddress, kSpecific,
     "_home_address_|_home_addr_|_home_|_residence_|_jtzz_|_jtdz_|_hjdz_|_zz_|_location_"},
    {Kind::kOrganisationName, kSpecific,
     "_ent_name_|_company_|_company_name_|_org_name_|_authority_|_hosp_name_|_dwmc_|_qymc_|"
     "_department_|_employer_"},
    {Kind::kPersonName, kSpecific,
     "_legal_rep_|_legal_person_|_person_name_|_full_name_|_real_name_|_first_name_|_last_name_|"
     "_xm_|_xingming_|_operator_name_|_owner_name_|_guardian_name_|_stu_name_|_student_name_|"
     "_patient_name_|_fddbr_|_lxr_|_lxrxm_|_username_cn_|_surname_"},
    {Kind::kBirthDate, kSpecific, "_birth_|_birthday_|_birthdate_|_dob_|_csrq_|_csny_"},
    {Kind::kSex, kSpecific, "_sex_|_gender_|_xb_"},
    {Kind::kEthnicity, kSpecific, "_ethnic_|_ethnicity_|_nationality_|_mz_|_jg_"},
    {Kind::kAge, kSpecific, "_age_|_nl_"},
    {Kind::kDiagnosis, kSpecific, "_icd10_|_icd_|_diagnosis_|_disease_|_jbzd_|_zdmc_"},
    {Kind::kHealthNote, kSpecific, "_health_|_disability_|_allergy_"},
    {Kind::kPersonalFinance, kSpecific, "_salary_|_income_|_wage_|_balance_|_loan_|_gz_"},
    {Kind::kBeliefOrStatus, kSpecific, "_religion_|_criminal_|_marital_|_biometric_"},
    {Kind::kCoordinate, kSpecific, "_lng_|_lon_|_lat_|_longitude_|_latitude_|_jd_|_wd_"},
    {Kind::kUscc, kSpecific, "_uscc_|_credit_code_|_tyshxydm_|_shxydm_|_xydm_|_tax_no_|_nsrsbh_"},
    {Kind::kOrgCode, kSpecific, "_org_code_|_zzjgdm_"},
    {Kind::kFreeText, kSpecific,
     "_note_|_notes_|_remark_|_remarks_|_desc_|_description_|_comment_|_bz_|_content_"},
    {Kind::kAddress, kSpecific, "_address_|_addr_|_dz_|_zcdz_"},
    {Kind::kPersonName, kGeneric, "_name_"},
    {Kind::kFlag, kSpecific, "_flag_|_is_"},
    {Kind::kCategory, kSpecific, "_kind_|_type_|_status_|_state_|_level_|_category_|_band_|_lx_"},
    {Kind::kAmount, kSpecific, "_fen_|_amount_|_fee_|_price_|_je_|_yuan_"},
    {Kind::kDate, kSpecific,
     "_date_|_time_|_period_|_tm_|rq_|_sj_|_until_|_year_|_month_|_day_|_datetime_"},
    {Kind::kRegion, kSpecific, "_region_|_district_|_xzqh_|_xzqhdm_|_city_|_province_"},
    {Kind::kObjectName, kGeneric, "_mc_|_title_"},
    {Kind::kSerialNumber, kSpecific,
     "_row_no_|_row_number_|_rownum_|_row_id_|_seq_|_seq_no_|_sequence_|_serial_|_serial_no_|"
     "_line_no_"},
    {Kind::kCode, kGeneric, "_code_|_id_|_no_|_bh_|_dm_"},
};

bool contains_word(std::string_view text, std::string_view words) {
    while (!words.empty()) {
        const std::size_t bar = std::min(words.find('|'), words.size());
        if (text.find(words.substr(0, bar)) != std::string_view::npos) return true;
        words.remove_prefix(std::min(bar + 1, words.size()));
    }
    return false;
}

template <std::size_t Count>
std::optional<HeaderEvidence> first_rule(const Rule (&rules)[Count], std::string_view text) {
    for (const Rule& rule : rules) {
        if (contains_word(text, rule.words)) return HeaderEvidence{rule.kind, rule.strength};
    }
    return std::nullopt;
}

template <std::size_t Count>
void append_rules(std::string& text, std::string_view table, const Rule (&rules)[Count]) {
    for (const Rule& rule : rules) {
        text.append("header ").append(table).append(" ").append(kind_code(rule.kind));
        text.append(rule.strength == HeaderStrength::kSpecific ? " specific " : " generic ");
        text.append(rule.words).append("\n");
    }
}

/// "contactPhone", "CONTACT-PHONE" and "contact_phone" as "_contact_phone_".
std::string words_of(std::string_view name) {
    std::string words = "_";
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool word = is_alnum(c);
        const bool hump = is_upper(c) && i > 0 && is_lower(name[i - 1]);
        if ((!word || hump) && words.back() != '_') words += '_';
        if (word) words += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (words.back() != '_') words += '_';
    return words;
}

}  // namespace

std::optional<HeaderEvidence> header_evidence(std::string_view name, std::string_view label) {
    auto chinese = first_rule(kChinese, label);
    if (!chinese) chinese = first_rule(kChinese, name);
    const auto english = first_rule(kEnglish, words_of(name));
    if (!chinese || !english) return chinese ? chinese : english;
    if (english->strength == HeaderStrength::kGeneric) return chinese;
    const bool english_is_stricter =
        default_sensitivity(english->kind) > default_sensitivity(chinese->kind);
    // Only identifiers: "contact" beside a Chinese label is a slip worth obeying, "status" is not.
    return english_is_stricter &&
                   default_sensitivity(english->kind) == Sensitivity::kDirectIdentifier &&
                   chinese->strength == HeaderStrength::kGeneric
               ? english
               : chinese;
}

std::string header_rules_text() {
    std::string text;
    append_rules(text, "chinese", kChinese);
    append_rules(text, "english", kEnglish);
    return text;
}

}  // namespace pdx::privacy
