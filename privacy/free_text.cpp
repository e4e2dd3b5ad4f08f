#include "privacy/free_text.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "privacy/degrees.h"
#include "privacy/detect.h"
#include "privacy/kind_words.h"
#include "privacy/name_finder.h"
#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

/// A label and the numbers that it may stand before. Unit: characters.
struct NumberLabel {
    std::string_view word;
    Kind kind;
    std::size_t size_min;
    std::size_t size_max;
};
constexpr std::array kNumberLabels{
    NumberLabel{"病历号", Kind::kMedicalRecord, 4, 20},
    NumberLabel{"病案号", Kind::kMedicalRecord, 4, 20},
    NumberLabel{"住院号", Kind::kMedicalRecord, 4, 20},
    NumberLabel{"门诊号", Kind::kMedicalRecord, 4, 20},
    NumberLabel{"就诊号", Kind::kMedicalRecord, 4, 20},
    NumberLabel{"就诊卡号", Kind::kMedicalRecord, 4, 20},
    NumberLabel{"医保卡号", Kind::kSocialCard, 4, 20},
    NumberLabel{"社保卡号", Kind::kSocialCard, 4, 20},
    NumberLabel{"社会保障号", Kind::kSocialCard, 4, 20},
    NumberLabel{"学籍号", Kind::kStudentRoll, 4, 20},
    NumberLabel{"学号", Kind::kStudentRoll, 4, 20},
    NumberLabel{"准考证号", Kind::kStudentRoll, 4, 20},
    NumberLabel{"考生号", Kind::kStudentRoll, 4, 20},
    NumberLabel{"微信号", Kind::kChatAccount, 5, 32},
    NumberLabel{"微信", Kind::kChatAccount, 5, 32},
    NumberLabel{"QQ号", Kind::kChatAccount, 5, 11},
    NumberLabel{"QQ", Kind::kChatAccount, 5, 11},
    NumberLabel{"qq", Kind::kChatAccount, 5, 11},
    NumberLabel{"支付宝账号", Kind::kChatAccount, 5, 32},
    NumberLabel{"身份证号码", Kind::kResidentId, 8, 18},
    NumberLabel{"身份证号", Kind::kResidentId, 8, 18},
    NumberLabel{"身份证", Kind::kResidentId, 8, 18},
    NumberLabel{"护照号", Kind::kPassport, 6, 12},
    NumberLabel{"通行证号", Kind::kTravelPermit, 8, 12},
    NumberLabel{"通行证", Kind::kTravelPermit, 8, 12},
    NumberLabel{"台胞证号", Kind::kTravelPermit, 8, 12},
    NumberLabel{"台胞证", Kind::kTravelPermit, 8, 12},
    NumberLabel{"回乡证号", Kind::kTravelPermit, 8, 12},
    NumberLabel{"回乡证", Kind::kTravelPermit, 8, 12},
    NumberLabel{"军官证号", Kind::kMilitaryId, 4, 12},
    NumberLabel{"士兵证号", Kind::kMilitaryId, 4, 12},
    NumberLabel{"军人证号", Kind::kMilitaryId, 4, 12},
    NumberLabel{"警官证号", Kind::kMilitaryId, 4, 12},
    NumberLabel{"军字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"兵字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"士字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"文字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"武字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"警字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"海字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"空字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"南字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"北字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"沈字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"兰字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"成字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"济字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"广字第", Kind::kMilitaryId, 4, 8},
    NumberLabel{"不动产权第", Kind::kPropertyCertificate, 4, 20},
    NumberLabel{"不动产权证第", Kind::kPropertyCertificate, 4, 20},
    NumberLabel{"不动产权证书号", Kind::kPropertyCertificate, 4, 20},
    NumberLabel{"产权证号", Kind::kPropertyCertificate, 4, 20},
    NumberLabel{"房产证号", Kind::kPropertyCertificate, 4, 20},
    NumberLabel{"房权证字第", Kind::kPropertyCertificate, 4, 20},
    NumberLabel{"不动产权证", Kind::kPropertyCertificate, 5, 20},
    // A day, see day_size().
    NumberLabel{"出生日期", Kind::kBirthDate, 6, 20},
    NumberLabel{"出生年月日", Kind::kBirthDate, 6, 20},
    NumberLabel{"出生年月", Kind::kBirthDate, 6, 20},
    NumberLabel{"出生时间", Kind::kBirthDate, 6, 20},
    NumberLabel{"出生于", Kind::kBirthDate, 6, 20},
    NumberLabel{"出生", Kind::kBirthDate, 6, 20},
    NumberLabel{"生日", Kind::kBirthDate, 6, 20},
    NumberLabel{"驾驶证号", Kind::kAccountNumber, 8, 18},
    NumberLabel{"档案编号", Kind::kAccountNumber, 4, 20},
    NumberLabel{"银行账号", Kind::kAccountNumber, 8, 30},
    NumberLabel{"账号", Kind::kAccountNumber, 5, 30},
    NumberLabel{"户号", Kind::kAccountNumber, 4, 20},
    NumberLabel{"工号", Kind::kAccountNumber, 3, 20},
    NumberLabel{"卡号", Kind::kAccountNumber, 6, 24},
    NumberLabel{"电话", Kind::kLandline, 7, 14},
    NumberLabel{"手机", Kind::kMobile, 7, 14},
};

