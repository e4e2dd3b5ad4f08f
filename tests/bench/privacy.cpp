#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <future>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "privacy/char_masks.h"
#include "privacy/checksum.h"
#include "privacy/classify.h"
#include "privacy/compiled_operation.h"
#include "privacy/csv.h"
#include "privacy/ff1.h"
#include "privacy/pattern_set.h"
#include "privacy/policy.h"
#include "privacy/scanner.h"
#include "privacy/transform.h"
#include "tests/bench/bench.h"

namespace pdx::bench {
namespace {

using pdx::privacy::Finding;
using privacy::Kind;

constexpr std::size_t kTableBytes = 104'900'000;
/// Unit: bytes handed to the scanner at once, up to the end of a line.
constexpr std::size_t kPiece = std::size_t{64} << 10U;

/// A table and how often each kind was written into it.
struct Table {
    std::string text;
    std::array<std::uint64_t, privacy::kKindCount> planted{};
};

class TableMaker {
public:
    Table dense();
    Table sparse();

private:
    std::string digits(int count) {
        std::string text;
        for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random_() % 10);
        return text;
    }
    std::string between(unsigned least, unsigned most) {
        const std::string text = std::to_string(least + random_() % (most - least + 1));
        return text.size() == 1 ? "0" + text : text;
    }
    std::string day() { return between(1, 12) + "-" + between(1, 28); }
    void plant(Table& table, Kind kind, const std::string& text) {
        table.text += text;
        ++table.planted[static_cast<std::size_t>(kind)];
    }
    std::string resident_id() {
        const std::string payload = "320211" + std::to_string(1940 + random_() % 75) +
                                    between(1, 12) + between(1, 28) + digits(3);
        return payload + privacy::resident_id_check_digit(payload).value();
    }
    std::string mobile() { return (random_() % 2 == 0 ? "138" : "186") + digits(8); }
    std::string card() {
        const std::string payload = "622202" + digits(12);
        return payload + privacy::luhn_check_digit(payload).value();
    }
    std::string uscc() {
        const std::string organisation = digits(8);
        const std::string payload =
            "91320211" + organisation + privacy::org_code_check_digit(organisation).value();
        return payload + privacy::uscc_check_digit(payload).value();
    }

