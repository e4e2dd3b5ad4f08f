#include "privacy/kind_words.h"

#include <array>

namespace pdx::privacy {
namespace {

struct Words {
    Kind kind;
    const char* en;
    const char* zh;
};

constexpr std::array<Words, kKindCount> kWords{{
    {Kind::kResidentId, "resident ID number", "居民身份证号码"},
    {Kind::kResidentId15, "resident ID number of 15 digits", "15 位居民身份证号码"},
    {Kind::kForeignResidentId, "foreigner's permanent residence card", "外国人永久居留身份证号码"},
    {Kind::kMobile, "mobile number", "手机号码"},
    {Kind::kLandline, "landline number", "固定电话号码"},
    {Kind::kBankCard, "bank card number", "银行卡号"},
    {Kind::kUscc, "unified social credit code", "统一社会信用代码"},
    {Kind::kSoleTraderCode, "credit code of a sole trader", "个体工商户统一社会信用代码"},
    {Kind::kOrgCode, "organisation code", "组织机构代码"},
    {Kind::kEmail, "e-mail address", "电子邮箱"},
    {Kind::kPlate, "vehicle plate", "机动车号牌"},
    {Kind::kVin, "vehicle identification number", "车辆识别代号"},
    {Kind::kImei, "device number (IMEI)", "设备识别码（IMEI）"},
    {Kind::kPassport, "passport number", "护照号码"},
    {Kind::kTravelPermit, "travel permit number", "往来通行证号码"},
    {Kind::kIpAddress, "IP address", "IP 地址"},
    {Kind::kMacAddress, "MAC address", "MAC 地址"},
    {Kind::kImsi, "subscriber number (IMSI)", "移动用户识别码（IMSI）"},
    {Kind::kIccid, "SIM card number (ICCID)", "SIM 卡号（ICCID）"},
    {Kind::kMeid, "device number (MEID)", "设备识别码（MEID）"},
    {Kind::kHongKongId, "Hong Kong identity card", "香港身份证号码"},
    {Kind::kTaiwanId, "Taiwan identity card", "台湾身份证号码"},
    {Kind::kMilitaryId, "military or police certificate", "军警证件号码"},
    {Kind::kPersonName, "person's name", "姓名"},
    {Kind::kAddress, "address", "地址"},
    {Kind::kHomeAddress, "home address", "家庭住址"},
    {Kind::kOrganisationName, "organisation's name", "单位名称"},
    {Kind::kObjectName, "name of a thing", "事物名称"},
    {Kind::kAccountNumber, "account number", "账户号码"},
    {Kind::kSocialCard, "social security card", "社会保障卡号"},
    {Kind::kStudentRoll, "student roll number", "学籍号"},
    {Kind::kMedicalRecord, "medical record number", "病历号"},
    {Kind::kPropertyCertificate, "property certificate", "不动产权证号"},
    {Kind::kPropertyUnit, "property unit number", "不动产单元号"},
    {Kind::kPersonToken, "token of a person", "个人令牌"},
    {Kind::kMaskedId, "masked identifier", "已脱敏标识"},
    {Kind::kChatAccount, "chat account", "社交账号"},
    {Kind::kBirthDate, "date of birth", "出生日期"},
    {Kind::kSex, "sex", "性别"},
    {Kind::kEthnicity, "ethnicity", "民族"},
    {Kind::kAge, "age", "年龄"},
    {Kind::kSchoolClass, "school class", "班级"},
    {Kind::kCoordinate, "coordinate", "经纬度"},
    {Kind::kDiagnosis, "diagnosis", "诊断"},
    {Kind::kHealthNote, "health note", "健康记录"},
    {Kind::kPersonalFinance, "personal finance", "个人财务"},
    {Kind::kMovement, "movement", "行踪轨迹"},
    {Kind::kBeliefOrStatus, "belief or status", "信仰或特定身份"},
    {Kind::kLocalNumber, "local number", "本地编号"},
    {Kind::kDate, "date", "日期"},
    {Kind::kAmount, "amount", "金额"},
    {Kind::kMeasure, "measure", "数值"},
    {Kind::kCode, "code", "代码"},
    {Kind::kSerialNumber, "serial number of the row", "行序号"},
    {Kind::kRegion, "region", "行政区划"},
    {Kind::kCategory, "category", "类别"},
    {Kind::kFlag, "flag", "标志"},
    {Kind::kDescription, "description", "说明"},
    {Kind::kFreeText, "free text", "自由文本"},
    {Kind::kUnknown, "unknown", "未知"},
}};

constexpr bool words_in_order() {
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (static_cast<std::size_t>(kWords[i].kind) != i) return false;
    }
    return true;
}
static_assert(words_in_order(), "the table is indexed by the enumerator");

}  // namespace

Text kind_words(Kind kind) {
    const Words& words = kWords.at(static_cast<std::size_t>(kind));
    return {words.en, words.zh};
}

Text sensitivity_words(Sensitivity sensitivity) {
    switch (sensitivity) {
        case Sensitivity::kNonPersonal: return {"not about a person", "非个人信息"};
        case Sensitivity::kConfidential: return {"confidential to an organisation", "商业秘密"};
        case Sensitivity::kQuasiIdentifier: return {"narrows down a person", "准标识符"};
        case Sensitivity::kFreeText: return {"free text", "自由文本"};
        case Sensitivity::kSensitive: return {"sensitive", "敏感个人信息"};
        case Sensitivity::kDirectIdentifier: return {"identifies a person", "直接标识符"};
        case Sensitivity::kUnknown: break;
    }
    return {"undecided", "未能判定"};
}

}  // namespace pdx::privacy