constexpr bool is_run(char c) { return is_alnum(c) || c == '_' || c == '-'; }

/// The label with which the text ends, or null.
const NumberLabel* label_before(std::string_view text) {
    constexpr std::u16string_view kLastOfLabels = u"号码信Qq证话机第期日月间于生";
    const TextChar last = char_before_place(text, text.size());
    if (last.size == 0 || kLastOfLabels.find(last.code) == std::u16string_view::npos) {
        return nullptr;
    }
    const auto* label =
        std::find_if(kNumberLabels.begin(), kNumberLabels.end(),
                     [text](const NumberLabel& one) { return text.ends_with(one.word); });
    return label == kNumberLabels.end() ? nullptr : label;
}

/// The label before a run, with 码, 为, 是, colons, spaces and brackets between at most.
const NumberLabel* label_of_run(std::string_view text, std::size_t begin) {
    constexpr std::u16string_view kBetween = u"码为是：: 　（(#";
    constexpr int kBetweenMax = 4;
    for (int i = 0; i <= kBetweenMax; ++i) {
        if (const NumberLabel* label = label_before(text.substr(0, begin))) return label;
        const TextChar c = char_before_place(text, begin);
        if (c.size == 0 || kBetween.find(c.code) == std::u16string_view::npos) return nullptr;
        begin -= c.size;
    }
    return nullptr;
}

bool fits(const NumberLabel& label, std::string_view run) {
    const bool digit = std::any_of(run.begin(), run.end(), is_digit);
    const bool word = label.kind == Kind::kChatAccount && !run.empty() && is_letter(run.front());
    return (digit || word) && run.size() >= label.size_min && run.size() <= label.size_max;
}

/// The bytes of the day, or of the month of a year, with which the text begins; 0: it is none.
std::size_t day_size(std::string_view text) {
    std::size_t end = 0;
    std::size_t parts = 0;
    while (parts < 3 && end < text.size() && is_digit(text[end])) {
        while (end < text.size() && is_digit(text[end])) ++end;
        const std::string_view rest = text.substr(end);
        if (++parts == 3 || rest.empty()) break;
        const bool sign = rest.front() == '-' || rest.front() == '/' || rest.front() == '.';
        const std::string_view word = parts == 1 ? "年" : "月";
        if (rest.starts_with(word)) {
            end += word.size();
        } else if (sign && parts < 3 && rest.size() > 1 && is_digit(rest[1])) {
            ++end;
        } else {
            break;
        }
    }
    constexpr std::string_view kDay = "日";
    if (parts == 3 && text.substr(end).starts_with(kDay)) end += kDay.size();
    std::string day(text.substr(0, end));
    if (parts == 2) day += day.ends_with("月") ? "1" : "-1";
    return parse_day(day) ? end : 0;
}

/// Ahead of others that begin at the same place or overlap: what is longer.
void merge(std::vector<Finding>& all) {
    std::sort(all.begin(), all.end(), [](const Finding& one, const Finding& other) {
        return one.begin != other.begin ? one.begin < other.begin : one.size > other.size;
    });
    std::size_t kept = 0;
    std::size_t widest = 0;
    for (const Finding& one : all) {
        if (kept == 0 || one.begin >= all[kept - 1].begin + all[kept - 1].size) {
            widest = one.size;
            all[kept++] = one;
            continue;
        }
        Finding& before = all[kept - 1];
        if (one.size > widest) {
            widest = one.size;
            before.kind = one.kind;
        }
        before.size = std::max(before.begin + before.size, one.begin + one.size) - before.begin;
    }
    all.resize(kept);
}

}  // namespace

std::string free_text_mark(Kind kind) { return "〔" + kind_words(kind).zh + "〕"; }

