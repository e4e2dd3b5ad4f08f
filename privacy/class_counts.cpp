#include "privacy/class_counts.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace pdx::privacy {
namespace {

__extension__ using WideCount = unsigned __int128;

}  // namespace

Ratio Ratio::of(std::uint64_t numerator, std::uint64_t denominator) {
    if (denominator == 0) return {};
    const std::uint64_t common = std::gcd(numerator, denominator);
    return {numerator / common, denominator / common};
}

std::uint64_t Ratio::basis_points() const {
    return static_cast<std::uint64_t>((WideCount{numerator} * 10'000 + denominator - 1) /
                                      denominator);
}

ClassCounts::ClassCounts(Subjects subjects, MemoryBudget& budget)
    : mode_(subjects),
      budget_(&budget),
      classes_(budget) {
    if (mode_ == Subjects::kRecords) return;
    subjects_.emplace(budget);
    pairs_.emplace(budget);
}

ClassCounts::Place ClassCounts::add(std::uint64_t class_hash, std::uint64_t subject) {
    // Counts have 32 bits.
    if (++records_ >> 32U != 0) MemoryBudget(0).take(1);
    FlatIndex::Slot& found = classes_.at(class_hash);
    ++found.count;
    Place place{found.index, 0};
    if (mode_ == Subjects::kRecords) return place;
    if (place.class_index == sizes_.size()) {
        if (sizes_.size() == sizes_.capacity()) {
            const std::size_t more = std::max<std::size_t>(1024, sizes_.size());
            budget_->take(more * sizeof(std::uint32_t));
            sizes_.reserve(sizes_.size() + more);
        }
        sizes_.push_back(0);
    }
    FlatIndex::Slot& person = subjects_->at(subject);
    ++person.count;
    FlatIndex::Slot& pair = pairs_->at(std::uint64_t{place.class_index} << 32U | person.index);
    if (pair.count++ == 0) ++sizes_[place.class_index];
    place.pair_index = pair.index;
    return place;
}

std::uint64_t ClassCounts::size_of(const FlatIndex::Slot& one) const {
    return mode_ == Subjects::kRecords ? one.count : sizes_[one.index];
}

std::uint64_t ClassCounts::count_small_subjects(std::uint32_t k) const {
    std::vector<bool> small(subjects_->size());
    for (const FlatIndex::Slot& pair : pairs_->slots()) {
        if (pair.count == 0 || sizes_[pair.key >> 32U] >= k) continue;
        small[pair.key & UINT32_MAX] = true;
    }
    return static_cast<std::uint64_t>(std::count(small.begin(), small.end(), true));
}

RiskReport ClassCounts::report(std::uint32_t k, std::uint32_t population_min) const {
    RiskReport report;
    report.k = k;
    report.records = records_;
    report.classes = classes_.size();
    report.subjects = mode_ == Subjects::kRecords ? records_ : subjects_->size();
    report.members = mode_ == Subjects::kRecords ? records_ : pairs_->size();
    for (std::size_t i = 0; i < kSizeBands.size(); ++i) report.sizes.at(i).least = kSizeBands.at(i);
    std::uint64_t large_classes = 0;  // at least as large as any class of the population may be
    std::uint64_t other_members = 0;
    report.size_min = classes_.size() == 0 ? 0 : UINT64_MAX;
    for (const FlatIndex::Slot& one : classes_.slots()) {
        if (one.count == 0) continue;
        const std::uint64_t size = size_of(one);
        report.size_min = std::min(report.size_min, size);
        if (size < k) report.small_records += one.count;
        if (size == 1) ++report.unique_classes;
        const auto next = std::upper_bound(kSizeBands.begin(), kSizeBands.end(), size);
        SizeBand& band = report.sizes.at(static_cast<std::size_t>(next - kSizeBands.begin() - 1));
        ++band.classes;
        band.members += size;
        size >= population_min ? ++large_classes : other_members += size;
    }
    report.small_subjects =
        mode_ == Subjects::kRecords ? report.small_records : count_small_subjects(k);
    if (report.records == 0) return report;
    const std::uint64_t population = std::max<std::uint64_t>(1, population_min);
    report.prosecutor_highest = Ratio::of(1, report.size_min);
    report.prosecutor_average = Ratio::of(report.classes, report.members);
    report.journalist_highest = Ratio::of(1, std::max(report.size_min, population));
    report.marketer =
        Ratio::of(large_classes * population + other_members, population * report.members);
    return report;
}

std::vector<ClassCounts::Member> ClassCounts::members() const {
    PDX_CHECK(mode_ == Subjects::kByKey);
    std::vector<std::uint64_t> class_hashes(classes_.size());
    for (const FlatIndex::Slot& one : classes_.slots()) {
        if (one.count != 0) class_hashes[one.index] = one.key;
    }
    std::vector<std::uint64_t> subject_keys(subjects_->size());
    for (const FlatIndex::Slot& one : subjects_->slots()) {
        if (one.count != 0) subject_keys[one.index] = one.key;
    }
    std::vector<Member> result;
    result.reserve(pairs_->size());
    for (const FlatIndex::Slot& pair : pairs_->slots()) {
        if (pair.count == 0) continue;
        result.push_back({subject_keys[pair.key & UINT32_MAX], class_hashes[pair.key >> 32U]});
    }
    std::sort(result.begin(), result.end());
    return result;
}

}  // namespace pdx::privacy
