#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/mondrian.h"
#include "privacy/risk.h"
#include "tests/bench/bench.h"

namespace pdx::bench {
namespace {

constexpr std::size_t kRecords = 1'000'000;
constexpr std::size_t kColumns = 9;

/// A table like a census: few sexes, many ages, common values more common. Three quarters of its
/// records have a class of their own or nearly.
class PersonsTable {
public:
    PersonsTable() {
        constexpr std::array<std::uint64_t, kColumns> kValues{74, 2, 5, 16, 7, 42, 99, 14, 2};
        std::mt19937_64 random(20261126);
        codes_.reserve(kRecords * kColumns);
        for (std::size_t i = 0; i < kRecords * kColumns; ++i) {
            std::uint64_t code = UINT64_MAX;
            for (int j = 0; j < 6; ++j) code = std::min(code, random() % kValues.at(i % kColumns));
            codes_.push_back(static_cast<std::uint32_t>(code));
        }
    }
    std::span<const std::uint32_t> codes() const { return codes_; }
    std::span<const std::uint32_t> row(std::size_t record) const {
        return codes().subspan(record * kColumns, kColumns);
    }

private:
    std::vector<std::uint32_t> codes_;
};

/// The same as cells of a CSV file that stand one behind the other, 57 bytes a record.
class PersonsText {
public:
    explicit PersonsText(const PersonsTable& table) {
        for (std::size_t i = 0; i < table.codes().size(); ++i) {
            text_ += cell(i % kColumns, table.codes()[i]);
            ends_.push_back(static_cast<std::uint32_t>(text_.size()));
        }
    }
    std::array<std::string_view, kColumns> row(std::size_t record) const {
        std::array<std::string_view, kColumns> cells;
        std::size_t at = record * kColumns;
        std::uint32_t begin = at == 0 ? 0 : ends_[at - 1];
        for (std::string_view& one : cells) {
            one = std::string_view(text_).substr(begin, ends_[at] - begin);
            begin = ends_[at++];
        }
        return cells;
    }

private:
    static std::string cell(std::size_t column, std::uint32_t code) {
        switch (column) {
            case 0: return std::to_string(18 + code);
            case 1: return code == 0 ? "男" : "女";
            case 2: return std::to_string(320'200 + code);
            case 4: return std::to_string(1980 + code);
            case 5: return "无锡市滨湖区" + std::to_string(10 + code);
            case 6: return "职业" + std::to_string(10 + code);
            case 8: return code == 0 ? "是" : "否";
            default: return std::to_string(10 + code);
        }
    }
    std::string text_;
    std::vector<std::uint32_t> ends_;
};

/// The best of three passes. Unit: records/s.
template <typename Add>
double risk_rows_per_s(std::uint64_t& classes, Add add) {
    double best = 0;
    for (int pass = 0; pass < 3; ++pass) {
        const Stopwatch watch;
        privacy::RiskMeter meter({}, {1, 2});
        for (std::size_t record = 0; record < kRecords; ++record) add(meter, record);
        const privacy::RiskReport report = meter.finish();
        best = std::max(best, static_cast<double>(kRecords) / watch.seconds());
        if (report.records != kRecords || (classes != 0 && classes != report.classes)) {
            throw std::runtime_error("the classes of codes and of texts differ");
        }
        classes = report.classes;
    }
    return best;
}

double mondrian_s(const PersonsTable& table) {
    double best = 1e9;
    for (int pass = 0; pass < 3; ++pass) {
        const Stopwatch watch;
        const privacy::Mondrian cut = privacy::generalise(
            {.columns = kColumns, .codes = table.codes(), .subjects = {}, .sensitive = {}, .k = 5});
        best = std::min(best, watch.seconds());
        std::vector<std::uint32_t> sizes(cut.boxes);
        for (const std::uint32_t box : cut.box_of) ++sizes.at(box);
        if (*std::min_element(sizes.begin(), sizes.end()) < 5) {
            throw std::runtime_error("a box of fewer than k persons");
        }
    }
    return best;
}

}  // namespace

void privacy_risk() {
    const PersonsTable table;
    std::uint64_t classes = 0;
    report(
        "privacy.risk_rows_per_s",
        risk_rows_per_s(classes, [&](privacy::RiskMeter& meter,
                                     std::size_t record) { meter.add_codes(table.row(record)); }),
        "records/s", "one thread, 10^6 records of 9 encoded integer columns, 731,000 classes");
    const PersonsText text(table);
    report(
        "privacy.risk_text_rows_per_s",
        risk_rows_per_s(classes, [&](privacy::RiskMeter& meter,
                                     std::size_t record) { meter.add(text.row(record), {}, {}); }),
        "records/s", "the same as texts of 57 bytes a record, behind a CSV reader");
    report("privacy.mondrian_1e6_s", mondrian_s(table), "s",
           "one thread, 10^6 records of 9 encoded integer columns, k = 5");
}

}  // namespace pdx::bench