void find_labelled_numbers(std::string_view text, std::vector<Finding>& findings) {
    const auto next_run = [text](std::size_t from) {
        while (from < text.size() && !is_alnum(text[from])) ++from;
        return from;
    };
    for (std::size_t begin = next_run(0); begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && is_run(text[end])) ++end;
        const NumberLabel* label = label_of_run(text, begin);
        std::size_t from = begin;
        if (label == nullptr) {  // QQ12345678: the label is a part of the run
            constexpr std::size_t kInsideBytes = 2;
            from = std::min(begin + kInsideBytes, end);
            label = label_before(text.substr(begin, from - begin));
        }
        if (label != nullptr && label->kind == Kind::kBirthDate) {
            if (const std::size_t size = day_size(text.substr(from)); size > 0) {
                findings.push_back({label->kind, from, size});
                end = std::max(end, from + size);
            }
        } else if (label != nullptr && fits(*label, text.substr(from, end - from))) {
            findings.push_back({label->kind, from, end - from});
        }
        begin = next_run(end);
    }
}

namespace {

/// Signs and the words of directions.
bool parts_degrees(std::string_view between) {
    constexpr std::size_t kBytesMax = 16;
    if (between.empty() || between.size() > kBytesMax) return false;
    std::string rest(between);
    for (const std::string_view word :
         {"东经", "北纬", "经度", "纬度", "°", "度", "，", "、", "；", "：", "E", "N"}) {
        for (std::size_t at = rest.find(word); at != std::string::npos; at = rest.find(word)) {
            rest.erase(at, word.size());
        }
    }
    return rest.find_first_not_of(" ,;:/()") == std::string::npos;
}

}  // namespace

void find_coordinates(std::string_view text, std::vector<Finding>& findings) {
    std::size_t last_begin = 0;
    std::size_t last_end = 0;
    Degrees last = Degrees::kNone;
    for (std::size_t begin = 0; begin < text.size();) {
        if (!is_digit(text[begin])) {
            ++begin;
            continue;
        }
        std::size_t end = begin;
        while (end < text.size() && (is_alnum(text[end]) || text[end] == '.')) ++end;
        std::string_view number = text.substr(begin, end - begin);
        while (number.ends_with('.') || number.ends_with('E') || number.ends_with('N')) {
            number.remove_suffix(1);
        }
        const Degrees now = degrees_of(number);
        const bool pair = now != Degrees::kNone && last != Degrees::kNone && now != last &&
                          parts_degrees(text.substr(last_end, begin - last_end));
        if (pair) {
            findings.push_back({Kind::kCoordinate, last_begin, begin + number.size() - last_begin});
        }
        last = pair ? Degrees::kNone : now;
        last_begin = begin;
        last_end = begin + number.size();
        begin = end;
    }
}

const std::vector<Finding>& FreeTextFinder::find(std::string_view text) {
    all_.clear();
    addresses_.clear();
    scan(text, all_);
    find_labelled_numbers(text, all_);
    find_coordinates(text, all_);
    if (patterns_ != nullptr) patterns_->find(text, all_);
    find_names(text, all_);
    find_addresses(text, addresses_);
    for (const AddressFinding& one : addresses_) {
        if (one.level >= AddressLevel::kStreet) {
            all_.push_back({Kind::kAddress, one.begin, one.size});
        }
    }
    merge(all_);
    return all_;
}

FreeTextMasker::FreeTextMasker(const PatternSet* patterns) : finder_(patterns) {
    for (std::size_t i = 0; i < kKindCount; ++i) {
        marks_[i] = free_text_mark(static_cast<Kind>(i));
    }
}

void FreeTextMasker::replace(std::string_view text, const std::vector<Finding>& findings,
                             FreeTextCounts& counts) {
    next_.clear();
    std::size_t done = 0;
    for (const Finding& one : findings) {
        next_ += text.substr(done, one.begin - done);
        next_ += marks_[static_cast<std::size_t>(one.kind)];
        done = one.begin + one.size;
        ++counts[static_cast<std::size_t>(one.kind)];
    }
    next_ += text.substr(done);
    std::swap(out_, next_);
}

std::string_view FreeTextMasker::mask(std::string_view text, FreeTextCounts& counts) {
    // A mark changes what its neighbours stand beside, so what it lets appear is masked as well.
    // Marks hold nothing that is found, so every pass leaves less to find.
    bool changed = false;
    for (;;) {
        const std::string_view now = changed ? std::string_view(out_) : text;
        const std::vector<Finding>& findings = finder_.find(now);
        if (findings.empty()) return now;
        replace(now, findings, counts);
        changed = true;
    }
}

}  // namespace pdx::privacy
