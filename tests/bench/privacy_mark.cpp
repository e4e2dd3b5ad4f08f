#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "privacy/compiled_operation.h"
#include "privacy/fingerprint.h"
#include "privacy/row_order.h"
#include "privacy/trace.h"
#include "tests/bench/bench.h"

namespace pdx::bench {
namespace {

using MarkBenchRow = std::vector<std::string>;

const std::vector<std::string_view> kMarkBenchHeader{"person", "town", "amount"};

privacy::TracePlan mark_bench_plan() {
    privacy::TracePlan plan;
    plan.marks = privacy::MarkPlan{.columns = {{.name = "amount", .decimals = 2}},
                                   .identities = {{"person"}, {"amount"}},
                                   .one_of = 10};
    return plan;
}

std::vector<MarkBenchRow> mark_bench_rows() {
    constexpr std::uint64_t kRows = 1'000'000;
    std::vector<MarkBenchRow> rows;
    rows.reserve(kRows);
    for (std::uint64_t i = 0; i < kRows; ++i) {
        const std::string number = std::to_string(i * 2'654'435'761 % 1'000'000'007);
        rows.push_back(
            {"p_abcdefghijklmnop" + number, "320211",
             std::to_string(100 + i * 48'271 % 99'991) + "." + std::to_string(10 + i % 90)});
    }
    return rows;
}

/// Marks the rows in place. Unit: rows/s.
double mark_rows_per_s(std::vector<MarkBenchRow>& rows, ByteView rows_key, ByteView contract) {
    privacy::RowMarker marker(*mark_bench_plan().marks, kMarkBenchHeader, rows_key, contract);
    std::vector<std::string_view> fields;
    const Stopwatch watch;
    for (MarkBenchRow& row : rows) {
        fields.assign(row.begin(), row.end());
        marker.mark(fields);
        if (fields[2] != row[2]) row[2] = fields[2];
    }
    const double rate = static_cast<double>(rows.size()) / watch.seconds();
    const auto& report = marker.report().columns[0];
    if (report.carried < rows.size() / 6 || report.raised + report.lowered < report.carried / 3) {
        throw std::runtime_error("too few marks");
    }
    return rate;
}

/// What a caller's file would hold.
class BenchSpill final : public privacy::RowSpill {
public:
    void append(std::size_t bucket, std::string_view bytes) override { buckets_[bucket] += bytes; }
    std::string take(std::size_t bucket) override { return std::move(buckets_[bucket]); }

private:
    std::map<std::size_t, std::string> buckets_;
};

double shuffle_rows_per_s(const std::vector<MarkBenchRow>& rows, ByteView contract) {
    BenchSpill spill;
    std::uint64_t bytes = 0;
    for (const MarkBenchRow& row : rows) bytes += row[0].size() + row[1].size() + row[2].size();
    std::vector<std::string_view> fields;
    std::uint64_t out = 0;
    std::uint64_t stayed = 0;
    const Stopwatch watch;
    privacy::RowShuffler shuffler(privacy::row_order_key(contract, "bench").view(),
                                  {.bytes_expected = bytes, .memory_bytes = 8U << 20U}, spill);
    for (const MarkBenchRow& row : rows) {
        fields.assign(row.begin(), row.end());
        shuffler.add(fields);
    }
    shuffler.finish([&](std::uint64_t position, privacy::RowShuffler::Fields row) {
        ++out;
        stayed += row[0] == rows[position][0] ? 1U : 0U;
    });
    const double rate = static_cast<double>(rows.size()) / watch.seconds();
    if (out != rows.size() || stayed > 20) throw std::runtime_error("the rows are not shuffled");
    return rate;
}

/// All rows read, 100 candidates weighed. Unit: seconds.
double trace_seconds(const std::vector<MarkBenchRow>& rows, ByteView rows_key, ByteView root) {
    std::vector<privacy::Candidate> candidates;
    for (int i = 0; i < 100; ++i) {
        const std::string contract = std::to_string(i);
        candidates.push_back({contract, privacy::contract_key(root, contract)});
    }
    const privacy::TracePlan plan = mark_bench_plan();
    std::vector<std::string_view> fields;
    const Stopwatch watch;
    privacy::LeakedTable leak(plan, kMarkBenchHeader, rows_key);
    for (const MarkBenchRow& row : rows) {
        fields.assign(row.begin(), row.end());
        leak.add(fields);
    }
    const privacy::TraceReport report = privacy::trace(plan, leak, {}, candidates);
    const double seconds = watch.seconds();
    if (report.named() != 1 || report.candidates.front().contract != "7") {
        throw std::runtime_error("the wrong contract was named");
    }
    return seconds;
}

}  // namespace

void privacy_mark() {
    const Bytes root(32, 1);
    const Secret rows_key = privacy::mark_rows_key(root);
    const Secret contract = privacy::contract_key(root, "7");
    const std::vector<MarkBenchRow> source = mark_bench_rows();
    std::vector<MarkBenchRow> rows;
    double best = 0;
    for (int pass = 0; pass < 3; ++pass) {
        rows = source;
        best = std::max(best, mark_rows_per_s(rows, rows_key.view(), contract.view()));
    }
    report("privacy.mark_rows_per_s", best, "rows/s",
           "one thread, a million rows, two identities, one mark in ten rows of each");
    report("privacy.shuffle_rows_per_s", shuffle_rows_per_s(rows, contract.view()), "rows/s",
           "one thread, the same rows put into keyed order with 8 MiB, spilled to memory");
    report("privacy.trace_s", trace_seconds(rows, rows_key.view(), root), "s",
           "one thread, the same million rows against 100 candidate contracts");
}

}  // namespace pdx::bench