    std::mt19937_64 random_{20261126};
};

/// Thirteen columns, seven identifiers and some in the text of a row: the worst that is real.
Table TableMaker::dense() {
    Table table;
    table.text =
        "序号,姓名,身份证号,手机号,银行卡号,统一社会信用代码,车牌号,电子邮箱,IP地址,住址,登记日期,"
        "金额,诉求内容\n";
    for (std::uint64_t row = 1; table.text.size() < kTableBytes; ++row) {
        table.text += std::to_string(row) + ",张小明,";
        plant(table, Kind::kResidentId, resident_id());
        table.text += ',';
        plant(table, Kind::kMobile, mobile());
        table.text += ',';
        plant(table, Kind::kBankCard, card());
        table.text += ',';
        plant(table, Kind::kUscc, uscc());
        table.text += ',';
        plant(table, Kind::kPlate, "苏B" + digits(5));
        table.text += ',';
        plant(table, Kind::kEmail, "user" + digits(4) + "@example.com");
        table.text += ',';
        plant(table, Kind::kIpAddress, "10." + std::to_string(random_() % 256) + ".17.9");
        table.text += ",江苏省无锡市滨湖区太湖大道" + digits(3) + "号,2026-" + day() + "," +
                      digits(4) + "." + digits(2) + ",市民来电反映小区停车问题，联系电话";
        if (random_() % 4 == 0) plant(table, Kind::kMobile, mobile());
        if (random_() % 10 == 0) {
            table.text += "，身份证";
            plant(table, Kind::kResidentId, resident_id());
        }
        table.text += "，请尽快处理并回复。\n";
    }
    return table;
}

/// Records of an administration; one mobile number in 200 rows.
Table TableMaker::sparse() {
    Table table;
    for (std::uint64_t row = 1; table.text.size() < kTableBytes; ++row) {
        table.text += std::to_string(row) + ",行政许可,320211,2026-" + day() +
                      ",无锡市滨湖区市场监督管理局关于食品经营许可事项的公示信息,有效期五年," +
                      digits(4) + "." + digits(2) + ",滨湖区太湖街道高浪路" + digits(3) + "号,";
        if (row % 200 == 0) plant(table, Kind::kMobile, mobile());
        table.text += ",正常经营,已公示,食品销售经营者（含网络经营）\n";
    }
    return table;
}

/// The best of three passes: others use this machine too. Unit: MB/s.
/// Throws: std::runtime_error when a planted identifier was not found, or more were.
double scan_mb_per_s(const Table& table) {
    double best = 0;
    std::vector<Finding> findings;
    for (int pass = 0; pass < 3; ++pass) {
        std::array<std::uint64_t, privacy::kKindCount> found{};
        const Stopwatch watch;
        for (std::size_t at = 0; at < table.text.size();) {
            std::size_t end = std::min(at + kPiece, table.text.size());
            if (end < table.text.size()) end = table.text.rfind('\n', end) + 1;
            findings.clear();
            privacy::scan(std::string_view(table.text).substr(at, end - at), findings);
            for (const Finding& one : findings) ++found[static_cast<std::size_t>(one.kind)];
            at = end;
        }
        const double rate = static_cast<double>(table.text.size()) / 1e6 / watch.seconds();
        if (found != table.planted) throw std::runtime_error("the scanner missed or invented one");
        best = std::max(best, rate);
    }
    return best;
}

using privacy::Operation;
using privacy::OperationKind;

/// Every column of the dense table masked or passed.
std::vector<privacy::FieldRule> masks() {
    return {{"序号", Operation::pass()},
            {"姓名", Operation::keep(1, 0)},
            {"身份证号", Operation::keep(3, 4)},
            {"手机号", Operation::keep(3, 4)},
            {"银行卡号", Operation::keep(4, 4)},
            {"统一社会信用代码", Operation::pass()},
            {"车牌号", Operation::keep(2, 1)},
            {"电子邮箱", Operation::redact()},
            {"IP地址", Operation::redact()},
            {"住址", Operation::of(OperationKind::kGeneraliseAddress)},
            {"登记日期", Operation::of(OperationKind::kGeneraliseDateToMonth)},
            {"金额", Operation::round(100)},
            {"诉求内容", Operation::redact()}};
}

std::vector<privacy::ColumnClass> classes_of(const std::string& text) {
    std::optional<privacy::TableProfiler> profiler;
    privacy::CsvReader reader({}, [&](const privacy::CsvRecord& record) {
        if (record.number == 0) {
            profiler.emplace(record.fields, std::span<const privacy::DeclaredColumn>{}, 1);
        } else {
            profiler->add(record.fields);
        }
    });
    constexpr std::size_t kSample = std::size_t{4} << 20U;
    reader.feed(std::string_view(text).substr(0, text.rfind('\n', kSample) + 1));
    reader.finish();
    return profiler->classify();
}

/// Reads, masks, guards, hashes and writes the table into a sink that counts.
/// Throws: std::runtime_error when a row or a value was lost.
void mask_table(const std::string& text, const std::vector<privacy::ColumnClass>& classes,
                const std::vector<privacy::FieldRule>& rules) {
    const Secret key = privacy::contract_key(Bytes(32, 1), "bench");
    std::uint64_t written = 0;
    privacy::Masker masker({.id = "bench", .version = 1, .contract_id = "bench", .rules = rules},
                           classes, key.view(),
                           [&](std::string_view block) { written += block.size(); });
    privacy::CsvReader reader({}, [&](const privacy::CsvRecord& record) { masker.add(record); });
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
        reader.feed(std::string_view(text).substr(at, kPiece));
    }
    reader.finish();
    const privacy::MaskReport report = masker.finish();
    if (written != report.bytes_out || report.rows_in != report.rows_out) {
        throw std::runtime_error("the masker lost rows");
    }
    for (const privacy::ColumnReport& column : report.columns) {
        if (column.unreadable > 0) throw std::runtime_error("unreadable: " + column.name);
    }
}

/// `threads` tables, each on a thread of its own. The best of three passes. Unit: MB/s of input, of
/// all together.
double mask_mb_per_s(const std::string& text, const std::vector<privacy::ColumnClass>& classes,
                     const std::vector<privacy::FieldRule>& rules, std::size_t threads = 1) {
    double best = 0;
    for (int pass = 0; pass < 3; ++pass) {
        const Stopwatch watch;
        std::vector<std::future<void>> running;
        for (std::size_t i = 1; i < threads; ++i) {
            running.push_back(
                std::async(std::launch::async, [&] { mask_table(text, classes, rules); }));
        }
        mask_table(text, classes, rules);
        for (std::future<void>& one : running) one.get();
        const auto bytes = static_cast<double>(text.size() * threads);
        best = std::max(best, bytes / 1e6 / watch.seconds());
    }
    return best;
}

/// The least that any reader of CSV must do.
double csv_index_mb_per_s(const std::string& text) {
    constexpr std::size_t kBlocks = kPiece / privacy::kMaskBlock;
    std::vector<std::uint64_t> masks(kBlocks);
    double best = 0;
    for (int pass = 0; pass < 3; ++pass) {
        std::size_t specials = 0;
        const Stopwatch watch;
        for (std::size_t at = 0; at + kPiece <= text.size(); at += kPiece) {
            privacy::special_best()(text.data() + at, kBlocks, masks.data());
            for (const std::uint64_t mask : masks) {
                specials += static_cast<std::size_t>(std::popcount(mask));
            }
        }
        const double rate = static_cast<double>(text.size()) / 1e6 / watch.seconds();
        if (specials == 0) throw std::runtime_error("a table without commas");
        best = std::max(best, rate);
    }
    return best;
}

