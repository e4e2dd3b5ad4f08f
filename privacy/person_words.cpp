#include "privacy/person_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>

#include "base/ascii.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kHanBytes = 3;
constexpr std::size_t kDiagnosisBytesMax = 12 * kHanBytes;

/// Words with bars between them.
constexpr std::string_view kSexes = "男|女|男性|女性";
/// Source: GB/T 3304, with and without 族. 水, 土 and the like alone may be water and earth.
constexpr std::string_view kEthnicities =
    "汉族|蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|"
    "白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|"
    "东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|"
    "毛南族|仡佬族|锡伯族|阿昌族|普米族|塔吉克族|怒族|乌孜别克族|俄罗斯族|"
    "鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|"
    "珞巴族|基诺族|汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|土家|哈尼|哈萨克|"
    "傣|黎|傈僳|佤|畲|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|羌|布朗|撒拉|毛南|"
    "仡佬|锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|裕固|塔塔尔|独龙|"
    "鄂伦春|赫哲|门巴|珞巴|基诺";
constexpr std::string_view kStatuses =
    "未婚|已婚|离异|离婚|丧偶|再婚|初婚|复婚|有配偶|无配偶|中共党员|党员|"
    "中共预备党员|预备党员|共青团员|团员|群众|民革党员|民盟盟员|民建会员|民进会员|"
    "农工党党员|致公党党员|九三学社社员|台盟盟员|无党派人士|佛教|道教|基督教|"
    "天主教|伊斯兰教";
constexpr std::string_view kSchooling =
    "文盲|半文盲|小学|初中|高中|中专|职高|技校|大专|本科|大学本科|大学专科|研究生|"
    "硕士|博士|硕士研究生|博士研究生";
constexpr std::string_view kBloodGroups = "A型|B型|O型|AB型|A型血|B型血|O型血|AB型血";
constexpr std::string_view kMissing =
    "NULL|Null|null|N/A|n/a|NA|NaN|nan|None|none|\\N|-|--|---|/|//|—|——|无|暂无|空|不详|未知|未填";

using WordKinds = std::unordered_map<std::string_view, Kind>;

template <class Take>
void each_word(std::string_view list, Take take) {
    while (!list.empty()) {
        const std::size_t bar = std::min(list.find('|'), list.size());
        take(list.substr(0, bar));
        list.remove_prefix(std::min(bar + 1, list.size()));
    }
}

WordKinds make_word_kinds() {
    WordKinds kinds;
    const auto add = [&kinds](std::string_view list, Kind kind) {
        each_word(list, [&](std::string_view word) { kinds.emplace(word, kind); });
    };
    add(kSexes, Kind::kSex);
    add(kEthnicities, Kind::kEthnicity);
    add(kStatuses, Kind::kBeliefOrStatus);
    add(kSchooling, Kind::kSchoolClass);
    add(kBloodGroups, Kind::kHealthNote);
    return kinds;
}

std::unordered_set<std::string_view> make_missing_words() {
    std::unordered_set<std::string_view> words;
    each_word(kMissing, [&words](std::string_view word) { words.insert(word); });
    return words;
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
    return value.size() >= 2 * kHanBytes &&
           std::any_of(kEndings.begin(), kEndings.end(), [value](std::string_view ending) {
               return value.back() == ending.back() && value.ends_with(ending);
           });
}

}  // namespace

std::optional<Kind> kind_of_person_word(std::string_view value) {
    static const WordKinds kKinds = make_word_kinds();
    if (value.empty() || value.size() > kDiagnosisBytesMax) return std::nullopt;
    if (static_cast<unsigned char>(value.back()) < 0x80) {
        return is_icd10(value) ? std::optional(Kind::kDiagnosis) : std::nullopt;
    }
    if (const auto found = kKinds.find(value); found != kKinds.end()) return found->second;
    if (value.find("残疾") != std::string_view::npos) return Kind::kHealthNote;
    return is_disease(value) ? std::optional(Kind::kDiagnosis) : std::nullopt;
}

bool is_missing_word(std::string_view value) {
    static const auto kWords = make_missing_words();
    constexpr std::size_t kLongest = 6;
    return value.empty() || (value.size() <= kLongest && kWords.contains(value));
}

}  // namespace pdx::privacy
