#include "privacy/person_words.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kHanBytes = 3;
constexpr std::size_t kWordBytesMax = 8 * kHanBytes;
constexpr std::size_t kDiagnosisBytesMax = 12 * kHanBytes;

/// Words between bars.
constexpr std::string_view kSexes = "|男|女|男性|女性|";
/// Source: GB/T 3304, without 族.
constexpr std::string_view kEthnicities =
    "|汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|"
    "拉祜|"
    "水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|"
    "乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|";
constexpr std::string_view kStatuses =
    "|未婚|已婚|离异|离婚|丧偶|再婚|初婚|复婚|有配偶|无配偶|中共党员|党员|中共预备党员|预备党员|"
    "共青团员|团员|群众|民革党员|民盟盟员|民建会员|民进会员|农工党党员|致公党党员|九三学社社员|"
    "台盟盟员|无党派人士|佛教|道教|基督教|天主教|伊斯兰教|";
constexpr std::string_view kSchooling =
    "|文盲|半文盲|小学|初中|高中|中专|职高|技校|大专|本科|大学本科|大学专科|研究生|硕士|博士|"
    "硕士研究生|博士研究生|";
constexpr std::string_view kHealth = "|A型|B型|O型|AB型|A型血|B型血|O型血|AB型血|";
constexpr std::string_view kMissing =
    "|NULL|Null|null|N/A|n/a|NA|NaN|nan|None|none|\\N|-|--|---|/|//"
    "|—|——|无|暂无|空|不详|未知|未填|";

bool is_listed(std::string_view list, std::string_view word) {
    if (word.empty() || word.size() > kWordBytesMax) return false;
    for (std::size_t at = list.find(word); at != std::string_view::npos;
         at = list.find(word, at + 1)) {
        if (at > 0 && list[at - 1] == '|' && list[at + word.size()] == '|') return true;
    }
    return false;
}

bool is_ethnicity(std::string_view value) {
    if (value.ends_with("族")) return is_listed(kEthnicities, value.substr(0, value.size() - 3));
    // 水 and 土 alone may be water and earth.
    return is_listed(kEthnicities, value) && !is_listed("|水|土|京|白|怒|高山|保安|", value);
}

/// J18.9; without a decimal it could be the number of a seat or a shelf.
bool is_icd10(std::string_view value) {
    return value.size() >= 5 && value.size() <= 7 && is_upper(value[0]) && is_digit(value[1]) &&
           is_digit(value[2]) && value[3] == '.' && is_digit(value[4]) &&
           all_digits(value.substr(5));
}

bool is_disease(std::string_view value) {
    constexpr std::array<std::string_view, 20> kEndings{
        "病",   "炎", "癌",   "症",   "瘤",   "感染", "骨折", "高血压", "结节", "梗死",
        "梗塞", "疹", "溃疡", "出血", "突出", "结石", "贫血", "中风",   "哮喘", "疱疮"};
    return value.size() >= 2 * kHanBytes && value.size() <= kDiagnosisBytesMax &&
           std::any_of(kEndings.begin(), kEndings.end(),
                       [value](std::string_view ending) { return value.ends_with(ending); });
}

}  // namespace

std::optional<Kind> kind_of_person_word(std::string_view value) {
    if (value.empty() || value.size() > kDiagnosisBytesMax) return std::nullopt;
    if (is_icd10(value)) return Kind::kDiagnosis;
    if (static_cast<unsigned char>(value.back()) < 0x80) return std::nullopt;
    if (is_listed(kSexes, value)) return Kind::kSex;
    if (is_ethnicity(value)) return Kind::kEthnicity;
    if (is_listed(kStatuses, value)) return Kind::kBeliefOrStatus;
    if (is_listed(kSchooling, value)) return Kind::kSchoolClass;
    if (is_listed(kHealth, value) || value.find("残疾") != std::string_view::npos) {
        return Kind::kHealthNote;
    }
    if (is_disease(value)) return Kind::kDiagnosis;
    return std::nullopt;
}

bool is_missing_word(std::string_view value) {
    return value.empty() || (value.size() <= 6 && is_listed(kMissing, value));
}

}  // namespace pdx::privacy
