#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/address_finder.h"
#include "privacy/free_text.h"
#include "privacy/name_finder.h"
#include "tests/bench/bench.h"

namespace pdx::bench {
namespace {

constexpr std::size_t kProseBytes = 20'000'000;
constexpr int kPasses = 3;

struct Remarks {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    std::size_t names = 0;
};

/// Remarks of a hotline; two in three have a name and an address.
Remarks make_remarks() {
    constexpr std::array<std::string_view, 8> kNames{"张建国", "李秀英", "王芳",   "陈志强",
                                                     "刘敏",   "欧阳明", "周晓东", "赵丽华"};
    constexpr std::array<std::string_view, 4> kMatters{
        "小区路灯损坏多日无人维修，晚上出行很不方便，希望有关部门尽快处理并给予答复",
        "楼上住户长期在夜间装修，噪音严重影响休息，多次与物业沟通没有结果",
        "所在路段早晚高峰拥堵，建议调整信号灯的时间，并安排人员疏导交通",
        "办理社保转移时材料一直没有审核通过，工作人员也没有说明原因"};
    std::mt19937_64 random(20261126);
    Remarks remarks;
    while (remarks.bytes < kProseBytes) {
        std::string text = "经核实，";
        if (random() % 3 != 0) {
            text = "市民" + std::string(kNames[random() % kNames.size()]) +
                   "来电反映，家住无锡市滨湖区太湖大道" + std::to_string(1 + random() % 400) +
                   "号，";
            ++remarks.names;
        }
        text += std::string(kMatters[random() % kMatters.size()]) + "。";
        remarks.bytes += text.size();
        remarks.texts.push_back(std::move(text));
    }
    return remarks;
}

/// The best of three passes. `work` gives how many it found. Unit: MB/s.
template <typename Work>
double best_mb_per_s(const Remarks& remarks, Work work) {
    double best = 0;
    for (int pass = 0; pass < kPasses; ++pass) {
        std::size_t found = 0;
        const Stopwatch watch;
        for (const std::string& text : remarks.texts) found += work(text);
        best = std::max(best, static_cast<double>(remarks.bytes) / 1e6 / watch.seconds());
        if (found != remarks.names) throw std::runtime_error("a name or an address was missed");
    }
    return best;
}

}  // namespace

void privacy_names() {
    const Remarks remarks = make_remarks();
    std::vector<pdx::privacy::Finding> names;
    report("privacy.names_mb_s",
           best_mb_per_s(remarks,
                         [&](std::string_view text) {
                             names.clear();
                             pdx::privacy::find_names(text, names);
                             return names.size();
                         }),
           "MB/s", "one thread, 20 MB of Chinese remarks, two in three with a name");
    std::vector<pdx::privacy::AddressFinding> addresses;
    report("privacy.addresses_mb_s",
           best_mb_per_s(remarks,
                         [&](std::string_view text) {
                             addresses.clear();
                             pdx::privacy::find_addresses(text, addresses);
                             return addresses.size();
                         }),
           "MB/s", "one thread, the same remarks, two in three with an address to the door");
    pdx::privacy::FreeTextMasker masker;
    report(
        "privacy.free_text_mb_s",
        best_mb_per_s(remarks,
                      [&](std::string_view text) {
                          pdx::privacy::FreeTextCounts counts{};
                          masker.mask(text, counts);
                          return counts[static_cast<std::size_t>(pdx::privacy::Kind::kPersonName)];
                      }),
        "MB/s", "one thread, the same remarks masked: names, addresses, identifiers");
}

}  // namespace pdx::bench