/// Five numbers of a city, of which the table has none but one that has the mobile numbers' form.
double patterns_mb_per_s(const std::string& text) {
    std::vector<privacy::LocalPattern> stated;
    for (const char* value : {"3202[0-9]{8}", "WX-[A-Z][0-9]{6}", "GJJ[0-9]{10}", "138[0-9]{8}",
                              "[A-Z]{2}[0-9]{4}-[0-9]{6}"}) {
        stated.push_back({.name = "n" + std::to_string(stated.size()),
                          .label = {"number", "编号"},
                          .value = value});
    }
    const privacy::PatternSet patterns(std::move(stated));
    std::vector<Finding> findings;
    const Stopwatch watch;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(at + kPiece, text.size());
        if (end < text.size()) end = text.rfind('\n', end) + 1;
        findings.clear();
        patterns.find(std::string_view(text).substr(at, end - at), findings);
        at = end;
    }
    return static_cast<double>(text.size()) / 1e6 / watch.seconds();
}

constexpr std::size_t kFf1Batch = 32;

double ff1_per_s(std::size_t at_once) {
    const privacy::Ff1Numbers ff1(privacy::BlockCipher::kAes, Bytes(32, 1), 10, 15, {});
    std::vector<std::uint64_t> numbers(1'000'000);
    std::iota(numbers.begin(), numbers.end(), 0U);
    const Stopwatch watch;
    for (std::size_t at = 0; at < numbers.size(); at += at_once) {
        ff1.encrypt(std::span(numbers).subspan(at, std::min(at_once, numbers.size() - at)));
    }
    const double seconds = watch.seconds();
    ff1.decrypt(numbers);
    if (numbers.back() != numbers.size() - 1)
        throw std::runtime_error("a number did not come back");
    return static_cast<double>(numbers.size()) / seconds;
}

}  // namespace

void privacy() {
    report("privacy.memcpy_mb_s", memcpy_mb_per_s(), "MB/s", "one thread, 64 MiB buffers");
    TableMaker maker;
    const Table dense = maker.dense();
    report("privacy.scan_dense_mb_s", scan_mb_per_s(dense), "MB/s",
           "one thread, 105 MB CSV with 7.4 identifiers a row of 290 bytes, findings with offsets");
    report("privacy.csv_index_mb_s", csv_index_mb_per_s(dense.text), "MB/s",
           "one thread, the dense table's commas, quotes and line ends as bits, counted");
    report("privacy.patterns5_mb_s", patterns_mb_per_s(dense.text), "MB/s",
           "one thread, five stated patterns over the dense table, beside the scanner");
    const auto classes = classes_of(dense.text);
    std::vector<privacy::FieldRule> rules = masks();
    report("privacy.mask_mb_s", mask_mb_per_s(dense.text, classes, rules), "MB/s",
           "one thread, the dense table read, masked, guarded, hashed and written to memory");
    report("privacy.mask_2_threads_mb_s", mask_mb_per_s(dense.text, classes, rules, 2), "MB/s",
           "the same on two threads at once, a table each");
    for (privacy::FieldRule& rule : rules) {
        if (rule.field == "身份证号" || rule.field == "手机号") {
            rule.operation = Operation::pseudonym();
        }
    }
    report("privacy.pseudonym2_mb_s", mask_mb_per_s(dense.text, classes, rules), "MB/s",
           "the same with two HMAC-SHA-256 pseudonyms a row");
    for (privacy::FieldRule& rule : rules) {
        if (rule.field == "身份证号" || rule.field == "手机号" || rule.field == "银行卡号") {
            rule.operation = Operation::token();
        }
    }
    report("privacy.ff1x3_mb_s", mask_mb_per_s(dense.text, classes, rules), "MB/s",
           "the same with three FF1 tokens a row (AES-256)");
    report("privacy.ff1_per_s", ff1_per_s(kFf1Batch), "numbers/s",
           "one thread, 15 digits, AES-256, 32 side by side");
    report("privacy.ff1_alone_per_s", ff1_per_s(1), "numbers/s", "the same, one after another");
    report("privacy.scan_sparse_mb_s", scan_mb_per_s(maker.sparse()), "MB/s",
           "one thread, 105 MB CSV with a mobile number in each 200th row");
    privacy_risk();
    privacy_mark();
    privacy_names();
    privacy_noise();
    privacy_profile(dense.text);
    privacy_memory(dense.text);
}

}  // namespace pdx::bench
